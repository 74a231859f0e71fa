//! Records into bytes. The first byte is the version of the format: another one is refused by name.

use bytes::Bytes;
use uuid::Uuid;
use wf_plan::{Address, RunId, Word};
use wf_value::Value;

use super::bytes::{In, Out};
use super::value::{moment, read_moment};
use super::{read_value, write_value};
use crate::ports::{Answer, Kind, Record};

/// The version that is written. Every older one must stay readable here, or be refused by name.
///
/// | reader \ writer | 1 | 2 |
/// | --- | --- | --- |
/// | 1 | reads | refuses |
/// | 2 | reads | reads |
///
/// 2 knows runs that are tried again ([`Kind::Again`]).
pub const FORMAT: u8 = 2;

/// The oldest version that is read.
const OLDEST: u8 = 1;

/// Payloads longer than this stand beside the record, under their hash.
const INLINE: usize = 512;

/// Why bytes are no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    #[error("it ends too early")]
    Short,
    #[error("where {0} should be is something else")]
    Bad(&'static str),
    #[error("it is written in format {0}; this program reads formats {OLDEST} to {FORMAT}")]
    Version(u8),
    #[error("the payload {0} that belongs to it is missing")]
    Blob(String),
}

/// Takes payloads out of records while they are written: a store keeps equal ones once.
pub trait Blobs {
    /// Keeps `payload` under `hash`, its BLAKE3 in hex.
    fn keep(&mut self, hash: &blake3::Hash, payload: &Bytes);
}

/// Gives the payload of a hash back; `None`: it is not there.
pub type Found<'a> = dyn FnMut(&blake3::Hash) -> Option<Bytes> + 'a;

/// The record as bytes; payloads beyond 512 bytes go to `blobs`, or stay inline without.
#[must_use]
pub fn encode(record: &Record, blobs: Option<&mut dyn Blobs>) -> Vec<u8> {
    let mut writer = Writer { out: Out::default(), blobs };
    writer.out.byte(FORMAT);
    moment(&mut writer.out, record.at);
    writer.kind(&record.kind);
    writer.out.0
}

/// The record that [`encode`] wrote.
///
/// # Errors
/// Another format, damage, or a payload that is missing.
pub fn decode(bytes: &[u8], blobs: &mut Found<'_>) -> Result<Record, FormatError> {
    let mut input = In(bytes);
    let version = input.byte()?;
    if !(OLDEST..=FORMAT).contains(&version) {
        return Err(FormatError::Version(version));
    }
    let at = read_moment(&mut input)?;
    let kind = read_kind(&mut input, blobs)?;
    if input.0.is_empty() { Ok(Record { at, kind }) } else { Err(FormatError::Bad("the end")) }
}

struct Writer<'a> {
    out: Out,
    blobs: Option<&'a mut dyn Blobs>,
}

impl Writer<'_> {
    fn kind(&mut self, kind: &Kind) {
        match kind {
            Kind::Started { workflow, plan, start, semantics } => {
                self.out.byte(1);
                self.out.text(workflow);
                self.out.text(plan);
                self.out.number(u64::from(*semantics));
                self.payload(&write_value(start).into());
            }
            Kind::Sent { address, request_id, hash } => {
                self.out.byte(2);
                self.address(address);
                self.out.text(request_id);
                self.out.text(hash);
            }
            Kind::Published { address } => {
                self.out.byte(3);
                self.address(address);
            }
            Kind::Answered { address, answer: Answer::Reply(reply) } => {
                self.out.byte(4);
                self.address(address);
                self.payload(reply);
            }
            Kind::Answered { address, answer: Answer::None { why, cause } } => {
                self.out.byte(5);
                self.address(address);
                self.out.text(why.word());
                self.out.text(cause);
            }
            Kind::Timer { address, due } => {
                self.out.byte(6);
                self.address(address);
                moment(&mut self.out, *due);
            }
            Kind::Due { address } => {
                self.out.byte(7);
                self.address(address);
            }
            Kind::Booked { address, what } => {
                self.out.byte(8);
                self.address(address);
                self.payload(&write_value(what).into());
            }
            Kind::Cancelled { reason } => {
                self.out.byte(9);
                self.out.text(reason);
            }
            Kind::Taken => self.out.byte(10),
            Kind::Lost { address, cause } => {
                self.out.byte(12);
                self.address(address);
                self.out.text(cause);
            }
            Kind::Again { run, due } => {
                self.out.byte(13);
                self.out.0.extend_from_slice(run.0.as_bytes());
                moment(&mut self.out, *due);
            }
            Kind::Ended { how, report } => {
                self.out.byte(11);
                self.out.text(how);
                self.payload(&write_value(report).into());
            }
        }
    }

    fn address(&mut self, address: &Address) {
        self.out.text(&address.to_string());
    }

    fn payload(&mut self, payload: &Bytes) {
        match &mut self.blobs {
            Some(blobs) if payload.len() > INLINE => {
                let hash = blake3::hash(payload);
                blobs.keep(&hash, payload);
                self.out.byte(1);
                self.out.0.extend_from_slice(hash.as_bytes());
            }
            _ => {
                self.out.byte(0);
                self.out.bytes(payload);
            }
        }
    }
}

