//! One line of a story.

use wf_plan::Address;
use wf_source::Span;

/// Something that happened to the item, or was decided about it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub address: Address,
    pub span: Span,
    pub what: What,
    /// The reason that a condition stands for, where it has one.
    pub reason: Option<String>,
    /// What stands in the source: a condition, a call, a row of a table.
    pub text: String,
    pub saw: Vec<Saw>,
    /// What came of it; empty: nothing (yet).
    pub result: String,
    /// Whether what came of it holds the item: of calls, flows, lets.
    pub holds: bool,
}

impl Entry {
    #[must_use]
    pub fn new(address: Address, span: Span, what: What, text: impl Into<String>) -> Self {
        let (saw, result) = (Vec::new(), String::new());
        Self { address, span, what, reason: None, text: text.into(), saw, result, holds: false }
    }

    /// The reason and its condition, or what stands in the source.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.reason {
            Some(reason) => format!("{reason}: {}", self.text),
            None => self.text.clone(),
        }
    }
}

/// A part of an expression, and the value it had.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Saw {
    pub name: String,
    pub value: String,
    /// Of a param: who set it.
    pub from: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// An item of a loop, with all that happened to it.
    Item,
    /// A flow that was run.
    Flow,
    /// `if where skip stop fail tell`, as they are written.
    Condition(&'static str),
    Table,
    Let,
    /// A function left an element out: it was not meant.
    Dropped,
    /// Nobody could judge an element.
    SetAside,
    Call,
    Sent,
    Held,
    Again,
    /// `recheck defer cancel`
    Booked(&'static str),
    /// The run, when something it began with holds the item.
    Run,
}

impl What {
    /// One word, for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Flow => "flow",
            Self::Condition(word) | Self::Booked(word) => word,
            Self::Table => "table",
            Self::Let => "let",
            Self::Dropped => "dropped",
            Self::SetAside => "set_aside",
            Self::Call => "call",
            Self::Sent => "sent",
            Self::Held => "held",
            Self::Again => "again",
            Self::Run => "run",
        }
    }

    /// How a line begins that people read.
    #[must_use]
    pub fn begins(self) -> &'static str {
        match self {
            Self::Item => "for",
            Self::Flow => "run",
            Self::Dropped => "dropped by",
            Self::SetAside => "set aside by",
            Self::Sent => "send",
            Self::Held => "hold back",
            Self::Again => "wait for",
            Self::Run => "begin",
            other => other.word(),
        }
    }
}
