//! Expressions, their types, and what is said of those that are wrong.

use std::sync::Arc;

use wf_source::{Diagnostic, FileId, ScalarMap, Span};
use wf_value::{Enum, Field, Text, Type, Value};

use super::join::literal;
use super::{Instances, Site, Subject, TypeEnv};
use crate::template::Template;
use crate::{
    Callable, Cell, Code, Column, Define, DefineId, Named, Names, Program, Row, Slot, Table, TableId, TemplateId,
    Written, WrittenKind,
};

mod sets;

/// Names of slots with their types, and a program's defines and tables.
struct Scope<'p> {
    slots: Vec<(&'static str, Type)>,
    locals: Vec<Text>,
    program: &'p Program,
}

impl Names for Scope<'_> {
    fn name(&self, name: &str, _: Span) -> Option<Named> {
        if name == "now" {
            return Some(Named::Now);
        }
        if let Some(local) = self.locals.iter().position(|n| n.as_str() == name) {
            return Some(Named::Local(u16::try_from(local).ok()?));
        }
        let index = self.slots.iter().position(|(n, _)| *n == name)?;
        Some(Named::Slot(Slot { up: 0, index: u16::try_from(index).ok()? }))
    }
    fn callable(&self, name: &str, _: Span) -> Option<Callable> {
        let number = |i: usize| u32::try_from(i).unwrap_or(0);
        if let Some(i) = self.program.defines.iter().position(|d| d.name.as_str() == name) {
            return Some(Callable::Define(DefineId(number(i)), self.program.defines[i].args.len()));
        }
        let i = self.program.tables.iter().position(|t| t.name.as_str() == name)?;
        Some(Callable::Table(TableId(number(i)), self.program.tables[i].given.len()))
    }
    fn param(&self, _: &[&str], _: Span) -> Option<(Code, usize)> {
        None
    }
    fn visible(&self) -> Vec<String> {
        self.slots.iter().map(|(n, _)| (*n).to_owned()).collect()
    }
    fn locals(&self) -> u16 {
        u16::try_from(self.locals.len()).unwrap_or(0)
    }
}

struct Checker<'a> {
    slots: &'a [(&'static str, Type)],
    instances: &'a Instances<'a>,
}

impl TypeEnv for Checker<'_> {
    fn slot(&mut self, slot: Slot) -> Type {
        self.slots.get(usize::from(slot.index)).map_or(Type::Any, |(_, ty)| ty.clone())
    }
    fn param(&mut self, _: u32) -> Type {
        Type::Any
    }
    fn env(&mut self) -> Type {
        Type::shape("env", vec![field("name", Type::Text)])
    }
    fn define(&mut self, id: DefineId, args: &[Type], site: &Site<'_>) -> Type {
        let instances = self.instances;
        instances.define(id, args, site, self)
    }
    fn table(&mut self, id: TableId, args: &[Type], site: &Site<'_>) -> Type {
        let instances = self.instances;
        instances.table(id, args, site, self)
    }
    fn template(&mut self, id: TemplateId, args: &[(Text, Type)], site: &Site<'_>) -> Type {
        let instances = self.instances;
        instances.template(id, args, site, self)
    }
    fn report(&mut self, diagnostic: Diagnostic, about: Option<Subject>, operand: &Text) {
        self.instances.report(diagnostic, about, None, operand.clone());
    }
}

fn told(instances: &Instances<'_>) -> Vec<Diagnostic> {
    instances.finish().into_iter().map(|told| told.diagnostic).collect()
}

fn set(name: &str, values: &[&str]) -> Type {
    let values = values.iter().map(|v| Text::from(*v)).collect();
    Type::Enum(Arc::new(Enum { name: name.into(), values, open: false }))
}

fn edge() -> Type {
    Type::shape(
        "edge",
        vec![
            field("serial", Type::Text),
            field("state", set("edge_state", &["CONNECTED", "OFFLINE"])),
            field("loss", Type::Number),
            field("count", Type::Integer),
            field("seen", Type::timestamp()),
            field("lasted", Type::Duration),
            field("partner", Type::Text.optional()),
            field("id", Type::Id),
            field("tags", Type::list(Type::Text)),
            field("up", Type::Boolean),
        ],
    )
}

