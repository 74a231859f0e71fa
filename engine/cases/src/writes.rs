//! Whether what was written is what a case expects: the same multiset, in order only inside one ticket or one recipient.

use wf_source::Span;
use wf_value::{Text, Value};

use crate::expected::{Difference, Expected, Mode, show};

/// A request that changes the outside world, or a message to people.
#[derive(Clone, Debug)]
pub struct Sent {
    pub subject: Text,
    pub body: Value,
}

/// One that a case expects.
#[derive(Clone, Debug)]
pub struct ExpectedSent {
    pub subject: Text,
    pub body: Option<Expected>,
    pub span: Span,
}

/// What is wrong with what was sent.
#[derive(Clone, Debug)]
pub enum Finding {
    /// Expected and not sent; `nearest` is what came closest, with where it differs.
    Missing { expected: ExpectedSent, nearest: Option<(Sent, Vec<Difference>)> },
    /// Sent and not expected.
    Extra(Sent),
    /// Both sent, the wrong way round.
    Order { first: ExpectedSent, second: ExpectedSent, group: Text },
}

impl ExpectedSent {
    fn differences(&self, sent: &Sent) -> Vec<Difference> {
        self.body.as_ref().map_or_else(Vec::new, |body| body.differences(&sent.body, Mode::Exact))
    }

    fn holds(&self, sent: &Sent) -> bool {
        self.subject == sent.subject && self.differences(sent).is_empty()
    }
}

/// Everything that is wrong; empty when all is as expected.
#[must_use]
pub fn compare(expected: &[ExpectedSent], sent: &[Sent]) -> Vec<Finding> {
    let pairs = pair(expected, sent);
    let mut findings = Vec::new();
    let mut left: Vec<usize> = (0..sent.len()).filter(|s| !pairs.contains(&Some(*s))).collect();
    for (expected, _) in expected.iter().zip(&pairs).filter(|(_, pair)| pair.is_none()) {
        // the one that was meant is most likely the one of that subject with the fewest differences
        let nearest = left
            .iter()
            .enumerate()
            .filter(|(_, s)| sent[**s].subject == expected.subject)
            .map(|(at, s)| (expected.differences(&sent[*s]), at, *s))
            .min_by_key(|(differences, _, _)| differences.len())
            .map(|(differences, at, s)| {
                left.remove(at);
                (sent[s].clone(), differences)
            });
        findings.push(Finding::Missing { expected: expected.clone(), nearest });
    }
    findings.extend(left.into_iter().map(|s| Finding::Extra(sent[s].clone())));
    if findings.is_empty() {
        findings.extend(order(expected, sent, &pairs));
    }
    findings
}

/// For each expected one the number of the one sent: as many pairs as possible, in order where that is possible.
fn pair(expected: &[ExpectedSent], sent: &[Sent]) -> Vec<Option<usize>> {
    let fits: Vec<Vec<usize>> =
        expected.iter().map(|e| (0..sent.len()).filter(|s| e.holds(&sent[*s])).collect()).collect();
    let mut owner: Vec<Option<usize>> = vec![None; sent.len()];
    for e in 0..expected.len() {
        let mut tried = vec![false; sent.len()];
        augment(e, &fits, &mut owner, &mut tried);
    }
    let mut pairs = vec![None; expected.len()];
    for (s, e) in owner.iter().enumerate() {
        if let Some(e) = e {
            pairs[*e] = Some(s);
        }
    }
    pairs
}

/// Finds a free one for `e`, moving others where they fit elsewhere, too. Depth: at most the number of expected ones, which is small.
fn augment(e: usize, fits: &[Vec<usize>], owner: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    let free = fits[e].iter().find(|s| owner[**s].is_none() && !tried[**s]);
    if let Some(s) = free {
        owner[*s] = Some(e);
        return true;
    }
    for s in &fits[e] {
        if std::mem::replace(&mut tried[*s], true) {
            continue;
        }
        let Some(other) = owner[*s] else { continue };
        if augment(other, fits, owner, tried) {
            owner[*s] = Some(e);
            return true;
        }
    }
    false
}

