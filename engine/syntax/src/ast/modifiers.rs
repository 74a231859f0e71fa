//! What stands beside a verb: `retry`, `accept`, `on_error`, `tell`, `doubt` (language.md §6).

use wf_source::Span;

use crate::{
    ast::{Name, Spanned, Step, Text, With},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    pub span: Span,
    /// `timeout`, `no_connection`, statuses, outcomes, `failed`, `undecided`.
    pub when: Vec<Name>,
    /// A whole number, `forever`, or an expression.
    pub attempts: Option<Node>,
    /// A duration, `D to D`, a list of durations, or an expression.
    pub wait: Option<Node>,
    pub backoff: Option<Spanned<Backoff>>,
    pub within: Option<Node>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backoff {
    Fixed,
    Exponential,
}

/// Which answers are ok.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accept {
    Any(Span),
    /// Outcomes and statuses: `[2xx, exists]`.
    Only(Vec<Name>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnError {
    Fail(Span),
    Skip(Span),
    Ignore(Span),
    /// Of a `for`: failed and undecided items are missing from `values`.
    LeaveOut(Span),
    /// Sees `error`.
    Block {
        span: Span,
        steps: Vec<Step>,
    },
}

/// When a failed call is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tell {
    Yes(Span),
    No(Span),
    /// Every try.
    Each(Span),
    /// A condition on `failed`.
    If(Text),
}

/// What a write does when nobody knows whether it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    Repeat(Span),
    Report(Span),
    Look {
        span: Span,
        call: Option<Name>,
        with: Option<With>,
        found: Option<Text>,
        status: Option<Node>,
        body: Option<Node>,
    },
}