fn field(name: &str, ty: Type) -> Field {
    Field { name: name.into(), ty, default: None }
}

fn slots() -> Vec<(&'static str, Type)> {
    let ticket = |kind: &str, own: (&str, Type)| {
        Type::shape(kind, vec![field("kind", literal(&kind.into())), field(own.0, own.1)])
    };
    let either = vec![ticket("outage", ("edge", edge())), ticket("note", ("text", Type::Text))];
    vec![
        ("edge", edge()),
        ("edges", Type::list(edge())),
        ("maybe", edge().optional()),
        ("loose", Type::map(Type::Any)),
        ("limits", Type::map(Type::Integer)),
        ("unknown", Type::Any),
        ("either", Type::Union(either.into())),
        ("seen", Type::Union(vec![Type::timestamp(), set("never", &["0000-00-00"])].into())),
        ("token", Type::Secret),
        ("row", row()),
    ]
}

/// A row of a vendor that may send more states than are known, and null.
fn row() -> Type {
    let states = ["CONNECTED", "OFFLINE"].map(Text::from).into();
    let open = Type::Enum(Arc::new(Enum { name: "state".into(), values: states, open: true }));
    let fields = vec![
        field("state", open.clone().nullable()),
        field("states", Type::list(open)),
        field("kinds", Type::list(set("kind", &["hard", "soft"]))),
        field("kind", set("kind", &["hard", "soft"]).nullable()),
        field("hour", Type::Integer),
    ];
    Type::shape("row", fields)
}

fn code(text: &str, names: &dyn Names) -> Code {
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (code, found) = crate::compile(text, &map, names);
    code.unwrap_or_else(|| panic!("{text}: {found:?}"))
}

fn check(text: &str, program: &Program) -> (Type, Vec<Diagnostic>) {
    let slots = slots();
    let scope = Scope { slots: slots.clone(), locals: vec![], program };
    let instances = Instances::new(program);
    let mut checker = Checker { slots: &slots, instances: &instances };
    let ty = super::infer(&code(text, &scope), &mut checker, &mut vec![]);
    (ty, told(&instances))
}

fn ty(text: &str) -> Type {
    let (ty, found) = check(text, &Program::default());
    assert!(found.is_empty(), "{text}: {found:?}");
    ty
}

fn words(text: &str) -> String {
    ty(text).words()
}

/// `column: message (help)` of the one mistake.
fn mistake(text: &str) -> String {
    mistake_in(text, &Program::default())
}

fn mistake_in(text: &str, program: &Program) -> String {
    let (_, found) = check(text, program);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    let d = &found[0];
    let help = d.help.as_ref().map(|h| format!(" ({h})")).unwrap_or_default();
    format!("{}: {}{help}", d.span.start + 1, d.message)
}

#[test]
fn values_and_operators_have_types() {
    assert_eq!(words("1 + 2"), "integer");
    assert_eq!(words("1 + 2.5"), "number");
    assert_eq!(words("7 / 2"), "number");
    assert_eq!(words("edge.serial + '!'"), "text");
    assert_eq!(words("now - edge.seen"), "duration");
    assert_eq!(words("edge.seen + 30m"), "timestamp");
    assert_eq!(words("3 * 30m"), "duration");
    assert_eq!(words("edge.lasted / 1h"), "number");
    assert_eq!(words("[1, 2.5]"), "list of number");
    assert_eq!(words("[] + edge.tags"), "list of text");
    assert_eq!(words("{'a': 1, 'b': edge.state}"), "{a: integer, b: edge_state}");
    assert_eq!(words("if(edge.up, 1, 2.5)"), "number");
    assert_eq!(words("if(edge.up, edge.serial, null)"), "optional text");
    assert_eq!(words("edge.tags[0]"), "text");
    assert_eq!(words("limits['x'] + 1"), "integer");
    assert_eq!(words("unknown.a.b > 3"), "boolean");
    assert_eq!(words("token + 'x'"), "secret");
    assert_eq!(words("edge.up ? 'a' : edge.serial"), "text");
}

