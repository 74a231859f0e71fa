//! What an evaluation may see.

use std::cell::Cell;

use jiff::Timestamp;
use wf_source::Span;
use wf_value::{Unknown, Value};

use crate::{Program, Slot};

/// The names of the step's scope.
pub trait Vars {
    /// The value of a slot; null for a step that was not done.
    fn slot(&self, slot: Slot) -> Value;
}

/// Everything outside an expression that it may read. One for each step, so that `now` is one instant.
pub struct Ctx<'a> {
    pub program: &'a Program,
    pub vars: &'a dyn Vars,
    /// The values of the plan's params, by number.
    pub params: &'a [Value],
    /// `{name, writes, workflow}`
    pub env: &'a Value,
    pub now: Timestamp,
    /// Steps of evaluation left; what is over gives unknown ([`wf_value::UnknownKind::Limit`]).
    pub fuel: Cell<u64>,
    /// Hears of elements that functions drop; only while a run is explained.
    pub trace: Option<&'a dyn Trace>,
}

impl Ctx<'_> {
    /// Evaluations that one expression may take: a nested loop over 10,000 × 10,000 elements is refused, one over 100,000 is not.
    pub const FUEL: u64 = 50_000_000;
}

/// Listens to an evaluation, for `explain`.
pub trait Trace {
    fn dropped(&self, what: Dropped<'_>);
}

/// An element that a function left out of its result, and why.
#[derive(Debug)]
pub struct Dropped<'a> {
    pub element: &'a Value,
    /// The call: `.filter(row, active(row.edgeState))`.
    pub call: Span,
    /// `filter`
    pub function: &'static str,
    /// `None`: the condition was false. Else the element was set aside.
    pub unknown: Option<&'a Unknown>,
    /// The condition or key that decided.
    pub because: Span,
}
