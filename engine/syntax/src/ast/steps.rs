//! A step: exactly one verb, and modifiers (language.md §6).

use wf_source::Span;

use crate::{
    ast::{
        Accept, Binding, Call, Cancel, Defer, Doubt, For, Leave, Metric, Name, OnError, Publish, Recheck, Request,
        Retry, Run, Tell, Text,
    },
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub span: Span,
    /// The key of the verb; the step itself when it has none.
    pub at: Span,
    pub id: Option<Name>,
    /// `if`
    pub condition: Option<Text>,
    pub verb: Verb,
    pub modifiers: Modifiers,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    Call(Call),
    Publish(Publish),
    Run(Run),
    Let(Vec<Binding>),
    For(Box<For>),
    Skip(Leave),
    Stop(Leave),
    Fail(Leave),
    Return(Node),
    Recheck(Recheck),
    Defer(Defer),
    Cancel(Cancel),
    Metric(Metric),
    State(Vec<Binding>),
    Set(Vec<Binding>),
    /// In connectors only.
    Request(Box<Request>),
    /// No verb, or two; reported already.
    Broken,
}

/// What may stand beside several verbs; the reader refuses those that do not belong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    pub accept: Option<Accept>,
    pub retry: Option<Retry>,
    pub timeout: Option<Node>,
    pub on_error: Option<OnError>,
    pub tell: Option<Tell>,
    pub doubt: Option<Doubt>,
}
