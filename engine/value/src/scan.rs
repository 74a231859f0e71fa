//! Bytes that end or interrupt a JSON text, found eight at a time.

const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES << 7;

/// The place of the first quote, backslash or control character from `from` on; the end when there is none.
#[inline]
pub(crate) fn special(bytes: &[u8], from: usize) -> usize {
    first(bytes, from, marks, |b| matches!(b, b'"' | b'\\' | ..0x20))
}

/// The place of the first byte that ASCII does not print, or that JSON escapes; the end when there is none.
#[inline]
pub(crate) fn beyond_plain_ascii(bytes: &[u8]) -> usize {
    // one more than DEL has the high bit, and what has it already need not be looked at any further
    let marks = |word: u64| marks(word) | ((word | word.wrapping_add(ONES)) & HIGH);
    first(bytes, 0, marks, |b| matches!(b, b'"' | b'\\' | ..0x20 | 0x7f..))
}

/// `marks` sets the high bit of each byte that is looked for; it may set others above the first such byte, none below.
#[inline]
fn first(bytes: &[u8], from: usize, marks: impl Fn(u64) -> u64, is_it: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let mut at = from;
    let (chunks, tail) = rest.as_chunks::<8>();
    for chunk in chunks {
        let found = marks(u64::from_le_bytes(*chunk));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + tail.iter().position(|b| is_it(*b)).unwrap_or(tail.len())
}

/// Marks quotes, backslashes and control characters: a byte is zero, or below 0x20, when subtracting borrows and it had no high bit.
#[inline]
fn marks(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let is_quote = quote.wrapping_sub(ONES) & !quote;
    let is_backslash = backslash.wrapping_sub(ONES) & !backslash;
    let is_control = word.wrapping_sub(ONES * 0x20) & !word;
    (is_quote | is_backslash | is_control) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_special_byte_is_found(bytes in proptest::collection::vec(any::<u8>(), 0..40), from in 0_usize..10) {
            let expected = bytes.iter().skip(from).position(|b| *b == b'"' || *b == b'\\' || *b < 0x20);
            let expected = expected.map_or(bytes.len().max(from), |i| i + from);
            prop_assert_eq!(special(&bytes, from), expected);
        }

        #[test]
        fn the_first_byte_that_is_escaped_is_found(bytes in "[ -~]{0,20}", more in proptest::collection::vec(any::<u8>(), 0..20)) {
            let bytes = [bytes.as_bytes(), more.as_slice()].concat();
            let expected = bytes.iter().position(|b| !(0x20..0x7f).contains(b) || *b == b'"' || *b == b'\\');
            prop_assert_eq!(beyond_plain_ascii(&bytes), expected.unwrap_or(bytes.len()));
        }
    }
}
