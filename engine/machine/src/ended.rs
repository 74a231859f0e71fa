//! How a run ended, and what is reported of it.

use std::sync::Arc;

use wf_plan::{Address, StepId, Word};
use wf_value::{Text, Unknown, Value};

/// The last that is heard of a run.
#[derive(Clone, Debug)]
pub struct Ended {
    pub how: EndedHow,
    /// What its flow returned: the reply of a message or http run.
    ///
    /// Of a connector's action: `{status, body}`, what it replies, also when a request failed; `None` when it has no reply of its own.
    pub returned: Option<Value>,
    pub report: Report,
}

/// How its main steps, or the flow that it was, came to their end.
#[derive(Clone, Debug)]
pub enum EndedHow {
    /// All steps were done, or one returned.
    Well,
    /// `skip` in the main steps, or `on_error: skip` of one.
    Skipped { reason: Text },
    /// A step failed, or `fail` was said.
    Failed {
        reason: Text,
        /// The step where it began.
        address: Address,
        /// What a call, when it was one that failed, was answered, as `retry` of a trigger looks at it: status, outcome, and the word for
        /// an answer that is missing.
        status: Option<u16>,
        outcome: Option<Text>,
        why: Option<Word>,
    },
    /// A step could not be decided.
    Undecided { why: Arc<Unknown>, address: Address },
    /// What follows needs a write that was held back.
    Held { why: Arc<Unknown>, address: Address },
    /// Somebody ended it from outside.
    Cancelled { reason: Text },
}

/// What was decided for how many, and everything that was sent. Kept small: counts by reason, and only what people must see by name.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Every loop that ran, in the order in which they began; a loop inside items of another one is summed up.
    pub loops: Vec<LoopReport>,
    /// Skips of flows and of the run, by reason.
    pub skips: Vec<(Text, u64)>,
    /// Everything nobody could decide: items, elements that were set aside, steps. The first [`Report::NAMED`] by name.
    pub undecided: Vec<Undecided>,
    /// How many more there are.
    pub undecided_more: u64,
    /// Items that failed, and what failed beside them. The first [`Report::NAMED`] by name.
    pub failures: Vec<Failed>,
    pub failures_more: u64,
    /// Writes, tells and bookings, in order.
    pub sent: Vec<SentReport>,
    /// Failed calls, by action.
    pub failed_calls: Vec<(Text, u64)>,
}

impl Report {
    /// How many undecided and failed ones are named; the others are counted.
    pub const NAMED: usize = 1_000;

    /// Undecided in all.
    #[must_use]
    pub fn undecided_count(&self) -> u64 {
        self.undecided.len() as u64 + self.undecided_more
    }

    /// The answer to a write that came when nobody went on with it any more.
    pub fn settle(&mut self, address: &Address, status: u16) {
        let waits = |sent: &&mut SentReport| sent.address == *address && sent.status.is_none() && !sent.held;
        if let Some(sent) = self.sent.iter_mut().rev().find(waits) {
            sent.status = Some(status);
        }
    }

    /// A message that was said to be sent was not, or nobody knows: it is no longer among what was told, but among the failures.
    pub fn lose(&mut self, address: &Address, cause: Text) {
        let Some(sent) = self.sent.iter_mut().rev().find(|sent| sent.address == *address && sent.lost.is_none()) else {
            return;
        };
        let reason = format!("{} was not sent: {cause}", sent.action).into();
        let failed = Failed { address: address.clone(), item: sent.about.clone(), reason };
        sent.lost = Some(cause);
        if self.failures.len() >= Self::NAMED {
            self.failures_more += 1;
        } else {
            self.failures.push(failed);
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct LoopReport {
    pub step: Option<StepId>,
    /// `ticket in open tickets`: how people call it.
    pub title: Text,
    pub items: u64,
    pub done: u64,
    /// By the filter.
    pub left_out: u64,
    /// By reason.
    pub skipped: Vec<(Text, u64)>,
    pub failed: u64,
    pub undecided: u64,
    pub held: u64,
}

impl LoopReport {
    /// Items that never began, after `stop`, `return` or a failure.
    #[must_use]
    pub fn not_begun(&self) -> u64 {
        let skipped: u64 = self.skipped.iter().map(|(_, n)| n).sum();
        let ended = self.done + self.left_out + skipped + self.failed + self.undecided + self.held;
        self.items.saturating_sub(ended)
    }
}

#[derive(Clone, Debug)]
pub struct Undecided {
    pub address: Address,
    /// The item or element, short: its first telling fields.
    pub item: Text,
    /// Where it stood: `crm.get_rows, row 4711`.
    pub place: Text,
    pub why: Arc<Unknown>,
}

#[derive(Clone, Debug)]
pub struct Failed {
    pub address: Address,
    /// The item, short.
    pub item: Text,
    pub reason: Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentKind {
    Write,
    Tell,
    /// A recheck or a task for later, or one that was called off.
    Booking,
}

#[derive(Clone, Debug)]
pub struct SentReport {
    pub address: Address,
    pub kind: SentKind,
    pub action: Text,
    /// What it was about: the values of the action's `about`.
    pub about: Text,
    /// `None`: held back, or nothing came back yet.
    pub status: Option<u16>,
    pub held: bool,
    /// Why it did not leave, of a message that nobody answers.
    pub lost: Option<Text>,
}

/// How an item of a loop ended: all that is left of it, beside what it collected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ItemEnd {
    /// Not yet, or never, after `stop` or a failure.
    #[default]
    NotBegun,
    Done,
    /// The filter was false.
    LeftOut,
    Skipped,
    Failed,
    Undecided,
    Held,
}
