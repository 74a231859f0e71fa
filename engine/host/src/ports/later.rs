//! Work for later: rechecks of the engine's own, and named tasks that other services see, too (`docs/language.md` §7).

use async_trait::async_trait;
use jiff::Timestamp;
use wf_plan::{Address, RunId};
use wf_value::{Text, Value};

/// Number of a booking in its store.
pub type BookingId = u64;

/// One run of a flow, booked by a recheck.
#[derive(Clone, Debug, PartialEq)]
pub struct Booking {
    /// Given by the store; 0 until then.
    pub id: BookingId,
    /// The workflow, with its instance: `monitor@north`.
    pub workflow: String,
    /// The plan under which it was booked.
    pub plan: String,
    pub flow: String,
    pub due: Timestamp,
    /// What distinguishes it beside its items: flow and `with`, written out.
    pub scope: String,
    /// Items under their keys.
    pub items: Vec<(Text, Value)>,
    pub with: Value,
    pub booked_by: RunId,
    /// The step of that run. Asked again by the same step, it is booked no second time.
    pub step: Address,
}

/// A step of a run that asks for something to be booked or called off: asked again, it gets the answer that it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    pub run: RunId,
    pub step: Address,
}

/// Rechecks. An item is booked under (workflow, scope, key): one that is booked already, or being looked at by such a run, keeps its time.
#[async_trait]
pub trait Bookings: Send + Sync {
    /// Books the items whose keys are free, as one run; gives their keys. Nothing is booked when there are none.
    async fn book(&self, booking: Booking) -> Result<Vec<Text>, LaterError>;

    /// What is due by `now` and not taken, in order of time.
    async fn due(&self, now: Timestamp) -> Result<Vec<Booking>, LaterError>;

    /// Takes it for a run that is about to begin: `false` when somebody else has it. Its keys stay taken until [`Self::done`].
    async fn take(&self, id: BookingId, run: RunId) -> Result<bool, LaterError>;

    /// Those that are taken, with their runs, in the order in which they were booked.
    async fn taken(&self) -> Result<Vec<(Booking, RunId)>, LaterError>;

    /// The run of a booking is over: its items may be booked again.
    async fn done(&self, id: BookingId) -> Result<(), LaterError>;

    /// Those that wait, the next one first.
    async fn waiting(&self) -> Result<Vec<Booking>, LaterError>;

    /// When the next one is due.
    async fn next_due(&self) -> Result<Option<Timestamp>, LaterError>;
}

/// A named task.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub kind: Text,
    pub key: Text,
    pub due: Timestamp,
    /// Null when whoever booked it left them out.
    pub data: Value,
}

/// Named tasks (wire contract 6): the first booking of a key wins.
#[async_trait]
pub trait Tasks: Send + Sync {
    /// Whether it was booked; `false`: the key was there already, and neither time nor data changed.
    async fn book(&self, task: Task, by: Option<Asker>) -> Result<bool, LaterError>;

    /// Whether something was pending.
    async fn cancel(&self, kind: &str, key: &str, by: Option<Asker>) -> Result<bool, LaterError>;

    /// Those due by `now`, by due time. They stay until they are cancelled.
    async fn due(&self, kind: &str, now: Timestamp) -> Result<Vec<Task>, LaterError>;

    /// Takes a task for a run, which is about to begin, until `until`: `false` when somebody else has it, or it is gone.
    async fn take(
        &self,
        kind: &str,
        key: &str,
        run: RunId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, LaterError>;

    /// Those that are taken, of every kind, with their runs.
    async fn taken(&self) -> Result<Vec<(Task, RunId)>, LaterError>;

    /// Gives back what was taken.
    async fn give_back(&self, kind: &str, key: &str) -> Result<(), LaterError>;

    /// All that wait, of every kind.
    async fn waiting(&self) -> Result<Vec<Task>, LaterError>;
}

#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the store of deferred work cannot be used: {0}")]
pub struct LaterError(pub String);
