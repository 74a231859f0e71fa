//! A name defined twice in one file, and names that are taken.

use std::collections::HashMap;
use std::sync::Arc;

use wf_source::{Diagnostic, Span};

use super::rules;
use super::unit::{DefKind, Role, Unit};

/// Definitions of one file that share a name and a space.
pub(crate) fn twice(unit: &Unit) -> Vec<Diagnostic> {
    let mut first: HashMap<Arc<str>, Vec<(DefKind, Span)>> = HashMap::new();
    let mut found = vec![];
    for (kind, _, def) in unit.definitions() {
        let same = first.entry(def.name.clone()).or_default();
        if let Some((other, span)) = same.iter().find(|(other, _)| kind.shares_space_with(*other)) {
            let message = format!("`{}` is a {} of this file already", def.name, other.word());
            found.push(Diagnostic::error(&rules::CLASH, def.span, message).note(Some(*span), "defined here first"));
        } else if matches!(kind, DefKind::Define | DefKind::Table)
            && wf_expr::functions::overloads(&def.name).any(|f| !f.receiver)
        {
            let message = format!("`{}` is a function of the language", def.name);
            found.push(Diagnostic::error(&rules::CLASH, def.span, message).help("give it another name"));
        }
        same.push((kind, def.span));
    }
    found
}

/// Workflows and libraries that share a name: runs, environments and calls would not know which is meant.
pub(crate) fn namesakes(units: &[Unit]) -> Vec<Diagnostic> {
    let mut first: HashMap<&str, &Unit> = HashMap::new();
    let mut found = vec![];
    let named = units.iter().filter(|u| u.role != Role::Face).filter_map(|u| Some((u, u.named?)));
    for (unit, named) in named {
        match first.get(&*unit.name) {
            Some(other) => {
                let message = format!("`{}` is the name of {}, too", unit.name, other.path);
                let diagnostic = Diagnostic::error(&rules::CLASH, named, message)
                    .help("what is copied to begin something new needs a name of its own");
                found.push(diagnostic.note(other.named, "named here first"));
            }
            None => {
                first.insert(&unit.name, unit);
            }
        }
    }
    found
}
