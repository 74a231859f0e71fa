//! What the host needs of the world. `local` and `fleet` are the two sets of these.

mod bus;
mod clock;
mod journal;
mod later;
mod ticks;

use std::sync::Arc;

pub use bus::{Bus, BusError, Incoming, Replier, Reply, Subscription};
pub use clock::{Busy, Clock};
pub use journal::{Answer, AppendError, Journal, JournalError, Kind, Record, RunInfo, Seq};
pub use later::{Booking, BookingId, Bookings, LaterError, Task, Tasks};
pub use ticks::{Outcome as TickOutcome, Tick, Ticks, TicksError};

use crate::metrics::Metrics;

/// One set of them: everything that an engine is given.
#[derive(Clone)]
pub struct Ports {
    pub bus: Arc<dyn Bus>,
    pub clock: Arc<dyn Clock>,
    pub journal: Arc<dyn Journal>,
    pub bookings: Arc<dyn Bookings>,
    pub tasks: Arc<dyn Tasks>,
    pub ticks: Arc<dyn Ticks>,
    pub metrics: Arc<Metrics>,
}
