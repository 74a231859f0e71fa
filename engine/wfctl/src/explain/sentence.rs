//! Sentences of a conclusion.

use wf_plan::Effect;

use super::brief::on_one_line;
use super::entry::{Entry, Saw, What};

/// Values that one sentence names.
const VALUES: usize = 3;
/// Characters of a condition or a value in a sentence.
const CHARACTERS: usize = 60;

/// A sentence, with the place in the files that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// 0: what came of it; 1: why.
    pub level: usize,
    pub text: String,
    /// Empty: none.
    pub place: String,
}

impl Sentence {
    #[must_use]
    pub fn new(level: usize, text: String, place: &str) -> Self {
        Self { level, text, place: place.to_owned() }
    }
}

/// The reason for which something ended, with the values that it saw: `its newest note is young enough (now - newest.at = 25m)`.
#[must_use]
pub fn because(entry: &Entry) -> String {
    let values = values(&entry.saw);
    match (entry.what, &entry.reason) {
        (What::Condition("fail"), Some(reason)) if entry.result == "yes" => format!("failed: {reason}{values}"),
        (What::Condition(_), Some(reason)) if entry.result == "yes" => format!("{reason}{values}"),
        (What::Condition("where"), _) if entry.result == "no" => {
            format!("left out: `where {}` does not hold{values}", short(&entry.text))
        }
        (What::Condition("if"), _) if entry.result == "no" => {
            format!("a step was not done: `if {}` does not hold{values}", short(&entry.text))
        }
        (What::Condition(_), _) => {
            let why = entry.result.strip_prefix("unknown: ").unwrap_or(&entry.result);
            format!("undecided: `{}`, since {why}", short(&entry.text))
        }
        // `failed: why`, `undecided: why`; what a flow gave is not why
        _ => entry.result.clone(),
    }
}

/// ` (edge = null, params.note_gap = 30m)`, with who set a param; empty when there is nothing to say.
#[must_use]
pub fn values(saw: &[Saw]) -> String {
    let said = telling(saw).into_iter().take(VALUES).map(|saw| {
        let from = saw.from.as_ref().filter(|from| !from.starts_with("default"));
        let from = from.map(|from| format!(", {from}")).unwrap_or_default();
        format!("{} = {}{from}", short(&saw.name), short(&saw.value))
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join("; ")) }
}

/// The values that say most: what stands inside of another one that is shown is left out; but what a yes or no was made of says more.
#[must_use]
pub fn telling(saw: &[Saw]) -> Vec<&Saw> {
    let plain = |one: &Saw| !one.value.starts_with(['{', '[']);
    let inner = |one: &Saw, other: &Saw| one.name != other.name && is_part(&one.name, &other.name);
    let said = |one: &&Saw| {
        let verdict = matches!(one.value.as_str(), "true" | "false");
        !(verdict && saw.iter().any(|other| inner(other, one) && plain(other)))
    };
    let kept: Vec<&Saw> = saw.iter().filter(said).collect();
    kept.iter().copied().filter(|one| !kept.iter().any(|other| inner(one, other))).collect()
}

/// Whether an expression stands in another one, as a whole.
fn is_part(part: &str, whole: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    whole.match_indices(part).any(|(at, _)| {
        let before = whole.get(..at).and_then(|text| text.chars().next_back());
        let after = whole.get(at + part.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(word) && !after.is_some_and(|c| word(c) && c != '.')
    })
}

/// `desk.add_note was written 3 times (200), desk.chat was told`; `kind`: what an action does, `None` for the report of a failed call.
#[must_use]
pub fn sent(all: &[&Entry], kind: impl Fn(&Entry) -> Option<Effect>) -> Option<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for entry in all {
        let said = did(entry, kind(entry));
        match counts.iter_mut().find(|(known, _)| *known == said) {
            Some((_, n)) => *n += 1,
            None => counts.push((said, 1)),
        }
    }
    let said: Vec<String> = counts
        .into_iter()
        .map(|(said, n)| match n {
            1 => said,
            2 => format!("{said} twice"),
            n => format!("{said} {n} times"),
        })
        .collect();
    if said.is_empty() { None } else { Some(said.join(", ")) }
}

fn did(entry: &Entry, effect: Option<Effect>) -> String {
    let name = &entry.text;
    match (entry.what, effect) {
        (What::Held, _) => format!("{name} was held back"),
        (What::Booked(_), _) => format!("{name}: {}", entry.result),
        (_, Some(Effect::Write)) if entry.result.starts_with('2') => format!("{name} was written"),
        (_, Some(Effect::Write)) if entry.result == "sent" => format!("{name} was sent"),
        (_, Some(Effect::Write)) => format!("{name} was sent and not done ({})", short(&entry.result)),
        (_, None) => format!("{name} was told of a failed call"),
        _ => format!("{name} was told"),
    }
}

fn short(text: &str) -> String {
    on_one_line(text, CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_plan::Address;
    use wf_source::{FileId, Span};

    fn entry(what: What, text: &str, result: &str) -> Entry {
        let entry = Entry::new(Address::default(), Span::new(FileId(0), 0, 0), what, text);
        Entry { result: result.into(), ..entry }
    }

    #[test]
    fn a_reason_names_the_values_that_say_most() {
        let saw = |name: &str, value: &str| Saw { name: name.into(), value: value.into(), from: None };
        let skip = Entry {
            reason: Some("it is young".into()),
            saw: vec![
                saw("now - note.at", "25m"),
                saw("now", "14:00"),
                saw("note.at", "13:35"),
                saw("params.gap", "1h"),
            ],
            ..entry(What::Condition("skip"), "now - note.at < params.gap", "yes")
        };
        assert_eq!(because(&skip), "it is young (now - note.at = 25m; params.gap = 1h)");
        let told = |all: &[Saw]| telling(all).into_iter().map(|saw| saw.name.clone()).collect::<Vec<_>>();
        assert_eq!(told(&[saw("down", "false"), saw("link_down", "true")]), ["down", "link_down"]);
        assert_eq!(told(&[saw("is_on(row.state)", "false"), saw("row.state", "'NEW'")]), ["row.state"]);
        assert_eq!(told(&[saw("noted(edge)", "false"), saw("edge", "{a: 1}")]), ["noted(edge)"]);
        let unknown = entry(What::Condition("skip"), "gusts < 60", "unknown: `gusts` is missing");
        assert_eq!(because(&unknown), "undecided: `gusts < 60`, since `gusts` is missing");
    }

    #[test]
    fn what_was_sent_is_counted() {
        let note = entry(What::Sent, "desk.add_note", "200");
        let refused = entry(What::Sent, "desk.add_note", "500: closed");
        let chat = entry(What::Sent, "desk.chat", "sent");
        let kind = |entry: &Entry| Some(if entry.text == "desk.chat" { Effect::Tell } else { Effect::Write });
        assert_eq!(
            sent(&[&note, &note, &chat], kind).as_deref(),
            Some("desk.add_note was written twice, desk.chat was told")
        );
        assert_eq!(sent(&[&refused], kind).as_deref(), Some("desk.add_note was sent and not done (500: closed)"));
        assert_eq!(sent(&[], kind), None);
    }
}