fn read_kind(input: &mut In<'_>, blobs: &mut Found<'_>) -> Result<Kind, FormatError> {
    Ok(match input.byte()? {
        1 => {
            let (workflow, plan) = (input.text()?.to_owned(), input.text()?.to_owned());
            let semantics = u32::try_from(input.number()?).map_err(|_| FormatError::Bad("a number"))?;
            Kind::Started { workflow, plan, start: value(input, blobs)?, semantics }
        }
        2 => Kind::Sent { address: address(input)?, request_id: input.text()?.into(), hash: input.text()?.into() },
        3 => Kind::Published { address: address(input)? },
        4 => Kind::Answered { address: address(input)?, answer: Answer::Reply(payload(input, blobs)?) },
        5 => {
            let address = address(input)?;
            let why = Word::parse(input.text()?).ok_or(FormatError::Bad("a word"))?;
            Kind::Answered { address, answer: Answer::None { why, cause: input.text()?.into() } }
        }
        6 => Kind::Timer { address: address(input)?, due: read_moment(input)? },
        7 => Kind::Due { address: address(input)? },
        8 => Kind::Booked { address: address(input)?, what: value(input, blobs)? },
        9 => Kind::Cancelled { reason: input.text()?.into() },
        10 => Kind::Taken,
        11 => Kind::Ended { how: input.text()?.into(), report: value(input, blobs)? },
        12 => Kind::Lost { address: address(input)?, cause: input.text()?.into() },
        13 => {
            let run: [u8; 16] = input.take(16)?.try_into().map_err(|_| FormatError::Short)?;
            Kind::Again { run: RunId(Uuid::from_bytes(run)), due: read_moment(input)? }
        }
        _ => return Err(FormatError::Bad("a kind of record")),
    })
}

fn address(input: &mut In<'_>) -> Result<Address, FormatError> {
    Address::parse(input.text()?).ok_or(FormatError::Bad("an address"))
}

fn value(input: &mut In<'_>, blobs: &mut Found<'_>) -> Result<Value, FormatError> {
    read_value(&payload(input, blobs)?)
}

fn payload(input: &mut In<'_>, blobs: &mut Found<'_>) -> Result<Bytes, FormatError> {
    match input.byte()? {
        0 => Ok(Bytes::copy_from_slice(input.bytes()?)),
        1 => {
            let hash: [u8; 32] = input.take(32)?.try_into().map_err(|_| FormatError::Short)?;
            let hash = blake3::Hash::from(hash);
            blobs(&hash).ok_or_else(|| FormatError::Blob(hash.to_hex().to_string()))
        }
        _ => Err(FormatError::Bad("a payload")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use jiff::Timestamp;
    use wf_plan::Part;

    use super::*;

    #[derive(Default)]
    struct Kept(HashMap<blake3::Hash, Bytes>);

    impl Blobs for Kept {
        fn keep(&mut self, hash: &blake3::Hash, payload: &Bytes) {
            self.0.insert(*hash, payload.clone());
        }
    }

    fn records() -> Vec<Record> {
        let address = Address(vec![Part::Step(4), Part::Item(17), Part::Attempt(2)]);
        let at = Timestamp::new(1_654_092_000, 123_456_789).unwrap_or_default();
        let kinds = vec![
            Kind::Started { workflow: "w".into(), plan: "p".into(), start: vec![Value::Int(1)].into(), semantics: 1 },
            Kind::Sent { address: address.clone(), request_id: "id".into(), hash: "h".into() },
            Kind::Published { address: address.clone() },
            Kind::Lost { address: address.clone(), cause: "gone".into() },
            Kind::Answered { address: address.clone(), answer: Answer::Reply(Bytes::from(vec![b'x'; 5000])) },
            Kind::Answered { address: address.clone(), answer: Answer::Reply(Bytes::from_static(b"\x00\xff")) },
            Kind::Answered {
                address: address.clone(),
                answer: Answer::None { why: Word::Timeout, cause: "late".into() },
            },
            Kind::Timer { address: address.clone(), due: Timestamp::MAX },
            Kind::Due { address: address.clone() },
            Kind::Booked { address, what: Value::Null },
            Kind::Cancelled { reason: "r".into() },
            Kind::Taken,
            Kind::Again { run: RunId(Uuid::from_u128(7)), due: at },
            Kind::Ended { how: "well".into(), report: Value::Null },
        ];
        kinds.into_iter().map(|kind| Record { at, kind }).collect()
    }

    #[test]
    fn every_kind_of_record_comes_back_with_blobs_and_without() {
        for record in records() {
            assert_eq!(decode(&encode(&record, None), &mut |_| None).as_ref(), Ok(&record));
            let mut kept = Kept::default();
            let bytes = encode(&record, Some(&mut kept));
            assert!(bytes.len() < 600);
            assert_eq!(decode(&bytes, &mut |hash| kept.0.get(hash).cloned()).as_ref(), Ok(&record));
        }
    }

    #[test]
    fn a_missing_payload_and_another_format_are_named() {
        // the first answer is the one that is large enough to be kept apart
        let record = records().into_iter().find(|r| matches!(r.kind, Kind::Answered { .. }));
        let record = record.unwrap_or_else(|| panic!("no answer among the records"));
        let mut bytes = encode(&record, Some(&mut Kept::default()));
        assert!(matches!(decode(&bytes, &mut |_| None), Err(FormatError::Blob(hash)) if hash.len() == 64));
        bytes[0] = OLDEST;
        let blob = decode(&bytes, &mut |_| None).err();
        assert!(matches!(blob, Some(FormatError::Blob(_))), "an older format is read: {blob:?}");
        for other in [0, FORMAT + 1] {
            bytes[0] = other;
            let error = decode(&bytes, &mut |_| None).err().map(|e| e.to_string());
            assert_eq!(error, Some(format!("it is written in format {other}; this program reads formats 1 to 2")));
        }
    }

    #[test]
    fn no_bytes_panic() {
        for record in records() {
            let bytes = encode(&record, None);
            for at in 0..bytes.len().min(200) {
                assert!(decode(&bytes[..at], &mut |_| None).is_err());
                for bit in 0..8 {
                    let mut damaged = bytes.clone();
                    damaged[at] ^= 1 << bit;
                    let _ = decode(&damaged, &mut |_| None);
                }
            }
        }
    }
}
