//! Evaluated arguments, as bodies ask for them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use wf_value::{Id, List, Map, Text, Unknown, UnknownKind, Value};

use super::Call;

/// What a function gives: a value, or why there is none.
pub type Answer = Result<Value, Arc<Unknown>>;

/// The evaluated arguments of a call; the receiver, if there is one, is the first.
pub struct Args<'a> {
    pub call: &'a Call<'a>,
    pub values: &'a [Value],
}

/// A number of either kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    #[allow(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Int(n) => n as f64,
            Self::Float(f) => f,
        }
    }

    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(Self::Int(*n)),
            Value::Float(f) => Some(Self::Float(*f)),
            _ => None,
        }
    }
}

impl Args<'_> {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// An argument; null when it was left out.
    pub(super) fn value(&self, i: usize) -> &Value {
        self.values.get(i).unwrap_or(&Value::Null)
    }

    pub(super) fn given(&self, i: usize) -> Option<&Value> {
        self.values.get(i)
    }

    /// The argument is none that the function takes.
    pub(super) fn wrong(&self, i: usize, wanted: &str) -> Arc<Unknown> {
        self.call.wrong(i, wanted, self.value(i))
    }

    /// A text; of an id its text.
    pub(super) fn text(&self, i: usize) -> Result<Text, Arc<Unknown>> {
        as_text(self.value(i)).ok_or_else(|| self.wrong(i, "a text"))
    }

    /// A whole number, also `2.0`.
    pub(super) fn int(&self, i: usize) -> Result<i64, Arc<Unknown>> {
        match self.value(i) {
            Value::Int(n) => Ok(*n),
            value @ Value::Float(_) => value.as_int().ok_or_else(|| self.wrong(i, "a whole number")),
            _ => Err(self.wrong(i, "a whole number")),
        }
    }

    /// A whole number that counts something: 0 or more.
    pub(super) fn count(&self, i: usize) -> Result<usize, Arc<Unknown>> {
        let n = self.int(i)?;
        usize::try_from(n)
            .map_err(|_| self.call.range(format!("`{}` is {n}, it should be 0 or more", self.call.words(i))))
    }

    pub(super) fn number(&self, i: usize) -> Result<Number, Arc<Unknown>> {
        Number::of(self.value(i)).ok_or_else(|| self.wrong(i, "a number"))
    }

    pub(super) fn time(&self, i: usize) -> Result<Timestamp, Arc<Unknown>> {
        match self.value(i) {
            Value::Time(time) => Ok(time.at),
            _ => Err(self.wrong(i, "a time")),
        }
    }

    pub(super) fn duration(&self, i: usize) -> Result<SignedDuration, Arc<Unknown>> {
        match self.value(i) {
            Value::Duration(duration) => Ok(*duration),
            _ => Err(self.wrong(i, "a duration")),
        }
    }

    pub(super) fn list(&self, i: usize) -> Result<&List, Arc<Unknown>> {
        self.value(i).as_list().ok_or_else(|| self.wrong(i, "a list"))
    }

    /// A list of which nothing was set aside.
    pub(super) fn whole_list(&self, i: usize) -> Result<&List, Arc<Unknown>> {
        let list = self.list(i)?;
        match list.partial_reason() {
            Some(reason) => Err(reason.into()),
            None => Ok(list),
        }
    }

    pub(super) fn map(&self, i: usize) -> Result<&Map, Arc<Unknown>> {
        self.value(i).as_map().ok_or_else(|| self.wrong(i, "a map"))
    }
}

/// The text of a text or an id.
pub(super) fn as_text(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Id(id) => Some(id.to_text()),
        _ => None,
    }
}

/// The key of a map that a value stands for: texts, ids, whole numbers, booleans.
pub(super) fn as_key(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) | Value::Id(Id::Text(text)) => Some(text.clone()),
        Value::Bool(b) => Some(if *b { "true".into() } else { "false".into() }),
        Value::Secret(_) => None,
        other => other.as_int().map(|n| n.to_string().into()),
    }
}

pub(super) fn unknown(kind: UnknownKind, reason: impl Into<Text>) -> Arc<Unknown> {
    Unknown::new(kind, reason).into()
}
