//! The ports inside one process: a bus and stores in memory, and stores in one SQLite file. Nothing to install.

mod memory;
mod ports;
mod sqlite;
mod turns;

pub use memory::{
    BusSettings, MemoryBookings, MemoryBus, MemoryJournal, MemoryKeys, MemoryTasks, MemoryTicks, MemoryTurns,
};
pub use ports::{in_memory, on_disk};
pub use sqlite::{Pruned, SqliteKeys, SqliteStore, StoreError};
pub use turns::FileTurns;
