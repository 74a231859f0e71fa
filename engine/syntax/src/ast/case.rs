//! A case of a workflow: what the outside world answers, what happens, what must follow.

use wf_source::Span;

use crate::{
    ast::{Binding, Name, Spanned},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub span: Span,
    pub system: Option<Name>,
    pub process: Option<Name>,
    pub title: Option<Name>,
    /// ISO time at which the trigger fires.
    pub now: Option<Name>,
    pub environment: Option<Name>,
    pub params: Vec<Binding>,
    pub trigger: Option<CaseTrigger>,
    /// Virtual time let pass.
    pub run_for: Option<Name>,
    /// Keys beforehand; a value that is no text stands for its JSON.
    pub state: Vec<Binding>,
    /// Documents beforehand, by collection.
    pub documents: Vec<Binding>,
    pub given: Vec<Given>,
    pub expect: Option<Expect>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseTrigger {
    Schedule {
        span: Span,
        runs: Option<Node>,
        ticks: Option<Spanned<bool>>,
    },
    Message {
        span: Span,
        subject: Option<Name>,
        body: Option<Node>,
    },
    Http {
        span: Span,
        method: Option<Name>,
        path: Option<Name>,
        query: Vec<Binding>,
        raw_query: Option<Name>,
        headers: Vec<Binding>,
        body: Option<Node>,
    },
    /// Reported already.
    Broken,
}

/// What a neighbour answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub span: Span,
    /// A subject on the bus …
    pub subject: Option<Name>,
    /// … or a method and URL.
    pub http: Option<Name>,
    pub body: Option<Node>,
    pub query: Option<Node>,
    pub headers: Option<Node>,
    pub form: Option<Node>,
    pub json: Option<Node>,
    /// `{status, body}`, `{status, json}`, `timeout`, `refused`: one a call, the last one repeats.
    pub replies: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    pub span: Span,
    /// `None` when nothing is said of them.
    pub writes: Option<Vec<ExpectedWrite>>,
    /// `{status, body, headers}`
    pub reply: Option<Node>,
    pub state: Vec<Binding>,
    pub tasks: Option<Vec<ExpectedTask>>,
    pub documents: Vec<Binding>,
    pub metrics: Vec<ExpectedMetric>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedWrite {
    Bus { span: Span, subject: Name, body: Option<Node> },
    Mail { span: Span, mail: Node },
    Http { span: Span, request: Name, parts: Vec<Binding> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedTask {
    pub span: Span,
    pub task: Option<Name>,
    pub due: Option<Name>,
    pub key: Option<Name>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedMetric {
    pub span: Span,
    pub name: Option<Name>,
    pub labels: Vec<Binding>,
    pub value: Option<Node>,
    /// `none: true`: no series, or only zeros.
    pub none: bool,
}
