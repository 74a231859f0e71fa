//! Everything in memory: for cases, tests, and runs that nobody asks about later.

mod bookings;
mod bus;
mod journal;
mod keys;
mod tasks;
mod ticks;
mod turns;

pub use bookings::MemoryBookings;
pub use bus::{BusSettings, MemoryBus};
pub use journal::MemoryJournal;
pub use keys::MemoryKeys;
pub use tasks::MemoryTasks;
pub use ticks::MemoryTicks;
pub use turns::MemoryTurns;
