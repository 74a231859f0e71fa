//! A story without what decided nothing: the short form.

use super::collect::Heard;
use super::conclude::decisive_drop;
use super::entry::{Entry, What};
use super::sentence::telling;
use super::story::{Part, Story};

/// What decided: guards that held (all guards, where something was sent behind them), `if`s, tables and answers beside them, what was sent, and the drop that kept it from the loops.
#[must_use]
pub fn shortened(heard: &Heard) -> Story {
    let drop = decisive_drop(heard);
    let parts = heard.story.parts.iter().filter_map(|part| kept(part, None, drop)).collect();
    Story { parts, more: heard.story.more }
}

/// `within`: the item or flow around it.
fn kept(part: &Part, within: Option<&Part>, drop: Option<&Entry>) -> Option<Part> {
    let entry = &part.entry;
    let decided = match entry.what {
        What::Item | What::Flow => return scope(part, drop),
        // answers from which the items come are told by the loop
        What::Call => within.is_some(),
        What::Condition("if") => true,
        What::Condition("where") => entry.result != "yes",
        What::Condition(_) => entry.result != "no" || within.is_some_and(sends),
        What::Dropped | What::SetAside => drop.is_some_and(|drop| std::ptr::eq(drop, entry)),
        What::Let => false,
        _ => true,
    };
    decided.then(|| {
        let saw = match entry.what {
            What::Call => Vec::new(),
            // an unknown is why already
            What::Condition(_) | What::Table => telling(&entry.saw)
                .into_iter()
                .filter(|saw| !(saw.value.starts_with("unknown") && entry.result.starts_with("unknown")))
                .cloned()
                .collect(),
            _ => entry.saw.clone(),
        };
        Part { entry: Entry { saw, ..entry.clone() }, about: part.about, parts: Vec::new() }
    })
}

/// An item or a flow, if something in it decided, or it ended otherwise than well.
fn scope(part: &Part, drop: Option<&Entry>) -> Option<Part> {
    let parts: Vec<Part> = part.parts.iter().filter_map(|inner| kept(inner, Some(part), drop)).collect();
    let mut entry = part.entry.clone();
    if entry.what == What::Flow {
        entry.saw.clear();
        // what it gave is told where it is read
        entry.result = entry.result.split(", gave ").next().unwrap_or_default().to_owned();
    }
    // an end is told once: where it began
    if let Some(last) = parts.last()
        && matches!(last.entry.what, What::Item | What::Flow)
        && !last.entry.result.is_empty()
        && last.entry.result == entry.result
    {
        entry.result.clear();
    }
    if entry.result.starts_with("undecided: ") && !parts.is_empty() {
        entry.result = "undecided".into();
    }
    let ended = part.about && !part.entry.result.is_empty() && !part.entry.result.starts_with("done");
    let decides = parts.iter().any(decides);
    (decides || ended).then_some(Part { entry, about: part.about, parts })
}

/// Something in it was sent, held back or booked.
fn sends(part: &Part) -> bool {
    part.parts.iter().any(|part| matches!(part.entry.what, What::Sent | What::Held | What::Booked(_)) || sends(part))
}

/// Answers alone decide nothing.
fn decides(part: &Part) -> bool {
    !matches!(part.entry.what, What::Call | What::Table | What::Run)
}
