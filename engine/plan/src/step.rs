//! Steps.

use std::sync::Arc;

use wf_expr::{Code, Written};
use wf_source::Span;
use wf_value::Text;

use crate::{Action, FlowId, Frame, Request, Retry, StatusSet};

/// Number of a step in its module, in the order of the files: part of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId(pub u32);

/// Steps one after the other. Shared: a run keeps its place in it without borrowing the plan.
#[derive(Clone, Debug, Default)]
pub struct Block {
    pub steps: Arc<[Step]>,
}

impl From<Vec<Step>> for Block {
    fn from(steps: Vec<Step>) -> Self {
        Self { steps: steps.into() }
    }
}

/// One entry of `steps`: a verb with what may stand beside any verb.
#[derive(Debug)]
pub struct Step {
    pub number: StepId,
    /// Slot of its frame that takes the result.
    pub id: Option<u16>,
    pub condition: Option<Code>,
    pub verb: Verb,
    pub on_error: OnError,
    pub retry: Option<Retry>,
    /// The verb's value, where a finger points at the whole step.
    pub span: Span,
}

/// What a step does (`language.md` §6). Slots are those of the frame that the step stands in.
#[derive(Debug)]
pub enum Verb {
    Call(Box<Call>),
    /// Sent, nothing expected.
    Publish(Box<Call>),
    Run {
        flow: FlowId,
        with: Vec<(u16, Written)>,
    },
    /// Slots of this frame, in order.
    Let(Vec<(u16, Written)>),
    For(Box<Loop>),
    Leave(Leave),
    Return(Option<Written>),
    /// `labels` gives a map: a mapping as written, or `=labels(facts)`. `rows` replaces all series of a gauge.
    Metric {
        metric: u32,
        labels: Option<Written>,
        value: Option<Written>,
        rows: Option<Written>,
    },
    /// `state` (declares) and `set` (changes): slots `up` frames outward.
    Set(Vec<(wf_expr::Slot, Written)>),
    Recheck {
        flow: FlowId,
        list: Written,
        by: Option<Code>,
        item: Frame,
        after: Written,
        with: Vec<(Text, Written)>,
    },
    Defer {
        task: Text,
        key: Written,
        after: Option<Written>,
        at: Option<Written>,
        with: Written,
    },
    Cancel {
        task: Text,
        key: Written,
    },
    /// Connectors only: one request to the vendor.
    Request(Box<Request>),
}

/// What `call` and `publish` send.
#[derive(Debug)]
pub struct Call {
    pub action: Arc<Action>,
    /// A mapping: the inputs, in the order they are written; defaults of `calls` merged in.
    pub with: Written,
    pub accept: Option<Accept>,
    /// A duration, or whole milliseconds; `None`: the action's own.
    pub timeout: Option<Written>,
    pub tell: TellWhen,
    /// Overrides the action's `about`.
    pub about: Option<Vec<crate::About>>,
}

/// Which answers are ok.
#[derive(Clone, Debug, PartialEq)]
pub struct Accept {
    /// `any`: whatever comes back, a missing answer too.
    pub any: bool,
    pub statuses: StatusSet,
    pub outcomes: Vec<Text>,
}

impl Accept {
    /// Whether an answer is ok; where nothing is said a 2xx is. `missing`: there is no usable answer.
    #[must_use]
    pub fn takes(accept: Option<&Self>, status: u16, outcome: Option<&str>, missing: bool) -> bool {
        match accept {
            Some(accept) if accept.any => true,
            _ if missing => false,
            None => (200..300).contains(&status),
            Some(accept) => {
                accept.statuses.holds(status)
                    || outcome.is_some_and(|outcome| accept.outcomes.iter().any(|name| name.as_str() == outcome))
            }
        }
    }
}

/// When a failed call is reported.
#[derive(Debug, Default)]
pub enum TellWhen {
    #[default]
    Never,
    /// After the last try.
    Once,
    /// Every try.
    Each,
    /// When the condition on `failed` holds; `failed` is the slot of this frame.
    If { failed: u16, condition: Code },
}

/// What becomes of the steps after one that failed or is undecided, when nothing tries it again.
#[derive(Debug, Default)]
pub enum OnError {
    #[default]
    Fail,
    Skip,
    Ignore,
    /// Sees `error` in the slot of this frame.
    Block {
        error: u16,
        block: Block,
    },
}

/// `for`.
#[derive(Debug)]
pub struct Loop {
    pub var: Text,
    /// The item's frame: the variable in slot 0, then what its body names.
    pub item: Frame,
    pub list: Written,
    /// In the item's frame.
    pub filter: Option<Code>,
    pub parallel: Parallel,
    pub body: LoopBody,
    /// In the item's frame, after its steps.
    pub collect: Option<Written>,
    pub on_error: LoopError,
    /// Names that `as:` files items under, in the order of the file.
    pub named: Vec<Text>,
    pub span: Span,
}

/// What is done with each item.
#[derive(Debug)]
pub enum LoopBody {
    Steps(Block),
    /// `with` in the item's frame.
    Run {
        flow: FlowId,
        with: Vec<(u16, Written)>,
    },
}

/// How many items are under way at a time.
#[derive(Debug)]
pub enum Parallel {
    One,
    /// A number, evaluated once.
    Count(Written),
    Pool(u32),
    /// The engine's limit.
    Yes,
}

/// What becomes of a loop of which an item failed or is undecided.
#[derive(Debug, Default)]
pub enum LoopError {
    #[default]
    GoOn,
    LeaveOut,
    Fail,
    /// For each failed or undecided item, in the frame around the loop; sees `error` in that slot.
    Block {
        error: u16,
        block: Block,
    },
}

/// What is left: the innermost item or flow as skipped, the nearest loop, or the same as failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveKind {
    Skip,
    Stop,
    Fail,
}

/// `skip`, `stop`, `fail`: the first reason that holds ends it.
#[derive(Debug)]
pub struct Leave {
    pub kind: LeaveKind,
    pub reasons: Vec<Reason>,
    /// Files the item under this name.
    pub file_as: Option<Text>,
}

/// Why something is left, and when.
#[derive(Debug)]
pub struct Reason {
    /// A text, may have holes.
    pub text: Written,
    /// `None`: always.
    pub condition: Option<Code>,
    pub span: Span,
}
