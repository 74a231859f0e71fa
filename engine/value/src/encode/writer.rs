//! One walk over a value.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{EncodeError, Refused, python, text};
use crate::{Id, List, Map, Value, duration};

/// More levels than this are no data, and would exhaust the stack.
const DEPTH: usize = 256;

/// Whether secrets are laid open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expose {
    /// A secret is an error, or `***` where people read.
    No,
    /// For the vendor.
    Yes,
}

/// What is written how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Beyond ASCII `\uXXXX`.
    pub(crate) ascii: bool,
    /// The same text for equal values.
    pub(crate) canonical: bool,
    /// What is unknown is `"?"`, a secret `"***"`, and nothing is refused.
    pub(crate) lenient: bool,
    pub(crate) secrets: Expose,
}

/// The value as JSON.
pub(crate) fn write(value: &Value, style: Style) -> Result<String, EncodeError> {
    let mut writer = Writer { out: String::with_capacity(256), style };
    writer.value(value, 0)?;
    Ok(writer.out)
}

/// An object of these members, as JSON.
pub(super) fn write_members<'v>(
    members: impl IntoIterator<Item = (&'v str, &'v Value)>,
    style: Style,
) -> Result<String, EncodeError> {
    let mut writer = Writer { out: String::with_capacity(256), style };
    writer.out.push('{');
    writer.members(members.into_iter(), 1)?;
    writer.out.push('}');
    Ok(writer.out)
}

