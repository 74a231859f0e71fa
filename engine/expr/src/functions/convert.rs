//! From one kind of value to another: the language's own, which give null, and CEL's, which give unknown.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use wf_value::{Expose, Id, Text, Type, Unknown, UnknownKind, Value, decode, duration, whole};

use super::args::{as_text, unknown};
use super::{Answer, Args, Body::Nulls, Body::Plain, Function, Param};
use crate::types::{Takes, rules};

const ONE: &[Param] = &[Param::Value];

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("toText", &[], "x.toText()", Nulls(to_text), |call| {
        call.gives(&[Takes::Any], Type::Text.optional())
    })
    .doc(
        "The text of a text, id, number, boolean, time or duration, as a hole `{{ }}` prints it, and of bytes \
             that are UTF-8; else null.",
    )
    .examples(&[
        ("7.toText()", "'7'"),
        ("2.50.toText()", "'2.5'"),
        ("90m.toText()", "'1h30m'"),
        ("[1].toText()", "null"),
    ])
    .sees_null(),
    Function::method("toInt", &[], "x.toInt()", Nulls(to_int), |call| {
        call.gives(&[Takes::Any], Type::Integer.optional())
    })
    .doc("The whole number that a number or a text is; null when it is none.")
    .examples(&[("'0012'.toInt()", "12"), ("2.0.toInt()", "2"), ("2.5.toInt()", "null"), ("'2x'.toInt()", "null")])
    .sees_null(),
    Function::method("toNumber", &[], "x.toNumber()", Nulls(to_number), |call| {
        call.gives(&[Takes::Any], Type::Number.optional())
    })
    .doc("The number that a number or a text is; null when it is none.")
    .examples(&[("'2.5'.toNumber()", "2.5"), ("'12'.toNumber()", "12"), ("'1,5'.toNumber()", "null")])
    .sees_null(),
    Function::method("written", &[], "time.written()", Nulls(written), |call| {
        call.gives(&[Takes::Any], Type::Text.optional())
    })
    .doc(
        "The text that a time came as (of one that was computed: ISO in UTC). A text gives itself, null gives \
             null.",
    )
    .examples(&[
        ("timestamp('2022-06-01T13:58:00Z').written()", "'2022-06-01T13:58:00Z'"),
        ("'never'.written()", "'never'"),
    ])
    .sees_null(),
    Function::method("toJson", &[], "x.toJson()", Nulls(to_json), |call| call.gives(&[Takes::Any], Type::Text))
        .doc("The value as JSON without blanks, everything beyond ASCII escaped. Unknown when something in it is.")
        .examples(&[("{'a': [1, null]}.toJson()", "'{\"a\":[1,null]}'"), ("null.toJson()", "'null'")])
        .sees_null(),
    Function::method("parseJson", &[], "text.parseJson()", Plain(parse_json), rules::parse_json)
        .doc("The value that a JSON text writes; unknown when it is no JSON.")
        .examples(&[("'{\"a\": [1, 2.5]}'.parseJson()", "{'a': [1, 2.5]}")]),
    Function::free("int", ONE, "int(x)", Plain(int), |call| call.gives(&[Takes::Any], Type::Integer))
        .doc(
            "CEL's: the whole number of a text, of a number (what is behind the point is cut off), of a time (its \
             seconds since 1970). Unknown when it is none.",
        )
        .examples(&[("int('12')", "12"), ("int(-2.9)", "-2"), ("int(timestamp('1970-01-01T00:01:00Z'))", "60")]),
    Function::free("double", ONE, "double(x)", Plain(double), |call| call.gives(&[Takes::Any], Type::Number))
        .doc("CEL's: the number of a text or a number. Unknown when it is none.")
        .examples(&[("double('2.5')", "2.5")]),
    Function::free("string", ONE, "string(x)", Plain(string), |call| call.gives(&[Takes::Any], Type::Text))
        .doc(
            "CEL's: the text of a value, of a duration its seconds, of bytes the UTF-8 that they are. Unknown \
             when it has none.",
        )
        .examples(&[("string(2.5)", "'2.5'"), ("string(1m)", "'60s'")]),
    Function::free("bool", ONE, "bool(x)", Plain(bool), |call| call.gives(&[Takes::Any], Type::Boolean))
        .doc("CEL's: the boolean of `true`, `t`, `1`, `false`, `f`, `0`. Unknown when it is none.")
        .examples(&[("bool('true')", "true")]),
    Function::free("timestamp", ONE, "timestamp(x)", Plain(timestamp), |call| {
        call.gives(&[Takes::Any], Type::timestamp())
    })
    .doc(
        "CEL's: the time that a text in ISO with its zone writes, or that so many seconds since 1970 are. \
             Unknown when it is none.",
    )
    .examples(&[
        ("timestamp('2022-06-01T10:00:00-04:00') == timestamp('2022-06-01T14:00:00Z')", "true"),
        ("timestamp(60) == timestamp('1970-01-01T00:01:00Z')", "true"),
    ]),
    Function::free("duration", ONE, "duration(x)", Plain(duration_of), |call| {
        call.gives(&[Takes::Any], Type::Duration)
    })
    .doc(
        "CEL's: the duration that a text writes. A duration that is known is written without quotes: `1h30m`. \
             Unknown when it is none.",
    )
    .examples(&[("duration('90m')", "1h30m"), ("duration('1.5s')", "1s500ms")]),
    Function::free("bytes", ONE, "bytes(x)", Plain(bytes), |call| call.gives(&[Takes::Any], Type::Bytes))
        .doc("CEL's: a text in UTF-8.")
        .examples(&[("bytes('né').size()", "3")]),
];

