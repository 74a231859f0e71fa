//! A moment beside the text it came as.

use std::sync::Arc;

use jiff::Timestamp;

use crate::Value;

/// A moment, and the text it came as. Whoever hands it on sends that text.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    pub at: Timestamp,
    /// As the vendor wrote it (a number of milliseconds: that number); `None` for a moment that was computed.
    pub written: Option<Value>,
}

impl Time {
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self { at, written: None }
    }

    /// As it came, a computed one as ISO in UTC.
    #[must_use]
    pub fn as_written(&self) -> Value {
        self.written.clone().unwrap_or_else(|| Value::Text(self.at.to_string().into()))
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Time(Arc::new(Time::new(at)))
    }
}
