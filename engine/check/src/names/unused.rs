//! Definitions that nobody asks for.

use std::collections::{BTreeSet, HashSet};

use wf_source::{Diagnostic, FileId, Severity, Span};

use super::rules;
use super::scope::LocalKind;
use super::unit::{DefKey, DefKind, Role};
use super::world::World;
use crate::ledger::Ledger;

/// Definitions that nothing which runs reaches.
pub(crate) fn idle(world: &World<'_>, ledger: &Ledger) -> BTreeSet<DefKey> {
    let mut reached: HashSet<DefKey> = ledger.used.clone();
    let mut waiting: Vec<DefKey> = reached.iter().copied().collect();
    while let Some(key) = waiting.pop() {
        for (_, to) in ledger.used_by.iter().filter(|(from, _)| *from == key) {
            if reached.insert(*to) {
                waiting.push(*to);
            }
        }
    }
    let units = world.units.iter();
    units
        .flat_map(|unit| {
            unit.definitions().into_iter().map(move |(kind, index, _)| DefKey { unit: unit.id, kind, index })
        })
        .filter(|key| key.kind != DefKind::Type && !reached.contains(key))
        .collect()
}

/// What is said of definitions, and of names of steps, that nobody asks for. What only an unused definition asks for is not told:
/// it only follows.
pub(crate) fn unused(world: &World<'_>, ledger: &Ledger, idle: &BTreeSet<DefKey>) -> Vec<Diagnostic> {
    let follows: HashSet<DefKey> =
        ledger.used_by.iter().filter(|(from, to)| idle.contains(from) && from != to).map(|(_, to)| *to).collect();
    let mut found = vec![];
    for key in idle.iter().filter(|key| !follows.contains(key)) {
        let unit = world.unit(key.unit);
        let Some(def) = unit.def(*key) else { continue };
        if key.kind == DefKind::Param && unit.params.get(key.index as usize).is_some_and(|p| p.is_unit) {
            continue;
        }
        let what = match (unit.role, key.kind) {
            (Role::Face, DefKind::Param) => "setting",
            (_, kind) => kind.word(),
        };
        let who = match (unit.role, key.kind) {
            (Role::Library, _) => "none of the workflows that use this library",
            (Role::Face, _) => "nothing in this file",
            (Role::Workflow, _) => "nothing",
        };
        if let Some(quoted) = quoted(world, *key, &def.name) {
            let message = format!("this is the text '{0}', and nothing uses the constant `{0}`", def.name);
            found.push(
                Diagnostic::error(&rules::UNUSED, quoted, message)
                    .note(Some(def.span), "it is defined here")
                    .help(format!("write `{}`, without quotes", def.name))
                    .fix(quoted, &*def.name),
            );
            continue;
        }
        let message = format!("{who} uses the {what} `{}`", def.name);
        found.push(Diagnostic::error(&rules::UNUSED, def.span, message).help("take it away, or use it"));
    }
    for (span, made) in ledger.made.iter().filter(|(span, _)| !ledger.used_locals.contains(span)) {
        if !matches!(made.kind, LocalKind::Id | LocalKind::Let | LocalKind::Input | LocalKind::State) {
            continue;
        }
        let message = format!("nothing asks for the {} `{}` of {}", made.kind.word(), made.name, made.owner);
        let diagnostic = Diagnostic::error(&rules::UNUSED, *span, message).help("take it away, or use it");
        debug_assert_eq!(diagnostic.severity, Severity::Error);
        found.push(diagnostic);
    }
    found
}

/// Where the name of a constant that nothing uses stands between quotes, among the files that see it.
fn quoted(world: &World<'_>, key: DefKey, name: &str) -> Option<Span> {
    if key.kind != DefKind::Constant {
        return None;
    }
    let users = world.units.iter().filter(|unit| world.seen_by(unit.id).contains(&key.unit));
    let mut files: Vec<FileId> = vec![];
    for unit in users {
        files.push(unit.file);
        files.extend(world.templates_of(unit.id).iter().map(|t| t.file));
    }
    let written = format!("'{name}'");
    files.into_iter().find_map(|file| {
        let start = world.files.get(file)?.text.find(&written)?;
        Some(Span::new(file, start, start + written.len()))
    })
}