/// A value as a hole prints it; the text shows what is secret in it, so whoever uses it makes a secret of it.
pub(super) fn print(value: &Value) -> Result<Text, Arc<Unknown>> {
    value.print_with(Expose::Yes)
}

fn to_text(args: &Args<'_>) -> Answer {
    Ok(match args.value(0) {
        Value::Null | Value::List(_) | Value::Map(_) => Value::Null,
        Value::Bytes(bytes) => std::str::from_utf8(bytes).map_or(Value::Null, Value::from),
        Value::Float(f) if !f.is_finite() => Value::Null,
        other => print(other)?.into(),
    })
}

fn to_int(args: &Args<'_>) -> Answer {
    let value = args.value(0);
    let number = match value {
        Value::Text(text) => whole(text),
        Value::Id(id) => id.as_number(),
        other => other.as_int(),
    };
    Ok(number.map_or(Value::Null, Value::Int))
}

fn to_number(args: &Args<'_>) -> Answer {
    Ok(match args.value(0) {
        Value::Text(text) | Value::Id(Id::Text(text)) => number_of(text).unwrap_or_default(),
        Value::Id(Id::Number(n)) => Value::Int(*n),
        number @ (Value::Int(_) | Value::Float(_) | Value::Big(_)) => number.clone(),
        _ => Value::Null,
    })
}

/// A number in digits, with a point and an exponent if need be; no words like `inf`.
fn number_of(text: &str) -> Option<Value> {
    if let Some(n) = whole(text) {
        return Some(Value::Int(n));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|f: &f64| f.is_finite()).map(Value::Float)
}

fn written(args: &Args<'_>) -> Answer {
    match args.value(0) {
        Value::Time(time) => Ok(time.as_written()),
        value @ (Value::Null | Value::Text(_)) => Ok(value.clone()),
        _ => Err(args.wrong(0, "a time")),
    }
}

fn to_json(args: &Args<'_>) -> Answer {
    let value = args.value(0);
    let json = Value::from(value.encode_with(Expose::Yes).map_err(|error| error.to_unknown())?);
    Ok(if value.has_secret() { json.secret() } else { json })
}

fn parse_json(args: &Args<'_>) -> Answer {
    decode(args.text(0)?.as_bytes())
        .map_err(|error| args.call.operand(format!("`{}` is no JSON: {error}", args.call.words(0))))
}

fn none(args: &Args<'_>, what: &str) -> Arc<Unknown> {
    match args.value(0) {
        Value::Text(text) if text.len() <= 40 => args.call.operand(format!("'{text}' is no {what}")),
        _ => args.call.operand(format!("`{}` is no {what}", args.call.words(0))),
    }
}

fn int(args: &Args<'_>) -> Answer {
    let number = match args.value(0) {
        Value::Time(time) => Some(time.at.as_second()),
        Value::Float(f) => cut(*f),
        Value::Bool(_) | Value::Null => None,
        other => match as_text(other) {
            Some(text) => whole(&text),
            None => other.as_int(),
        },
    };
    number.map(Value::Int).ok_or_else(|| none(args, "whole number"))
}

