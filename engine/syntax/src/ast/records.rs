//! Records of a `keys` connector (connectors.md §3).

use wf_source::Span;

use crate::{
    ast::{Inputs, Name, TypeExpr},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub span: Span,
    pub name: Name,
    pub doc: Option<Name>,
    /// Template of the key.
    pub key: Option<Node>,
    pub input: Inputs,
    pub value: RecordValue,
    pub ttl: Option<Node>,
    /// `unfit: absent`
    pub unfit_is_absent: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordValue {
    Typed(TypeExpr),
    /// `counter: true`
    Counter(Span),
    /// Neither; reported already.
    Broken,
}
