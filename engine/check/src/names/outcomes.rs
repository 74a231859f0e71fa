//! Outcomes that an action does not have, settled when all places are known: two places that ask for the same one are right, and the
//! outcome that nobody asks for was renamed.

use std::collections::BTreeMap;
use std::sync::Arc;

use wf_plan::{Action, Outcome};
use wf_source::{Diagnostic, nearest};

use super::rules;
use crate::ledger::Ledger;

/// One diagnostic for each outcome that is asked for and not there.
pub(crate) fn outcomes(ledger: &Ledger, actions: &[Arc<Action>]) -> Vec<Diagnostic> {
    let mut groups: BTreeMap<(&str, &str), Vec<&Diagnostic>> = BTreeMap::new();
    for (action, name, diagnostic) in &ledger.outcomes_asked {
        let group = groups.entry((action, name)).or_default();
        if !group.iter().any(|d| d.span == diagnostic.span) {
            group.push(diagnostic);
        }
    }
    let mut found = vec![];
    for ((action, name), places) in groups {
        let renamed =
            actions.iter().find(|a| a.full_name().as_str() == action).and_then(|action| renamed(ledger, action, name));
        let Some(outcome) = renamed.filter(|_| places.len() > 1) else {
            found.extend(places.into_iter().cloned());
            continue;
        };
        let message = format!(
            "nobody asks for the outcome `{}` of {action}, and {} places ask for `{name}`",
            outcome.name,
            places.len()
        );
        let mut diagnostic = Diagnostic::error(&rules::MISSPELT_DEFINITION, outcome.span, message)
            .did_you_mean(Some(name), outcome.span);
        for place in places.iter().take(3) {
            diagnostic = diagnostic.note(Some(place.span), "asked for here");
        }
        found.push(diagnostic);
    }
    found
}

/// The outcome that was meant by a name that several ask for: the near one, or one that nobody asks for. What is asked for by name is
/// mostly an answer that is fine.
fn renamed<'a>(ledger: &Ledger, action: &'a Action, name: &str) -> Option<&'a Outcome> {
    let used = |o: &&Outcome| ledger.outcomes_used.contains(&(action.full_name().to_string(), o.name.clone()));
    let idle: Vec<&Outcome> = action.outcomes.iter().filter(|o| !used(o)).collect();
    let near = nearest(name, idle.iter().map(|o| o.name.as_str()));
    let fine = |o: &&&Outcome| (200..300).any(|status| o.statuses.holds(status));
    match idle.as_slice() {
        [one] => Some(one),
        _ => idle.iter().find(|o| Some(o.name.as_str()) == near).or_else(|| idle.iter().find(fine)).copied(),
    }
}
