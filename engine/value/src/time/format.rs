//! How a declared time is written: `{type: timestamp, format: …, zone: …}`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Pattern, PatternError, zone};
use crate::{Text, Value};

/// How the values of a declared time are written. Without a format: ISO in all its spellings.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeFormat {
    format: Option<Text>,
    zone: Option<Text>,
    style: Style,
    time_zone: Option<TimeZone>,
}

#[derive(Clone, Debug, PartialEq)]
enum Style {
    /// A number of milliseconds since 1970.
    EpochMs,
    Pattern(Pattern),
}

/// Why a declared time can be read by nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeFormatError {
    /// Of its `format`, with the place in it.
    #[error(transparent)]
    Format(PatternError),
    /// Of its `zone`.
    #[error("there is no time zone '{0}'")]
    Zone(String),
}

impl Default for TimeFormat {
    fn default() -> Self {
        let iso = Pattern { parts: super::pattern::Parts::Iso };
        Self { format: None, zone: None, style: Style::Pattern(iso), time_zone: None }
    }
}

impl TimeFormat {
    /// `format` is a [`Pattern`] or `epoch_ms`; `zone` is the zone of a text that says none, and the one that is printed in.
    ///
    /// # Errors
    /// A pattern by which no moment can be read, or a zone that is none.
    pub fn new(format: Option<&str>, zone: Option<&str>) -> Result<Self, TimeFormatError> {
        let style = match format {
            Some("epoch_ms") => Style::EpochMs,
            Some(text) => {
                let pattern = Pattern::parse(text).map_err(TimeFormatError::Format)?;
                if let Some(message) = pattern.unreadable() {
                    return Err(TimeFormatError::Format(PatternError { offset: 0, message: message.into() }));
                }
                Style::Pattern(pattern)
            }
            None => Self::default().style,
        };
        let time_zone = match zone {
            Some(name) => Some(self::zone(name).ok_or_else(|| TimeFormatError::Zone(name.to_owned()))?),
            None => None,
        };
        Ok(Self { format: format.map(Text::from), zone: zone.map(Text::from), style, time_zone })
    }

    /// As it was declared.
    #[must_use]
    pub fn format(&self) -> Option<&Text> {
        self.format.as_ref()
    }

    /// As it was declared.
    #[must_use]
    pub fn zone(&self) -> Option<&Text> {
        self.zone.as_ref()
    }

    /// The moment that a vendor's value writes; `None` when it writes none.
    #[must_use]
    pub fn read(&self, value: &Value) -> Option<Timestamp> {
        match &self.style {
            Style::EpochMs => Timestamp::from_millisecond(value.as_int()?).ok(),
            Style::Pattern(pattern) => pattern.read(value.as_str()?, self.time_zone.as_ref()),
        }
    }

    /// The value that writes a moment; without a zone in UTC.
    #[must_use]
    pub fn print(&self, at: Timestamp) -> Value {
        match &self.style {
            Style::EpochMs => Value::Int(at.as_millisecond()),
            Style::Pattern(pattern) => pattern.print(at, self.time_zone.as_ref().unwrap_or(&TimeZone::UTC)).into(),
        }
    }
}
