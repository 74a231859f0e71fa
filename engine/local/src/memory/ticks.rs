//! The ledger of ticks in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use wf_host::ports::{Tick, TickOutcome, Ticks, TicksError};

/// Ticks that are kept; the oldest go first.
const MOST: usize = 10_000;

#[derive(Debug, Default)]
pub struct MemoryTicks {
    ended: Mutex<BTreeMap<(Timestamp, String), TickOutcome>>,
}

impl MemoryTicks {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(Timestamp, String), TickOutcome>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Ticks for MemoryTicks {
    async fn ended(&self, tick: Tick) -> Result<bool, TicksError> {
        let mut ended = self.lock();
        let std::collections::btree_map::Entry::Vacant(entry) = ended.entry((tick.due, tick.schedule)) else {
            return Ok(false);
        };
        entry.insert(tick.outcome);
        while ended.len() > MOST {
            ended.pop_first();
        }
        Ok(true)
    }

    async fn last(&self, schedule: &str) -> Result<Option<Timestamp>, TicksError> {
        Ok(self.lock().keys().rev().find(|(_, s)| s == schedule).map(|(due, _)| *due))
    }

    async fn list(&self, schedule: Option<&str>, most: usize) -> Result<Vec<Tick>, TicksError> {
        let ended = self.lock();
        let newest = ended.iter().rev().filter(|((_, s), _)| schedule.is_none_or(|wanted| wanted == s));
        let tick = |((due, schedule), outcome): (&(Timestamp, String), &TickOutcome)| Tick {
            schedule: schedule.clone(),
            due: *due,
            outcome: outcome.clone(),
        };
        Ok(newest.take(most).map(tick).collect())
    }
}
