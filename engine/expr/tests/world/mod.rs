//! A small world for tests: names with values, params, defines and tables.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its part of it")]

use jiff::Timestamp;
use wf_expr::{
    Callable, Cell, Code, Column, Ctx, Define, DefineId, Kind, Named, Names, Place, Program, Row, Scalar, Slot, Source,
    Table, TableId, Vars, Written, compile,
};
use wf_source::{Diagnostic, FileId, ScalarMap, Span};
use wf_value::{Text, Value};

#[derive(Default)]
pub struct World {
    names: Vec<(String, Value)>,
    params: Vec<(String, Value)>,
    values: Vec<Value>,
    pub program: Program,
    env: Value,
}

pub const NOW: &str = "2022-06-01T14:00:00Z";

pub fn json(text: &str) -> Value {
    wf_value::decode(text.as_bytes()).expect("JSON")
}

pub fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

impl World {
    pub fn name(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.names.push((name.into(), value.into()));
        self
    }

    pub fn param(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.values.push(value.clone());
        self.params.push((name.into(), value));
        self
    }

    /// `down(edge)`, `edge.state == 'OFFLINE'`
    pub fn define(mut self, head: &str, body: &str) -> Self {
        let (name, args) = head.split_once('(').expect("name(args)");
        let args: Vec<Text> =
            args.trim_end_matches(')').split(", ").filter(|a| !a.is_empty()).map(Text::from).collect();
        let code = self.code_in(body, &args);
        let body = Written { span: code.span, kind: wf_expr::WrittenKind::Code(code) };
        self.program.defines.push(Define { name: name.into(), args, body, span: span() });
        self
    }

    /// A table with one given name per entry of `given`, and computed columns.
    pub fn table(
        mut self,
        name: &str,
        given: &[&str],
        computed: &[(&str, &str)],
        rows: Vec<(Vec<(usize, Cell)>, &str)>,
        otherwise: Option<&str>,
    ) -> Self {
        let mut names: Vec<Text> = given.iter().map(|g| Text::from(*g)).collect();
        let given: Vec<Text> = names.clone();
        names.extend(computed.iter().map(|(name, _)| Text::from(*name)));
        let column = |name: &Text, code| Column { name: name.clone(), code, span: span() };
        let mut columns: Vec<Column> = given.iter().map(|name| column(name, None)).collect();
        for (name, body) in computed {
            columns.push(column(&Text::from(*name), Some(self.code_in(body, &names))));
        }
        let written = |world: &Self, text: &str| {
            let code = world.code_in(text, &names);
            Written { span: code.span, kind: wf_expr::WrittenKind::Code(code) }
        };
        let rows = rows
            .into_iter()
            .map(|(cells, then)| Row {
                cells: cells.into_iter().map(|(i, cell)| (i, cell, span())).collect(),
                then: written(&self, then),
                span: span(),
            })
            .collect();
        let otherwise = otherwise.map(|text| written(&self, text));
        let reads = wf_expr::Reads::default();
        self.program.tables.push(Table { name: name.into(), given, columns, rows, otherwise, reads, span: span() });
        self
    }

    fn code_in(&self, text: &str, locals: &[Text]) -> Code {
        let (code, found) = compile(text, &map(text), &Frame { world: self, locals });
        code.unwrap_or_else(|| panic!("{text}: {found:?}"))
    }

    pub fn code(&self, text: &str) -> Code {
        self.code_in(text, &[])
    }