struct Writer {
    out: String,
    style: Style,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), EncodeError> {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Int(n) => self.display(n),
            Value::Float(n) => self.float(*n)?,
            Value::Big(digits) => self.out.push_str(digits),
            Value::Text(text) => self.text(text),
            Value::Id(id) if self.style.canonical => self.text(&id.to_text()),
            Value::Id(Id::Number(n)) => self.display(n),
            Value::Id(Id::Text(text)) => self.text(text),
            Value::Time(time) => match &time.written {
                Some(written) if !self.style.canonical => self.value(written, depth)?,
                _ => self.quoted(time.at),
            },
            Value::Duration(duration) => self.quoted(duration::print(*duration)),
            Value::Bytes(bytes) => self.quoted(STANDARD.encode(bytes)),
            Value::List(_) | Value::Map(_) if depth >= DEPTH => return self.refuse(Refused::Depth(DEPTH)),
            Value::List(list) => self.list(list, depth + 1)?,
            Value::Map(map) => self.map(map, depth + 1)?,
            Value::Secret(secret) => match self.style.secrets {
                Expose::Yes => self.value(secret.expose(), depth)?,
                Expose::No if self.style.lenient => self.quoted("***"),
                Expose::No => return self.refuse(Refused::Secret),
            },
            Value::Unknown(unknown) => return self.refuse(Refused::Unknown(unknown.clone())),
        }
        Ok(())
    }

    fn refuse(&mut self, reason: Refused) -> Result<(), EncodeError> {
        if !self.style.lenient {
            return Err(EncodeError::new(reason));
        }
        self.quoted('?');
        Ok(())
    }

    fn float(&mut self, number: f64) -> Result<(), EncodeError> {
        if !number.is_finite() {
            return self.refuse(Refused::Number(number));
        }
        match crate::number::exact_int(number) {
            Some(whole) if self.style.canonical => self.display(whole),
            _ => self.out.push_str(&python(number)),
        }
        Ok(())
    }

    fn list(&mut self, list: &List, depth: usize) -> Result<(), EncodeError> {
        if let Some(partial) = list.partial_reason()
            && !self.style.lenient
        {
            return Err(EncodeError::new(Refused::Unknown(partial.into())));
        }
        self.out.push('[');
        for (i, item) in list.raw().iter().enumerate() {
            self.comma(i);
            self.value(item, depth).map_err(|error| error.in_element(i))?;
        }
        for i in 0..list.aside().len() {
            self.comma(list.len() + i);
            self.quoted('?');
        }
        self.out.push(']');
        Ok(())
    }

    fn map(&mut self, map: &Map, depth: usize) -> Result<(), EncodeError> {
        if let Some(partial) = map.partial_reason()
            && !self.style.lenient
        {
            return Err(EncodeError::new(Refused::Unknown(partial.into())));
        }
        self.out.push('{');
        if self.style.canonical {
            let mut pairs: Vec<_> = map.raw_iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            self.members(pairs.into_iter().map(|(key, value)| (key.as_str(), value)), depth)?;
        } else {
            self.members(map.raw_iter().map(|(key, value)| (key.as_str(), value)), depth)?;
        }
        self.out.push('}');
        Ok(())
    }

    fn members<'v>(
        &mut self,
        pairs: impl Iterator<Item = (&'v str, &'v Value)>,
        depth: usize,
    ) -> Result<(), EncodeError> {
        for (i, (key, value)) in pairs.enumerate() {
            self.comma(i);
            self.text(key);
            self.out.push(':');
            self.value(value, depth).map_err(|error| error.in_member(key))?;
        }
        Ok(())
    }

    fn comma(&mut self, i: usize) {
        if i > 0 {
            self.out.push(',');
        }
    }

    fn display(&mut self, what: impl std::fmt::Display) {
        // a String takes everything
        let _ = write!(self.out, "{what}");
    }

    /// What needs no escapes.
    fn quoted(&mut self, what: impl std::fmt::Display) {
        self.out.push('"');
        self.display(what);
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        text::push(&mut self.out, text, self.style.ascii);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{SetAside, Text, Time, Unknown, UnknownKind, decode};

    fn unknown() -> Value {
        Unknown::new(UnknownKind::Missing, "x is missing").into()
    }

    fn map(pairs: &[(&str, Value)]) -> Value {
        pairs.iter().map(|(k, v)| (Text::from(*k), v.clone())).collect::<Map>().into()
    }

    fn encoded(value: &Value) -> String {
        value.encode().unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn the_wire_is_ascii_without_blanks() {
        let text = "a\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f}é😀";
        assert_eq!(encoded(&Value::text(text)), r#""a\"\\/\b\f\n\r\t\u0001\u007f\u00e9\ud83d\ude00""#);
        assert_eq!(
            encoded(&map(&[("ü", vec![Value::Null, true.into(), 2.0.into()].into())])),
            r#"{"\u00fc":[null,true,2.0]}"#
        );
    }

    #[test]
    fn everything_goes_out_as_it_came() {
        let at = "2022-06-01T13:05:44Z".parse().unwrap_or_default();
        let written = Value::text("6/1/2022 1:05:44 PM");
        let value = map(&[
            ("big", decode("123456789012345678901234567890").unwrap_or_default()),
            ("id", Value::Id(Id::Number(77))),
            ("name", Value::Id(Id::Text("0077".into()))),
            ("came", Value::Time(Arc::new(Time { at, written: Some(written) }))),
            ("computed", Value::Time(Arc::new(Time::new(at)))),
            ("epoch", Value::Time(Arc::new(Time { at, written: Some(1_654_088_744_000.into()) }))),
            ("took", Value::Duration(jiff::SignedDuration::from_mins(90))),
            ("file", Value::Bytes(Arc::from(&b"hi"[..]))),
        ]);
        let expected = r#"{"big":123456789012345678901234567890,"id":77,"name":"0077","came":"6/1/2022 1:05:44 PM","computed":"2022-06-01T13:05:44Z","epoch":1654088744000,"took":"1h30m","file":"aGk="}"#;
        assert_eq!(encoded(&value), expected);
    }

    #[test]
    fn what_must_not_go_out_is_named_with_its_place() {
        let value = map(&[("items", vec![Value::Null, map(&[("odd key", unknown())])].into())]);
        assert_eq!(encoded(&value), r#"items[1]["odd key"]: x is missing"#);
        let secret = map(&[("login", map(&[("token", Value::text("s3cret").secret())]))]);
        assert_eq!(encoded(&secret), "login.token: it holds a secret");
        assert_eq!(secret.encode_with(Expose::Yes).as_deref(), Ok(r#"{"login":{"token":"s3cret"}}"#));
        assert_eq!(encoded(&Value::Float(f64::NAN)), "NaN is a number that JSON cannot write");
        let aside = SetAside {
            value: Value::Int(3),
            reason: Arc::new(Unknown::new(UnknownKind::Drift, "odd")),
            place: "element 2".into(),
        };
        let partial = map(&[("rows", List::partial(vec![Value::Int(1)], vec![aside]).into())]);
        assert_eq!(encoded(&partial), "rows: 1 of 2 elements are undecided, the first because odd (element 2)");
    }

    #[test]
    fn depth_is_bounded() {
        let deep = (0..300).fold(Value::Null, |inner, _| vec![inner].into());
        assert!(matches!(deep.encode(), Err(EncodeError { reason: Refused::Depth(_), .. })));
    }

    #[test]
    fn equal_values_hash_alike() {
        let a = map(&[("b", 1.0.into()), ("a", Value::Id(Id::Number(7)))]);
        let b = map(&[("a", Value::Id(Id::Text("7".into()))), ("b", 1.into())]);
        assert_eq!(a.equals(&b), Some(true));
        assert_eq!(a.canonical(Expose::No).as_deref(), Ok(r#"{"a":"7","b":1}"#));
        assert_eq!(a.canonical(Expose::No), b.canonical(Expose::No));
    }
}