#[test]
fn functions_have_types() {
    assert_eq!(words("edges.filter(e, e.up).map(e, e.serial)"), "list of text");
    assert_eq!(words("edges.first()"), "optional edge");
    assert_eq!(words("edges.first().serial"), "text");
    assert_eq!(words("edges.groupBy(e, e.state)"), "list of group");
    assert_eq!(words("edges.groupBy(e, e.state).map(g, g.items.first().serial)"), "list of text");
    assert_eq!(words("edges.indexBy(e, e.serial)"), "map of edge");
    assert_eq!(words("edges.toMap(e, e.serial, e.loss)"), "map of number");
    assert_eq!(words("edges.map(e, e.partner).compact()"), "list of text");
    assert_eq!(words("edges.numbered().map(n, n.item.serial)"), "list of text");
    assert_eq!(words("edges.chunks(10)"), "list of list of edge");
    assert_eq!(words("edges.flatMap(e, e.tags)"), "list of text");
    assert_eq!(words("edges.map(e, e.loss).sum()"), "optional number");
    assert_eq!(words("edges.sortBy(e, e.seen, 'down').last()"), "optional edge");
    assert_eq!(words("size(edges)"), "integer");
    assert_eq!(words("edge.partner.orElse('none')"), "text");
    assert_eq!(words("edge.partner.orElse(null)"), "optional text");
    assert_eq!(words("edge.only(['serial', 'loss'])"), "{serial: text, loss: number}");
    assert_eq!(words("edge.only(['serial']).with('n', 1).merge({'serial': 2})"), "{serial: integer, n: integer}");
    assert_eq!(words("loose.get('x')"), "any");
    assert_eq!(words("limits.get('x')"), "optional integer");
    assert_eq!(words("edge.serial.capture('V(.)')"), "optional text");
    assert_eq!(words("edge.serial.findAll('(?<a>.)(?<b>.)')"), "list of {a: optional text, b: optional text}");
    assert_eq!(words("edge.seen.weekday('UTC')"), "weekday");
}

#[test]
fn conditions_narrow() {
    assert_eq!(words("if(edge.partner != null, edge.partner, 'x')"), "text");
    assert_eq!(words("if(not empty(edge.partner), edge.partner, 'x')"), "text");
    assert_eq!(words("if(edge.partner == null, 'x', edge.partner)"), "text");
    assert_eq!(words("if(edge.up && edge.partner != null, edge.partner, 'x')"), "text");
    assert_eq!(words("if(either.kind == 'outage', either, null)"), "optional outage");
    assert_eq!(words("if(either.kind == 'outage', either.edge.serial, either.text)"), "text");
    assert_eq!(words("if(seen == '0000-00-00', now, seen)"), "timestamp");
    assert_eq!(words("edges.filter(e, e.partner != null).map(e, e.partner)"), "list of text");
    // what only one form has is no mistake, and unknown of the other
    assert_eq!(words("either.edge.serial"), "text");
}

#[test]
fn fields_that_are_not_there() {
    assert_eq!(mistake("edge.serail"), "6: edge has no field `serail` (did you mean `serial`?)");
    assert_eq!(mistake("edges.first().xyz.abc").split(" (").next(), Some("15: edge has no field `xyz`"));
    assert_eq!(
        mistake("edges.serial"),
        "7: `edges` is a list of edge, which has no field `serial` (its elements have: write `.first().serial` for that of the first, `.map(x, x.serial)` for all)"
    );
    assert_eq!(
        mistake("loose.siteName"),
        "7: nothing declares `siteName`: `loose` is a map of anything (write `.get('siteName')`)"
    );
    assert_eq!(
        mistake("edge.serial.lower"),
        "13: `edge.serial` is a text, which has no fields (`lower` is a function: write `.lower()`)"
    );
    assert_eq!(mistake("{'a': 1}.b"), "10: this object has no field `b` (it has a)");
    assert_eq!(mistake("edge['serail']"), "6: edge has no field `serail` (did you mean `serial`?)");
    assert!(mistake("either.nothing").starts_with("8: outage or note has no field `nothing`"));
    assert_eq!(mistake("edges['a']"), "7: elements of a list are counted by whole numbers from 0, not by the text 'a'");
    assert_eq!(mistake("edge.only(['serail'])"), "11: edge has no field `serail` (did you mean `serial`?)");
}

