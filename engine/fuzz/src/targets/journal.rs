//! Records of the journal, as they come back from a store: whole, or damaged.

use jiff::Timestamp;
use wf_host::ports::{Answer, Kind, Record};
use wf_host::record::{decode, encode, read_value, write_value};
use wf_plan::{Address, Word};

use super::{Seen, Target, Wrong, must};
use crate::Input;
use crate::repository::Repository;

pub(super) struct Journal;

const PART: &str = "record";

impl Target for Journal {
    fn name(&self) -> &'static str {
        "journal"
    }

    fn seeds(&self, _: &Repository) -> Vec<Input> {
        let value = wf_value::decode(super::world::VALUES).unwrap_or_default();
        let address = Address::default();
        let kinds = [
            Kind::Started { workflow: "w".into(), plan: "hash".into(), start: value.clone(), semantics: 1 },
            Kind::Sent { address: address.clone(), request_id: "4wGHXJZ6x".into(), hash: "abc".into() },
            Kind::Published { address: address.clone() },
            Kind::Lost { address: address.clone(), cause: "no connection".into() },
            Kind::Answered { address: address.clone(), answer: Answer::Reply(r#"{"status":200,"body":[1]}"#.into()) },
            Kind::Answered {
                address: address.clone(),
                answer: Answer::None { why: Word::Timeout, cause: "late".into() },
            },
            Kind::Timer { address: address.clone(), due: Timestamp::UNIX_EPOCH },
            Kind::Due { address: address.clone() },
            Kind::Booked { address, what: value.clone() },
            Kind::Cancelled { reason: "by hand".into() },
            Kind::Taken,
            Kind::Ended { how: "done".into(), report: value.clone() },
        ];
        let records = kinds.into_iter().map(|kind| encode(&Record { at: Timestamp::UNIX_EPOCH, kind }, None));
        records.chain([write_value(&value)]).map(|bytes| Input::of([(PART, bytes)])).collect()
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let (bytes, mut seen) = (input.bytes(PART), Seen::default());
        match decode(bytes, &mut |_| None) {
            Ok(record) => {
                seen.add(&format!("{:?}", record.kind).chars().take(12).collect::<String>());
                let again = decode(&encode(&record, None), &mut |_| None);
                must(again.as_ref() == Ok(&record), "a record is another one when it is written", || {
                    format!("{again:?}")
                })?;
            }
            Err(error) => seen.add(&error.to_string()),
        }
        match read_value(bytes) {
            Ok(value) => {
                seen.add(value.kind());
                let again = read_value(&write_value(&value));
                must(again.is_ok(), "a value cannot be read when it was written", || format!("{again:?}"))?;
            }
            Err(error) => seen.add(&error.to_string()),
        }
        Ok(seen)
    }
}
