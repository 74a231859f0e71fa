//! Values without loss: what JSON would flatten (a duration, a moment with the text it came as, an id, what is unknown) comes back.
//!
//! Secrets are not written: a place that held one is unknown when it is read. Declared types travel beside values, not in them; whoever
//! reads applies them again.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use wf_value::{Id, List, Map, SetAside, Shape, Text, Time, Unknown, UnknownKind, Value};

use super::FormatError;
use super::bytes::{In, Out};

/// Nesting of what is written; values from outside are nested less deep.
const DEPTH: usize = 512;

const KINDS: [UnknownKind; 9] = [
    UnknownKind::Failed,
    UnknownKind::Held,
    UnknownKind::Missing,
    UnknownKind::Drift,
    UnknownKind::Operand,
    UnknownKind::Range,
    UnknownKind::Partial,
    UnknownKind::NoRow,
    UnknownKind::Limit,
];

/// The value as bytes.
#[must_use]
pub fn write_value(value: &Value) -> Vec<u8> {
    let mut out = Out::default();
    write(&mut out, value, 0);
    out.0
}

/// The value that [`write_value`] wrote.
///
/// # Errors
/// The bytes are no such value.
pub fn read_value(bytes: &[u8]) -> Result<Value, FormatError> {
    let mut input = In(bytes);
    let value = read(&mut input, 0)?;
    if input.0.is_empty() { Ok(value) } else { Err(FormatError::Bad("a value")) }
}

fn write(out: &mut Out, value: &Value, depth: usize) {
    match value {
        _ if depth > DEPTH => {
            unknown(out, &Unknown::new(UnknownKind::Limit, format!("it is nested deeper than {DEPTH}")))
        }
        Value::Null => out.byte(0),
        Value::Bool(false) => out.byte(1),
        Value::Bool(true) => out.byte(2),
        Value::Int(n) => {
            out.byte(3);
            out.signed(*n);
        }
        Value::Float(f) => {
            out.byte(4);
            out.0.extend_from_slice(&f.to_bits().to_le_bytes());
        }
        Value::Big(digits) => {
            out.byte(5);
            out.text(digits);
        }
        Value::Text(text) => {
            out.byte(6);
            out.text(text);
        }
        Value::Id(Id::Number(n)) => {
            out.byte(7);
            out.signed(*n);
        }
        Value::Id(Id::Text(text)) => {
            out.byte(8);
            out.text(text);
        }
        Value::Time(time) => {
            out.byte(9);
            moment(out, time.at);
            write(out, time.written.as_ref().unwrap_or(&Value::Null), depth + 1);
        }
        Value::Duration(d) => {
            out.byte(10);
            out.signed(d.as_secs());
            out.signed(i64::from(d.subsec_nanos()));
        }
        Value::Bytes(bytes) => {
            out.byte(11);
            out.bytes(bytes);
        }
        Value::List(list) => {
            out.byte(12);
            out.number(list.len() as u64);
            list.raw().iter().for_each(|item| write(out, item, depth + 1));
            aside(out, list.aside(), depth);
        }
        Value::Map(map) => {
            out.byte(13);
            out.number(map.len() as u64);
            for (key, value) in map.raw_iter() {
                out.text(key);
                write(out, value, depth + 1);
            }
            aside(out, map.aside(), depth);
        }
        Value::Secret(_) => unknown(out, &Unknown::new(UnknownKind::Held, "a secret is not written down")),
        Value::Unknown(why) => unknown(out, why),
    }
}

pub(super) fn moment(out: &mut Out, at: Timestamp) {
    out.signed(at.as_second());
    out.signed(i64::from(at.subsec_nanosecond()));
}

pub(super) fn read_moment(input: &mut In<'_>) -> Result<Timestamp, FormatError> {
    let (seconds, nanos) = (input.signed()?, input.signed()?);
    let nanos = i32::try_from(nanos).map_err(|_| FormatError::Bad("a time"))?;
    Timestamp::new(seconds, nanos).map_err(|_| FormatError::Bad("a time"))
}

fn unknown(out: &mut Out, why: &Unknown) {
    out.byte(14);
    out.byte(KINDS.iter().position(|k| *k == why.kind).and_then(|i| u8::try_from(i).ok()).unwrap_or(0));
    out.text(&why.reason);
    out.byte(u8::from(why.call.is_some()));
    if let Some(call) = &why.call {
        out.text(call);
    }
}

fn read_unknown(input: &mut In<'_>) -> Result<Unknown, FormatError> {
    let kind = *KINDS.get(input.byte()? as usize).ok_or(FormatError::Bad("a reason"))?;
    let reason = input.text()?;
    let call = if input.byte()? == 0 { None } else { Some(input.text()?.into()) };
    Ok(Unknown::new(kind, reason).from_call(call))
}

fn aside(out: &mut Out, aside: &[SetAside], depth: usize) {
    out.number(aside.len() as u64);
    for one in aside {
        write(out, &one.value, depth + 1);
        unknown(out, &one.reason);
        out.text(&one.place);
    }
}

