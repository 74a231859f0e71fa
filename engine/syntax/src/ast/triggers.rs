//! `triggers` (language.md §5, connectors.md §11).

use wf_source::Span;

use crate::{
    ast::{Listing, Name, Retry, Spanned, Text},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    pub span: Span,
    pub kind: TriggerKind,
    pub flow: Option<Name>,
    pub overlap: Option<Spanned<Overlap>>,
    pub retry: Option<Retry>,
    /// Of schedules: also when the engine starts; `true` or how long after.
    pub at_start: Option<Node>,
    /// `for: x`, `in: …`: one trigger for each entry.
    pub each: Option<(Name, Option<Listing>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    Skip,
    Queue,
    Allow,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerKind {
    Every {
        interval: Node,
    },
    Cron {
        cron: Node,
        timezone: Option<Node>,
        misfire_grace: Option<Node>,
    },
    Message {
        subject: Text,
        queue: Option<Text>,
        no_envelope: bool,
    },
    Http {
        route: Text,
        timeout: Option<Node>,
        raw_body: bool,
    },
    Task {
        task: Name,
        every: Option<Node>,
        give_up_after: Option<Node>,
        gave_up: Option<Name>,
    },
    /// Reported already.
    Broken,
}
