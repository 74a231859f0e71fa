//! What an expression sees at its place.

use wf_expr::{Callable, Code, DefineId, Kind, Named, Names, TableId};
use wf_source::Span;
use wf_value::{Text, Value};

use super::scope::{LocalKind, Scope};
use super::unit::{DefKind, Role, UnitId};
use super::world::Found;
use crate::lower::Cx;

/// A place, with the names that it sees.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) cx: &'a Cx<'a>,
    /// The file that it stands in.
    pub(crate) unit: UnitId,
    pub(crate) seen: Seen<'a>,
    /// Why a name of the loop is not there yet: it is asked for in the loop's own `if` or `in`.
    pub(crate) item_of_loop: Option<&'a str>,
}

/// Names beside those of the file.
#[derive(Clone, Copy)]
pub(crate) enum Seen<'a> {
    /// None: params, constants, what the file defines.
    File,
    /// Of a step.
    Steps(&'a Scope),
    /// Arguments of a define, columns of a table.
    Locals(&'a [Text]),
    /// A template file: what it is handed, and neither params nor settings.
    Template,
    /// Inputs of an action, for its callers: members of what stands in slot 0, and nothing that only the connector has.
    Contract(&'a [Text]),
    /// The same, where a message of a proto says which inputs there are.
    OpenContract,
}

impl<'a> Sight<'a> {
    pub(crate) fn file(cx: &'a Cx<'a>, unit: UnitId) -> Self {
        Self { cx, unit, seen: Seen::File, item_of_loop: None }
    }

    pub(crate) fn steps(cx: &'a Cx<'a>, unit: UnitId, scope: &'a Scope) -> Self {
        Self { cx, unit, seen: Seen::Steps(scope), item_of_loop: None }
    }

    pub(crate) fn scope(&self) -> Option<&'a Scope> {
        match self.seen {
            Seen::Steps(scope) => Some(scope),
            _ => None,
        }
    }

    fn is_face(&self) -> bool {
        self.cx.world.unit(self.unit).role == Role::Face
    }

    /// The word that params are asked for with.
    fn params_word(&self) -> &'static str {
        if self.is_face() { "config" } else { "params" }
    }

    fn reserved(&self, name: &str) -> Option<Named> {
        let scope = self.scope()?;
        let known = matches!(name, "attempt" | "run" | "trigger" | "task") && !self.is_face();
        if known && matches!(name, "trigger" | "task") {
            // all that came, in one
            let inputs = scope.visible().into_iter().filter(|l| l.kind == LocalKind::Input);
            inputs.for_each(|input| self.cx.use_local(input.span));
        }
        known.then(|| Named::Slot(wf_expr::Slot { up: 0, index: scope.reserved(name) }))
    }
}

