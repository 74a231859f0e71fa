//! Writes and tells of which nobody knows whether they happened.

use std::collections::BTreeMap;

use jiff::Timestamp;
use wf_plan::{Address, Answered, Envelope, Word};

use crate::envelope::{IN_DOUBT, read_reply};
use crate::ports::{Answer, Kind, Record};

/// The status of a reply whose vendor never answered.
const NO_ANSWER: u16 = 504;

/// Something that was sent, and may have happened or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub address: Address,
    pub request_id: String,
    pub sent: Timestamp,
    /// In a sentence. `None`: it was sent, and nothing was heard of it so far.
    pub why: Option<String>,
}

/// What a run sent and nobody knows the end of, in the order of sending. Of a run that goes on, what is under way is among it.
#[must_use]
pub fn doubts(records: &[Record]) -> Vec<Doubt> {
    let mut open: BTreeMap<Address, Doubt> = BTreeMap::new();
    for record in records {
        match &record.kind {
            Kind::Sent { address, request_id, .. } => {
                let doubt =
                    Doubt { address: address.clone(), request_id: request_id.clone(), sent: record.at, why: None };
                open.insert(address.clone(), doubt);
            }
            Kind::Published { address } => drop(open.remove(address)),
            Kind::Lost { address, cause } => {
                if let Some(doubt) = open.get_mut(address) {
                    doubt.why = Some(cause.clone());
                }
            }
            Kind::Answered { address, answer } => match left_open(answer) {
                Some(why) => {
                    if let Some(doubt) = open.get_mut(address) {
                        doubt.why = Some(why);
                    }
                }
                None => drop(open.remove(address)),
            },
            _ => {}
        }
    }
    let mut all: Vec<Doubt> = open.into_values().collect();
    all.sort_by(|a, b| (a.sent, &a.address).cmp(&(b.sent, &b.address)));
    all
}

/// Why such an answer leaves open whether something happened; `None`: it does not.
fn left_open(answer: &Answer) -> Option<String> {
    match answer {
        // it never left, or could not be handed to anybody
        Answer::None { why: Word::NoConnection, .. } => None,
        Answer::None { cause, .. } => Some(cause.clone()),
        Answer::Reply(reply) => {
            // in whatever envelope it came: some are told no more than the status
            let Answered { status, body, cause, .. } = read_reply(Envelope::Notify, "", reply);
            match body.as_str() {
                _ if cause.is_some() => cause.map(|cause| cause.to_string()),
                Some(said) if said.starts_with(&format!("{IN_DOUBT}:")) => Some(said.to_owned()),
                _ if status == NO_ANSWER => Some("its vendor gave no answer (504)".to_owned()),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use wf_plan::Part;

    use super::*;

    #[test]
    fn what_was_answered_is_known_and_everything_else_is_in_doubt() {
        let step = |n| Address(vec![Part::Step(n)]);
        let at = |n| Timestamp::from_second(n).unwrap_or_default();
        let sent = |n: u32| Kind::Sent { address: step(n), request_id: format!("id {n}"), hash: String::new() };
        let reply = |n: u32, text: &'static str| Kind::Answered {
            address: step(n),
            answer: Answer::Reply(bytes::Bytes::from_static(text.as_bytes())),
        };
        let none =
            |n: u32, why| Kind::Answered { address: step(n), answer: Answer::None { why, cause: "late".into() } };
        let kinds = vec![
            sent(1),
            sent(2),
            sent(3),
            sent(4),
            sent(5),
            sent(6),
            sent(7),
            sent(8),
            reply(8, r#"{"request_id":"id 8","status":504}"#),
            reply(1, r#"{"status":200,"body":"in doubt? no"}"#),
            reply(2, r#"{"status":504,"body":"in doubt: it was asked for before"}"#),
            none(3, Word::Timeout),
            none(4, Word::NoConnection),
            Kind::Published { address: step(5) },
            Kind::Lost { address: step(6), cause: "gone".into() },
            // tried again: the last answer counts
            sent(3),
            reply(3, r#"{"status":200,"body":1}"#),
        ];
        let records: Vec<_> = kinds.into_iter().zip(1..).map(|(kind, n)| Record { at: at(n), kind }).collect();
        let found: Vec<_> = doubts(&records).into_iter().map(|d| (d.request_id, d.why)).collect();
        let expected = [
            ("id 2".to_owned(), Some("in doubt: it was asked for before".to_owned())),
            ("id 6".to_owned(), Some("gone".to_owned())),
            ("id 7".to_owned(), None),
            ("id 8".to_owned(), Some("its vendor gave no answer (504)".to_owned())),
        ];
        assert_eq!(found, expected);
    }
}
