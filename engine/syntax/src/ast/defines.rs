//! `define` (language.md §9).

use wf_source::Span;

use crate::{
    ast::{Name, Text},
    tree::Node,
};

/// `name(a, b): expression`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Define {
    /// The whole key.
    pub key: Span,
    pub name: Name,
    pub params: Vec<Name>,
    pub body: DefineBody,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefineBody {
    Computed(Text),
    /// A mapping whose leaves are values and whose keys may have holes.
    Object(Node),
    /// Reported already.
    Broken,
}
