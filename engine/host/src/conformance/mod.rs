//! What every set of ports must do, as tests: run against memory, SQLite, and whatever comes later. They panic where it does not hold.

mod bookings;
mod bus;
mod journal;
mod keys;
mod tasks;
mod ticks;
mod turns;

pub use bookings::bookings_suite;
pub use bus::bus_suite;
pub use journal::{journal_suite, records_of, some_records};
pub use keys::keys_suite;
pub use tasks::tasks_suite;
pub use ticks::ticks_suite;
pub use turns::turns_suite;

use jiff::{SignedDuration, Timestamp};
use wf_plan::RunId;

/// A moment, so many seconds after a fixed one.
#[must_use]
pub fn second(n: i64) -> Timestamp {
    Timestamp::from_second(1_654_092_000).unwrap_or_default() + SignedDuration::from_secs(n)
}

/// A run of its own for each `n`.
#[must_use]
pub fn run(n: u128) -> RunId {
    RunId(uuid::Uuid::from_u128(n))
}