fn read_aside(input: &mut In<'_>, depth: usize) -> Result<Vec<SetAside>, FormatError> {
    let n = input.number()?;
    let mut aside = Vec::new();
    for _ in 0..n {
        let value = read(input, depth + 1)?;
        if input.byte()? != 14 {
            return Err(FormatError::Bad("a reason"));
        }
        aside.push(SetAside { value, reason: read_unknown(input)?.into(), place: input.text()?.into() });
    }
    Ok(aside)
}

fn read(input: &mut In<'_>, depth: usize) -> Result<Value, FormatError> {
    if depth > DEPTH + 1 {
        return Err(FormatError::Bad("a value"));
    }
    Ok(match input.byte()? {
        0 => Value::Null,
        1 => Value::Bool(false),
        2 => Value::Bool(true),
        3 => Value::Int(input.signed()?),
        4 => {
            let bits = input.take(8)?.try_into().map_err(|_| FormatError::Short)?;
            Value::Float(f64::from_bits(u64::from_le_bytes(bits)))
        }
        5 => Value::Big(input.text()?.into()),
        6 => Value::text(input.text()?),
        7 => Value::Id(Id::Number(input.signed()?)),
        8 => Value::Id(Id::Text(input.text()?.into())),
        9 => {
            let at = read_moment(input)?;
            let written = Some(read(input, depth + 1)?).filter(|w| !w.is_null());
            Value::Time(Arc::new(Time { at, written }))
        }
        10 => {
            let (seconds, nanos) = (input.signed()?, input.signed()?);
            let nanos = i32::try_from(nanos).ok().filter(|n| n.abs() < 1_000_000_000);
            Value::Duration(SignedDuration::new(seconds, nanos.ok_or(FormatError::Bad("a duration"))?))
        }
        11 => Value::Bytes(input.bytes()?.into()),
        12 => {
            let n = input.number()?;
            let mut items = Vec::new();
            for _ in 0..n {
                items.push(read(input, depth + 1)?);
            }
            List::partial(items, read_aside(input, depth)?).into()
        }
        13 => {
            let n = input.number()?;
            let (mut keys, mut values) = (Vec::new(), Vec::new());
            for _ in 0..n {
                keys.push(Text::from(input.text()?));
                values.push(read(input, depth + 1)?);
            }
            Map::with_shape(Arc::new(Shape::new(keys)), values).with_aside(read_aside(input, depth)?).into()
        }
        14 => read_unknown(input)?.into(),
        _ => return Err(FormatError::Bad("a value")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(value: &Value) {
        let read = read_value(&write_value(value)).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(format!("{read:?}"), format!("{value:?}"));
        assert_eq!(write_value(&read), write_value(value));
    }

    #[test]
    fn every_kind_of_value_comes_back() {
        let why = Unknown::new(UnknownKind::Failed, "x failed").from_call(Some("a.b, row 3".into()));
        let time = Time { at: Timestamp::UNIX_EPOCH, written: Some("1/1/1970".into()) };
        let list = List::partial(
            vec![Value::Int(1)],
            vec![SetAside { value: "odd".into(), reason: why.clone().into(), place: "row 2".into() }],
        );
        let values = [
            Value::Null,
            true.into(),
            Value::Int(i64::MIN),
            Value::Float(-0.0),
            Value::Float(f64::NAN),
            Value::Big("123456789012345678901".into()),
            "é\n".into(),
            Value::Id(Id::Number(77)),
            Value::Id(Id::Text("077".into())),
            Value::Time(Arc::new(time)),
            Value::Time(Arc::new(Time::new(Timestamp::MIN))),
            Value::Duration(SignedDuration::new(-5, -7)),
            Value::Bytes(vec![0, 255].into()),
            list.into(),
            Value::Map([(Text::from("k"), Value::from(why.clone())), ("l".into(), Value::Null)].into_iter().collect()),
            why.into(),
        ];
        values.iter().for_each(same);
        same(&values.to_vec().into());
    }

    #[test]
    fn a_secret_is_not_written() {
        let written = write_value(&vec![Value::text("s3cret").secret()].into());
        assert!(!written.windows(6).any(|w| w == b"s3cret"));
        let read = read_value(&written).unwrap_or_default();
        assert!(read.as_list().and_then(|l| l.get(0)).is_some_and(|v| v.as_unknown().is_some()));
    }

    #[test]
    fn no_bytes_panic() {
        let written = write_value(&vec![Value::Int(300), "abc".into(), Value::Float(1.5)].into());
        for cut in 0..written.len() {
            assert!(read_value(&written[..cut]).is_err());
        }
        for at in 0..written.len() {
            for byte in 0..=255 {
                let mut damaged = written.clone();
                damaged[at] = byte;
                let _ = read_value(&damaged);
            }
        }
        assert!(read_value(&[12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]).is_err());
        assert!(read_value(&[12, 1].repeat(2000)).is_err());
    }

    #[test]
    fn what_is_nested_too_deep_is_said_to_be() {
        let deep = (0..2000).fold(Value::Null, |inner, _| vec![inner].into());
        assert!(read_value(&write_value(&deep)).is_ok());
    }
}
