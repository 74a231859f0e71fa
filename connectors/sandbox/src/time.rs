//! The ways in which vendors write a moment. A moment is an `i64`: milliseconds since the epoch, UTC.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde_json::Value;

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// `2022-06-01T13:58:00.000Z`
pub(crate) fn iso_utc(at: i64) -> String {
    format_in(at, &TimeZone::UTC, "%Y-%m-%dT%H:%M:%S%.3fZ")
}

/// `2022-06-01T13:58:00Z`
pub(crate) fn iso_seconds(at: i64) -> String {
    format_in(at, &TimeZone::UTC, "%Y-%m-%dT%H:%M:%SZ")
}

/// `2022-06-01T09:58:00.000-04:00`: as the ticketing system, which lives in New York, writes it.
pub(crate) fn iso_eastern(at: i64) -> String {
    format_in(at, &zone("America/New_York"), "%Y-%m-%dT%H:%M:%S%.3f%:z")
}

/// `6/1/2022 1:58:00 PM`: UTC without saying so.
pub(crate) fn us_utc(at: i64) -> String {
    format_in(at, &TimeZone::UTC, "%-m/%-d/%Y %-I:%M:%S %p")
}

/// Offset from UTC of a zone at a moment, in whole hours towards zero; `None` when there is no such zone.
pub(crate) fn offset_hours(zone_name: &str, at: i64) -> Option<i64> {
    let zone = TimeZone::get(zone_name).ok()?;
    Some(i64::from(zone.to_offset(Timestamp::from_millisecond(at).ok()?).seconds()) / 3600)
}

/// Reads a moment as vendors take it: epoch milliseconds, or ISO text with `T` or a blank, without zone = UTC.
pub(crate) fn read(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().filter(|&at| Timestamp::from_millisecond(at).is_ok()),
        Value::String(text) => read_text(text),
        _ => None,
    }
}

/// As [`read`], of text alone.
pub(crate) fn read_text(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_millisecond());
    }
    let local: civil::DateTime = text.parse().ok()?;
    Some(local.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn format_in(at: i64, zone: &TimeZone, format: &str) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned_datetime(zone.clone()).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_654_092_000_000; // 2022-06-01T14:00:00Z

    #[test]
    fn writes_the_three_ways() {
        assert_eq!(iso_utc(NOON), "2022-06-01T14:00:00.000Z");
        assert_eq!(iso_eastern(NOON + 480), "2022-06-01T10:00:00.480-04:00");
        assert_eq!(iso_seconds(NOON), "2022-06-01T14:00:00Z");
        assert_eq!(us_utc(NOON), "6/1/2022 2:00:00 PM");
        assert_eq!(us_utc(NOON - 10 * HOUR), "6/1/2022 4:00:00 AM");
    }

    #[test]
    fn reads_what_requesters_send() {
        for text in [
            "2022-06-01T14:00:00Z",
            "2022-06-01 14:00:00+00:00",
            "2022-06-01T10:00:00.000-04:00",
            "2022-06-01 14:00:00",
            "2022-06-01 14:00:00.000000+00:00",
        ] {
            assert_eq!(read_text(text), Some(NOON), "{text}");
        }
        assert_eq!(read(&Value::from(NOON)), Some(NOON));
        assert_eq!(read_text("yesterday"), None);
    }

    #[test]
    fn offsets_follow_daylight_saving() {
        assert_eq!(offset_hours("US/Eastern", NOON), Some(-4));
        assert_eq!(offset_hours("US/Eastern", NOON - 150 * DAY), Some(-5));
        assert_eq!(offset_hours("US/Nowhere", NOON), None);
    }
}
