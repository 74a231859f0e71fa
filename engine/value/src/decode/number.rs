//! Numbers: whole ones exactly, whatever their length.

use arcstr::ArcStr;

use super::error::Fault;
use crate::{Text, Value};

/// The number that begins at `start`, and where it ends.
#[inline]
pub(super) fn number(text: &ArcStr, start: usize) -> Result<(Value, usize), Box<Fault>> {
    let bytes = text.as_bytes();
    let negative = bytes.get(start) == Some(&b'-');
    let first = start + usize::from(negative);
    let mut at = first;
    // up to 18 digits can not overflow; longer ones are read again below
    let mut whole: i64 = 0;
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        whole = whole.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        at += 1;
    }
    let digits = at - first;
    if digits == 0 {
        return Err(Fault::at(at, "a number must have digits here"));
    }
    if digits > 1 && bytes.get(first) == Some(&b'0') {
        return Err(Fault::at(first, "a number must not begin with 0"));
    }
    if matches!(bytes.get(at), Some(b'.' | b'e' | b'E')) {
        return fraction(text, start, at);
    }
    if digits <= 18 {
        return Ok((Value::Int(if negative { -whole } else { whole }), at));
    }
    let written = text.get(start..at).unwrap_or_default();
    let value = match written.parse() {
        Ok(n) => Value::Int(n),
        Err(_) => Value::Big(Text::of(text, start, at).unwrap_or_default()),
    };
    Ok((value, at))
}

/// A number whose whole part ends at `at`, before a point or an exponent.
fn fraction(text: &ArcStr, start: usize, mut at: usize) -> Result<(Value, usize), Box<Fault>> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    if bytes.get(at) == Some(&b'.') {
        let count = digits(at + 1);
        if count == 0 {
            return Err(Fault::at(at + 1, "a number must have digits after its point"));
        }
        at += 1 + count;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        let count = digits(at);
        if count == 0 {
            return Err(Fault::at(at, "a number must have digits in its exponent"));
        }
        at += count;
    }
    match text.get(start..at).unwrap_or_default().parse::<f64>() {
        Ok(n) if n.is_finite() => Ok((Value::Float(n), at)),
        _ => Err(Fault::at(start, "the number is too large")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match number(&ArcStr::from(text), 0) {
            Ok((value, end)) => format!("{value:?} {end}"),
            Err(fault) => format!("{} {}", fault.message, fault.offset),
        }
    }

    #[test]
    fn whole_numbers_are_exact() {
        assert_eq!(read("0"), "0 1");
        assert_eq!(read("-0"), "0 2");
        assert_eq!(read("9223372036854775807,"), "9223372036854775807 19");
        assert_eq!(read("-9223372036854775808"), "-9223372036854775808 20");
        assert_eq!(read("9223372036854775808"), "9223372036854775808 19");
        assert!(matches!(number(&"9223372036854775808".into(), 0), Ok((Value::Big(_), _))));
        assert_eq!(read("-123456789012345678901234567890]"), "-123456789012345678901234567890 31");
    }

    #[test]
    fn fractions_and_exponents() {
        assert_eq!(read("-74.0"), "-74.0 5");
        assert_eq!(read("1e3"), "1000.0 3");
        assert_eq!(read("1.5E-2 "), "0.015 6");
        assert_eq!(read("1e-999"), "0.0 6");
    }

    #[test]
    fn what_json_does_not_know() {
        assert_eq!(read("01"), "a number must not begin with 0 0");
        assert_eq!(read("-"), "a number must have digits here 1");
        assert_eq!(read("1."), "a number must have digits after its point 2");
        assert_eq!(read("1e+"), "a number must have digits in its exponent 3");
        assert_eq!(read("1e999"), "the number is too large 0");
    }
}
