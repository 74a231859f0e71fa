//! What the host needs of the world. `local` and `fleet` are the two sets of these.

mod bus;
mod clock;
mod journal;
mod keys;
mod later;
mod set;
mod ticks;
mod turns;

pub use bus::{Bus, BusError, Incoming, Replier, Reply, Subscription};
pub use clock::{Busy, Clock};
pub use journal::{Answer, AppendError, Bundle, Journal, JournalError, Kind, Record, RunInfo, Seq, asked_by};
pub use keys::{EMBEDDED, KeyError, KeyStore, KeyStores};
pub use later::{Asker, Booking, BookingId, Bookings, LaterError, Task, Tasks};
pub use set::Ports;
pub use ticks::{Outcome as TickOutcome, Tick, Ticks, TicksError};
pub use turns::{Share, Turn, TurnError, Turns};
