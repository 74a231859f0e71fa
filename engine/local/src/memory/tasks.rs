//! Named tasks in memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use wf_host::ports::{LaterError, Task, Tasks};
use wf_value::Text;

#[derive(Debug, Default)]
pub struct MemoryTasks {
    tasks: Mutex<HashMap<(Text, Text), Kept>>,
}

#[derive(Debug)]
struct Kept {
    task: Task,
    claimed_until: Option<Timestamp>,
}

impl MemoryTasks {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Text, Text), Kept>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sorted(&self, keep: impl Fn(&Task) -> bool) -> Vec<Task> {
        let mut tasks: Vec<Task> = self.lock().values().map(|k| &k.task).filter(|t| keep(t)).cloned().collect();
        tasks.sort_by(|a, b| (a.due, &a.kind, &a.key).cmp(&(b.due, &b.kind, &b.key)));
        tasks
    }
}

fn name(kind: &str, key: &str) -> (Text, Text) {
    (kind.into(), key.into())
}

#[async_trait]
impl Tasks for MemoryTasks {
    async fn book(&self, task: Task) -> Result<bool, LaterError> {
        let mut tasks = self.lock();
        let std::collections::hash_map::Entry::Vacant(entry) = tasks.entry((task.kind.clone(), task.key.clone()))
        else {
            return Ok(false);
        };
        entry.insert(Kept { task, claimed_until: None });
        Ok(true)
    }

    async fn cancel(&self, kind: &str, key: &str) -> Result<bool, LaterError> {
        Ok(self.lock().remove(&name(kind, key)).is_some())
    }

    async fn due(&self, kind: &str, now: Timestamp) -> Result<Vec<Task>, LaterError> {
        Ok(self.sorted(|task| task.kind.as_str() == kind && task.due <= now))
    }

    async fn take(&self, kind: &str, key: &str, now: Timestamp, until: Timestamp) -> Result<bool, LaterError> {
        let mut tasks = self.lock();
        let Some(kept) = tasks.get_mut(&name(kind, key)) else { return Ok(false) };
        if kept.claimed_until.is_some_and(|claimed| claimed > now) {
            return Ok(false);
        }
        kept.claimed_until = Some(until);
        Ok(true)
    }

    async fn give_back(&self, kind: &str, key: &str) -> Result<(), LaterError> {
        if let Some(kept) = self.lock().get_mut(&name(kind, key)) {
            kept.claimed_until = None;
        }
        Ok(())
    }

    async fn waiting(&self) -> Result<Vec<Task>, LaterError> {
        Ok(self.sorted(|_| true))
    }
}
