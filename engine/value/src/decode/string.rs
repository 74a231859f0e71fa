//! Texts with escapes; those without are slices of the reply.

use super::error::Fault;
use crate::scan::special;

/// The text that begins at `from` and has escapes; gives it and where it ends, after its quote. `first` is its first backslash.
///
/// Half of a surrogate pair, which no text can hold, becomes U+FFFD: one broken character does not cost an answer.
pub(super) fn unescape(text: &str, from: usize, first: usize) -> Result<(String, usize), Box<Fault>> {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(first - from + 16);
    let mut start = from;
    let mut at = first;
    loop {
        out.push_str(text.get(start..at).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => return Ok((out, at + 1)),
            Some(b'\\') => {
                let (character, next) = escape(bytes, at)?;
                out.push(character);
                start = next;
            }
            Some(_) => return Err(Fault::at(at, "a control character stands in a text, it must be escaped")),
            None => return Err(Fault::at(at, "the text does not end, a \" is missing")),
        }
        at = special(bytes, start);
    }
}

/// The character of the escape whose backslash stands at `at`, and where it ends.
fn escape(bytes: &[u8], at: usize) -> Result<(char, usize), Box<Fault>> {
    let simple = match bytes.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => {
            let high = hex(bytes, at)?;
            if (0xd800..0xdc00).contains(&high)
                && bytes.get(at + 6..at + 8) == Some(b"\\u")
                && let low @ 0xdc00..0xe000 = hex(bytes, at + 6)?
            {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), at + 12));
            }
            return Ok((char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), at + 6));
        }
        _ => return Err(Fault::at(at, "no such escape in a text")),
    };
    Ok((simple, at + 2))
}

/// The four digits after `\u` at `at`.
fn hex(bytes: &[u8], at: usize) -> Result<u32, Box<Fault>> {
    let digits = bytes.get(at + 2..at + 6).unwrap_or_default();
    let mut code = 0;
    for digit in digits {
        match (*digit as char).to_digit(16) {
            Some(digit) => code = code * 16 + digit,
            None => return Err(Fault::at(at, "\\u must be followed by four hexadecimal digits")),
        }
    }
    if digits.len() == 4 { Ok(code) } else { Err(Fault::at(at, "\\u must be followed by four hexadecimal digits")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        unescape(text, 0, special(text.as_bytes(), 0)).map(|(out, _)| out).map_err(|fault| fault.message.to_string())
    }

    #[test]
    fn escapes() {
        assert_eq!(read(r#"a\n\u00e9\ud83d\ude00\/é""#).as_deref(), Ok("a\né😀/é"));
        assert_eq!(read(r#"\ud83d!""#).as_deref(), Ok("\u{fffd}!"));
        assert_eq!(read(r#"\ude00\ud83d\u0041""#).as_deref(), Ok("\u{fffd}\u{fffd}A"));
        assert!(read(r#"\x""#).is_err());
        assert!(read(r#"\u12"#).is_err());
        assert!(read(r#"\u+123""#).is_err());
        assert!(read(r#"\"#).is_err());
        assert!(read("\\n\n\"").is_err());
    }
}
