//! The answer in a few sentences: what came of the item, and why.
//!
//! Each item of a loop in which something was decided is a [`Case`]: what was sent in it, and the reasons for which it, or a flow in it, was
//! left. Items in which nothing was decided belong to what stands around them. Where no loop ever held what is asked for, the loops are
//! named in which something would have been done, and where it was dropped on the way to them.

use wf_plan::{Effect, Part as At};
use wf_source::{Files, Span};

use super::brief::counted;
use super::collect::Heard;
use super::entry::{Entry, What};
use super::sentence::{Sentence, because, sent, values};
use super::story::Part;

/// Cases that are told; the rest is counted.
const CASES: usize = 3;
/// Reasons of one case that are told.
const REASONS: usize = 4;

/// One item, or the run itself.
#[derive(Default)]
struct Case<'a> {
    item: Option<&'a Entry>,
    why: Vec<&'a Entry>,
    sent: Vec<&'a Entry>,
    /// Steps that would have sent something, had their `if` held.
    not_done: Vec<&'a Entry>,
}

/// What came of the item that `asked` names, and why.
#[must_use]
pub fn conclude(heard: &Heard, asked: &str, files: &Files) -> Vec<Sentence> {
    let mut gathered = Gathered { heard, cases: Vec::new(), held: false };
    let mut run = Case::default();
    gathered.walk(&heard.story.parts, &mut run);
    let Gathered { mut cases, held, .. } = gathered;
    if cases.is_empty() || !run.sent.is_empty() || !run.why.is_empty() {
        cases.insert(0, run);
    }
    let one = cases.len() == 1;
    let silent = |case: &Case| case.sent.is_empty() && case.why.is_empty();
    let mut said = Vec::new();
    if one && !held && cases.iter().all(silent) && !heard.loops.is_empty() {
        said.push(nobody(heard, asked, files));
        said.extend(on_the_way(heard, files).or_else(|| last_seen(&heard.story.parts, files)));
        return said;
    }
    let alike = alike(cases);
    for (case, more) in alike.iter().take(CASES) {
        let label = case.item.filter(|_| !one).and_then(|item| item.saw.first());
        let subject = label.map_or_else(|| asked.to_owned(), |saw| format!("{} = {}", saw.name, shortly(&saw.value)));
        let more = if *more > 0 { format!(" and {} like it", counted(*more, "more item")) } else { String::new() };
        said.extend(tell(case, &format!("{subject}{more}"), heard, files));
    }
    if alike.len() > CASES {
        let left = alike.iter().skip(CASES).map(|(_, more)| more + 1).sum();
        said.push(Sentence::new(0, format!("… and {}, which --full shows", counted(left, "more item")), ""));
    }
    if alike.iter().any(|(case, _)| case.sent.is_empty()) {
        said.extend(on_the_way(heard, files));
    }
    said
}

/// Items for which nothing was sent for the same reasons are told once, with how many more there are.
fn alike(cases: Vec<Case<'_>>) -> Vec<(Case<'_>, usize)> {
    let same = |one: &Case, other: &Case| {
        let spans = |case: &Case| case.why.iter().map(|entry| (entry.span, entry.reason.clone())).collect::<Vec<_>>();
        one.sent.is_empty() && other.sent.is_empty() && !one.why.is_empty() && spans(one) == spans(other)
    };
    let mut alike: Vec<(Case<'_>, usize)> = Vec::new();
    for case in cases {
        match alike.iter_mut().find(|(known, _)| same(known, &case)) {
            Some((_, more)) => *more += 1,
            None => alike.push((case, 0)),
        }
    }
    alike
}

struct Gathered<'a> {
    heard: &'a Heard,
    cases: Vec<Case<'a>>,
    /// An item of some loop is about it.
    held: bool,
}

