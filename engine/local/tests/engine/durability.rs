//! What must be written down before what leaves.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::json;
use wf_host::driver::Stopped;
use wf_host::ports::{AppendError, Bundle, Journal, JournalError, Kind, Ports, Record, RunInfo, Seq};
use wf_local::MemoryJournal;
use wf_plan::RunId;

use crate::support::{World, in_time, ok, settings, workflow};

/// A journal that stands still, or fails from some append on.
#[derive(Default)]
struct Troubled {
    inner: MemoryJournal,
    appends: AtomicUsize,
    still: AtomicBool,
    moves: tokio::sync::Notify,
    fails_from: Option<(usize, AppendError)>,
    durable: Arc<Mutex<Vec<Record>>>,
}

#[async_trait]
impl Journal for Troubled {
    async fn append(&self, run: RunId, expected: Seq, batch: Vec<Record>) -> Result<Seq, AppendError> {
        let n = self.appends.fetch_add(1, Ordering::SeqCst);
        while self.still.load(Ordering::SeqCst) {
            self.moves.notified().await;
        }
        if let Some((from, error)) = &self.fails_from
            && n >= *from
        {
            return Err(error.clone());
        }
        let last = self.inner.append(run, expected, batch.clone()).await?;
        self.durable.lock().unwrap().extend(batch);
        Ok(last)
    }

    async fn read(&self, run: RunId, from: Seq) -> Result<Vec<Record>, JournalError> {
        self.inner.read(run, from).await
    }

    async fn claim(&self, run: RunId) -> Result<Seq, JournalError> {
        self.inner.claim(run).await
    }

    async fn runs(&self, workflow: Option<&str>, most: usize) -> Result<Vec<RunInfo>, JournalError> {
        self.inner.runs(workflow, most).await
    }

    async fn info(&self, run: RunId) -> Result<Option<RunInfo>, JournalError> {
        self.inner.info(run).await
    }

    async fn asked(&self, subject: &str, request_id: &str) -> Result<Option<RunId>, JournalError> {
        self.inner.asked(subject, request_id).await
    }

    async fn unfinished(&self) -> Result<Vec<RunInfo>, JournalError> {
        self.inner.unfinished().await
    }

    async fn tried_again(&self) -> Result<Vec<RunInfo>, JournalError> {
        self.inner.tried_again().await
    }

    async fn keep_plan(&self, hash: &str, bundle: Bundle) -> Result<(), JournalError> {
        self.inner.keep_plan(hash, bundle).await
    }

    async fn plan(&self, hash: &str) -> Result<Option<Bundle>, JournalError> {
        self.inner.plan(hash).await
    }
}

fn with(journal: &Arc<Troubled>) -> impl FnOnce(&mut Ports) + use<> {
    let journal = journal.clone();
    move |ports| ports.journal = journal
}

const SUBJECTS: &[&str] = &["read.rows", "read.one", "write.note", "tell.x"];

fn rows(n: i64) -> serde_json::Value {
    (0..n).map(|i| json!({"id": i, "state": "IN"})).collect()
}

fn plan() -> serde_json::Value {
    json!({"steps": [
        {"id": "rows", "call": "read.rows"},
        {"for": "row", "in": "rows.body", "parallel": "yes", "steps": [
            {"id": "one", "call": "read.one", "with": {"id": "=row.id"}},
            {"call": "write.note", "with": {"id": "=row.id", "x": "=one.body"}},
            {"publish": "tell.x", "with": {"id": "=row.id"}},
        ]},
    ]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_leaves_when_it_and_all_answers_before_it_are_durable() {
    let journal = Arc::new(Troubled::default());
    let (durable, early) = (journal.durable.clone(), Arc::new(AtomicUsize::new(0)));
    let missing = early.clone();
    let world = World::with(with(&journal), settings(), SUBJECTS, move |subject, body| {
        let durable = durable.lock().unwrap();
        let sent = durable.iter().filter(|r| matches!(r.kind, Kind::Sent { .. })).count();
        let answered = durable.iter().filter(|r| matches!(r.kind, Kind::Answered { .. })).count();
        if subject.starts_with("write") && (sent == 0 || answered < 2) || subject == "tell.x" && answered < 3 {
            missing.fetch_add(1, Ordering::SeqCst);
        }
        if subject == "read.rows" { ok(rows(40)) } else { ok(body["id"].clone()) }
    })
    .await;
    let finished = world.run(&workflow(plan())).await;
    assert_eq!(finished.ended.unwrap().report.loops[0].done, 40);
    assert_eq!(early.load(Ordering::SeqCst), 0);
    // Every message that came stands there, under its id, before its answer.
    let records = world.records(finished.run).await;
    for (_, id, _) in world.asked("write.note").into_iter().chain(world.asked("tell.x")) {
        let sent = records.iter().position(|r| matches!(&r.kind, Kind::Sent { request_id, .. } if *request_id == id));
        assert!(sent.is_some(), "{id} left and is not there");
    }
    let appends = journal.appends.load(Ordering::SeqCst);
    assert!(appends < 100, "{} records in {appends} appends: they go in groups", records.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_waits_for_no_commit_and_a_write_does() {
    let journal = Arc::new(Troubled { still: AtomicBool::new(true), ..Troubled::default() });
    let world = World::with(with(&journal), settings(), SUBJECTS, |subject, body| match subject {
        "read.rows" => ok(rows(3)),
        _ => ok(body["id"].clone()),
    })
    .await;
    let run = {
        let (engine, workflow) = (world.engine.clone(), workflow(plan()));
        tokio::spawn(async move { engine.run_once(wf_host::engine::Once::of(workflow)).await })
    };
    in_time(async {
        while world.asked("read.one").len() < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    })
    .await;
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    assert!(world.asked("write.note").is_empty(), "a write left before the journal had it");
    assert!(journal.durable.lock().unwrap().is_empty());
    journal.still.store(false, Ordering::SeqCst);
    journal.moves.notify_waiters();
    assert_eq!(world.lets(run).await.unwrap().ended.unwrap().report.loops[0].done, 3);
    assert_eq!(world.asked("write.note").len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fenced_run_stops_at_once_and_sends_nothing_more() {
    let full = JournalError::Write("disk full".into());
    for (error, stopped) in
        [(AppendError::Fenced, Stopped::Fenced), (AppendError::Journal(full.clone()), Stopped::Journal(full.clone()))]
    {
        for from in 0..4 {
            let journal = Arc::new(Troubled { fails_from: Some((from, error.clone())), ..Troubled::default() });
            let world = World::with(with(&journal), settings(), SUBJECTS, |subject, body| match subject {
                "read.rows" => ok(rows(9)),
                _ => ok(body["id"].clone()),
            })
            .await;
            let finished = world.run(&workflow(plan())).await;
            assert_eq!(finished.ended.err().map(|cut| cut.why), Some(stopped.clone()));
            let records = world.records(finished.run).await;
            let sent = records.iter().filter(|r| matches!(r.kind, Kind::Sent { .. })).count();
            let left = world.asked("write.note").len() + world.asked("tell.x").len();
            assert!(left <= sent, "{left} left, {sent} are written down");
            assert!(!records.iter().any(|r| matches!(r.kind, Kind::Ended { .. })));
            assert_eq!(world.count("wf_journal_errors", &[]), 1.0);
        }
    }
}
