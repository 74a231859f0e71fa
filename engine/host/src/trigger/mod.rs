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
pub(crate) use gate::{Gate, Pass, Refused};
pub(crate) use message::MessageReplier;
pub(crate) use recheck::{booking_done, run_booking, run_due, watch_bookings};
pub use reply::Reply;
pub(crate) use retry::next_try;
pub(crate) use schedule::{keep_schedule, of_tick};
pub(crate) use task::{End, poll_tasks, refusal_of, task_over};