#[test]
fn comparisons_that_can_never_hold() {
    assert_eq!(
        mistake("edge.state == 'OFLINE'"),
        "15: `edge.state` is never 'OFLINE' (did you mean 'OFFLINE'? It is 'CONNECTED' or 'OFFLINE')"
    );
    assert_eq!(
        mistake("edge.state in ['OFFLINE', 'GONE']"),
        "27: `edge.state` is never 'GONE' (it is 'CONNECTED' or 'OFFLINE')"
    );
    assert_eq!(mistake("edge.count == '5'"), "15: an integer and the text '5' are never equal (write `5`)");
    assert_eq!(mistake("edge.serial == 5"), "16: a text and an integer are never equal (write `'5'`)");
    assert_eq!(mistake("edge.up == 'true'"), "12: a boolean and the text 'true' are never equal (write `true`)");
    assert_eq!(
        mistake("edge.lasted > 30"),
        "15: a duration and a bare number (30 what? write `30s`, `30m`, `30h` or `30d`)"
    );
    assert!(
        mistake("edge.seen > '2022-06-01'")
            .starts_with("13: dates compared as text: a timestamp and the text '2022-06-01' have no order")
    );
    assert!(
        mistake("edge.serial > '2022-06-01'")
            .starts_with("1: `edge.serial` is a text: the dates are compared by their letters")
    );
    assert_eq!(
        mistake("edge.tags > 3"),
        "1: a list of texts and an integer have no order (write `size(edge.tags)` for how many there are)"
    );
    assert_eq!(
        mistake("now - edge.lasted > 5m"),
        "21: a timestamp and a duration have no order (write `now - (now - edge.lasted)` for how long it is ago)"
    );
    assert_eq!(mistake("edge.loss > null"), "1: null has no order: `>` with it is always unknown (write `x != null`)");
    assert_eq!(
        mistake("edge.count in edge.tags"),
        "1: `edge.count` is an integer, and what it is looked for in holds a text"
    );
    assert_eq!(
        mistake("'a' in edge.serial"),
        "8: `in` looks into a list or a map, and `edge.serial` is a text (write `.contains(part)` for a part of a text)"
    );
    assert_eq!(
        mistake("edge.seen.weekday('UTC') == 'Monday'").split(" (").next(),
        Some("29: `edge.seen.weekday('UTC')` is never 'Monday'")
    );
    for fine in [
        "edge.id == 5",
        "edge.id == '5'",
        "edge.partner == null",
        "1 == 1.0",
        "[] == edge.tags",
        "unknown == 5",
        "null in [1]",
    ] {
        ty(fine);
    }
}

#[test]
fn operands_and_arguments_that_are_wrong() {
    assert_eq!(
        mistake("edge.serial + edge.count"),
        "15: `+` does not work for a text and an integer (`+` joins texts: write `edge.count.toText()`, or a text with holes)"
    );
    assert_eq!(
        mistake("edge.lasted + 30"),
        "15: a duration and a bare number (30 what? write `30s`, `30m`, `30h` or `30d`)"
    );
    assert_eq!(mistake("edge.up - 1"), "1: `-` does not work for a boolean and an integer");
    assert_eq!(
        mistake("edge.tags && edge.up"),
        "1: a condition is true or false, and `edge.tags` is a list of texts (write `not empty(edge.tags)` if it must not be empty)"
    );
    assert_eq!(
        mistake("edges.filter(e, e.serial)").split(" (").next(),
        Some("17: a condition is true or false, and `e.serial` is a text")
    );
    assert_eq!(
        mistake("edge.count.filter(e, true)").split(" (").next(),
        Some("1: `filter` is for lists, and `edge.count` is an integer")
    );
    assert_eq!(
        mistake("edges.take('x')").split(" (").next(),
        Some("12: `take` takes a whole number here, and `'x'` is the text 'x'")
    );
    assert_eq!(mistake("edges.sortBy(e, e.loss, 'dwon')"), "25: `sortBy` goes 'up' or 'down', not 'dwon'");
    assert_eq!(
        mistake("edge.tags.sum()").split(" (").next(),
        Some("1: `sum` is for lists of numbers or durations, and `edge.tags` is a list of texts")
    );
}

