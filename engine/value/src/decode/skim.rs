//! Rows of plain scalars: looked through without making their values.

use arcstr::ArcStr;

use super::number::number;
use super::shapes::Known;
use crate::scan::special;
use crate::{Text, Value};

/// What looking through an object found.
pub(super) enum Skimmed {
    /// Plain scalars under the keys that were expected; it ends there.
    Flat(usize),
    /// A list or an object stands in it.
    Deep,
    /// Something that the parser looks at more closely: other keys, escapes, long numbers, mistakes.
    Odd,
}

/// Looks through the object whose first key begins at `at`, and notes where its values begin.
pub(super) fn skim(bytes: &[u8], mut at: usize, known: &Known, starts: &mut Vec<u32>) -> Skimmed {
    starts.clear();
    let mut i = 0;
    while let Some(key) = known.quoted(i) {
        if !bytes.get(at..).unwrap_or_default().starts_with(key) {
            return Skimmed::Odd;
        }
        at = blanks(bytes, at + key.len());
        if bytes.get(at) != Some(&b':') {
            return Skimmed::Odd;
        }
        at = blanks(bytes, at + 1);
        let Ok(start) = u32::try_from(at) else { return Skimmed::Odd };
        if let Some(b'{' | b'[') = bytes.get(at) {
            return Skimmed::Deep;
        }
        let Some(end) = plain(bytes, at) else { return Skimmed::Odd };
        starts.push(start);
        at = blanks(bytes, end);
        i += 1;
        match bytes.get(at) {
            Some(b',') if i < known.len() => at = blanks(bytes, at + 1),
            Some(b'}') if i == known.len() => return Skimmed::Flat(at + 1),
            _ => return Skimmed::Odd,
        }
    }
    Skimmed::Odd
}

#[inline]
fn blanks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\t' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

/// The end of the scalar that begins at `at`, when it is a text without escapes, a number of moderate length or a word.
#[inline]
fn plain(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => {
            let end = special(bytes, at + 1);
            (bytes.get(end) == Some(&b'"')).then_some(end + 1)
        }
        b'n' => word(bytes, at, b"null"),
        b't' => word(bytes, at, b"true"),
        b'f' => word(bytes, at, b"false"),
        b'-' => moderate(bytes, at + 1),
        b'0'..=b'9' => moderate(bytes, at),
        _ => None,
    }
}

#[inline]
fn word(bytes: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    bytes.get(at..)?.starts_with(word).then_some(at + word.len())
}

/// A number whose digits begin at `first`, with neither so many of them nor an exponent that it could be too large.
fn moderate(bytes: &[u8], first: usize) -> Option<usize> {
    let digits = |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(first);
    if whole == 0 || whole > 18 || whole > 1 && bytes.get(first) == Some(&b'0') {
        return None;
    }
    let mut end = first + whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if fraction == 0 {
            return None;
        }
        end += 1 + fraction;
    }
    (!matches!(bytes.get(end), Some(b'e' | b'E'))).then_some(end)
}

/// The scalar that [`skim`] found to begin at `start`.
pub(crate) fn scalar(reply: &ArcStr, start: usize) -> Value {
    let bytes = reply.as_bytes();
    match bytes.get(start) {
        Some(b'"') => {
            let end = special(bytes, start + 1);
            Value::Text(Text::of(reply, start + 1, end).unwrap_or_default())
        }
        Some(b'n') | None => Value::Null,
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(_) => number(reply, start).map(|(number, _)| number).unwrap_or_default(),
    }
}
