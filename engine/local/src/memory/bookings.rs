//! Rechecks in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use wf_host::ports::{Booking, BookingId, Bookings, LaterError};
use wf_plan::{Address, RunId};
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
    held: HashMap<Key, BookingId>,
    /// Bookings whose runs go on.
    taken: BTreeMap<BookingId, (Booking, RunId)>,
    /// What steps were answered.
    answers: HashMap<(RunId, Address), Vec<Text>>,
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
        let by = (booking.booked_by, booking.step.clone());
        if let Some(before) = state.answers.get(&by) {
            return Ok(before.clone());
        }
        let id = state.next + 1;
        let mut free = Vec::new();
        for (item, value) in std::mem::take(&mut booking.items) {
            let key = key(&booking, &item);
            if let std::collections::hash_map::Entry::Vacant(entry) = state.held.entry(key) {
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
        state.answers.insert(by, free.clone());
        Ok(free)
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<Booking>, LaterError> {
        let state = self.lock();
        Ok(state.waiting.range(..=(now, BookingId::MAX)).map(|(_, booking)| booking.clone()).collect())
    }

    async fn take(&self, id: BookingId, run: RunId) -> Result<bool, LaterError> {
        let mut state = self.lock();
        let Some(place) = state.waiting.keys().find(|(_, waiting)| *waiting == id).copied() else { return Ok(false) };
        if let Some(booking) = state.waiting.remove(&place) {
            state.taken.insert(id, (booking, run));
        }
        Ok(true)
    }

    async fn taken(&self) -> Result<Vec<(Booking, RunId)>, LaterError> {
        Ok(self.lock().taken.values().cloned().collect())
    }

    async fn done(&self, id: BookingId) -> Result<(), LaterError> {
        let mut state = self.lock();
        state.taken.remove(&id);
        state.held.retain(|_, holder| *holder != id);
        Ok(())
    }

    async fn waiting(&self) -> Result<Vec<Booking>, LaterError> {
        Ok(self.lock().waiting.values().cloned().collect())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, LaterError> {
        Ok(self.lock().waiting.first_key_value().map(|((due, _), _)| *due))
    }
}
