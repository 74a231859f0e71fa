//! What starts runs.

use wf_expr::Written;
use wf_source::Span;
use wf_value::{InputSpec, Text};

use crate::{Envelope, FlowId, Retry};

#[derive(Debug)]
pub struct Trigger {
    pub kind: TriggerKind,
    pub flow: FlowId,
    pub overlap: Overlap,
    pub retry: Option<Retry>,
    /// Typed fields of what comes from outside.
    pub inputs: Option<InputSpec>,
    /// `for: x` + `in:`: one trigger for each entry; the entry is handed to the flow's input of that name.
    pub each: Option<(Text, Written)>,
    pub span: Span,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "a workflow has a few")]
pub enum TriggerKind {
    Every { interval: Written, at_start: AtStart },
    Cron { pattern: Written, timezone: Option<Written>, misfire_grace: Option<Written>, at_start: AtStart },
    Message { subject: Text, queue: Option<Text>, envelope: Envelope },
    Http { method: Text, path: Text, timeout: Option<Written>, raw_body: bool },
    Task { task: Text, every: Option<Written>, give_up_after: Option<Written>, gave_up: Option<FlowId> },
}

#[derive(Debug)]
pub enum AtStart {
    No,
    Now,
    After(Written),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlap {
    #[default]
    Skip,
    Queue,
    Allow,
}
