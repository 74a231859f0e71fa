//! Time zones, by name or by hours. Their rules are those bundled with the program, the same on every machine.

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use crate::Value;

/// The zone that a text names: `US/Eastern` in any case, `UTC`, `Z`, `-04:00`, `-0400`, or hours: `-4`, `5.5`. `None`: there is none.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    match name {
        "UTC" | "Z" => return Some(TimeZone::UTC),
        _ if name.starts_with(['+', '-']) || name.starts_with(|c: char| c.is_ascii_digit()) => {}
        _ => return TimeZoneDatabase::bundled().get(name).ok(),
    }
    if let Some((offset, "")) = offset(name) {
        return Some(TimeZone::fixed(offset));
    }
    hours(name.parse().ok()?)
}

/// The zone that an argument names, see [`zone`]; numbers are hours.
#[must_use]
pub fn zone_of(value: &Value) -> Option<TimeZone> {
    match value {
        #[allow(clippy::cast_precision_loss, reason = "no zone has so many hours")]
        Value::Int(n) => hours(*n as f64),
        Value::Float(n) => hours(*n),
        other => zone(other.as_str()?),
    }
}

#[must_use]
pub fn is_zone(name: &str) -> bool {
    zone(name).is_some()
}

/// Names of all zones, as people write them.
#[must_use]
pub fn zone_names() -> Vec<String> {
    TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect()
}

fn hours(hours: f64) -> Option<TimeZone> {
    let seconds = (hours * 3600.0).round();
    if !(-86_400.0..=86_400.0).contains(&seconds) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, reason = "in range")]
    Offset::from_seconds(seconds as i32).ok().map(TimeZone::fixed)
}

/// The offset that a text begins with, and what follows: `Z`, `+00:00`, `-0400`, `-04`.
pub(super) fn offset(text: &str) -> Option<(Offset, &str)> {
    if let Some(rest) = text.strip_prefix(['Z', 'z']) {
        return Some((Offset::UTC, rest));
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let two = |text: &str| match text.as_bytes() {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', ..] => Some(i32::from(a - b'0') * 10 + i32::from(b - b'0')),
        _ => None,
    };
    let hours = two(text.get(1..)?)?;
    let mut rest = text.get(3..)?;
    let mut minutes = 0;
    let after = rest.strip_prefix(':').unwrap_or(rest);
    if let Some(given) = two(after) {
        minutes = given;
        rest = after.get(2..)?;
    }
    if minutes > 59 {
        return None;
    }
    Some((Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(name: &str) -> Option<i32> {
        zone(name).and_then(|zone| zone.to_fixed_offset().ok()).map(Offset::seconds)
    }

    #[test]
    fn zones_are_found_by_name_and_by_hours() {
        assert!(is_zone("US/Eastern"));
        assert!(is_zone("europe/madrid"));
        for (name, expected) in [
            ("UTC", 0),
            ("Z", 0),
            ("-4", -14_400),
            ("5.5", 19_800),
            ("-04:00", -14_400),
            ("+0530", 19_800),
            ("+02", 7_200),
        ] {
            assert_eq!(seconds(name), Some(expected), "{name}");
        }
        for name in ["EDT", "Mars/Olympus", "", "99", "-", "4h", "+05:99", "NaN", "inf"] {
            assert!(!is_zone(name), "{name}");
        }
        assert_eq!(zone_of(&Value::Int(-4)), zone("-04:00"));
        assert_eq!(zone_of(&Value::Float(5.5)), zone("+05:30"));
        assert!(zone_of(&Value::Float(f64::NAN)).is_none());
        assert!(zone_of(&Value::Null).is_none());
    }
}
