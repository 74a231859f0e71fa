//! A journal in memory: the same answers as one on disk, as long as the process lives.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use wf_host::ports::{AppendError, Bundle, Journal, JournalError, Kind, Record, RunInfo, Seq, asked_by};
use wf_plan::RunId;

#[derive(Debug, Default)]
pub struct MemoryJournal {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// In the order in which they began.
    runs: Vec<RunId>,
    records: HashMap<RunId, Vec<Record>>,
    /// By subject and request id.
    asked: HashMap<(String, String), RunId>,
    plans: HashMap<String, Bundle>,
}

impl MemoryJournal {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn append(&self, run: RunId, expected: Seq, batch: Vec<Record>) -> Result<Seq, AppendError> {
        let mut state = self.lock();
        let known = state.records.get(&run).map_or(0, Vec::len) as Seq;
        if known != expected {
            return Err(AppendError::Fenced);
        }
        if known == 0 && !batch.is_empty() {
            state.runs.push(run);
        }
        if let Some(asked) = batch.iter().find_map(|record| asked_by(&record.kind)) {
            state.asked.insert(asked, run);
        }
        if !batch.is_empty() {
            state.records.entry(run).or_default().extend(batch);
        }
        Ok(state.records.get(&run).map_or(0, Vec::len) as Seq)
    }

    async fn read(&self, run: RunId, from: Seq) -> Result<Vec<Record>, JournalError> {
        let skip = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
        Ok(self.lock().records.get(&run).map(|r| r.iter().skip(skip).cloned().collect()).unwrap_or_default())
    }

    async fn claim(&self, run: RunId) -> Result<Seq, JournalError> {
        let mut state = self.lock();
        let Some(records) = state.records.get_mut(&run) else { return Ok(0) };
        let at = records.last().map(|r| r.at).unwrap_or_default();
        records.push(Record { at, kind: Kind::Taken });
        Ok(records.len() as Seq)
    }

    async fn runs(&self, workflow: Option<&str>, most: usize) -> Result<Vec<RunInfo>, JournalError> {
        let state = self.lock();
        let info = |run: &RunId| info(*run, state.records.get(run)?);
        let all = state.runs.iter().rev().filter_map(info);
        Ok(all.filter(|info| workflow.is_none_or(|w| info.workflow == w)).take(most).collect())
    }

    async fn info(&self, run: RunId) -> Result<Option<RunInfo>, JournalError> {
        Ok(self.lock().records.get(&run).and_then(|records| info(run, records)))
    }

    async fn asked(&self, subject: &str, request_id: &str) -> Result<Option<RunId>, JournalError> {
        Ok(self.lock().asked.get(&(subject.to_owned(), request_id.to_owned())).copied())
    }

    async fn unfinished(&self) -> Result<Vec<RunInfo>, JournalError> {
        let state = self.lock();
        let all = state.runs.iter().filter_map(|run| info(*run, state.records.get(run)?));
        Ok(all.filter(|info| info.ended.is_none()).collect())
    }

    async fn tried_again(&self) -> Result<Vec<RunInfo>, JournalError> {
        let state = self.lock();
        let all = state.runs.iter().filter_map(|run| info(*run, state.records.get(run)?));
        let waits = |info: &RunInfo| info.again.is_some_and(|(next, _)| !state.records.contains_key(&next));
        Ok(all.filter(|info| info.ended.is_some() && waits(info)).collect())
    }

    async fn keep_plan(&self, hash: &str, bundle: Bundle) -> Result<(), JournalError> {
        self.lock().plans.entry(hash.to_owned()).or_insert(bundle);
        Ok(())
    }

    async fn plan(&self, hash: &str) -> Result<Option<Bundle>, JournalError> {
        Ok(self.lock().plans.get(hash).cloned())
    }
}

/// What a list of runs says of these records.
fn info(run: RunId, records: &[Record]) -> Option<RunInfo> {
    let first = records.first()?;
    let workflow = match &first.kind {
        Kind::Started { workflow, .. } => workflow.clone(),
        _ => String::new(),
    };
    let ended = records.iter().rev().find_map(|r| match &r.kind {
        Kind::Ended { how, .. } => Some(how.clone()),
        _ => None,
    });
    let again = records.iter().rev().find_map(|r| match &r.kind {
        Kind::Again { run, due } => Some((*run, *due)),
        _ => None,
    });
    Some(RunInfo { run, workflow, started: first.at, ended, last: records.len() as Seq, again })
}
