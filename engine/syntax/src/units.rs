//! Durations and sizes as they are written. Other crates read them here, so that a unit means the same everywhere.

/// Units of durations, longest first, in milliseconds. A day is 24 h.
const DURATION_UNITS: [(&str, i64); 6] =
    [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

const SIZE_UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1_000),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// `45m`, `1h30m`, `500ms` in milliseconds; each unit at most once, from long to short. `None` for anything else, also what does not fit.
#[must_use]
pub fn parse_duration(text: &str) -> Option<i64> {
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    let mut units = DURATION_UNITS.iter();
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let (number, after) = leading_digits(rest)?;
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (_, factor) = units.find(|(unit, _)| *unit == &after[..end])?;
        total = total.checked_add(i64::try_from(number).ok()?.checked_mul(*factor)?)?;
        rest = &after[end..];
    }
    if text.is_empty() || text == "-" {
        return None;
    }
    Some(if text.starts_with('-') { -total } else { total })
}

/// `120s to 300s` as its two ends.
#[must_use]
pub fn parse_duration_range(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once(" to ")?;
    Some((parse_duration(from.trim())?, parse_duration(to.trim())?))
}

/// `4MB` (10^6) or `4MiB` (2^20) in bytes; a number alone is bytes.
#[must_use]
pub fn parse_size(text: &str) -> Option<u64> {
    let (number, unit) = leading_digits(text)?;
    if unit.is_empty() {
        return Some(number);
    }
    let (_, factor) = SIZE_UNITS.iter().find(|(name, _)| *name == unit)?;
    number.checked_mul(*factor)
}

fn leading_digits(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_from_long_to_short() {
        assert_eq!(parse_duration("0s"), Some(0));
        assert_eq!(parse_duration("1h30m"), Some(5_400_000));
        assert_eq!(parse_duration("500ms"), Some(500));
        assert_eq!(parse_duration("1m5ms"), Some(60_005));
        assert_eq!(parse_duration("-7d"), Some(-604_800_000));
        for wrong in ["", "-", "30", "m", "1m1h", "1m2m", "1.5h", "1 h", "1y", "99999999999w", "1h-2m"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
        assert_eq!(parse_duration_range("120s to 300s"), Some((120_000, 300_000)));
        assert_eq!(parse_duration_range("120s"), None);
    }

    #[test]
    fn sizes_have_decimal_and_binary_units() {
        assert_eq!(parse_size("4MB"), Some(4_000_000));
        assert_eq!(parse_size("4MiB"), Some(4_194_304));
        assert_eq!(parse_size("16777216"), Some(16_777_216));
        assert_eq!(parse_size("4mb"), None);
        assert_eq!(parse_size(""), None);
        assert_eq!(parse_size("99999999999GiB"), None);
    }
}