#[test]
fn one_mistake_gives_one_message() {
    assert!(mistake("edge.serail.lower() + 'x' == 'y' && edge.up").starts_with("6: "));
    assert!(mistake("edges.map(e, e.serail).filter(s, s.x.y == 2).first().z").starts_with("16: "));
}

fn define(name: &str, args: &[&str], body: &str, at: usize, program: &Program) -> Define {
    let locals = args.iter().map(|a| Text::from(*a)).collect();
    let scope = Scope { slots: vec![], locals, program };
    let map = ScalarMap::plain(FileId(1), at, body.len());
    let (code, found) = crate::compile(body, &map, &scope);
    let Some(code) = code else { panic!("{body}: {found:?}") };
    let span = code.span;
    Define {
        name: name.into(),
        args: args.iter().map(|a| Text::from(*a)).collect(),
        body: Written { kind: WrittenKind::Code(code), span },
        span,
    }
}

fn with_defines(all: &[(&str, &[&str], &str)]) -> Program {
    let mut program = Program::default();
    for (name, args, body) in all {
        let define = define(name, args, body, 100 * program.defines.len(), &program);
        program.defines.push(define);
    }
    program
}

#[test]
fn defines_are_looked_at_for_their_arguments() {
    let program = with_defines(&[
        ("down", &["e"], "e.state == 'OFFLINE'"),
        ("double", &["n"], "n + n"),
        ("twice", &["m"], "double(m)"),
        ("named", &["e"], "e.serail"),
        ("kind", &["e"], "e.kind == 'outage'"),
        ("gone", &["e"], "e.state == 'GONE'"),
    ]);
    let (found_ty, found) = check("down(edge) && double(2) > 3 && twice('a') == 'aa'", &program);
    assert_eq!((found_ty, found.len()), (Type::Boolean, 0), "{found:?}");
    // the call is wrong: it is told at its argument, also through a define between
    assert!(
        mistake_in("double(edge.up)", &program)
            .starts_with("8: `double` cannot use this as its `n`: `+` does not work")
    );
    assert!(
        mistake_in("1 == 1 && twice(edge.up) == 2", &program)
            .starts_with("17: `twice` cannot use this as its `m`: `+`")
    );
    assert!(
        mistake_in("down(3)", &program)
            .starts_with("6: `down` cannot use this as its `e`: `e` is an integer, which has no fields")
    );
    // the define is wrong: it is told there, once
    assert_eq!(
        mistake_in("named(edge) == named(edge)", &program),
        "303: edge has no field `serail` (did you mean `serial`?)"
    );
    // what no call can make true is told where it stands; what one can, is not
    assert_eq!(mistake_in("gone(edge)", &program), "512: `e.state` is never 'GONE' (it is 'CONNECTED' or 'OFFLINE')");
    let (_, found) = check("kind({'kind': 'outage'}) || kind({'kind': 'note'})", &program);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn literals_that_are_handed_in_are_texts_there() {
    let program = with_defines(&[("label", &["kind"], "if(kind == 'a', 1, if(kind == 'b', 2, 3))")]);
    let (_, found) = check("label('b') + label('c')", &program);
    assert!(found.is_empty(), "{found:?}");
}

fn table(program: &Program) -> Table {
    let scope = Scope { slots: vec![], locals: vec!["edge".into()], program };
    let at = Span::new(FileId(2), 0, 1);
    let text = |text: &str| Written { kind: WrittenKind::Literal { value: Value::text(text), raw: None }, span: at };
    let row = |cells, then: &str| Row { cells, then: text(then), span: at };
    Table {
        name: "outage".into(),
        given: vec!["edge".into()],
        columns: vec![
            Column { name: "edge".into(), code: None, span: at },
            Column { name: "state".into(), code: Some(code("edge.state", &scope)), span: at },
        ],
        rows: vec![
            row(vec![(1, Cell::Is(Value::text("OFFLINE")), at)], "Hard Down"),
            row(vec![(1, Cell::Any(vec![Cell::Is(Value::text("CONECTED"))]), Span::new(FileId(2), 7, 9))], "Link Down"),
        ],
        otherwise: Some(text("healthy")),
        reads: Default::default(),
        span: at,
    }
}

#[test]
fn tables_give_closed_sets_and_cells_must_come() {
    let mut program = Program::default();
    program.tables.push(table(&program));
    let (ty, found) = check("outage(edge)", &program);
    assert_eq!(ty.words(), "outage");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].span.start, found[0].message.as_str()), (7, "`state` is never 'CONECTED'"));
    program.tables[0].rows.pop();
    assert_eq!(
        mistake_in("outage(edge) == 'Hard Donw'", &program),
        "17: `outage(edge)` is never 'Hard Donw' (did you mean 'Hard Down'? It is 'Hard Down' or 'healthy')"
    );
}

