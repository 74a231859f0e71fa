//! How a hole prints a value.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::encode::{Style, plain, write};
use crate::{Expose, Text, Unknown, Value, duration};

impl Value {
    /// What `{{ … }}` prints: null nothing, whole numbers plainly and others shortest, booleans `true` and `false`, times ISO in UTC,
    /// durations `1h30m`, bytes base64, lists and maps as JSON, secrets `***`.
    ///
    /// # Errors
    /// The reason, when the value or something in it is unknown, or a list is partial.
    pub fn print(&self) -> Result<Text, Arc<Unknown>> {
        self.print_with(Expose::No)
    }

    /// [`Self::print`], with secrets laid open where `secrets` says so: whoever prints a secret makes one of the text.
    ///
    /// # Errors
    /// As [`Self::print`].
    pub fn print_with(&self, secrets: Expose) -> Result<Text, Arc<Unknown>> {
        match self {
            Self::Unknown(unknown) => Err(unknown.clone()),
            Self::List(_) | Self::Map(_) => {
                let style = Style { ascii: false, canonical: false, lenient: false, secrets };
                let redacted = if secrets == Expose::No && self.has_secret() { &self.redact() } else { self };
                write(redacted, style).map(Text::from).map_err(|error| Arc::new(error.to_unknown()))
            }
            Self::Secret(secret) if secrets == Expose::Yes => secret.expose().print_with(secrets),
            _ => Ok(self.print_lenient()),
        }
    }

    /// What a hole of a message or a report prints, which must never vanish: `?` for what is unknown, anywhere in it.
    #[must_use]
    pub fn print_lenient(&self) -> Text {
        match self {
            Self::Null => Text::default(),
            Self::Bool(true) => "true".into(),
            Self::Bool(false) => "false".into(),
            Self::Int(n) => n.to_string().into(),
            Self::Float(n) if n.is_finite() => plain(*n).into(),
            Self::Big(digits) => digits.clone(),
            Self::Text(text) => text.clone(),
            Self::Id(id) => id.to_text(),
            Self::Time(time) => time.at.to_string().into(),
            Self::Duration(d) => duration::print(*d).into(),
            Self::Bytes(bytes) => STANDARD.encode(bytes).into(),
            Self::Secret(_) => "***".into(),
            Self::Unknown(_) | Self::Float(_) => "?".into(),
            Self::List(_) | Self::Map(_) => {
                let style = Style { ascii: false, canonical: false, lenient: true, secrets: Expose::No };
                write(self, style).map_or_else(|error| error.to_string().into(), Text::from)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{List, SetAside, UnknownKind, decode};

    fn unknown() -> Value {
        Unknown::new(UnknownKind::Missing, "x is missing").into()
    }

    #[test]
    fn values_print_as_people_read_them() {
        let at = "2022-06-01T13:58:00.000Z".parse().unwrap_or_default();
        for (value, text) in [
            (Value::Null, ""),
            (true.into(), "true"),
            (7.into(), "7"),
            (3.5.into(), "3.5"),
            (2.0.into(), "2"),
            (decode("18446744073709551616").unwrap_or_default(), "18446744073709551616"),
            (Value::Time(Arc::new(crate::Time::new(at))), "2022-06-01T13:58:00Z"),
            (Value::Duration(jiff::SignedDuration::from_mins(90)), "1h30m"),
            (decode(r#"{"a":["é",1]}"#).unwrap_or_default(), r#"{"a":["é",1]}"#),
            (Value::text("s3cret").secret(), "***"),
            (vec![Value::text("s3cret").secret()].into(), r#"["***"]"#),
        ] {
            assert_eq!(value.print().as_deref(), Ok(text));
            assert_eq!(value.print_lenient().as_str(), text);
        }
        assert_eq!(Value::text("s3cret").secret().print_with(Expose::Yes).as_deref(), Ok("s3cret"));
    }

    #[test]
    fn unknown_is_no_text_but_in_messages() {
        let inside = Value::from(vec![Value::Int(1), unknown()]);
        assert_eq!(unknown().print().map_err(|u| u.sentence()), Err("x is missing".into()));
        assert_eq!(inside.print().map_err(|u| u.sentence()), Err("x is missing".into()));
        assert_eq!(unknown().print_lenient().as_str(), "?");
        assert_eq!(inside.print_lenient().as_str(), r#"[1,"?"]"#);
        let reason = Arc::new(Unknown::new(UnknownKind::Missing, "odd"));
        let partial = List::partial(
            vec![Value::Int(1)],
            vec![SetAside { value: Value::Null, reason, place: "element 2".into() }],
        );
        assert!(Value::from(partial.clone()).print().is_err());
        assert_eq!(Value::from(partial).print_lenient().as_str(), r#"[1,"?"]"#);
    }
}
