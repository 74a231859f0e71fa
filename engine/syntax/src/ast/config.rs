//! `limits`, `pages`, `cache`, `tls` of a connector.

use wf_source::Span;

use crate::{ast::Text, tree::Node};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// One vendor call.
    pub timeout: Option<Node>,
    /// Requests of one subject at a time.
    pub concurrency: Option<Node>,
    /// Calls started, per host: `50/s`.
    pub rate: Option<Node>,
    /// Pages of one list.
    pub pages: Option<Node>,
    /// Size of one answer.
    pub bytes: Option<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    pub span: Span,
    pub start: Option<Node>,
    pub items: Option<Text>,
    pub next: Option<Text>,
    pub link: Option<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    pub span: Span,
    pub key: Option<Node>,
    /// `for`
    pub ttl: Option<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// `starttls`
    StartTls(Span),
    /// `always`
    Always(Span),
    Options {
        span: Span,
        verify: Option<Node>,
        enabled: Option<Node>,
        ca_file: Option<Node>,
    },
}
