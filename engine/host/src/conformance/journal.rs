//! The journal's suite.

use std::sync::Arc;

use bytes::Bytes;
use wf_plan::{Address, Part, RunId, Word};
use wf_value::{Map, Text, Value};

use super::{run, second};
use crate::ports::{Answer, AppendError, Bundle, Journal, Kind, Record};

/// A run of every kind of record, with payloads below and beyond what stays inline.
#[must_use]
pub fn some_records(workflow: &str) -> Vec<Record> {
    let address = |i| Address(vec![Part::Step(3), Part::Item(i)]);
    let big = Bytes::from(format!(r#"{{"status":200,"body":"{}"}}"#, "x".repeat(20_000)));
    let kinds = vec![
        Kind::Started { workflow: workflow.into(), plan: "p".into(), start: vec![Value::Int(1)].into(), semantics: 1 },
        Kind::Answered { address: address(0), answer: Answer::Reply(big.clone()) },
        Kind::Sent { address: address(1), request_id: "id".into(), hash: "h".into() },
        Kind::Answered { address: address(1), answer: Answer::Reply(big) },
        Kind::Answered { address: address(2), answer: Answer::None { why: Word::Timeout, cause: "late".into() } },
        Kind::Timer { address: address(3), due: second(9) },
        Kind::Due { address: address(3) },
        Kind::Booked { address: address(4), what: Value::text("k".repeat(600)) },
        Kind::Published { address: address(5) },
        Kind::Ended { how: "well".into(), report: Value::Null },
    ];
    kinds.into_iter().enumerate().map(|(i, kind)| Record { at: second(i as i64), kind }).collect()
}

/// All records of a run.
pub async fn records_of(journal: &dyn Journal, run: RunId) -> Vec<Record> {
    journal.read(run, 1).await.unwrap_or_else(|e| panic!("{e}"))
}

/// What a journal must do. It is empty at first.
pub async fn journal_suite(journal: Arc<dyn Journal>) {
    what_is_appended_is_read(&*journal).await;
    only_whoever_has_the_run_appends(&*journal).await;
    appends_of_many_runs_at_once_are_all_kept(&journal).await;
    of_two_who_append_at_one_place_one_wins(&journal).await;
    what_has_not_ended_is_found(&*journal).await;
    the_newest_runs_come_first(&*journal).await;
    plans_are_kept_once(&*journal).await;
}

async fn what_is_appended_is_read(journal: &dyn Journal) {
    let (id, records) = (run(1), some_records("one"));
    assert_eq!(journal.read(id, 1).await, Ok(Vec::new()));
    let mut last = 0;
    for part in records.chunks(3) {
        last = journal.append(id, last, part.to_vec()).await.unwrap_or_else(|e| panic!("{e}"));
    }
    assert_eq!(last, records.len() as u64);
    assert_eq!(records_of(journal, id).await, records);
    assert_eq!(journal.read(id, 5).await.as_deref(), Ok(&records[4..]));
    assert_eq!(journal.read(id, 100).await, Ok(Vec::new()));
    assert_eq!(journal.append(id, last, Vec::new()).await, Ok(last));
}

async fn only_whoever_has_the_run_appends(journal: &dyn Journal) {
    let (id, records) = (run(2), some_records("two"));
    assert_eq!(journal.claim(id).await, Ok(0), "a run that nobody knows cannot be taken over");
    assert_eq!(journal.append(id, 1, records.clone()).await, Err(AppendError::Fenced));
    assert_eq!(journal.append(id, 0, records[..2].to_vec()).await, Ok(2));
    assert_eq!(journal.append(id, 0, records.clone()).await, Err(AppendError::Fenced));
    let taken = journal.claim(id).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(journal.append(id, 2, records[2..].to_vec()).await, Err(AppendError::Fenced), "the old owner is fenced");
    assert_eq!(journal.append(id, 2, Vec::new()).await, Err(AppendError::Fenced), "and notices it without writing");
    let last = journal.append(id, taken, records[2..].to_vec()).await.unwrap_or_else(|e| panic!("{e}"));
    let read = records_of(journal, id).await;
    assert_eq!(read.len() as u64, last);
    assert_eq!(read[2].kind, Kind::Taken);
    let others: Vec<Record> = read.into_iter().filter(|r| r.kind != Kind::Taken).collect();
    assert_eq!(others, records, "nothing of the fenced one was kept");
}

async fn appends_of_many_runs_at_once_are_all_kept(journal: &Arc<dyn Journal>) {
    let tasks: Vec<_> = (100..140)
        .map(|n| {
            let journal = journal.clone();
            tokio::spawn(async move {
                let mut last = 0;
                for record in some_records("many") {
                    last = journal.append(run(n), last, vec![record]).await.unwrap_or_else(|e| panic!("{e}"));
                }
                last
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap_or_else(|e| panic!("{e}")), some_records("many").len() as u64);
    }
    for n in 100..140 {
        assert_eq!(records_of(&**journal, run(n)).await, some_records("many"));
    }
}

async fn of_two_who_append_at_one_place_one_wins(journal: &Arc<dyn Journal>) {
    for n in 200..210 {
        let append = |mark: &'static str| {
            let journal = journal.clone();
            let record = Record { at: second(0), kind: Kind::Cancelled { reason: mark.into() } };
            tokio::spawn(async move { journal.append(run(n), 0, vec![record]).await })
        };
        let (a, b) = (append("a"), append("b"));
        let results = [a.await.unwrap_or_else(|e| panic!("{e}")), b.await.unwrap_or_else(|e| panic!("{e}"))];
        assert!(results.contains(&Ok(1)) && results.contains(&Err(AppendError::Fenced)), "{results:?}");
        assert_eq!(records_of(&**journal, run(n)).await.len(), 1);
    }
}

async fn the_newest_runs_come_first(journal: &dyn Journal) {
    for (n, at) in [(301, 1000), (302, 1002), (303, 1001)] {
        let kind = Kind::Started { workflow: "listed".into(), plan: "p".into(), start: Value::Null, semantics: 1 };
        journal.append(run(n), 0, vec![Record { at: second(at), kind }]).await.unwrap_or_else(|e| panic!("{e}"));
    }
    let ended = Record { at: second(2000), kind: Kind::Ended { how: "well".into(), report: Value::Null } };
    journal.append(run(303), 1, vec![ended]).await.unwrap_or_else(|e| panic!("{e}"));
    let listed = journal.runs(Some("listed"), 2).await.unwrap_or_else(|e| panic!("{e}"));
    let seen: Vec<_> = listed.iter().map(|r| (r.run, r.started, r.ended.as_deref(), r.last)).collect();
    let all = journal.runs(None, 1000).await.unwrap_or_else(|e| panic!("{e}"));
    assert!(all.len() > 40 && all.iter().any(|r| r.workflow == "one"));
    // whatever their clocks showed: a simulated world has its own
    assert_eq!(seen, [(run(303), second(1001), Some("well"), 2), (run(302), second(1002), None, 1)]);
}

async fn what_has_not_ended_is_found(journal: &dyn Journal) {
    let started = |workflow: &str| Record {
        at: second(0),
        kind: Kind::Started { workflow: workflow.into(), plan: "p".into(), start: Value::Null, semantics: 1 },
    };
    let ended = || Record { at: second(1), kind: Kind::Ended { how: "failed".into(), report: Value::Null } };
    let again = || Record { at: second(1), kind: Kind::Again { run: run(404), due: second(60) } };
    let before = journal.unfinished().await.unwrap_or_else(|e| panic!("{e}")).len();
    for (n, batch) in [
        (401, vec![started("open")]),
        (402, vec![started("open"), ended()]),
        (403, vec![started("open"), again(), ended()]),
    ] {
        journal.append(run(n), 0, batch).await.unwrap_or_else(|e| panic!("{e}"));
    }
    let open = journal.unfinished().await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((open.len(), open.last().map(|info| info.run)), (before + 1, Some(run(401))));
    let waiting = async || -> Vec<_> {
        let waiting = journal.tried_again().await.unwrap_or_else(|e| panic!("{e}"));
        waiting.into_iter().map(|info| (info.run, info.again)).collect()
    };
    assert_eq!(waiting().await, [(run(403), Some((run(404), second(60))))]);
    journal.append(run(404), 0, vec![started("open")]).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(waiting().await, []);
    let info = journal.info(run(403)).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(info.and_then(|info| info.ended), Some("failed".into()));
    assert_eq!(journal.info(run(499)).await, Ok(None));

    let trigger = [("kind", "message"), ("subject", "s"), ("request_id", "id")];
    let trigger: Map = trigger.into_iter().map(|(key, value)| (Text::from(key), Value::from(value))).collect();
    let start: Map = [(Text::from("trigger"), Value::Map(trigger))].into_iter().collect();
    let asked = Kind::Started { workflow: "asked".into(), plan: "p".into(), start: start.into(), semantics: 1 };
    assert_eq!(journal.asked("s", "id").await, Ok(None));
    journal.append(run(405), 0, vec![Record { at: second(0), kind: asked }]).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(journal.asked("s", "id").await, Ok(Some(run(405))));
    assert_eq!(journal.asked("other", "id").await, Ok(None));
}

async fn plans_are_kept_once(journal: &dyn Journal) {
    let text = Bytes::from("x: é\n".repeat(1000));
    let files = [("a.yaml", text), ("b", Bytes::new()), ("logo.png", Bytes::from_static(b"\x89PNG\xff\x00"))];
    let bundle: Bundle = files.map(|(path, bytes)| (path.to_owned(), bytes)).into();
    assert_eq!(journal.plan("h").await, Ok(None));
    assert_eq!(journal.keep_plan("h", bundle.clone()).await, Ok(()));
    assert_eq!(journal.keep_plan("h", Vec::new()).await, Ok(()));
    assert_eq!(journal.plan("h").await, Ok(Some(bundle)));
}
