//! Moments, durations, sizes and flags as a scenario writes them: `-2h`, `2022-06-01T14:00:00Z`, `1h30m`, `10MB`, `yes`.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

use crate::time::{self, DAY, HOUR, MINUTE, SECOND};

/// A moment: absolute, or so many milliseconds after (before, when negative) the scenario's start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum When {
    At(i64),
    FromStart(i64),
}

impl When {
    /// The moment in milliseconds since the epoch, for a scenario that begins at `start`.
    pub(crate) fn after(self, start: i64) -> i64 {
        match self {
            When::At(at) => at,
            When::FromStart(distance) => start.saturating_add(distance),
        }
    }

    fn parse(text: &str) -> Option<When> {
        let text = text.trim();
        if text == "start" {
            return Some(When::FromStart(0));
        }
        if let Some(rest) = text.strip_prefix('-') {
            return parse_span(rest).map(|span| When::FromStart(-span));
        }
        if let Some(span) = parse_span(text.strip_prefix('+').unwrap_or(text)) {
            return Some(When::FromStart(span));
        }
        time::read_text(text).map(When::At)
    }
}

/// A duration in milliseconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span(pub(crate) i64);

/// A size in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Size(pub(crate) usize);

/// `yes` or `no`, as in all our files; `true` and `false` do as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let expected = "a moment such as -2h, +10m, start or 2022-06-01T14:00:00Z";
        input.deserialize_any(Text { expected, parse: When::parse })
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let expected = "a duration such as 90s, 5m, 1h30m or 7d";
        input.deserialize_any(Text { expected, parse: |text| parse_span(text).map(Span) })
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(Text { expected: "a size such as 512B, 64kB or 10MB", parse: parse_size })
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(FlagVisitor)
    }
}

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("yes or no")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Flag, E> {
        Ok(Flag(flag))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Flag, E> {
        match text {
            "yes" => Ok(Flag(true)),
            "no" => Ok(Flag(false)),
            _ => Err(E::custom(format!("`{text}` is neither yes nor no"))),
        }
    }
}

struct Text<T> {
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::custom(format!("`{text}` is not {}", self.expected)))
    }
}

/// `1d12h`, `90s`, `250ms`: at least one number with its unit, larger units need not come first.
fn parse_span(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut total: i64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "ms" => 1,
            "s" => SECOND,
            "m" => MINUTE,
            "h" => HOUR,
            "d" => DAY,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[letters..];
    }
    Some(total)
}

fn parse_size(text: &str) -> Option<Size> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: usize = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        _ => return None,
    };
    number.checked_mul(unit).map(Size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_relative_or_absolute() {
        assert_eq!(When::parse("-2h"), Some(When::FromStart(-2 * HOUR)));
        assert_eq!(When::parse("+1d12h"), Some(When::FromStart(36 * HOUR)));
        assert_eq!(When::parse("start"), Some(When::FromStart(0)));
        assert_eq!(When::parse("2022-06-01T14:00:00Z").map(|w| w.after(0)), Some(1_654_092_000_000));
        for wrong in ["", "-", "5", "h", "2 hours", "99999999999999999999d", "9999999999999d", "--2h"] {
            assert_eq!(When::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn flags_are_yes_or_no() {
        let flags: Vec<Flag> = serde_yaml::from_str("[yes, no, true]").unwrap();
        assert_eq!(flags, [Flag(true), Flag(false), Flag(true)]);
        assert!(serde_yaml::from_str::<Flag>("maybe").is_err());
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_size("10MB"), Some(Size(10_000_000)));
        assert_eq!(parse_size("10"), None);
        assert_eq!(parse_size("é"), None);
    }
}
