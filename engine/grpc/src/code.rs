//! How a call ended.

use std::fmt::{self, Write};

/// A code of gRPC, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code(u16);

/// A code and what was said with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub code: Code,
    pub message: String,
}

const NAMES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

impl Code {
    pub const OK: Self = Self(0);
    pub const UNKNOWN: Self = Self(2);
    pub const UNIMPLEMENTED: Self = Self(12);
    pub const INTERNAL: Self = Self(13);

    /// `None`: no code has that number.
    #[must_use]
    pub fn new(number: u16) -> Option<Self> {
        (usize::from(number) < NAMES.len()).then_some(Self(number))
    }

    /// `NOT_FOUND`
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().position(|known| *known == name).and_then(|at| u16::try_from(at).ok()).map(Self)
    }

    /// What stands in for a code where a server that knows nothing of gRPC answered.
    #[must_use]
    pub fn of_http(status: u16) -> Self {
        Self(match status {
            400 => 13,
            401 => 16,
            403 => 7,
            404 => 12,
            429 | 502 | 503 | 504 => 14,
            _ => 2,
        })
    }

    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or("UNKNOWN")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Status {
    /// From the trailers `grpc-status` and `grpc-message`; a number that no code has is an unknown one.
    pub(crate) fn read(status: &str, message: &[u8]) -> Self {
        let code = status.trim().parse().ok().and_then(Code::new).unwrap_or(Code::UNKNOWN);
        Self { code, message: decoded(message) }
    }
}

/// Percent-encoded as `grpc-message` wants it.
pub(crate) fn encoded(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for byte in message.bytes() {
        if (b' '..=b'~').contains(&byte) && byte != b'%' {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// What is no percent-encoding stands as it is.
fn decoded(message: &[u8]) -> String {
    let mut out = Vec::with_capacity(message.len());
    let mut rest = message;
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                out.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_numbers_and_names() {
        assert_eq!(Code::from_name("DEADLINE_EXCEEDED").map(Code::number), Some(4));
        assert_eq!(Code::new(16).map(Code::name), Some("UNAUTHENTICATED"));
        assert_eq!(Code::new(17), None);
        assert_eq!((Code::of_http(503).name(), Code::of_http(418).name()), ("UNAVAILABLE", "UNKNOWN"));
    }

    #[test]
    fn messages_survive_the_header() {
        for message in ["plain words", "100 % über\nzwei Zeilen", "", "%zz"] {
            let header = encoded(message);
            assert!(header.is_ascii() && !header.contains('\n'));
            assert_eq!(
                Status::read("13", header.as_bytes()),
                Status { code: Code::INTERNAL, message: message.to_owned() }
            );
        }
        assert_eq!(Status::read("x", b"50% off").message, "50% off");
    }
}
