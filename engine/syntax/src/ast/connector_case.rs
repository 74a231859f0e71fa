//! A case of a connector: what arrives on the bus, what the vendor is asked and answers, what goes back.

use wf_source::Span;

use crate::{
    ast::{Binding, Name},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorCase {
    pub span: Span,
    pub connector: Option<Name>,
    pub title: Option<Name>,
    pub now: Option<Name>,
    pub config: Vec<Binding>,
    pub state: Vec<Binding>,
    pub mailbox: Option<Mailbox>,
    pub steps: Vec<Step>,
    pub state_after: Vec<Binding>,
    /// `[{uid, flags}]`
    pub mailbox_after: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// `refused`: the server is down.
    Refused(Span),
    /// `{account, folder, password, messages}`
    Messages { span: Span, account: Option<Name>, folder: Option<Name>, password: Option<Name>, messages: Vec<Node> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub span: Span,
    pub after: Option<Name>,
    pub request: Option<CaseRequest>,
    /// What the vendor is asked, in order; `None` when nothing is said.
    pub vendor: Option<Vec<VendorCall>>,
    /// The same, in any order.
    pub unordered: Option<Vec<VendorCall>>,
    /// `{status, body}` or `none`.
    pub reply: Option<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRequest {
    pub span: Span,
    pub subject: Option<Name>,
    pub body: Option<Node>,
    /// The whole message.
    pub payload: Option<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorCall {
    pub span: Span,
    /// `GET /path`, `package.Service/Method`, `SMTP`, `SMTP LOGIN`
    pub request: Option<Name>,
    /// `query`, `json`, `form`, `headers`, `message`, `mail`, `text`, …: exact.
    pub expect: Vec<Binding>,
    /// `{status, json, …}`, or `refused`, `silence`, `cut`, `accepted`.
    pub answer: Option<Node>,
}
