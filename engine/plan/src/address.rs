//! Where in a run something happens.

use std::fmt;

/// One part of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The step of that number.
    Step(u32),
    /// The item of a loop, from 0.
    Item(u32),
    /// An attempt of a flow or item that is tried again, from 2; the first one has no part of its own.
    Attempt(u32),
    /// What belongs to a step beside its main call: 1 = the report of its failure.
    Call(u32),
}

/// The path of a step instance inside its run: `s4.i17.s9`. Stable as long as the run is pinned to its plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(pub Vec<Part>);

impl Address {
    #[must_use]
    pub fn with(&self, part: Part) -> Self {
        let mut parts = Vec::with_capacity(self.0.len() + 1);
        parts.extend_from_slice(&self.0);
        parts.push(part);
        Self(parts)
    }

    /// The step at the end, if it is one.
    #[must_use]
    pub fn step(&self) -> Option<u32> {
        self.0.iter().rev().find_map(|p| if let Part::Step(n) = p { Some(*n) } else { None })
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let part = |part: &str| {
            let n = part.get(1..)?.parse().ok()?;
            Some(match part.as_bytes().first()? {
                b's' => Part::Step(n),
                b'i' => Part::Item(n),
                b'a' => Part::Attempt(n),
                b'c' => Part::Call(n),
                _ => return None,
            })
        };
        text.split('.').map(part).collect::<Option<_>>().map(Self)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // by hand: every call is made an id of it
        let mut text = String::with_capacity(8 * self.0.len());
        for part in &self.0 {
            if !text.is_empty() {
                text.push('.');
            }
            let (letter, n) = match part {
                Part::Step(n) => ('s', *n),
                Part::Item(n) => ('i', *n),
                Part::Attempt(n) => ('a', *n),
                Part::Call(n) => ('c', *n),
            };
            text.push(letter);
            digits(n, &mut text);
        }
        f.write_str(&text)
    }
}

fn digits(n: u32, text: &mut String) {
    if n >= 10 {
        digits(n / 10, text);
    }
    text.push(char::from_digit(n % 10, 10).unwrap_or('0'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_back() {
        let address = Address(vec![Part::Step(4), Part::Item(17), Part::Attempt(2), Part::Step(9), Part::Call(1)]);
        assert_eq!(address.to_string(), "s4.i17.a2.s9.c1");
        assert_eq!(Address::parse("s4.i17.a2.s9.c1"), Some(address));
        assert_eq!(Address::parse("x1"), None);
    }
}
