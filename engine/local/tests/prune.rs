//! Retention: what is old goes, and nothing that anybody still needs.

use bytes::Bytes;
use rusqlite::Connection;
use wf_host::conformance::{run, second};
use wf_host::ports::{Answer, Journal, Kind, Record, Tick, TickOutcome, Ticks};
use wf_local::{Pruned, SqliteStore};
use wf_plan::Address;
use wf_value::Value;

/// A run with a payload of its own and one that it shares with all others.
fn records(n: u8, at: i64, ended: bool) -> Vec<Record> {
    let payload = |of: u8| Answer::Reply(Bytes::from(vec![of; 4_000]));
    let mut kinds = vec![
        Kind::Started { workflow: "w".into(), plan: "p".into(), start: Value::Null, semantics: 1 },
        Kind::Answered { address: Address::default(), answer: payload(n) },
        Kind::Answered { address: Address::default(), answer: payload(255) },
    ];
    if ended {
        kinds.push(Kind::Ended { how: "well".into(), report: Value::Null });
    }
    kinds.into_iter().map(|kind| Record { at: second(at), kind }).collect()
}

#[tokio::test]
async fn what_is_old_and_over_goes_and_all_else_can_still_be_read() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let path = folder.path().join("runs.db");
    let store = SqliteStore::open(&path).unwrap_or_else(|e| panic!("{e}"));
    // five old ones, of which one goes on and one is to be tried again; three new ones
    for n in 1..=8 {
        let mut records = records(n, if n <= 5 { 0 } else { 1_000 }, n != 2);
        if n == 3 {
            records.insert(3, Record { at: second(0), kind: Kind::Again { run: run(99), due: second(2_000) } });
        }
        store.append(run(n.into()), 0, records).await.unwrap_or_else(|e| panic!("{e}"));
    }
    for (schedule, due) in [("old", 0), ("old", 1), ("both", 0), ("both", 1_000)] {
        let tick = Tick { schedule: schedule.into(), due: second(due), outcome: TickOutcome::Missed };
        assert_eq!(store.ended(tick).await, Ok(true));
    }
    assert_eq!(store.older(second(500)).await, Ok(3));
    assert_eq!(store.prune(second(500)).await, Ok(Pruned { runs: 3, ticks: 2, payloads: 3 }));
    assert_eq!(store.prune(second(500)).await, Ok(Pruned::default()), "nothing is left to be done");
    for n in 1..=8_u8 {
        let left = store.read(run(n.into()), 1).await.unwrap_or_else(|e| panic!("{n}: {e}"));
        let gone = [1, 4, 5].contains(&n);
        assert_eq!(left.is_empty(), gone, "run {n}");
    }
    assert_eq!(store.last("old").await, Ok(Some(second(1))), "the next ticks are counted from it");
    // whoever writes the same payload again finds it, or keeps it anew
    store.append(run(20), 0, records(1, 1_000, true)).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(store.read(run(20), 1).await, Ok(records(1, 1_000, true)));
    drop(store);
    SqliteStore::compact(&path).unwrap_or_else(|e| panic!("{e}"));
    let connection = Connection::open(&path).unwrap_or_else(|e| panic!("{e}"));
    let count =
        |table: &str| connection.query_row(&format!("select count(*) from {table}"), [], |row| row.get::<_, i64>(0));
    assert_eq!(count("runs"), Ok(6));
    assert_eq!(count("segments"), Ok(6));
    assert_eq!(count("blobs"), Ok(7));
}
