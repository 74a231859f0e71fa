//! Which statuses an action can reply with, and outcomes that none of them gives.

use wf_expr::WrittenKind;
use wf_plan::{Action, AnswerRow, Flow, Request, Status, Verb, Word};
use wf_source::Diagnostic;

use super::rules;

/// All that can be a status.
const ALL: (u16, u16) = (100, 999);
/// Of what the vendor did not answer well: what it sent, where no row says otherwise.
const BAD: [(u16, u16); 2] = [(100, 199), (300, 999)];
const GOOD: (u16, u16) = (200, 299);
/// What is replied to words where no row says otherwise.
const BUILT_IN: [u16; 6] = [400, 401, 404, 500, 502, 504];

/// Outcomes whose statuses no row and no answer gives.
pub(super) fn check(action: &Action, flow: &Flow) -> Vec<Diagnostic> {
    let requests: Vec<&Request> = flow
        .body
        .steps
        .iter()
        .filter_map(|step| match &step.verb {
            Verb::Request(request) => Some(&**request),
            _ => None,
        })
        .collect();
    // one request and nothing else: its reply is that of the action
    let [request] = requests.as_slice() else { return vec![] };
    if request.output.is_none() {
        return vec![];
    }
    // a row without a test could not be read: it may give any status
    if request.answers.iter().any(|row| row.test.is.0.is_empty() && row.test.condition.is_none()) {
        return vec![];
    }
    let possible = possible(request);
    let never = action.outcomes.iter().filter(|outcome| {
        let ranges = outcome.statuses.0.iter().filter_map(|status| match status {
            Status::Range(from, to) => Some((*from, *to)),
            Status::Word(_) => None,
        });
        let ranges: Vec<(u16, u16)> = ranges.collect();
        !ranges.is_empty() && !ranges.iter().any(|a| possible.iter().any(|b| a.0 <= b.1 && b.0 <= a.1))
    });
    never
        .map(|outcome| {
            let message = format!("the outcome `{}` never comes: no row gives its status", outcome.name);
            Diagnostic::error(&rules::NEVER_AN_OUTCOME, action.span, message)
                .help("rows turn every such answer into another status; change the row, or take the outcome away")
        })
        .collect()
}

/// The statuses that the rows of a request give, and those that pass them.
fn possible(request: &Request) -> Vec<(u16, u16)> {
    let mut given: Vec<(u16, u16)> = BUILT_IN.iter().map(|status| (*status, *status)).collect();
    let mut passing: Vec<(u16, u16)> = BAD.into_iter().chain([GOOD]).collect();
    for row in &request.answers {
        let about = about(row);
        match literal_status(row) {
            Some(status) => given.push((status, status)),
            None if row.status.is_some() => given.push(ALL),
            None => given.extend(about.iter().copied()),
        }
        if row.test.condition.is_none() {
            for range in about {
                passing = passing.into_iter().flat_map(|one| without(one, range)).collect();
            }
        }
    }
    given.extend(passing);
    given
}

/// The statuses that a row is about.
fn about(row: &AnswerRow) -> Vec<(u16, u16)> {
    if row.test.is.0.is_empty() {
        return vec![GOOD];
    }
    let of = |status: &Status| match status {
        Status::Range(from, to) => vec![(*from, *to)],
        Status::Word(Word::Any) => vec![ALL],
        Status::Word(Word::Failure) => BAD.to_vec(),
        Status::Word(_) => vec![],
    };
    row.test.is.0.iter().flat_map(of).collect()
}

fn literal_status(row: &AnswerRow) -> Option<u16> {
    match &row.status.as_ref()?.kind {
        WrittenKind::Literal { value, .. } => u16::try_from(value.as_int()?).ok(),
        _ => None,
    }
}

fn without(one: (u16, u16), taken: (u16, u16)) -> Vec<(u16, u16)> {
    if taken.1 < one.0 || one.1 < taken.0 {
        return vec![one];
    }
    let mut left = vec![];
    if one.0 < taken.0 {
        left.push((one.0, taken.0 - 1));
    }
    if taken.1 < one.1 {
        left.push((taken.1 + 1, one.1));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn what_a_row_takes_is_gone() {
        assert_eq!(without((300, 999), (400, 404)), [(300, 399), (405, 999)]);
        assert_eq!(without((300, 999), (100, 999)), []);
        assert_eq!(without((200, 299), (300, 400)), [(200, 299)]);
    }
}