impl<'a> Gathered<'a> {
    fn walk(&mut self, parts: &'a [Part], case: &mut Case<'a>) {
        for Part { entry, about, parts } in parts {
            match entry.what {
                What::Item => {
                    self.held |= about;
                    let mut own = Case { item: Some(entry), ..Case::default() };
                    self.walk(parts, &mut own);
                    own.end(entry);
                    self.put(own, *about && (!parts.is_empty() || !entry.result.starts_with("done")), case);
                }
                What::Flow => {
                    let before = case.why.len();
                    self.walk(parts, case);
                    if case.why.len() == before {
                        case.end(entry);
                    }
                }
                What::Condition("if") if entry.result == "no" => {
                    let acts = self.heard.steps.at(&entry.address).is_some_and(|step| step.acts);
                    case.not_done.extend(acts.then_some(entry));
                }
                What::Condition(what) => {
                    let left = matches!(what, "skip" | "stop" | "fail") && entry.result == "yes";
                    if left || what == "where" && entry.result == "no" || entry.result.starts_with("unknown") {
                        case.why.push(entry);
                    }
                }
                What::Sent | What::Held | What::Booked(_) => case.sent.push(entry),
                What::Call if self.heard.steps.at(&entry.address).and_then(|s| s.effect) == Some(Effect::Write) => {
                    case.sent.push(entry);
                }
                _ => {}
            }
        }
    }

    /// An item in which nothing was decided belongs to what stands around it.
    fn put(&mut self, own: Case<'a>, about: bool, around: &mut Case<'a>) {
        let inner = self.cases.iter().any(|case| case.is_inside(&own));
        if !own.why.is_empty() || about && !inner && (!own.sent.is_empty() || !own.not_done.is_empty()) {
            self.cases.push(own);
        } else {
            around.sent.extend(own.sent);
            around.not_done.extend(own.not_done);
        }
    }
}

impl<'a> Case<'a> {
    /// It, or a flow in it, ended otherwise than well, and nothing in it says why.
    fn end(&mut self, entry: &'a Entry) {
        let well = entry.result.is_empty() || entry.result.starts_with("done");
        if !well && self.why.is_empty() {
            self.why.push(entry);
        }
    }

    fn is_inside(&self, other: &Self) -> bool {
        let at = |case: &Self| case.item.map(|item| item.address.0.clone()).unwrap_or_default();
        at(self).starts_with(&at(other))
    }
}

/// What was sent in a case, and for which reasons it ended.
fn tell(case: &Case<'_>, subject: &str, heard: &Heard, files: &Files) -> Vec<Sentence> {
    let mut said = Vec::new();
    let kind = |entry: &Entry| {
        let report = matches!(entry.address.0.last(), Some(At::Call(_)));
        heard.steps.at(&entry.address).and_then(|step| step.effect).filter(|_| !report)
    };
    match sent(&case.sent, kind) {
        None => said.push(Sentence::new(0, format!("{subject}: nothing was written, told or booked"), "")),
        Some(sent) => {
            let place = case.sent.first().map(|entry| place(files, entry.span)).unwrap_or_default();
            said.push(Sentence::new(0, format!("{subject}: {sent}"), &place));
        }
    }
    let mut reasons: Vec<Sentence> = Vec::new();
    for entry in &case.why {
        let sentence = Sentence::new(1, because(entry), &place(files, entry.span));
        if !reasons.contains(&sentence) {
            reasons.push(sentence);
        }
    }
    if reasons.is_empty() && case.sent.is_empty() {
        for entry in case.not_done.iter().take(2) {
            reasons.push(Sentence::new(1, because(entry), &place(files, entry.span)));
        }
    }
    if reasons.is_empty() && case.sent.is_empty() {
        reasons.push(Sentence::new(1, "all steps were done; none of them had anything to send for it".into(), ""));
    }
    let more = reasons.len().saturating_sub(REASONS);
    reasons.truncate(REASONS);
    said.extend(reasons);
    if more > 0 {
        said.push(Sentence::new(1, format!("… and {}", counted(more, "more reason")), ""));
    }
    said
}