    pub fn ctx<R>(&self, look: impl FnOnce(&Ctx<'_>) -> R) -> R {
        let now: Timestamp = NOW.parse().expect("a time");
        look(&Ctx::new(&self.program, self, &self.values, &self.env, now))
    }

    pub fn eval(&self, text: &str) -> Value {
        let code = self.code(text);
        self.ctx(|ctx| code.value(ctx))
    }

    /// The reason why it is unknown.
    pub fn reason(&self, text: &str) -> String {
        match self.eval(text) {
            Value::Unknown(reason) => {
                assert!(reason.span.is_some(), "{text}: {} has no place", reason.reason);
                reason.reason.to_string()
            }
            other => panic!("{text} is {other:?}, not unknown"),
        }
    }

    /// What is said of an expression: `0..3 message; help`.
    pub fn mistakes(&self, text: &str) -> Vec<String> {
        let (code, found) = compile(text, &map(text), self);
        assert_eq!(code.is_none(), found.iter().any(Diagnostic::is_error), "{text}");
        found.iter().map(shown).collect()
    }

    /// A text in a value place.
    pub fn place(&self, text: &str, plain: bool) -> Result<Written, Vec<String>> {
        let map = map(text);
        let scalar = Scalar { text, map: &map, plain, span: map.whole() };
        let (written, found) = Written::compile(&Source::Scalar(scalar), Place { names: self, templates: &[] });
        written.ok_or_else(|| found.iter().map(shown).collect())
    }
}

fn shown(d: &Diagnostic) -> String {
    let help = d.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
    format!("{}..{} {}{help}", d.span.start, d.span.end, d.message)
}

pub fn map(text: &str) -> ScalarMap {
    ScalarMap::plain(FileId(0), 0, text.len())
}

fn number(i: usize) -> u32 {
    u32::try_from(i).expect("few")
}

impl Names for World {
    fn name(&self, name: &str, _: Span) -> Option<Named> {
        match name {
            "now" => return Some(Named::Now),
            "env" => return Some(Named::Env),
            "params" => return Some(Named::Params),
            _ => {}
        }
        if let Some(index) = self.names.iter().position(|(n, _)| n == name) {
            return Some(Named::Slot(Slot { up: 0, index: u16::try_from(index).ok()? }));
        }
        let define = self.program.defines.iter().position(|d| d.name.as_str() == name && d.args.is_empty())?;
        Some(Named::Define(DefineId(number(define))))
    }

    fn callable(&self, name: &str, _: Span) -> Option<Callable> {
        if let Some(i) = self.program.defines.iter().position(|d| d.name.as_str() == name) {
            return Some(Callable::Define(DefineId(number(i)), self.program.defines[i].args.len()));
        }
        let i = self.program.tables.iter().position(|t| t.name.as_str() == name)?;
        Some(Callable::Table(TableId(number(i)), self.program.tables[i].given.len()))
    }

    fn param(&self, path: &[&str], span: Span) -> Option<(Code, usize)> {
        let whole = path.join(".");
        let fits = |name: &str| whole == name || whole.starts_with(&format!("{name}."));
        let i = self.params.iter().position(|(name, _)| fits(name))?;
        let taken = self.params[i].0.split('.').count();
        Some((Code { kind: Kind::Param(number(i)), span, text: Text::default() }, taken))
    }

    fn visible(&self) -> Vec<String> {
        let params = self.params.iter().map(|(name, _)| format!("params.{name}"));
        let callables = self.program.defines.iter().map(|d| &d.name).chain(self.program.tables.iter().map(|t| &t.name));
        let names = self.names.iter().map(|(name, _)| name.clone());
        names.chain(params).chain(callables.map(|name| name.to_string())).collect()
    }
}

impl Vars for World {
    fn slot(&self, slot: Slot) -> Option<&Value> {
        self.names.get(usize::from(slot.index)).map(|(_, value)| value)
    }
}

/// The names inside of a define or table.
struct Frame<'a> {
    world: &'a World,
    locals: &'a [Text],
}

impl Names for Frame<'_> {
    fn name(&self, name: &str, at: Span) -> Option<Named> {
        match self.locals.iter().position(|l| l.as_str() == name) {
            Some(i) => Some(Named::Local(u16::try_from(i).ok()?)),
            None => self.world.name(name, at),
        }
    }

    fn callable(&self, name: &str, at: Span) -> Option<Callable> {
        self.world.callable(name, at)
    }

    fn param(&self, path: &[&str], span: Span) -> Option<(Code, usize)> {
        self.world.param(path, span)
    }

    fn visible(&self) -> Vec<String> {
        self.world.visible()
    }

    fn locals(&self) -> u16 {
        u16::try_from(self.locals.len()).unwrap_or(u16::MAX)
    }
}