/// Writes of one ticket, or to one recipient, that went out the wrong way round. Chat about a ticket is ordered among itself.
fn order(expected: &[ExpectedSent], sent: &[Sent], pairs: &[Option<usize>]) -> Vec<Finding> {
    let tickets: Vec<Text> = unique(sent.iter().filter_map(|s| ticket(&s.body)));
    let mut findings = Vec::new();
    let mut check = |group: Text, members: Vec<usize>| {
        for two in members.windows(2) {
            let (Some(Some(a)), Some(Some(b))) = (pairs.get(two[0]), pairs.get(two[1])) else { continue };
            if a > b && !(expected[two[0]].holds(&sent[*b]) && expected[two[1]].holds(&sent[*a])) {
                findings.push(Finding::Order {
                    first: expected[two[0]].clone(),
                    second: expected[two[1]].clone(),
                    group: group.clone(),
                });
            }
        }
    };
    let body = |e: usize| pairs[e].map_or(&Value::Null, |s| &sent[s].body);
    for group in tickets {
        check(group.clone(), (0..expected.len()).filter(|e| ticket(body(*e)).as_ref() == Some(&group)).collect());
        check(
            group.clone(),
            (0..expected.len())
                .filter(|e| ticket(body(*e)).is_none() && message(body(*e)).is_some_and(|m| m.contains(group.as_str())))
                .collect(),
        );
    }
    for group in unique(sent.iter().filter_map(|s| recipient(&s.body))) {
        check(group.clone(), (0..expected.len()).filter(|e| recipient(body(*e)).as_ref() == Some(&group)).collect());
    }
    findings
}

fn ticket(body: &Value) -> Option<Text> {
    let id = body.as_map()?.raw("ticket_id")?;
    id.print().ok().filter(|t| !t.is_empty())
}

fn recipient(body: &Value) -> Option<Text> {
    let map = body.as_map()?;
    let mail = map.raw("email_data").and_then(Value::as_map).unwrap_or(map);
    mail.raw("recipient").or_else(|| mail.raw("sms_to"))?.print().ok()
}

fn message(body: &Value) -> Option<Text> {
    body.as_map()?.raw("message")?.print().ok()
}

fn unique(texts: impl Iterator<Item = Text>) -> Vec<Text> {
    let mut seen = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

impl Sent {
    /// In one line.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.subject, show(&self.body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{self, tests::node};

    fn sent(body: &str) -> Sent {
        Sent { subject: "note".into(), body: data::value(&node(body)) }
    }

    fn expected(body: &str) -> ExpectedSent {
        let node = node(body);
        ExpectedSent { subject: "note".into(), span: node.span, body: Some(Expected::read(&node)) }
    }

    #[test]
    fn tickets_may_be_worked_in_any_order() {
        let e = [expected("{ticket_id: 1, note: a}"), expected("{ticket_id: 2, note: a}")];
        assert!(compare(&e, &[sent("{ticket_id: 2, note: a}"), sent("{ticket_id: 1, note: a}")]).is_empty());
    }

    #[test]
    fn inside_one_ticket_order_counts() {
        let e = [expected("{ticket_id: 1, note: a}"), expected("{ticket_id: 1, note: b}")];
        let found = compare(&e, &[sent("{ticket_id: 1, note: b}"), sent("{ticket_id: 1, note: a}")]);
        assert!(matches!(found.as_slice(), [Finding::Order { .. }]), "{found:?}");
    }

    #[test]
    fn loose_expectations_leave_room_for_strict_ones() {
        let e = [expected("{ticket_id: 1, note: {any: true}}"), expected("{ticket_id: 1, note: a}")];
        assert!(
            compare(&e, &[sent("{ticket_id: 1, note: a}"), sent("{ticket_id: 1, note: b}")])
                .iter()
                .all(|f| matches!(f, Finding::Order { .. }))
        );
    }

    #[test]
    fn what_is_missing_names_what_came_nearest() {
        let found = compare(&[expected("{ticket_id: 1, note: a}")], &[sent("{ticket_id: 1, note: b}")]);
        match found.as_slice() {
            [Finding::Missing { nearest: Some((_, differences)), .. }] => {
                assert_eq!(differences.first().map(|d| d.path.as_str()), Some("note"));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn twice_is_not_once() {
        let found = compare(
            &[expected("{ticket_id: 1, note: a}")],
            &[sent("{ticket_id: 1, note: a}"), sent("{ticket_id: 1, note: a}")],
        );
        assert!(matches!(found.as_slice(), [Finding::Extra(_)]), "{found:?}");
    }
}
