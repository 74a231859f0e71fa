//! The value.

use std::fmt;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::{List, Map, Text, Time, Unknown};

/// Everything an expression can give. 24 bytes, cheap to clone.
#[derive(Clone, Default)]
pub enum Value {
    /// A fact: there is nothing.
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A whole number beyond 64 bits, by its digits. It travels exactly; whoever computes with it gets unknown.
    Big(Text),
    Text(Text),
    /// A number or a text that names something: compared as text.
    Id(Id),
    Time(Arc<Time>),
    Duration(SignedDuration),
    Bytes(Arc<[u8]>),
    List(List),
    Map(Map),
    /// Made from a secret: never printed, never sent but to the vendor.
    Secret(Secret),
    /// What could not be learned.
    Unknown(Arc<Unknown>),
}

/// An identifier as it came: `77` and `"77"` name the same thing and go out as they came.
#[derive(Clone, Debug)]
pub enum Id {
    Number(i64),
    Text(Text),
}

impl Id {
    #[must_use]
    pub fn to_text(&self) -> Text {
        match self {
            Self::Number(n) => n.to_string().into(),
            Self::Text(text) => text.clone(),
        }
    }

    /// The number, when it is one or its digits.
    #[must_use]
    pub fn as_number(&self) -> Option<i64> {
        match self {
            Self::Number(n) => Some(*n),
            Self::Text(text) => crate::whole(text),
        }
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Number(n), Self::Text(text)) | (Self::Text(text), Self::Number(n)) => n.to_string() == text.as_str(),
        }
    }
}

/// A value that must not be seen. Only what sends it to its vendor [`Secret::expose`]s it.
#[derive(Clone)]
pub struct Secret(Arc<Value>);

impl Secret {
    #[must_use]
    pub fn expose(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Value {
    #[must_use]
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// The value as a secret; null and unknown hide nothing and stay what they are.
    #[must_use]
    pub fn secret(self) -> Self {
        match self {
            Self::Null | Self::Unknown(_) | Self::Secret(_) => self,
            other => Self::Secret(Secret(Arc::new(other))),
        }
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    #[must_use]
    pub fn as_unknown(&self) -> Option<&Arc<Unknown>> {
        match self {
            Self::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Id(Id::Text(text)) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// A whole number, also of `2.0`.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(n) | Self::Id(Id::Number(n)) => Some(*n),
            Self::Float(f) => crate::number::exact_int(*f),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Null, `""`, `[]`, `{}`: what `empty(x)` means. A partial list with known elements is not empty; one without is unknown to be so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) | Self::Id(Id::Text(text)) => text.is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Map(map) => map.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Secret(secret) => secret.expose().is_empty(),
            _ => false,
        }
    }

    /// What it is, in the words of the language, for messages: `a text`, `a list`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Big(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::Id(_) => "an id",
            Self::Time(_) => "a time",
            Self::Duration(_) => "a duration",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Secret(_) => "a secret",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl From<Unknown> for Value {
    fn from(unknown: Unknown) -> Self {
        Self::Unknown(Arc::new(unknown))
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<f64> for Value {
    fn from(n: f64) -> Self {
        Self::Float(n)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(List::new(items))
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(b) => b.fmt(f),
            Self::Int(n) => n.fmt(f),
            Self::Float(n) => n.fmt(f),
            Self::Big(digits) => f.write_str(digits),
            Self::Text(text) => text.fmt(f),
            Self::Id(id) => write!(f, "id({})", id.to_text()),
            Self::Time(time) => write!(f, "{}", time.at),
            Self::Duration(d) => write!(f, "{d:?}"),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::List(list) => {
                f.debug_list().entries(list.raw()).finish()?;
                if list.is_partial() { write!(f, " + {} aside", list.aside().len()) } else { Ok(()) }
            }
            Self::Map(map) => f.debug_map().entries(map.raw_iter()).finish(),
            Self::Secret(secret) => secret.fmt(f),
            Self::Unknown(unknown) => write!(f, "unknown({})", unknown.sentence()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_three_words() {
        assert!(std::mem::size_of::<Value>() <= 24, "{}", std::mem::size_of::<Value>());
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Value::text("s3cret").secret()), "Secret(***)");
    }

    #[test]
    fn ids_are_compared_as_text() {
        assert_eq!(Id::Number(77), Id::Text("77".into()));
        assert_ne!(Id::Number(77), Id::Text("0077".into()));
    }
}
