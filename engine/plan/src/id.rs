//! Ids on the wire: 22 characters in base 57, as the old system makes them.

use uuid::Uuid;

use crate::Address;

const ALPHABET: &[u8; 57] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// A run: a UUID, chosen by the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(pub Uuid);

impl RunId {
    #[must_use]
    pub fn to_text(self) -> String {
        short_uuid(self.0)
    }

    /// The run that [`Self::to_text`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 22 {
            return None;
        }
        let mut n = 0_u128;
        for byte in text.bytes() {
            let digit = ALPHABET.iter().position(|c| *c == byte)?;
            n = n.checked_mul(57)?.checked_add(digit as u128)?;
        }
        Some(Self(Uuid::from_u128(n)))
    }
}

impl std::fmt::Display for RunId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_text())
    }
}

/// The id under which the call at `address` of `run` travels. It is also its idempotency key: made again, it is the same.
#[must_use]
pub fn request_id(run: RunId, address: &Address) -> String {
    short_uuid(Uuid::new_v5(&run.0, address.to_string().as_bytes()))
}

const TEN_DIGITS: u128 = 57_u128.pow(10);

/// The 22 digits of a UUID, most significant first.
#[must_use]
pub fn short_uuid(uuid: Uuid) -> String {
    let mut n = uuid.as_u128();
    let mut digits = [b'2'; 22];
    // ten digits at a time: dividing so wide a number is slow
    for ten in digits.rchunks_mut(10) {
        let mut low = u64::try_from(n % TEN_DIGITS).unwrap_or_default();
        n /= TEN_DIGITS;
        for digit in ten.iter_mut().rev() {
            *digit = ALPHABET[(low % 57) as usize];
            low /= 57;
        }
    }
    digits.iter().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_back() {
        let run = RunId(Uuid::from_u128(u128::MAX - 12345));
        assert_eq!(run.to_text().len(), 22);
        assert_eq!(RunId::parse(&run.to_text()), Some(run));
        assert_eq!(RunId::parse("not a run"), None);
        assert_eq!(RunId::parse("zzzzzzzzzzzzzzzzzzzzzz"), None);
    }

    #[test]
    fn as_the_old_library_writes_it() {
        // shortuuid.encode(uuid.UUID("3b1f8b40-222c-4a6e-b77e-779d5a94e21c"))
        let uuid = Uuid::from_u128(0x3b1f_8b40_222c_4a6e_b77e_779d_5a94_e21c);
        assert_eq!(short_uuid(uuid), "CXc85b4rqinB7s5J52TRYb");
    }
}
