//! Names that nothing defines, settled when the whole project is known: a definition that nobody asks for, beside a near name that several
//! ask for, is what is wrong; else it is the one place that asks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wf_source::{Diagnostic, Span, nearest};
use wf_syntax::ast::Name;

use super::rules;
use super::sight::{Seen, Sight};
use super::unit::{DefKey, DefKind, UnitId};
use super::world::World;
use crate::ledger::Ledger;

/// A place that asks for a name that is not there.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    diagnostic: Diagnostic,
    name: Arc<str>,
    unit: UnitId,
    /// The flow, define or template that it stands in.
    owner: String,
    /// Names of steps that it sees, by their places.
    visible: Vec<Span>,
    /// The item of the loop whose `if` or `in` it stands in.
    item_of_loop: Option<Arc<str>>,
    template: bool,
    /// What stands here instead, where the place knows.
    hint: Option<&'static str>,
    /// The define or table that it stands in.
    body: Option<DefKey>,
}

impl Asked {
    pub(crate) fn new(diagnostic: Diagnostic, name: Arc<str>, sight: &Sight<'_>) -> Self {
        let visible = sight.scope().map_or_else(Vec::new, |s| s.visible().iter().map(|l| l.span).collect());
        Self {
            diagnostic,
            name,
            unit: sight.unit,
            owner: sight.scope().map_or_else(String::new, |s| s.owner.clone()),
            visible,
            item_of_loop: sight.item_of_loop.map(Into::into),
            template: matches!(sight.seen, Seen::Template),
            hint: None,
            body: match sight.seen {
                Seen::Locals(_) => sight.cx.state.borrow().current,
                _ => None,
            },
        }
    }
}

