//! Whole sets of ports.

use std::path::Path;
use std::sync::Arc;

use wf_host::metrics::Metrics;
use wf_host::ports::{Clock, Ports};

use crate::{
    FileTurns, MemoryBookings, MemoryBus, MemoryJournal, MemoryKeys, MemoryTasks, MemoryTicks, MemoryTurns, SqliteKeys,
    SqliteStore, StoreError,
};

/// Everything in this process' memory.
#[must_use]
pub fn in_memory(clock: Arc<dyn Clock>) -> Ports {
    Ports {
        bus: Arc::new(MemoryBus::new(clock.clone())),
        keys: Arc::new(MemoryKeys::new(clock.clone())),
        clock,
        journal: Arc::new(MemoryJournal::new()),
        bookings: Arc::new(MemoryBookings::new()),
        tasks: Arc::new(MemoryTasks::new()),
        ticks: Arc::new(MemoryTicks::new()),
        turns: Arc::new(MemoryTurns::default()),
        metrics: Arc::new(Metrics::new()),
    }
}

/// The bus in this process, everything that must outlive it in one file.
///
/// # Errors
/// The file cannot be opened or made, is something else, or of another version.
pub fn on_disk(clock: Arc<dyn Clock>, path: impl AsRef<Path>) -> Result<Ports, StoreError> {
    let store = Arc::new(SqliteStore::open(path)?);
    let turns = FileTurns::beside(store.path());
    Ok(Ports {
        bus: Arc::new(MemoryBus::new(clock.clone())),
        keys: Arc::new(SqliteKeys::new(store.clone(), clock.clone())),
        clock,
        journal: store.clone(),
        bookings: store.clone(),
        tasks: store.clone(),
        ticks: store,
        turns: Arc::new(turns),
        metrics: Arc::new(Metrics::new()),
    })
}
