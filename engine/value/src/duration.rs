//! Durations as the language writes them: `1h30m`, `7d`, `1500ms`.

use jiff::SignedDuration;

/// Units, longest first, in nanoseconds. A day is 24 hours.
const UNITS: [(&str, i128); 6] = [
    ("w", 7 * 24 * 3600 * 1_000_000_000),
    ("d", 24 * 3600 * 1_000_000_000),
    ("h", 3600 * 1_000_000_000),
    ("m", 60 * 1_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
];

/// The duration that a text writes: numbers (`1.5` too), each with its unit, longest unit first, `-` before all of it for a negative one.
/// `None` when it writes none, or one that no clock can hold.
#[must_use]
pub fn parse(text: &str) -> Option<SignedDuration> {
    let (sign, mut rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    if rest.is_empty() {
        return None;
    }
    let mut units = UNITS.iter();
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.')?);
        let (unit, after) = after.split_at(after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len()));
        // what is left of the units is what may still come
        let (_, size) = units.find(|(name, _)| *name == unit)?;
        total = total.checked_add(nanoseconds(number, *size)?)?;
        rest = after;
    }
    SignedDuration::try_from_nanos_i128(sign * total)
}

/// `number` units of `size` nanoseconds; what is finer than a nanosecond is no number of ours.
fn nanoseconds(number: &str, size: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let fraction: i128 = fraction.parse().ok()?;
    let parts = fraction.checked_mul(size)?;
    if parts % scale != 0 || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    whole.parse::<i128>().ok()?.checked_mul(size)?.checked_add(parts / scale)
}

/// As a hole prints it: `1h30m`, `7d`, `0s`, `-45m`, `1s500ms`; what is finer than a millisecond as its fraction. [`parse`] reads it back.
#[must_use]
pub fn print(duration: SignedDuration) -> String {
    let nanos = duration.as_nanos();
    if nanos == 0 {
        return "0s".into();
    }
    let mut out = String::from(if nanos < 0 { "-" } else { "" });
    let mut rest = nanos.abs();
    // days are the longest that people are shown
    for (unit, size) in UNITS.iter().skip(1) {
        let (count, below) = (rest / size, rest % size);
        if *unit == "ms" && below > 0 {
            let fraction = format!("{below:06}");
            out.push_str(&format!("{count}.{}{unit}", fraction.trim_end_matches('0')));
        } else if count > 0 {
            out.push_str(&format!("{count}{unit}"));
        }
        rest = below;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_are_read() {
        for (text, millis) in [
            ("45m", 2_700_000),
            ("1h30m", 5_400_000),
            ("7d", 604_800_000),
            ("2w", 1_209_600_000),
            ("1500ms", 1_500),
            ("1.5h", 5_400_000),
            ("90s", 90_000),
            ("0s", 0),
            ("-1h", -3_600_000),
        ] {
            assert_eq!(parse(text), Some(SignedDuration::from_millis(millis)), "{text}");
        }
        for text in [
            "",
            "-",
            "5",
            "m",
            "1m1h",
            "1h1h",
            "1 h",
            "1x",
            "1.5.5h",
            ".5h",
            "1.h",
            "+1h",
            "--1h",
            "99999999999999999999w",
            "1m-5s",
            "5é",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_printed() {
        for (millis, text) in
            [(5_400_000, "1h30m"), (604_800_000, "7d"), (1_500, "1s500ms"), (0, "0s"), (-2_700_000, "-45m")]
        {
            assert_eq!(print(SignedDuration::from_millis(millis)), text);
        }
        assert_eq!(print(SignedDuration::from_micros(2_000_250)), "2s0.25ms");
    }

    proptest! {
        #[test]
        fn there_and_back(nanos: i64) {
            let duration = SignedDuration::from_nanos(nanos);
            prop_assert_eq!(parse(&print(duration)), Some(duration));
        }
    }
}
