//! Numbers, durations and texts as an expression writes them.

use super::token::TokenKind;

/// A number that cannot be read: how long it is, what is wrong, what to do.
pub(super) struct BadNumber {
    pub(super) len: usize,
    pub(super) message: String,
    pub(super) help: String,
    pub(super) fix: Option<String>,
}

/// Units of a duration, the longest first.
const UNITS: &[&str] = &["w", "d", "h", "m", "s", "ms"];

/// What people write for a unit.
const OTHER_UNITS: &[(&str, &str)] = &[
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "w"),
    ("weeks", "w"),
];

/// The number or duration at the beginning of `text` (a digit, or a point before one), and its length in bytes.
pub(super) fn number(text: &str) -> Result<(TokenKind, usize), BadNumber> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let word = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let bad = |len: usize, message: String, help: &str| BadNumber { len, message, help: help.into(), fix: None };

    if matches!(bytes, [b'0', b'x' | b'X', ..]) {
        let len = 2 + word(2);
        let hex = text[2..len].trim_end_matches(['u', 'U']);
        return match u64::from_str_radix(hex, 16) {
            Ok(n) => Ok((TokenKind::Int(n), len)),
            Err(_) => Err(bad(
                len,
                format!("{} is no hexadecimal number of 64 bits", &text[..len]),
                "digits are 0 to 9, a to f",
            )),
        };
    }
    let whole = digits(0);
    let fraction = match bytes.get(whole) {
        Some(b'.') if digits(whole + 1) > 0 => 1 + digits(whole + 1),
        _ => 0,
    };
    let mut len = whole + fraction;
    let exponent = match bytes.get(len..) {
        Some([b'e' | b'E', b'+' | b'-', b'0'..=b'9', ..]) => 2 + digits(len + 2),
        Some([b'e' | b'E', b'0'..=b'9', ..]) => 1 + digits(len + 1),
        _ => 0,
    };
    len += exponent;
    let tail = word(len);
    let end = len + tail;
    match &text[len..end] {
        "" => {}
        "u" | "U" if fraction == 0 && exponent == 0 => {
            return text[..len].parse().map(|n| (TokenKind::Int(n), end)).map_err(|_| too_large(text, end));
        }
        _ => {
            let written = &text[..end];
            return match wf_value::duration::parse(written) {
                Some(duration) => Ok((TokenKind::Duration(duration), end)),
                None => Err(no_duration(written)),
            };
        }
    }
    if fraction == 0 && exponent == 0 {
        return text[..len].parse().map(|n| (TokenKind::Int(n), len)).map_err(|_| too_large(text, len));
    }
    match text[..len].parse::<f64>() {
        Ok(f) if f.is_finite() => Ok((TokenKind::Float(f), len)),
        _ => Err(bad(len, format!("{} is too large", &text[..len]), "a number goes up to 1.7e308")),
    }
}

fn too_large(text: &str, len: usize) -> BadNumber {
    BadNumber {
        len,
        message: format!("{} has more than 64 bits", &text[..len]),
        help: "whole numbers go up to 9223372036854775807; an id that is longer is a text".into(),
        fix: None,
    }
}

/// What is wrong with a number that has letters behind it.
fn no_duration(text: &str) -> BadNumber {
    let bad = |message: String, help: &str| BadNumber { len: text.len(), message, help: help.into(), fix: None };
    let mut rest = text;
    let mut seen = None;
    while !rest.is_empty() {
        let amount = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let unit = &rest[amount..];
        let unit = &unit[..unit.find(|c: char| c.is_ascii_digit()).unwrap_or(unit.len())];
        let Some(place) = UNITS.iter().position(|name| *name == unit) else { return unknown_unit(text, unit) };
        if seen.is_some_and(|before| before >= place) {
            return bad(
                format!("the parts of {text} are not in order"),
                "the longest unit comes first, each once: 1h30m",
            );
        }
        seen = Some(place);
        rest = &rest[amount + unit.len()..];
    }
    bad(format!("{text} is too long or too fine"), "durations are counted in nanoseconds, with 64 bits for the seconds")
}

fn unknown_unit(text: &str, unit: &str) -> BadNumber {
    let right = OTHER_UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).map(|(_, right)| *right);
    match right {
        Some(right) => {
            let fixed = text.replacen(unit, right, 1);
            BadNumber {
                len: text.len(),
                message: format!("{text} is no duration, its unit is {right}"),
                help: format!("write {fixed}"),
                fix: Some(fixed),
            }
        }
        None if unit.is_empty() => BadNumber {
            len: text.len(),
            message: format!("{text} is no duration, its last part has no unit"),
            help: "units are ms s m h d w".into(),
            fix: None,
        },
        None => BadNumber {
            len: text.len(),
            message: format!("{text} is neither a number nor a duration nor a name"),
            help: "units of durations are ms s m h d w; names begin with a letter; texts stand in '…'".into(),
            fix: None,
        },
    }
}

/// What stands before the closing `quote`; `None` when there is none.
pub(super) fn inside<'a>(text: &'a str, quote: &str, raw: bool) -> Option<&'a str> {
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(quote) {
            return Some(&text[..at]);
        }
        let step = if rest.starts_with('\\') && !raw { 1 } else { 0 };
        at += step + rest.get(step..).and_then(|r| r.chars().next()).map_or(0, char::len_utf8);
    }
    None
}

