//! What starts runs: schedules, messages, requests, tasks, rechecks.

mod bound;
mod gate;
mod message;
mod recheck;
mod reply;
mod retry;
mod schedule;
mod task;

pub(crate) use bound::bind;
pub use bound::{BindError, Bound, BoundKind};
pub(crate) use gate::{Gate, Refused};
pub(crate) use message::MessageReplier;
pub(crate) use recheck::{run_due, watch_bookings};
pub use reply::Reply;
pub(crate) use retry::next_try;
pub(crate) use schedule::{keep_schedule, tick_facts};
pub(crate) use task::{poll_tasks, refusal_of};
