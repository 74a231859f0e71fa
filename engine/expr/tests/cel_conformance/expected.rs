//! What a test wants, in our values.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use wf_value::{MapBuilder, Text, Time, Value};

use super::data::{Case, Wanted, many};

/// Whether a value is what the test wants. An error is unknown here.
pub(crate) fn check(case: &Case, got: &Value) -> Result<(), String> {
    match (&case.wanted, got) {
        (Wanted::Error, Value::Unknown(_)) | (Wanted::Anything, _) => Ok(()),
        (Wanted::Error, got) => Err(format!("an error is wanted, not {got:?}")),
        (Wanted::Value(json), got) => {
            let wanted = value(json).ok_or_else(|| format!("{json} is none of our values"))?;
            if same(&wanted, got) { Ok(()) } else { Err(format!("{wanted:?} is wanted, not {got:?}")) }
        }
    }
}

/// What is wrong is refused when it is loaded: where the test wants an error, that is one.
pub(crate) fn refused(case: &Case, messages: &str) -> Result<(), String> {
    match case.wanted {
        Wanted::Error => Ok(()),
        Wanted::Value(_) | Wanted::Anything => Err(format!("refused: {messages}")),
    }
}

/// Equal, and of one kind: a boolean is not a text. Not a number is itself here.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) if a.is_nan() || b.is_nan() => a.is_nan() && b.is_nan(),
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && !b.is_partial() && a.iter().zip(b.iter()).all(|(a, b)| same(&a, &b))
        }
        (Value::Map(a), Value::Map(b)) => a.len() == b.len() && a.iter().all(|(key, value)| same(&value, &b.get(key))),
        _ => a.equals(b) == Some(true),
    }
}

/// `{"int64_value": 1}` as a value; `None`: it is about something that we do not have.
pub(crate) fn value(json: &Json) -> Option<Value> {
    let (kind, inner) = json.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "null_value" => Value::Null,
        "bool_value" => Value::Bool(inner.as_bool()?),
        "int64_value" | "uint64_value" => Value::Int(whole(inner)?),
        "double_value" => Value::Float(match inner {
            Json::String(text) => text.parse().ok()?,
            number => number.as_f64()?,
        }),
        "string_value" => Value::text(inner.as_str()?),
        "type_value" => Value::text(inner.as_str()?),
        "bytes_value" => match inner {
            Json::String(text) => Value::Bytes(text.as_bytes().into()),
            other => Value::Bytes(hex(other["bytes_hex"].as_str()?)?.into()),
        },
        "list_value" => many(&inner["values"]).iter().map(value).collect::<Option<Vec<_>>>()?.into(),
        "map_value" => {
            let mut map = MapBuilder::default();
            for entry in many(&inner["entries"]) {
                let key: Text = match value(&entry["key"])? {
                    Value::Text(text) => text,
                    Value::Int(n) => n.to_string().into(),
                    Value::Bool(b) => b.to_string().into(),
                    _ => return None,
                };
                map.insert(key, value(&entry["value"])?);
            }
            map.finish().into()
        }
        "object_value" => message(inner)?,
        _ => return None,
    })
}

/// The two messages that are values here.
fn message(json: &Json) -> Option<Value> {
    let (kind, fields) = json.as_object()?.iter().next()?;
    let number = |name: &str| fields.get(name).map_or(Some(0), whole);
    let (seconds, nanos) = (number("seconds")?, i32::try_from(number("nanos")?).ok()?);
    match kind.as_str() {
        "[type.googleapis.com/google.protobuf.Timestamp]" => {
            Some(Value::Time(Arc::new(Time::new(Timestamp::new(seconds, nanos).ok()?))))
        }
        "[type.googleapis.com/google.protobuf.Duration]" => Some(Value::Duration(SignedDuration::new(seconds, nanos))),
        _ => None,
    }
}

fn whole(json: &Json) -> Option<i64> {
    match json {
        Json::String(text) => text.parse().ok(),
        Json::Object(object) => object.get("int").and_then(whole),
        number => number.as_i64(),
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}