#[test]
fn templates_are_looked_at_for_what_they_are_handed() {
    let mut program = Program::default();
    let text = "{{ edge.serail }} {{ who }}";
    let map = ScalarMap::plain(FileId(3), 0, text.len());
    let names = Scope { slots: vec![], locals: vec![], program: &Program::default() };
    let (template, found) = Template::file("mail", text, &map, &names, false, &[]);
    program.templates.extend(template);
    assert!(found.is_empty());
    let say = |text: &str| {
        let slots = slots();
        let scope = Scope { slots: slots.clone(), locals: vec![], program: &program };
        let map = ScalarMap::plain(FileId(0), 0, text.len());
        let (template, found) = Template::compile(text, &map, &scope, &[("mail".into(), TemplateId(0))]);
        let Some(template) = template else { panic!("{found:?}") };
        let instances = Instances::new(&program);
        let mut checker = Checker { slots: &slots, instances: &instances };
        super::infer_template(&template, &mut checker, &mut vec![]);
        told(&instances).into_iter().map(|d| (d.span.file.0, d.span.start, d.message)).collect::<Vec<_>>()
    };
    assert_eq!(say("{{> mail edge=edge who='you'}}"), [(3, 8, "edge has no field `serail`".into())]);
    assert_eq!(say("{{> mail edge=unknown who='you'}}"), []);
    let wrong = say("{{> mail edge=3 who='you'}}");
    assert_eq!(
        wrong,
        [(0, 14, "`mail` cannot use this as its `edge`: `edge` is an integer, which has no fields".into())]
    );
    assert_eq!(
        say("{{#each edge as |e|}}{{ e }}{{/each}}"),
        [(0, 8, "`{{#each}}` goes over a list, and `edge` is an edge".into())]
    );
}

#[test]
fn paths_are_held_against_types() {
    let program = Program::default();
    let say = |text: &str| {
        let slots = slots();
        let scope = Scope { slots: slots.clone(), locals: vec![], program: &program };
        let map = ScalarMap::plain(FileId(0), 0, text.len());
        let (path, found) = crate::path::Path::compile(text, &map, &scope);
        let Some(path) = path else { panic!("{found:?}") };
        let instances = Instances::new(&program);
        let mut checker = Checker { slots: &slots, instances: &instances };
        let ty = super::infer_path(&path, &mut checker, &mut vec![]);
        match told(&instances).as_slice() {
            [] => ty.words(),
            found => {
                found.iter().map(|d| format!("{}: {}", d.span.start + 1, d.message)).collect::<Vec<_>>().join("; ")
            }
        }
    };
    assert_eq!(say("$.edges[*].serial"), "list of text");
    assert_eq!(say("$.edges[0].tags[-1]"), "text");
    assert_eq!(say("$.edges[?@.state == 'OFFLINE' && @.loss > 1].seen"), "list of timestamp");
    assert_eq!(say("$.edges..serial"), "list of text");
    assert_eq!(say("$.loose..x[*]"), "list of any");
    assert_eq!(say("$.edges[*].serail"), "12: edge has no field `serail`");
    assert_eq!(say("$.edges[?@.state == 'OFLINE']"), "21: `state` is never 'OFLINE'");
    assert_eq!(say("$.edges[?@.loss > '1']"), "19: a number and the text '1' have no order");
    assert_eq!(say("$.edges[?@.serail]"), "12: edge has no field `serail`");
    assert_eq!(say("$.edge.serial[*]"), "15: a text has nothing in it");
    assert_eq!(say("$.edges..nothing"), "10: a list of edge has no field `nothing`");
}