/// What stands before the point; `None` beyond 64 bits (both ends, which a float cannot tell from what lies beyond).
pub(super) fn cut(f: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "in range")]
    (f.abs() < 9_223_372_036_854_775_808.0).then_some(f as i64)
}

fn double(args: &Args<'_>) -> Answer {
    #[allow(clippy::cast_precision_loss, reason = "the nearest one is asked for")]
    let number = match args.value(0) {
        Value::Int(n) => Some(*n as f64),
        Value::Float(f) => Some(*f),
        other => as_text(other).and_then(|text| text.parse().ok()),
    };
    number.map(Value::Float).ok_or_else(|| none(args, "number"))
}

fn string(args: &Args<'_>) -> Answer {
    Ok(match args.value(0) {
        Value::Duration(duration) => format!("{}s", seconds(*duration)).into(),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => return Err(args.call.operand(format!("`{}` is no UTF-8", args.call.words(0)))),
        },
        Value::List(_) | Value::Map(_) | Value::Null => return Err(args.wrong(0, "a text, a number or a time")),
        Value::Float(f) => float(*f).into(),
        other => print(other)?.into(),
    })
}

/// As CEL writes a number that is none.
pub(super) fn float(f: f64) -> String {
    match f {
        f if f.is_nan() => "NaN".into(),
        f if f.is_infinite() => if f > 0.0 { "Infinity" } else { "-Infinity" }.into(),
        f => f.to_string(),
    }
}

/// Seconds with as many decimals as there are.
pub(super) fn seconds(duration: SignedDuration) -> String {
    let nanos = duration.as_nanos();
    let (whole, fraction) = (nanos.abs() / 1_000_000_000, nanos.abs() % 1_000_000_000);
    let fraction =
        if fraction == 0 { String::new() } else { format!(".{fraction:09}").trim_end_matches('0').to_owned() };
    format!("{}{whole}{fraction}", if nanos < 0 { "-" } else { "" })
}

fn bool(args: &Args<'_>) -> Answer {
    match args.value(0) {
        value @ Value::Bool(_) => Ok(value.clone()),
        Value::Text(text) => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true.into()),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false.into()),
            _ => Err(none(args, "boolean")),
        },
        _ => Err(none(args, "boolean")),
    }
}

fn timestamp(args: &Args<'_>) -> Answer {
    let at = match args.value(0) {
        value @ Value::Time(_) => return Ok(value.clone()),
        Value::Text(text) => text.parse::<Timestamp>().ok(),
        Value::Int(seconds) => Timestamp::from_second(*seconds).ok(),
        _ => None,
    };
    match at {
        // the years that every format can write
        Some(at) if (1..=9999).contains(&TimeZone::UTC.to_datetime(at).year()) => Ok(at.into()),
        Some(_) => Err(args.call.range(format!("`{}` is beyond the years 1 to 9999", args.call.words(0)))),
        None => Err(none(args, "time in ISO with its zone")),
    }
}

fn duration_of(args: &Args<'_>) -> Answer {
    let parsed = match args.value(0) {
        value @ Value::Duration(_) => return Ok(value.clone()),
        Value::Text(text) => duration::parse(text).or_else(|| fine(text)),
        _ => None,
    };
    match parsed {
        // ten thousand years, as CEL says
        Some(duration) if duration.as_secs().unsigned_abs() <= 315_576_000_000 => Ok(Value::Duration(duration)),
        Some(_) => Err(unknown(UnknownKind::Range, "a duration is at most 10000 years")),
        None => Err(none(args, "duration")),
    }
}

/// CEL's units below a millisecond: `250us`, `-999999999ns`.
fn fine(text: &str) -> Option<SignedDuration> {
    let (number, scale) = match text.strip_suffix("ns") {
        Some(number) => (number, 1),
        None => (text.strip_suffix("us").or_else(|| text.strip_suffix("µs"))?, 1_000),
    };
    SignedDuration::try_from_nanos_i128(number.parse::<i128>().ok()?.checked_mul(scale)?)
}

fn bytes(args: &Args<'_>) -> Answer {
    match args.value(0) {
        value @ Value::Bytes(_) => Ok(value.clone()),
        _ => Ok(Value::Bytes(args.text(0)?.as_bytes().into())),
    }
}
