//! Where a text stops being JSON.

use std::borrow::Cow;

/// A reply that is no JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line}, column {column}")]
pub struct DecodeError {
    /// In bytes, from 0.
    pub offset: usize,
    /// From 1.
    pub line: usize,
    /// In bytes, from 1.
    pub column: usize,
    /// A sentence without full stop: `a comma or } is missing`.
    pub message: String,
}

impl DecodeError {
    pub(super) fn new(bytes: &[u8], fault: &Fault) -> Self {
        let before = bytes.get(..fault.offset).unwrap_or(bytes);
        let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        Self {
            offset: fault.offset,
            line: 1 + before.iter().filter(|b| **b == b'\n').count(),
            column: 1 + before.len() - line_start,
            message: fault.message.to_string(),
        }
    }
}

/// What the parser stumbles over. Boxed, so that results of the hot path stay one word.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) offset: usize,
    pub(super) message: Cow<'static, str>,
}

impl Fault {
    #[cold]
    pub(super) fn at(offset: usize, message: impl Into<Cow<'static, str>>) -> Box<Self> {
        Box::new(Self { offset, message: message.into() })
    }
}
