//! What travels instead of a payload over the limit (wire contract 3).

use bytes::Bytes;
use uuid::Uuid;
use wf_plan::short_uuid;
use wf_value::{Decoder, Value};

/// How the key of a stored payload is written into a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenFormat {
    /// `{"is_stored": true, "token": KEY}`: what every old service understands.
    #[default]
    Legacy,
    /// `_NATS_TMP KEY`, which is itself the key.
    Prefix,
}

const PREFIX: &str = "_NATS_TMP";

/// A message as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    Inline,
    /// The payload lies in the store under this key.
    Stored(String),
}

impl TokenFormat {
    /// A key that nobody else has, and the message that names it.
    #[must_use]
    pub fn token(self) -> (String, Bytes) {
        let id = short_uuid(Uuid::new_v4());
        match self {
            Self::Legacy => {
                let message = format!(r#"{{"is_stored":true,"token":"{id}"}}"#);
                (id, message.into())
            }
            Self::Prefix => {
                let key = format!("{PREFIX} {id}");
                let message = key.clone().into();
                (key, message)
            }
        }
    }
}

impl Arrived {
    /// Tests a message for both formats. A payload that is longer than any token is not looked into.
    #[must_use]
    pub fn test(payload: &[u8]) -> Self {
        const LONGEST: usize = 1024;
        if payload.len() > LONGEST {
            return Self::Inline;
        }
        if payload.starts_with(PREFIX.as_bytes()) {
            return std::str::from_utf8(payload).map_or(Self::Inline, |key| Self::Stored(key.to_owned()));
        }
        // most messages are neither, and need not be parsed twice
        if !payload.windows(9).any(|w| w == b"is_stored") {
            return Self::Inline;
        }
        let Ok(value) = Decoder::new().decode(payload) else { return Self::Inline };
        let member = |key: &str| value.as_map().and_then(|m| m.raw(key)).cloned().unwrap_or_default();
        match (member("is_stored"), member("token")) {
            (Value::Bool(true), Value::Text(key)) => Self::Stored(key.to_string()),
            _ => Self::Inline,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_write_is_recognised() {
        for format in [TokenFormat::Legacy, TokenFormat::Prefix] {
            let (key, message) = format.token();
            assert_eq!(Arrived::test(&message), Arrived::Stored(key));
        }
    }

    #[test]
    fn only_exactly_true_is_stored() {
        assert_eq!(Arrived::test(br#"{"token": "x", "is_stored": 1}"#), Arrived::Inline);
        assert_eq!(Arrived::test(br#"{"token": null, "is_stored": true}"#), Arrived::Inline);
        assert_eq!(Arrived::test(br#"{"is_stored" : true, "token": "x"}"#), Arrived::Stored("x".into()));
        assert_eq!(Arrived::test(b"is_stored"), Arrived::Inline);
    }
}
