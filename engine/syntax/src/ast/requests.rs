//! A request to a vendor (connectors.md §3): of an action, a step or a login.

use wf_source::Span;

use crate::{
    ast::{Answers, Cache, Limits, Name, Pages, Retry, Text, TypeExpr},
    tree::Node,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET /path/{{ x }}`; none for `keys` and `bus`, and in an action with `steps`.
    pub line: Option<Text>,
    /// In the order written.
    pub parts: Vec<Part>,
    /// Type of the vendor's 2xx body.
    pub vendor: Option<TypeExpr>,
    /// `None` when nothing is said; an empty list is one.
    pub answers: Option<Answers>,
    pub reply: Option<Node>,
    pub pages: Option<Pages>,
    pub retry: Option<Retry>,
    pub expired: Option<Text>,
    pub redirects: Option<Name>,
    pub cache: Option<Cache>,
    pub limits: Option<Limits>,
}

/// What goes with the request line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub kind: PartKind,
    pub key: Span,
    pub value: Node,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartKind {
    Query,
    Headers,
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
    Message,
    Mail,
    Criteria,
    Uids,
    Peek,
    AddFlags,
    RemoveFlags,
    Match,
    Document,
    Set,
    Sort,
    LeaveOut,
    Limit,
    Group,
    ContentType,
}

impl Request {
    #[must_use]
    pub fn part(&self, kind: PartKind) -> Option<&Node> {
        self.parts.iter().find(|p| p.kind == kind).map(|p| &p.value)
    }
}
