//! What a file writes, as far as this crate needs to know: whoever has read the YAML hands it in.

use wf_source::{ScalarMap, Span};

/// A value as YAML has it.
#[derive(Clone, Debug)]
pub enum Source<'a> {
    Scalar(Scalar<'a>),
    List(Vec<Source<'a>>, Span),
    Map(Vec<(Scalar<'a>, Source<'a>)>, Span),
    /// Something that was reported already.
    Broken,
}

/// A text, and how it is written.
#[derive(Clone, Copy, Debug)]
pub struct Scalar<'a> {
    /// Decoded.
    pub text: &'a str,
    /// From `text` back to the file.
    pub map: &'a ScalarMap,
    /// Without quotes, and no block: it may be a number or nothing.
    pub plain: bool,
    /// With its quotes.
    pub span: Span,
}