/// An escape that does not exist.
pub(super) struct BadEscape {
    pub(super) at: usize,
    pub(super) len: usize,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Most likely a regular expression: `r'…'` is what was wanted.
    pub(super) raw_helps: bool,
}

/// The bytes that the inside of a quoted text stands for: UTF-8 unless `bytes`.
pub(super) fn unescape(text: &str, raw: bool, bytes: bool) -> Result<Vec<u8>, BadEscape> {
    if raw || !text.contains('\\') {
        return Ok(text.as_bytes().to_vec());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if c != '\\' {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            at += c.len_utf8();
            continue;
        }
        at += escape(text, at, bytes, &mut out)?;
    }
    Ok(out)
}

/// Reads one escape at `at`; gives its length.
fn escape(text: &str, at: usize, bytes: bool, out: &mut Vec<u8>) -> Result<usize, BadEscape> {
    let letter = text[at + 1..].chars().next().unwrap_or(' ');
    let wrong = |len: usize, message: String| BadEscape { at, len, message, help: None, raw_helps: false };
    let mut code_point = |code: Option<u32>, len: usize, one_byte: bool| match code {
        Some(code) if one_byte && bytes && code < 256 => {
            out.push(code.to_le_bytes()[0]);
            Ok(len)
        }
        Some(code) if !bytes || !one_byte => match char::from_u32(code) {
            Some(c) => {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                Ok(len)
            }
            None => Err(wrong(len, format!("{} is no character", &text[at..at + len]))),
        },
        _ => {
            Err(wrong(text.ceil_char_boundary(at + len) - at, format!("\\{letter} wants more digits than stand here")))
        }
    };
    let hex = |n: usize| {
        text.get(at + 2..at + 2 + n)
            .filter(|t| t.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|t| u32::from_str_radix(t, 16).ok())
    };
    let simple = match letter {
        '\\' | '?' | '"' | '\'' | '`' => letter,
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'x' | 'X' => return code_point(hex(2), 4, true),
        'u' if !bytes => return code_point(hex(4), 6, false),
        'U' if !bytes => return code_point(hex(8), 10, false),
        '0'..='3' => {
            let digits = text.get(at + 1..at + 4).filter(|t| t.bytes().all(|b| matches!(b, b'0'..=b'7')));
            return code_point(digits.and_then(|t| u32::from_str_radix(t, 8).ok()), 4, true);
        }
        other => {
            return Err(BadEscape {
                at,
                len: 1 + other.len_utf8(),
                message: format!("there is no escape \\{other}"),
                help: Some("in r'…' a backslash stands for itself, as regular expressions want it".into()),
                raw_helps: true,
            });
        }
    };
    out.extend_from_slice(simple.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(2)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn read(text: &str) -> Option<(TokenKind, usize)> {
        number(text).ok()
    }

    #[test]
    fn numbers_end_where_something_else_begins() {
        assert_eq!(read("12+1"), Some((TokenKind::Int(12), 2)));
        assert_eq!(read("1..5"), Some((TokenKind::Int(1), 1)));
        assert_eq!(read("1.x"), Some((TokenKind::Int(1), 1)));
        assert_eq!(read("1.5e-3)"), Some((TokenKind::Float(0.0015), 6)));
        assert_eq!(read(".5"), Some((TokenKind::Float(0.5), 2)));
        assert_eq!(read("0xFFu"), Some((TokenKind::Int(255), 5)));
        assert_eq!(read("18446744073709551616"), None);
        assert_eq!(read("1e999"), None);
    }

    #[test]
    fn durations_are_summed_from_the_largest_unit_on() {
        let minutes = |n| TokenKind::Duration(SignedDuration::from_mins(n));
        assert_eq!(read("1h30m "), Some((minutes(90), 5)));
        assert_eq!(read("7d"), Some((minutes(7 * 1440), 2)));
        assert_eq!(read("1500ms"), Some((TokenKind::Duration(SignedDuration::from_millis(1500)), 6)));
        assert_eq!(read("1.5h"), Some((minutes(90), 4)));
        assert_eq!(read("30m1h"), None);
        assert_eq!(read("30m30m"), None);
        assert_eq!(read("9999999999999999w"), None);
        assert_eq!(number("30min").err().and_then(|bad| bad.fix), Some("30m".into()));
    }

    #[test]
    fn escapes_are_those_of_cel() {
        let text = |t: &str| unescape(t, false, false).ok().map(|b| String::from_utf8_lossy(&b).into_owned());
        assert_eq!(text(r"a\n\u00e9\x41\101\U0001F431"), Some("a\né\u{41}A🐱".into()));
        assert_eq!(text(r"\d"), None);
        assert_eq!(text(r"\ud800"), None);
        assert_eq!(text(r"\u12"), None);
        assert_eq!(text("\\"), None);
        assert_eq!(unescape(r"\xff\377", false, true).ok(), Some(vec![255, 255]));
        assert_eq!(unescape(r"\d", true, false).ok(), Some(b"\\d".to_vec()));
    }
}
