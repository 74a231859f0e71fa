//! What the server says of a call's end.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};
use wf_proto::Code;

/// A code and what was said with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub code: Code,
    pub message: String,
}

/// What `grpc-message` cannot hold as it is.
const ENCODED: &AsciiSet = &CONTROLS.add(b'%');

impl Status {
    /// From the trailers `grpc-status` and `grpc-message`; a number that no code has is an unknown one.
    pub(crate) fn read(status: &str, message: &[u8]) -> Self {
        let code = status.trim().parse().ok().and_then(Code::new).unwrap_or(Code::UNKNOWN);
        Self { code, message: percent_decode(message).decode_utf8_lossy().into_owned() }
    }
}

/// Percent-encoded as `grpc-message` wants it.
pub(crate) fn encoded(message: &str) -> String {
    utf8_percent_encode(message, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

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
