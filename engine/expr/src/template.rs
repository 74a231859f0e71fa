//! Texts with holes.

/// A text with holes, compiled.
#[derive(Debug)]
pub struct Template {}
