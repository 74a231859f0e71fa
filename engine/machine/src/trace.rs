//! What a run tells while it is explained.

use jiff::Timestamp;
use wf_plan::{Address, StepId};
use wf_source::Span;
use wf_value::{Text, Value};

/// Hears every decision of a run, in order. A run without one tells nothing and is fast.
pub trait Tracer {
    fn decided(&mut self, decision: Decision);
}

/// A place where something was decided, dropped, changed, sent or learned.
#[derive(Clone, Debug)]
pub enum Decision {
    /// An `if`, `where`, guard or loop filter, with the values it saw. `holds: None` = unknown.
    Condition {
        address: Address,
        step: StepId,
        span: Span,
        what: &'static str,
        holds: Option<bool>,
        saw: Vec<(Text, Value)>,
        reason: Option<Text>,
    },
    /// A loop began an item.
    Item {
        address: Address,
        step: StepId,
        var: Text,
        value: Value,
    },
    ItemEnded {
        address: Address,
        step: StepId,
        how: Text,
    },
    /// A function or loop left an element out.
    Dropped {
        address: Address,
        span: Span,
        function: Text,
        element: Value,
        unknown: Option<Text>,
    },
    Let {
        address: Address,
        span: Span,
        name: Text,
        value: Value,
    },
    Called {
        address: Address,
        span: Span,
        action: Text,
        body: Value,
    },
    Answered {
        address: Address,
        span: Span,
        action: Text,
        status: u16,
        outcome: Option<Text>,
        body: Value,
        cause: Option<Text>,
    },
    Sent {
        address: Address,
        span: Span,
        action: Text,
        body: Value,
        held: bool,
    },
    /// A call, flow or item is tried again, at that time; `attempt` is the number of the next try.
    Again {
        address: Address,
        span: Span,
        attempt: u32,
        at: Timestamp,
    },
    /// `recheck` (once for each item), `defer`, `cancel` (`at`: now).
    Booked {
        address: Address,
        span: Span,
        what: Text,
        key: Text,
        at: Timestamp,
        value: Value,
        held: bool,
    },
    FlowBegan {
        address: Address,
        flow: Text,
        inputs: Vec<(Text, Value)>,
    },
    FlowEnded {
        address: Address,
        flow: Text,
        how: Text,
        value: Value,
    },
    RunEnded {
        how: Text,
    },
}
