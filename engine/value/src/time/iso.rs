//! ISO 8601 in the spellings that are met: `T` or a blank, with and without fraction, extended or basic, `Z` or an offset or neither.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;

/// The moment that a text writes. One without an offset needs a `zone`, one without a time of day is the beginning of the day.
pub(super) fn read(text: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
    const PARSER: DateTimeParser = DateTimeParser::new();
    if let Ok(at) = PARSER.parse_timestamp(text) {
        return Some(at);
    }
    // an offset that could not be read above must not be overlooked here
    let time = text.get(10..).unwrap_or_default();
    if time.contains(['+', '-', 'Z', 'z', '[']) {
        return None;
    }
    zone?.to_timestamp(PARSER.parse_datetime(text).ok()?).ok()
}

/// With `Z` for UTC, else with its offset; with as much of a fraction as there is.
pub(super) fn print(at: Timestamp, zone: &TimeZone) -> String {
    match zone.to_offset(at) {
        offset if offset.seconds() == 0 && zone.to_fixed_offset().is_ok() => at.to_string(),
        offset => at.display_with_offset(offset).to_string(),
    }
}
