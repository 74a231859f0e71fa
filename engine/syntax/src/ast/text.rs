//! Names, and texts in which something stands: expressions, templates.

use std::sync::Arc;

use wf_source::{ScalarMap, Span};

use crate::tree::{Key, Node, Scalar, Style};

/// A value and where it stands. Two are equal when their values are.
#[derive(Clone, Debug, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

/// A name, a key, a word.
pub type Name = Spanned<Arc<str>>;

impl<T> Spanned<T> {
    /// A value and where it stands.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl Spanned<Arc<str>> {
    /// Without its place.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl From<&Key> for Name {
    fn from(key: &Key) -> Self {
        Self::new(key.scalar.text.clone(), key.span)
    }
}

/// A text in which an expression, a path or holes stand, with its way back to the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// As decoded; a leading `=` or `$` is still there.
    pub text: Arc<str>,
    pub map: ScalarMap,
    pub style: Style,
    pub span: Span,
    /// Only an expression makes sense here, so that the leading `=` may be missing.
    pub bare: bool,
}

impl Text {
    /// `bare`: an expression is meant, also without `=`.
    #[must_use]
    pub fn new(scalar: &Scalar, span: Span, bare: bool) -> Self {
        Self { text: scalar.text.clone(), map: scalar.map.clone(), style: scalar.style, span, bare }
    }
}

/// The list of a `for` or a `recheck`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    Computed(Text),
    /// A list of YAML: its items are values.
    Literal(Node),
}

impl Listing {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Computed(text) => text.span,
            Self::Literal(node) => node.span,
        }
    }
}
