//! Why a value cannot be sent.

use std::fmt;
use std::sync::Arc;

use crate::{Unknown, UnknownKind};

/// Something in a value that cannot go out.
#[derive(Clone, Debug, PartialEq)]
pub struct EncodeError {
    /// Where it stands: `items[3].serial`; empty for the value itself.
    pub path: String,
    pub reason: Refused,
}

/// What cannot go out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refused {
    /// Unknown, or a partial list.
    #[error("{}", .0.sentence())]
    Unknown(Arc<Unknown>),
    #[error("it holds a secret")]
    Secret,
    #[error("{0} is a number that JSON cannot write")]
    Number(f64),
    #[error("it is nested deeper than {0}")]
    Depth(usize),
}

impl EncodeError {
    pub(super) fn new(reason: Refused) -> Self {
        Self { path: String::new(), reason }
    }

    /// The error, seen from the list around it.
    #[cold]
    pub(super) fn in_element(mut self, i: usize) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{i}]{dot}{}", self.path);
        self
    }

    /// The error, seen from the map around it.
    #[cold]
    pub(super) fn in_member(mut self, key: &str) -> Self {
        let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
        let key = if plain { key.to_owned() } else { format!("[{key:?}]") };
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{key}{dot}{}", self.path);
        self
    }

    /// The reason as what it makes of whoever needed the value: unknown.
    #[must_use]
    pub fn to_unknown(&self) -> Unknown {
        match &self.reason {
            Refused::Unknown(unknown) => (**unknown).clone(),
            Refused::Secret | Refused::Number(_) => Unknown::new(UnknownKind::Operand, self.to_string()),
            Refused::Depth(_) => Unknown::new(UnknownKind::Limit, self.to_string()),
        }
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => self.reason.fmt(f),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl std::error::Error for EncodeError {}