/// No loop held it: those of the run itself in which something would have been done for it.
fn nobody(heard: &Heard, asked: &str, files: &Files) -> Sentence {
    let all: Vec<_> = heard.loops.iter().filter_map(|(number, each)| Some((heard.steps.get(*number)?, each))).collect();
    let main = all.iter().filter(|(step, each)| step.acts && !each.in_flow).map(|(step, _)| *step).collect::<Vec<_>>();
    let loops = if main.is_empty() { all.into_iter().map(|(step, _)| step).collect() } else { main };
    let names: Vec<String> =
        loops.iter().map(|step| format!("`for {}`", step.over.split(" in ").next().unwrap_or_default())).collect();
    let names = wf_source::one_of(names.iter().map(String::as_str), CASES);
    let at = loops.first().map(|step| place(files, step.span)).unwrap_or_default();
    Sentence::new(0, format!("{asked}: nothing was done for it, since no item of {names} held it"), &at)
}

/// Where it was dropped for good: in a flow whose result does not hold it, nor does that of the same flow elsewhere; beside any flow, if
/// no loop held it later.
fn on_the_way(heard: &Heard, files: &Files) -> Option<Sentence> {
    let dropped = decisive_drop(heard)?;
    let by = dropped.text.split(": ").next().unwrap_or_default();
    let said = match dropped.what {
        What::SetAside => format!("before, `{by}` could not judge it: {}", dropped.result),
        _ => {
            let condition = dropped.text.split_once(": ").map_or(dropped.text.as_str(), |(_, condition)| condition);
            let saw = values(&dropped.saw);
            format!("before, `{by}` left it out: `{condition}` does not hold{saw}")
        }
    };
    Some(Sentence::new(1, said, &place(files, dropped.span)))
}

/// The drop that [`on_the_way`] tells.
#[must_use]
pub fn decisive_drop(heard: &Heard) -> Option<&Entry> {
    let mut flows: Vec<&Part> = Vec::new();
    let mut beside: Vec<&Entry> = Vec::new();
    let mut stack: Vec<&Part> = heard.story.parts.iter().rev().collect();
    let mut held = false;
    while let Some(part) = stack.pop() {
        match part.entry.what {
            What::Flow => {
                flows.push(part);
                continue;
            }
            What::Item if part.about => {
                held = true;
                continue;
            }
            What::Dropped | What::SetAside => beside.push(&part.entry),
            _ => {}
        }
        stack.extend(part.parts.iter().rev());
    }
    let kept = |flow: &&Part| flows.iter().any(|other| other.entry.text == flow.entry.text && other.entry.holds);
    let in_flow = flows.iter().filter(|flow| !kept(flow)).find_map(|flow| first_drop(flow));
    in_flow.or_else(|| beside.first().copied().filter(|_| !held))
}

fn first_drop(flow: &Part) -> Option<&Entry> {
    let entries = flow.parts.iter().map(|part| &part.entry);
    entries.into_iter().find(|entry| matches!(entry.what, What::Dropped | What::SetAside))
}

/// The last thing that held it.
fn last_seen(parts: &[Part], files: &Files) -> Option<Sentence> {
    let seen = parts.iter().rev().find(|part| part.entry.holds)?;
    let name = match seen.entry.what {
        What::Call => format!("the answer of {}", seen.entry.text),
        What::Flow => format!("what {} gave", seen.entry.text),
        _ => format!("`{}`", seen.entry.text),
    };
    Some(Sentence::new(1, format!("it was last seen in {name}"), &place(files, seen.entry.span)))
}

/// The first two members of an item.
fn shortly(item: &str) -> String {
    match item.match_indices(", ").nth(1) {
        Some((at, _)) if item.starts_with('{') => format!("{}, …}}", item.get(..at).unwrap_or_default()),
        _ => item.to_owned(),
    }
}

fn place(files: &Files, span: Span) -> String {
    if files.get(span.file).is_some() { files.locate(span) } else { String::new() }
}
