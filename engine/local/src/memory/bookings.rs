//! Rechecks in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use wf_host::ports::{Booking, BookingId, Bookings, LaterError};
use wf_value::Text;

#[derive(Debug, Default)]
pub struct MemoryBookings {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: BookingId,
    waiting: BTreeMap<(Timestamp, BookingId), Booking>,
    /// Keys that are booked or being looked at, with their booking.
    taken: HashMap<Key, BookingId>,
}

/// Workflow, scope, key of the item.
type Key = (String, String, Text);

impl MemoryBookings {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(booking: &Booking, item: &Text) -> Key {
    (booking.workflow.clone(), booking.scope.clone(), item.clone())
}

#[async_trait]
impl Bookings for MemoryBookings {
    async fn book(&self, mut booking: Booking) -> Result<Vec<Text>, LaterError> {
        let mut state = self.lock();
        let id = state.next + 1;
        let mut free = Vec::new();
        for (item, value) in std::mem::take(&mut booking.items) {
            let key = key(&booking, &item);
            if let std::collections::hash_map::Entry::Vacant(entry) = state.taken.entry(key) {
                entry.insert(id);
                free.push(item.clone());
                booking.items.push((item, value));
            }
        }
        if !free.is_empty() {
            state.next = id;
            booking.id = id;
            state.waiting.insert((booking.due, id), booking);
        }
        Ok(free)
    }

    async fn take_due(&self, now: Timestamp) -> Result<Vec<Booking>, LaterError> {
        let mut state = self.lock();
        let later = state.waiting.split_off(&(now, BookingId::MAX));
        Ok(std::mem::replace(&mut state.waiting, later).into_values().collect())
    }

    async fn done(&self, id: BookingId) -> Result<(), LaterError> {
        self.lock().taken.retain(|_, holder| *holder != id);
        Ok(())
    }

    async fn waiting(&self) -> Result<Vec<Booking>, LaterError> {
        Ok(self.lock().waiting.values().cloned().collect())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, LaterError> {
        Ok(self.lock().waiting.first_key_value().map(|((due, _), _)| *due))
    }
}