impl Asked {
    /// The place knows what is meant.
    pub(crate) fn explain(&mut self, hint: &'static str) {
        self.hint = Some(hint);
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn span(&self) -> Span {
        self.diagnostic.span
    }

    pub(crate) fn diagnostic(&self) -> &Diagnostic {
        &self.diagnostic
    }
}

/// A definition that nobody asks for.
struct Idle {
    name: Arc<str>,
    span: Span,
    what: &'static str,
    place: Place,
}

enum Place {
    Step,
    Item(DefKey),
    Argument,
}

/// The argument of a define or table that was meant by a name that is not there: the near one of those that the body does not ask for, or the
/// only one.
fn argument(world: &World<'_>, ledger: &Ledger, body: DefKey, name: &str) -> Option<Idle> {
    let unit = world.unit(body.unit);
    let index = body.index as usize;
    let all = match body.kind {
        DefKind::Define => &unit.defines.get(index)?.params,
        DefKind::Table => &unit.tables.get(index)?.given,
        _ => return None,
    };
    let idle = all.iter().enumerate().filter(|(i, _)| !ledger.used_args.contains(&(body, *i))).map(|(_, name)| name);
    let idle: Vec<&Name> = idle.collect();
    let near = nearest(name, idle.iter().map(|n| n.as_str()));
    let meant = match idle.as_slice() {
        [only] => only,
        _ => idle.iter().find(|n| Some(n.as_str()) == near)?,
    };
    Some(Idle { name: meant.value.clone(), span: meant.span, what: "argument", place: Place::Argument })
}

/// Places that ask for the same: the name, the file, the flow, the body whose argument may be meant.
type Group = (Arc<str>, UnitId, String, Option<DefKey>);

/// One diagnostic for each name that is asked for and not there.
pub(crate) fn settle(world: &World<'_>, ledger: &Ledger, idle: &BTreeSet<DefKey>) -> Vec<Diagnostic> {
    let idle = idle_definitions(world, ledger, idle);
    // the same name, asked for in the same flow or file
    let mut groups: BTreeMap<Group, Vec<&Asked>> = BTreeMap::new();
    for asked in &ledger.asked {
        let body = asked.body.filter(|body| argument(world, ledger, *body, &asked.name).is_some());
        groups.entry((asked.name.clone(), asked.unit, asked.owner.clone(), body)).or_default().push(asked);
    }
    let mut found = vec![];
    for ((name, unit, _, body), mut asked) in groups {
        asked.sort_by_key(|a| a.diagnostic.span);
        asked.dedup_by_key(|a| a.diagnostic.span);
        let seen = world.seen_by(unit);
        let candidates = idle.iter().filter(|idle| match idle.place {
            Place::Step => asked.iter().all(|a| a.visible.contains(&idle.span)),
            Place::Item(key) => seen.contains(&key.unit),
            Place::Argument => false,
        });
        let candidates: Vec<&Idle> = candidates.collect();
        let near = nearest(&name, candidates.iter().map(|c| &*c.name));
        let definition = candidates.iter().find(|c| Some(&*c.name) == near).copied();
        let argument = body.and_then(|body| argument(world, ledger, body, &name));
        match argument.as_ref().or(definition) {
            Some(definition) if asked.len() > 1 => {
                let message = format!(
                    "nothing asks for the {} `{}`, and {} places ask for `{name}`, which nothing defines",
                    definition.what,
                    definition.name,
                    asked.len()
                );
                let mut diagnostic = Diagnostic::error(&rules::MISSPELT_DEFINITION, definition.span, message)
                    .did_you_mean(Some(&name), definition.span);
                for asked in asked.iter().take(3) {
                    diagnostic = diagnostic.note(Some(asked.diagnostic.span), "asked for here");
                }
                found.push(diagnostic);
            }
            Some(definition) => {
                let Some(asked) = asked.first() else { continue };
                let diagnostic = asked.diagnostic.clone().did_you_mean(Some(&definition.name), asked.diagnostic.span);
                found.push(diagnostic.note(Some(definition.span), format!("`{}` is defined here", definition.name)));
            }
            None => found.extend(asked.first().map(|asked| explained(world, ledger, asked))),
        }
    }
    found
}

fn idle_definitions(world: &World<'_>, ledger: &Ledger, idle: &BTreeSet<DefKey>) -> Vec<Idle> {
    let unused = ledger.made.iter().filter(|(span, _)| !ledger.used_locals.contains(span));
    let steps = unused.map(|(span, made)| Idle {
        name: made.name.clone(),
        span: *span,
        what: made.kind.word(),
        place: Place::Step,
    });
    let items = idle.iter().filter_map(|key| {
        let def = world.def(*key)?;
        Some(Idle { name: def.name, span: def.span, what: key.kind.word(), place: Place::Item(*key) })
    });
    steps.chain(items).collect()
}

/// The diagnostic, with what the place itself could not know.
fn explained(world: &World<'_>, ledger: &Ledger, asked: &Asked) -> Diagnostic {
    let diagnostic = asked.diagnostic.clone();
    let name = &*asked.name;
    if diagnostic.rule == &wf_expr::rules::UNKNOWN_PARAM {
        let params = world.names(asked.unit, DefKind::Param);
        if diagnostic.help.is_none() && !params.is_empty() {
            let known = wf_source::one_of(params.iter().map(|p| &**p), 9);
            return diagnostic.help(format!("this file sees {known}"));
        }
        return diagnostic;
    }
    if diagnostic.rule != &wf_expr::rules::UNKNOWN_NAME {
        return diagnostic;
    }
    let plain = |help: String| Diagnostic { fix: None, help: Some(help), ..diagnostic.clone() };
    if let Some(hint) = asked.hint {
        return plain(hint.to_owned());
    }
    if asked.item_of_loop.as_deref() == Some(name) {
        return plain(format!(
            "`if` and `in` of a loop are asked once, before its first item; `where` is asked for each `{name}`"
        ));
    }
    if asked.template {
        return diagnostic;
    }
    let same =
        || ledger.made.iter().filter(|(span, made)| &*made.name == name && span.file == asked.diagnostic.span.file);
    if let Some((span, made)) = same().find(|(_, made)| made.owner == asked.owner) {
        let help = if *span > asked.diagnostic.span {
            format!("`{name}` is made further down; names are made in order")
        } else {
            format!("`{name}` of {} is not visible here: it is made inside a loop or a block", made.owner)
        };
        return plain(help).note(Some(*span), "made here");
    }
    if let Some((span, made)) = same().next() {
        let help = format!(
            "`{name}` is a name of {}; a flow sees what it is handed: add it to its `inputs`, and to `with` where it is run",
            made.owner
        );
        return plain(help).note(Some(*span), "made here");
    }
    let rest =
        world.files.get(diagnostic.span.file).and_then(|f| f.text.get(diagnostic.span.end as usize..)).unwrap_or("");
    let of_a_result = ["body", "ok", "failed", "status", "outcome", "refusal", "values", "done"];
    let member: String =
        rest.strip_prefix('.').unwrap_or("").chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let near_step = diagnostic.fix.as_ref().is_some_and(|fix| {
        ledger.made.iter().any(|(span, made)| *made.name == fix.replacement && asked.visible.contains(span))
    });
    let near_step = near_step || diagnostic.fix.is_none() && diagnostic.proposes();
    if !near_step && of_a_result.contains(&member.as_str()) && !asked.owner.is_empty() {
        return plain(format!("the result of a step stands under its id: write `id: {name}` at the step"));
    }
    diagnostic
}
