//! Moments, and how vendors write them.

use jiff::Timestamp;

use crate::{Text, Value};

/// A moment, and the text it came as. Whoever hands it on sends that text.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    pub at: Timestamp,
    /// As the vendor wrote it (a number of milliseconds: its digits); `None` for a moment that was computed.
    pub written: Option<Value>,
}

impl Time {
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self { at, written: None }
    }
}

/// How a time is written: `{type: timestamp, format: …, zone: …}`. Without a format: ISO in all its spellings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeFormat {
    /// `M/D/YYYY h:mm:ss A`, or `epoch_ms`.
    pub format: Option<Text>,
    /// The zone of a text that says none.
    pub zone: Option<Text>,
}

impl TimeFormat {
    /// The moment that a vendor's value writes; `None` when it writes none.
    #[must_use]
    pub fn read(&self, value: &Value) -> Option<Timestamp> {
        match (self.format.as_deref(), value) {
            (Some("epoch_ms"), value) => Timestamp::from_millisecond(value.as_int()?).ok(),
            (None, Value::Text(text)) => text.parse().ok(),
            _ => None,
        }
    }
}