impl Names for Sight<'_> {
    fn name(&self, name: &str, at: Span) -> Option<Named> {
        match self.seen {
            Seen::Locals(locals) => {
                if let Some(i) = locals.iter().position(|l| l.as_str() == name) {
                    self.cx.use_arg(i);
                    return u16::try_from(i).ok().map(Named::Local);
                }
            }
            Seen::Steps(scope) => {
                if let Some((local, slot)) = scope.find(name) {
                    self.cx.use_local(local.span);
                    return Some(Named::Slot(slot));
                }
            }
            Seen::Contract(fields) if fields.iter().any(|f| f.as_str() == name) => {
                return Some(Named::Member(wf_expr::Slot { up: 0, index: 0 }, name.into()));
            }
            Seen::Contract(_) | Seen::OpenContract | Seen::File | Seen::Template => {}
        }
        match name {
            "now" => return Some(Named::Now),
            "env" => return Some(Named::Env),
            _ if name == self.params_word()
                && !matches!(self.seen, Seen::Template | Seen::Contract(_) | Seen::OpenContract) =>
            {
                return Some(Named::Params);
            }
            _ => {}
        }
        if let Some(named) = self.reserved(name) {
            return Some(named);
        }
        if let Some(found) = self.cx.world.find(self.unit, DefKind::Constant, name) {
            let key = self.cx.one(found, name, at);
            return Some(Named::Constant(self.cx.constant(key)));
        }
        match self.seen {
            Seen::Contract(_) => return None,
            Seen::OpenContract => return Some(Named::Member(wf_expr::Slot { up: 0, index: 0 }, name.into())),
            _ => {}
        }
        let found = self.cx.world.find(self.unit, DefKind::Define, name)?;
        let (Found::One(key) | Found::Clash(key, _)) = found;
        let define = self.cx.world.unit(key.unit).defines.get(key.index as usize)?;
        // `name()` is called, `NAME` is not
        let bare = define.params.is_empty() && define.key.end == define.name.span.end;
        bare.then(|| Named::Define(DefineId(self.cx.reach(self.cx.one(found, name, at)))))
    }

    fn callable(&self, name: &str, at: Span) -> Option<Callable> {
        if matches!(self.seen, Seen::Contract(_) | Seen::OpenContract) {
            return None;
        }
        if let Some(found) = self.cx.world.find(self.unit, DefKind::Define, name) {
            let key = self.cx.one(found, name, at);
            let args = self.cx.world.unit(key.unit).defines.get(key.index as usize)?.params.len();
            return Some(Callable::Define(DefineId(self.cx.reach(key)), args));
        }
        let found = self.cx.world.find(self.unit, DefKind::Table, name)?;
        let key = self.cx.one(found, name, at);
        let args = self.cx.world.unit(key.unit).tables.get(key.index as usize)?.given.len();
        Some(Callable::Table(TableId(self.cx.reach(key)), args))
    }

    fn param(&self, path: &[&str], span: Span) -> Option<(Code, usize)> {
        if matches!(self.seen, Seen::Template | Seen::Contract(_) | Seen::OpenContract) {
            return None;
        }
        // the file's own, also a group of them, before what its libraries have
        let units = self.cx.world.seen_by(self.unit);
        units.into_iter().find_map(|unit| {
            (1..=path.len()).rev().find_map(|taken| {
                let name = path[..taken].join(".");
                let text: Text = format!("{}.{name}", self.params_word()).into();
                let code = |kind| Code { kind, span, text: text.clone() };
                if let Some(key) = self.cx.world.unit(unit).find(DefKind::Param, &name) {
                    let number = self.cx.reach(self.cx.one(Found::One(key), &name, span));
                    return Some((code(Kind::Param(number)), taken));
                }
                if taken < path.len() {
                    // a member that the group does not have is no param
                    return None;
                }
                let group = self.group(unit, &name, span);
                (!group.is_empty()).then(|| (code(Kind::Map(group.into())), taken))
            })
        })
    }

    fn visible(&self) -> Vec<String> {
        let world = self.cx.world;
        let mut names: Vec<String> = match self.seen {
            Seen::Locals(locals) | Seen::Contract(locals) => locals.iter().map(ToString::to_string).collect(),
            Seen::Steps(scope) => scope.visible().iter().map(|l| l.name.to_string()).collect(),
            Seen::File | Seen::Template | Seen::OpenContract => vec![],
        };
        names.extend(["now".to_owned(), "env".to_owned()]);
        for kind in [DefKind::Constant, DefKind::Define, DefKind::Table] {
            names.extend(world.names(self.unit, kind).iter().map(ToString::to_string));
        }
        if !matches!(self.seen, Seen::Template | Seen::Contract(_) | Seen::OpenContract) {
            let word = self.params_word();
            names.extend(world.names(self.unit, DefKind::Param).iter().map(|name| format!("{word}.{name}")));
        }
        names
    }

    fn locals(&self) -> u16 {
        match self.seen {
            Seen::Locals(locals) => u16::try_from(locals.len()).unwrap_or(u16::MAX),
            _ => 0,
        }
    }
}

impl Sight<'_> {
    /// `params.thresholds`, where only `thresholds.wired` and others are params: the map of them.
    fn group(&self, unit: UnitId, name: &str, span: Span) -> Vec<(Code, Code)> {
        let prefix = format!("{name}.");
        let params = &self.cx.world.unit(unit).params;
        let mut heads: Vec<&str> = vec![];
        for member in params.iter().filter_map(|p| p.name.value.strip_prefix(&prefix)) {
            let head = member.split('.').next().unwrap_or(member);
            if !heads.contains(&head) {
                heads.push(head);
            }
        }
        let word = self.params_word();
        heads
            .into_iter()
            .map(|head| {
                let full = format!("{name}.{head}");
                let key = Code { kind: Kind::Literal(Value::text(head)), span, text: head.into() };
                let kind = match self.cx.world.unit(unit).find(DefKind::Param, &full) {
                    Some(param) => Kind::Param(self.cx.reach(self.cx.one(Found::One(param), &full, span))),
                    None => Kind::Map(self.group(unit, &full, span).into()),
                };
                (key, Code { kind, span, text: format!("{word}.{full}").into() })
            })
            .collect()
    }
}
