//! To and from `serde_json`'s value, for what is printed by machines and read from files; and what is kept for long.

use std::sync::Arc;

use serde_json::{Number, Value as Json};

use crate::{Id, List, Map, MapBuilder, SetAside, Time, Value, duration};

impl Value {
    /// For people and tools, never for the wire: secrets are `***`, what is unknown is `{"unknown": reason}` and a partial list
    /// ends with such elements. Whole numbers beyond 64 bits are texts of their digits.
    #[must_use]
    pub fn to_serde(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(b) => Json::Bool(*b),
            Self::Int(n) | Self::Id(Id::Number(n)) => Json::from(*n),
            Self::Float(n) => Number::from_f64(*n).map_or_else(|| Json::from(n.to_string()), Json::Number),
            Self::Big(digits) => digits.parse::<u64>().map_or_else(|_| Json::from(digits.as_str()), Json::from),
            Self::Text(text) | Self::Id(Id::Text(text)) => Json::from(text.as_str()),
            Self::Time(time) => time.as_written().to_serde(),
            Self::Duration(d) => Json::from(duration::print(*d)),
            Self::Bytes(_) => Json::from(self.print_lenient().as_str()),
            Self::List(list) => {
                let aside = list.aside().iter().map(|aside| unknown(&aside.reason.sentence()));
                Json::Array(list.raw().iter().map(Self::to_serde).chain(aside).collect())
            }
            Self::Map(map) => Json::Object(map.raw_iter().map(|(k, v)| (k.to_string(), v.to_serde())).collect()),
            Self::Secret(_) => Json::from("***"),
            Self::Unknown(reason) => unknown(&reason.sentence()),
        }
    }

    #[must_use]
    pub fn from_serde(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(b) => Self::Bool(*b),
            Json::Number(n) => match (n.as_i64(), n.as_u64(), n.as_f64()) {
                (Some(n), ..) => Self::Int(n),
                (None, Some(n), _) => Self::Big(n.to_string().into()),
                (None, None, n) => Self::Float(n.unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::text(text.as_str()),
            Json::Array(items) => items.iter().map(Self::from_serde).collect::<List>().into(),
            Json::Object(members) => {
                let mut builder = MapBuilder::with_capacity(members.len());
                for (key, value) in members {
                    builder.insert(key.as_str().into(), Self::from_serde(value));
                }
                builder.finish().into()
            }
        }
    }

    /// The value for keeping: texts in memory of their own instead of slices that keep a whole reply alive, and without declared types.
    #[must_use]
    pub fn strip(&self) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.detached()),
            Self::Big(digits) => Self::Big(digits.detached()),
            Self::Id(Id::Text(text)) => Self::Id(Id::Text(text.detached())),
            Self::Time(time) => {
                let written = time.written.as_ref().map(Self::strip);
                Self::Time(Arc::new(Time { at: time.at, written }))
            }
            Self::List(list) => {
                let items = list.raw().iter().map(Self::strip).collect();
                List::partial(items, strip_aside(list.aside())).with_origin(list.origin().cloned()).into()
            }
            Self::Map(map) => {
                let values = map.raw_values().iter().map(Self::strip).collect();
                Map::with_shape(map.shape().clone(), values).with_aside(strip_aside(map.aside())).into()
            }
            Self::Secret(secret) => secret.expose().strip().secret(),
            other => other.clone(),
        }
    }
}

fn unknown(reason: &str) -> Json {
    serde_json::json!({ "unknown": reason })
}

fn strip_aside(aside: &[SetAside]) -> Vec<SetAside> {
    let strip = |a: &SetAside| SetAside { value: a.value.strip(), reason: a.reason.clone(), place: a.place.detached() };
    aside.iter().map(strip).collect()
}

#[cfg(test)]
mod tests {
    use arcstr::ArcStr;

    use super::*;
    use crate::{Decoder, Type, Unknown, UnknownKind, decode};

    #[test]
    fn there_and_back() {
        let text = r#"{"b":[1,2.5,null,true,"x"],"a":{"n":18446744073709551615}}"#;
        let value = decode(text).unwrap_or_default();
        assert_eq!(value.to_serde().to_string(), text);
        assert_eq!(Value::from_serde(&value.to_serde()).encode().as_deref(), Ok(text));
    }

    #[test]
    fn people_see_why_and_no_secrets() {
        let value = Value::from(vec![
            Unknown::new(UnknownKind::Missing, "x is missing").into(),
            Value::text("s3cret").secret(),
        ]);
        assert_eq!(value.to_serde().to_string(), r#"[{"unknown":"x is missing"},"***"]"#);
        assert_eq!(
            decode("123456789012345678901234567890").map(|v| v.to_serde()),
            Ok("123456789012345678901234567890".into())
        );
    }

    #[test]
    fn what_is_kept_does_not_hold_the_reply() {
        let reply = ArcStr::from(r#"[{"key":"some text","seen":"2022-06-01T13:05:44Z"},{"a":1,"a":2}]"#);
        let value = Decoder::new().decode_text(&reply).unwrap_or_default().typed(&Type::list(Type::Any));
        assert!(ArcStr::strong_count(&reply).is_some_and(|n| n > 1));
        let kept = value.strip();
        assert_eq!(kept, value);
        drop(value);
        assert_eq!(ArcStr::strong_count(&reply), Some(1));
    }
}
