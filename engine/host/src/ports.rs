//! What the host needs of the world. `local` and `fleet` are the two sets of these.

mod bus;
mod clock;
mod journal;

pub use bus::{Bus, BusError, Incoming, Reply, Replier, Subscription};
pub use clock::{Busy, Clock};
pub use journal::{AppendError, Journal, JournalError, Kind, Record, RunInfo, Seq};
