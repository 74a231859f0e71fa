//! What a run tells while it is explained.

use jiff::Timestamp;
use wf_plan::{Address, StepId};
use wf_source::Span;
use wf_value::{Text, Value};

/// Hears every decision of a run, in order. A run without one tells nothing and is fast.
pub trait Tracer {
    fn decided(&mut self, decision: Decision);

    /// Whether it matters what functions and tables made of that value: of 10,000 elements that a filter drops, who asks about one hears
    /// of one.
    fn wants(&self, _about: &Value) -> bool {
        true
    }

    /// Whether everything that tables say there matters, whatever they are given.
    fn wants_all(&self, _at: &Address) -> bool {
        false
    }
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
        /// Of what it was asked, before that was an item: `where`.
        element: Option<Value>,
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
        /// The condition or key that decided, and the values it saw.
        because: Span,
        saw: Vec<(Text, Value)>,
    },
    /// A decision table was asked. `span`: the row that decided, the table where none did.
    Ruled {
        address: Address,
        span: Span,
        table: Text,
        /// The columns that were looked at.
        saw: Vec<(Text, Value)>,
        result: Value,
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
    /// A message that was sent, as far as the run knew, did not leave.
    Lost {
        address: Address,
        cause: Text,
    },
    RunEnded {
        how: Text,
    },
}
