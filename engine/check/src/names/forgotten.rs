//! Names that stand in a library which the file does not use: one message for all of them, where libraries are named.

use std::collections::BTreeMap;

use wf_source::{Diagnostic, FileId, Rule, Span};
use wf_syntax::ast;

use super::rules;
use super::unit::{DefKind, Role, Unit, UnitId};
use super::world::{World, from_folder};
use crate::ledger::Ledger;
use crate::lower::rules::UNKNOWN_FLOW;
use crate::project::folder;
use crate::sources::{Source, Sources};

/// Takes what only follows from a library that is not used out of the ledger, and gives what is to be said instead.
pub(crate) fn forgotten(world: &World<'_>, sources: &Sources, ledger: &mut Ledger) -> Vec<Diagnostic> {
    let mut missing: BTreeMap<(UnitId, UnitId), Vec<Diagnostic>> = BTreeMap::new();
    let all = ledger.found.iter().chain(ledger.asked.iter().map(|asked| asked.diagnostic()));
    for diagnostic in all {
        let of = user(world, diagnostic.span.file).and_then(|user| Some((user.id, library(world, user, diagnostic)?)));
        if let Some(key) = of {
            let places = missing.entry(key).or_default();
            if !places.iter().any(|d| d.span == diagnostic.span) {
                places.push(diagnostic.clone());
            }
        }
    }
    let mut found = vec![];
    let mut settled: Vec<Span> = vec![];
    for ((user, library), places) in missing {
        settled.extend(places.iter().map(|d| d.span));
        found.extend(told(world, sources, user, library, places));
    }
    ledger.found.retain(|d| !settled.contains(&d.span));
    ledger.asked.retain(|asked| !settled.contains(&asked.span()));
    found
}

/// The file whose names a place sees: its own, of a template the only one of its folder.
fn user<'a>(world: &'a World<'_>, file: FileId) -> Option<&'a Unit> {
    let mut units = world.units.iter().filter(|u| u.role != Role::Face);
    if let Some(unit) = units.clone().find(|u| u.file == file) {
        return Some(unit);
    }
    let (base, _) = world.path(file).split_once("/templates/")?;
    let first = units.find(|u| folder(&u.path) == base)?;
    units.all(|u| folder(&u.path) != base).then_some(first)
}

/// The library that has the name which is not there.
fn library(world: &World<'_>, user: &Unit, diagnostic: &Diagnostic) -> Option<UnitId> {
    let kinds = kinds(diagnostic.rule);
    if kinds.is_empty() {
        return None;
    }
    let name = world.files.text(diagnostic.span);
    let seen = world.seen_by(user.id);
    let mut others = world.units.iter().filter(|u| u.role == Role::Library && !seen.contains(&u.id));
    others.find(|u| kinds.iter().any(|kind| u.find(*kind, name).is_some())).map(|u| u.id)
}

fn kinds(rule: &'static Rule) -> &'static [DefKind] {
    let is = |other: &'static Rule| std::ptr::eq(rule, other);
    match () {
        () if is(&wf_expr::rules::UNKNOWN_NAME) => &[DefKind::Constant, DefKind::Define],
        () if is(&wf_expr::rules::UNKNOWN_FUNCTION) => &[DefKind::Define, DefKind::Table],
        () if is(&wf_expr::rules::UNKNOWN_PARAM) => &[DefKind::Param],
        () if is(&UNKNOWN_FLOW) => &[DefKind::Flow],
        () => &[],
    }
}

fn told(
    world: &World<'_>,
    sources: &Sources,
    user: UnitId,
    library: UnitId,
    mut places: Vec<Diagnostic>,
) -> Option<Diagnostic> {
    let source = sources.workflows.iter().find(|s| s.file == world.unit(user).file)?;
    places.sort_by_key(|d| d.span);
    let path = from_folder(folder(&source.path), &world.unit(library).path);
    let mut uses: Vec<&str> = source.ast.uses.iter().map(|u| &*u.text).collect();
    uses.push(&path);
    let help = format!("write `uses: [{}]`", uses.join(", "));
    let mut names: Vec<&str> = places.iter().map(|d| world.files.text(d.span)).collect();
    names.sort_unstable();
    names.dedup();
    if let ([_], [only]) = (names.as_slice(), places.as_slice()) {
        let message = format!("{}: it stands in {path}, which is not used here", only.message);
        return Some(Diagnostic { message, fix: None, help: Some(help), ..only.clone() });
    }
    let shown: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(shown.len());
    let and = if more > 0 { format!(" and {more} more") } else { String::new() };
    let message = format!("{path} is not used here, and {}{and} stand in it", shown.join(", "));
    let at = place_of_uses(world, source);
    let mut diagnostic = Diagnostic::error(&rules::NO_LIBRARY, at, message).help(help);
    for place in places.iter().take(3) {
        diagnostic = diagnostic.note(Some(place.span), "asked for here");
    }
    Some(diagnostic)
}

/// The list of libraries; without one the name of the file.
fn place_of_uses(world: &World<'_>, source: &Source<ast::Workflow>) -> Span {
    let (Some(first), Some(last)) = (source.ast.uses.first(), source.ast.uses.last()) else {
        return source.ast.name.as_ref().map_or(source.ast.span.begin(), |name| name.span);
    };
    let text = world.files.get(source.file).map_or("", |f| &*f.text);
    let before = text.get(..first.span.start as usize).unwrap_or("").trim_end();
    let after = text.get(last.span.end as usize..).unwrap_or("");
    let (Some(before), true) = (before.strip_suffix('['), after.trim_start().starts_with(']')) else {
        return first.span.to(last.span);
    };
    let end = last.span.end as usize + after.find(']').map_or(0, |i| i + 1);
    Span::new(source.file, before.len(), end)
}
