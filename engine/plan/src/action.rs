//! An action of a connector, as its callers see it.

use std::sync::{Arc, OnceLock};

use wf_expr::{Code, Written};
use wf_source::Span;
use wf_value::{InputSpec, Text, Type};

use crate::{StatusSet, Word};

/// What calling it does to the world (`language.md` §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    Read,
    Write,
    Tell,
}

/// How the payload stands in the message (`connectors.md` §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    #[default]
    Body,
    None,
    Notify,
}

/// The contract between a caller and a connector; shared by all plans that call it.
#[derive(Debug)]
pub struct Action {
    /// `crm`
    pub connector: Text,
    /// `append_note`
    pub name: Text,
    pub full_name: FullName,
    /// `Ticketing: append note`: the connector's title and the action in words, for reports.
    pub title: Text,
    /// A subject may hold fields of the input, which is in slot 0: `done.{{ service }}`.
    pub subject: Written,
    pub queue: Option<Text>,
    pub effect: Effect,
    pub envelope: Envelope,
    pub input: InputSpec,
    pub output: Type,
    /// Whether somebody answers (`tells` of a bus: nobody).
    pub replies: bool,
    /// Whether whoever answers claims request ids, so that the same one sent again does nothing twice: our connectors do, other services
    /// on the bus do not.
    pub claims: bool,
    pub outcomes: Vec<Outcome>,
    /// Which answers are ok; default 2xx.
    pub accept: Option<crate::Accept>,
    pub about: Vec<About>,
    /// How long a caller waits when it says nothing, in milliseconds: the declared sum and 5 s.
    pub wait_ms: i64,
    pub doubt: Doubt,
    /// A workflow's own memory (`keys`, `documents`): written under `writes: off` as long as what is written is known.
    pub memory: bool,
    pub span: Span,
}

/// Both names in one, made once: see [`Action::full_name`].
#[derive(Debug, Default)]
pub struct FullName(OnceLock<Text>);

/// A name for answers: only status and body travel, so it is a function of these.
#[derive(Debug)]
pub struct Outcome {
    pub name: Text,
    pub statuses: StatusSet,
    /// Sees `body` in slot 0, and constants; no define or table of the connector, since callers have none of these.
    pub condition: Option<Code>,
    /// Its name.
    pub span: Span,
}

/// A field that a report of a failed call names.
#[derive(Debug)]
pub struct About {
    /// `edge.host`, as written.
    pub label: Text,
    /// Sees the input in slot 0; no define or table.
    pub value: Written,
}

/// What to do when a write was sent and no answer was ever recorded.
#[derive(Clone, Debug, Default)]
pub enum Doubt {
    Repeat,
    #[default]
    Report,
    Look(Arc<Look>),
}

/// A read that tells whether the write happened. Evaluated in a frame of the action's flow that holds its inputs.
#[derive(Debug)]
pub struct Look {
    /// Names that the action gives to values: set first, in order.
    pub lets: Vec<(u16, Written)>,
    /// A read of the same folder.
    pub call: Text,
    pub with: Written,
    pub found: Code,
    pub status: Option<Written>,
    pub body: Option<Written>,
    /// Slots: the `body` of what was asked, and `sent_at`, when the doubtful request left.
    pub answer: u16,
    pub sent_at: u16,
}

/// What came back of a call.
#[derive(Clone, Debug)]
pub struct Answered {
    pub status: u16,
    /// As it came, with its origin.
    pub body: wf_value::Value,
    /// Why there is no usable answer; the status is 503 then.
    pub cause: Option<Text>,
    /// The same in one word, for `retry: {when: …}`: `no_connection` (surely nobody acted), `timeout`, `no_answer`, `unusable`.
    pub why: Option<Word>,
}

impl Answered {
    /// An answer, whatever its status.
    #[must_use]
    pub fn new(status: u16, body: wf_value::Value) -> Self {
        Self { status, body, cause: None, why: None }
    }

    /// No usable answer.
    #[must_use]
    pub fn lost(why: Word, cause: impl Into<Text>) -> Self {
        Self { status: 503, body: wf_value::Value::Null, cause: Some(cause.into()), why: Some(why) }
    }
}

impl Action {
    /// `crm.append_note`
    #[must_use]
    pub fn full_name(&self) -> &Text {
        self.full_name.0.get_or_init(|| format!("{}.{}", self.connector, self.name).into())
    }
}
