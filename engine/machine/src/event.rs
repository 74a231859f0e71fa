//! What comes from outside.

use jiff::Timestamp;
use wf_plan::{Address, Answered};
use wf_value::Text;

/// One event, in the order of the journal.
#[derive(Clone, Debug)]
pub struct Event {
    /// The engine's clock when it was taken: `now` of the steps that go on with it.
    pub at: Timestamp,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// The answer to a call, request or booking of that address; one that nobody waits for any more is dropped.
    Answered { address: Address, answered: Answered },
    /// A timer that was set for that address is due.
    Due { address: Address },
    /// A message that nobody answers did not leave, or nobody knows whether it did.
    Lost { address: Address, cause: Text },
    /// Somebody ends the run.
    Cancelled { reason: Text },
}
