//! Numbers, texts and bytes, one after the other.

use super::FormatError;

/// Writes into memory.
#[derive(Debug, Default)]
pub(super) struct Out(pub(super) Vec<u8>);

impl Out {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Seven bits a byte, the lowest first.
    pub(super) fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    /// Small numbers of either sign are short.
    pub(super) fn signed(&mut self, n: i64) {
        self.number(((n << 1) ^ (n >> 63)).cast_unsigned());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }
}

/// Reads what [`Out`] wrote.
#[derive(Debug)]
pub(super) struct In<'a>(pub(super) &'a [u8]);

impl<'a> In<'a> {
    pub(super) fn byte(&mut self) -> Result<u8, FormatError> {
        let (first, rest) = self.0.split_first().ok_or(FormatError::Short)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(super) fn number(&mut self) -> Result<u64, FormatError> {
        let mut n = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(n);
            }
        }
        Err(FormatError::Bad("a number"))
    }

    pub(super) fn signed(&mut self) -> Result<i64, FormatError> {
        let n = self.number()?;
        Ok((n >> 1).cast_signed() ^ -((n & 1).cast_signed()))
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], FormatError> {
        let n = usize::try_from(self.number()?).map_err(|_| FormatError::Short)?;
        self.take(n)
    }

    pub(super) fn take(&mut self, n: usize) -> Result<&'a [u8], FormatError> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or(FormatError::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, FormatError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| FormatError::Bad("a text"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let numbers = [0, 1, 127, 128, 300, u64::MAX];
        let signed = [0, -1, 1, i64::MIN, i64::MAX, -64, 64];
        let mut out = Out::default();
        numbers.iter().for_each(|n| out.number(*n));
        signed.iter().for_each(|n| out.signed(*n));
        out.text("é");
        let mut input = In(&out.0);
        assert!(numbers.iter().all(|n| input.number() == Ok(*n)));
        assert!(signed.iter().all(|n| input.signed() == Ok(*n)));
        assert_eq!(input.text(), Ok("é"));
        assert_eq!(input.byte(), Err(FormatError::Short));
    }

    #[test]
    fn lengths_beyond_the_end_are_refused() {
        assert_eq!(In(&[0xff, 0xff, 0xff, 0xff, 0x7f, 1]).bytes(), Err(FormatError::Short));
        assert_eq!(In(&[0xff; 12]).number(), Err(FormatError::Bad("a number")));
    }
}
