//! `calls`, `tell`, `defaults` (language.md §5).

use wf_source::Span;

use crate::{
    ast::{Accept, Name, OnError, Retry, Tell, Text, With},
    tree::Node,
};

/// What holds for every call of an action, or of all of a connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRule {
    pub span: Span,
    /// `connector.action` or `connector.*`
    pub action: Name,
    pub timeout: Option<Node>,
    pub tell: Option<Tell>,
    pub accept: Option<Accept>,
    pub on_error: Option<OnError>,
    pub retry: Option<Retry>,
    /// What a report names; `None` where the action decides.
    pub about: Option<Vec<Text>>,
    pub with: Option<With>,
}

/// How failed calls are reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TellPolicy {
    pub span: Span,
    pub publish: Option<Name>,
    pub with: Option<With>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    pub span: Span,
    pub on_error: Option<OnError>,
    pub tell: Option<Tell>,
    pub timeout: Option<Node>,
    pub retry: Option<Retry>,
}
