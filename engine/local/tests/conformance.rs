//! Both sets of ports pass the same suites.

use std::sync::Arc;

use jiff::Timestamp;
use wf_host::clock::{RealClock, VirtualClock};
use wf_host::conformance::{
    bookings_suite, bus_suite, journal_suite, keys_suite, records_of, run, some_records, tasks_suite, ticks_suite,
    turns_suite,
};
use wf_host::ports::{Bookings, EMBEDDED, Journal, KeyStores, Tasks, Ticks};
use wf_local::{
    FileTurns, MemoryBookings, MemoryBus, MemoryJournal, MemoryKeys, MemoryTasks, MemoryTicks, MemoryTurns, SqliteKeys,
    SqliteStore,
};

fn store(folder: &tempfile::TempDir) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::open(folder.path().join("deep/journal.db")).unwrap_or_else(|e| panic!("{e}")))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_in_memory() {
    journal_suite(Arc::new(MemoryJournal::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_in_a_file() {
    let folder = folder();
    journal_suite(store(&folder)).await;
}

#[tokio::test]
async fn rechecks() {
    let folder = folder();
    bookings_suite(&MemoryBookings::new()).await;
    bookings_suite(&*store(&folder)).await;
}

#[tokio::test]
async fn named_tasks() {
    let folder = folder();
    tasks_suite(&MemoryTasks::new()).await;
    tasks_suite(&*store(&folder)).await;
}

#[tokio::test]
async fn ticks() {
    let folder = folder();
    ticks_suite(&MemoryTicks::new()).await;
    ticks_suite(&*store(&folder)).await;
}

#[test]
fn turns() {
    let folder = folder();
    turns_suite(&MemoryTurns::default());
    turns_suite(&FileTurns::beside(&folder.path().join("deep/journal.db")));
}

#[tokio::test]
async fn records_by_key() {
    let folder = folder();
    let clock = Arc::new(VirtualClock::new(Timestamp::UNIX_EPOCH));
    let stores: [Arc<dyn KeyStores>; 2] =
        [Arc::new(MemoryKeys::new(clock.clone())), Arc::new(SqliteKeys::new(store(&folder), clock.clone()))];
    for (stores, prefix) in stores.into_iter().zip(["memory", "file"]) {
        keys_suite(stores.open(EMBEDDED).unwrap_or_else(|e| panic!("{e}")), clock.clone(), prefix).await;
    }
}

#[tokio::test]
async fn the_bus_in_virtual_and_in_real_time() {
    let clock = Arc::new(VirtualClock::new(Timestamp::UNIX_EPOCH));
    bus_suite(Arc::new(MemoryBus::new(clock.clone())), clock, "virtual").await;
    let clock = Arc::new(RealClock);
    bus_suite(Arc::new(MemoryBus::new(clock.clone())), clock, "real").await;
}

#[tokio::test]
async fn everything_is_there_after_the_file_was_closed() {
    let folder = folder();
    let first = store(&folder);
    assert_eq!(first.append(run(1), 0, some_records("w")).await, Ok(10));
    assert_eq!(first.keep_plan("h", vec![("a".into(), "b".into())]).await, Ok(()));
    bookings_suite(&*first).await;
    tasks_suite(&*first).await;
    ticks_suite(&*first).await;
    let (bookings, tasks) = (Bookings::waiting(&*first).await, Tasks::waiting(&*first).await);
    drop(first);
    let second = store(&folder);
    assert_eq!(records_of(&*second, run(1)).await, some_records("w"));
    assert_eq!(second.append(run(1), 9, some_records("w")).await, Err(wf_host::ports::AppendError::Fenced));
    assert_eq!(second.append(run(1), 10, some_records("w")).await, Ok(20));
    assert_eq!(second.plan("h").await, Ok(Some(vec![("a".into(), "b".into())])));
    assert_eq!((Bookings::waiting(&*second).await, Tasks::waiting(&*second).await), (bookings, tasks));
    assert_eq!(second.list(None, 99).await.map(|l| l.len()), Ok(4));
}

#[tokio::test]
async fn an_engine_whose_run_was_taken_over_through_another_connection_is_fenced() {
    let folder = folder();
    let (old, new) = (store(&folder), store(&folder));
    assert_eq!(old.append(run(1), 0, some_records("w")).await, Ok(10));
    let last = new.claim(run(1)).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(old.append(run(1), 10, some_records("w")).await, Err(wf_host::ports::AppendError::Fenced));
    assert_eq!(new.append(run(1), last, some_records("w")).await, Ok(last + 10));
}
