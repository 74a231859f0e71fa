//! Named tasks in memory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use wf_host::ports::{Asker, LaterError, Task, Tasks};
use wf_plan::{Address, RunId};
use wf_value::Text;

#[derive(Debug, Default)]
pub struct MemoryTasks {
    tasks: Mutex<HashMap<(Text, Text), Kept>>,
    /// What steps were answered.
    answers: Mutex<HashMap<(RunId, Address), bool>>,
}

#[derive(Debug)]
struct Kept {
    task: Task,
    claim: Option<(RunId, Timestamp)>,
}

impl MemoryTasks {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Text, Text), Kept>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a step asks for, once: asked again, it gets the answer of before.
    fn once(&self, by: Option<Asker>, work: impl FnOnce(&mut HashMap<(Text, Text), Kept>) -> bool) -> bool {
        let Some(by) = by else { return work(&mut self.lock()) };
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers.entry((by.run, by.step)).or_insert_with(|| work(&mut self.lock()))
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
    async fn book(&self, task: Task, by: Option<Asker>) -> Result<bool, LaterError> {
        Ok(self.once(by, |tasks| match tasks.entry((task.kind.clone(), task.key.clone())) {
            Entry::Vacant(entry) => {
                entry.insert(Kept { task, claim: None });
                true
            }
            Entry::Occupied(_) => false,
        }))
    }

    async fn cancel(&self, kind: &str, key: &str, by: Option<Asker>) -> Result<bool, LaterError> {
        Ok(self.once(by, |tasks| tasks.remove(&name(kind, key)).is_some()))
    }

    async fn due(&self, kind: &str, now: Timestamp) -> Result<Vec<Task>, LaterError> {
        Ok(self.sorted(|task| task.kind.as_str() == kind && task.due <= now))
    }

    async fn take(
        &self,
        kind: &str,
        key: &str,
        run: RunId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, LaterError> {
        let mut tasks = self.lock();
        let Some(kept) = tasks.get_mut(&name(kind, key)) else { return Ok(false) };
        if kept.claim.is_some_and(|(_, end)| end > now) {
            return Ok(false);
        }
        kept.claim = Some((run, until));
        Ok(true)
    }

    async fn taken(&self) -> Result<Vec<(Task, RunId)>, LaterError> {
        let taken: HashMap<_, _> =
            self.lock().iter().filter_map(|(name, kept)| Some((name.clone(), kept.claim?.0))).collect();
        let of = |task: Task| taken.get(&(task.kind.clone(), task.key.clone())).map(|run| (task, *run));
        Ok(self.sorted(|_| true).into_iter().filter_map(of).collect())
    }

    async fn give_back(&self, kind: &str, key: &str) -> Result<(), LaterError> {
        if let Some(kept) = self.lock().get_mut(&name(kind, key)) {
            kept.claim = None;
        }
        Ok(())
    }

    async fn waiting(&self) -> Result<Vec<Task>, LaterError> {
        Ok(self.sorted(|_| true))
    }
}
