//! A run made again from its journal decides the same.

use std::sync::Arc;

use async_trait::async_trait;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use wf_host::driver::report_value;
use wf_host::engine::Finished;
use wf_host::envelope::{read_request, write_reply};
use wf_host::otherwise::otherwise;
use wf_host::ports::{Incoming, Kind, Replier, Reply};
use wf_host::replay::{ReplayError, replay, replay_records};
use wf_local::SqliteStore;
use wf_machine::{Decision, Tracer, Writes};
use wf_plan::{Envelope, Provenance};

use crate::support::{Act, World, kinds, ok, settings, workflow};

const SUBJECTS: &[&str] = &["read.rows", "read.one", "write.note", "tell.noted", "tell.report"];

/// Every construct that waits for something.
fn plan() -> Json {
    json!({
        "params": {"limit": 3},
        "tell": {"message": "{{ failed.message }}"},
        "steps": [
            {"id": "rows", "call": "read.rows", "retry": {"when": ["failed"], "attempts": 3, "wait": "1s to 9s"}},
            {"for": "row", "in": "rows.body", "where": "row.state != 'OUT'", "parallel": "yes",
             "retry": {"when": ["failed"], "attempts": 2, "wait": ["5s"]},
             "steps": [
                {"id": "got", "call": "read.one", "with": {"id": "=row.id"}, "tell": true},
                {"skip": {"it is quiet": "got.body.level < params.limit"}},
                {"call": "write.note", "with": {"id": "=row.id", "x": "=got.body.level"}},
                {"publish": "tell.noted", "with": {"message": "{{ now }} {{ row.id }}"}},
            ]},
            {"recheck": "rows.body", "by": "item.id", "after": "30s", "run": "again", "with": {"x": 1}},
            {"defer": "later", "key": "k", "after": "1h", "with": {"a": 1}, "id": "booked"},
            {"return": "=booked.booked"},
        ],
        "flows": {"again": {"inputs": ["items", "x"], "steps": [
            {"for": "row", "in": "items", "steps": [{"call": "write.note", "with": {"id": "=row.id", "note": "again"}}]},
        ]}},
    })
}

fn answers(seed: u64) -> impl Fn(&str, &Json) -> Act + Send + Sync + 'static {
    let asked = std::sync::Mutex::new(0_u64);
    move |subject, body| {
        let n = {
            let mut asked = asked.lock().unwrap();
            *asked += 1;
            *asked
        };
        let hash = (seed ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_mul(0xff51_afd7_ed55_8ccd);
        let act = match (subject, hash % 10) {
            ("read.rows", 0) => Act::Reply(500, json!("boom")),
            ("read.rows", _) => ok(json!((0..8).map(|i| json!({"id": i, "state": "IN"})).collect::<Vec<_>>())),
            ("read.one", 0) => Act::Silence,
            ("read.one", 1) => Act::Raw("{"),
            ("read.one", 2) => Act::Reply(404, json!("nothing")),
            ("read.one", _) => ok(json!({"level": body["id"]})),
            (_, 0) => Act::Reply(500, json!("no")),
            _ => ok(json!("done")),
        };
        Act::After(hash >> 8 & 7, Box::new(act))
    }
}

struct Hears(Vec<Decision>);

impl Tracer for Hears {
    fn decided(&mut self, decision: Decision) {
        self.0.push(decision);
    }
}

fn report(finished: &Finished) -> String {
    report_value(finished.ended.as_ref().unwrap()).encode().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_recorded_run_is_replayed_to_the_same_end() {
    for seed in 0..30 {
        let world = World::with(|_| {}, settings(), SUBJECTS, answers(seed)).await;
        let workflow = workflow(plan());
        let mut finished = vec![world.run(&workflow).await];
        finished.extend(world.lets(world.engine.settle(None)).await);
        for finished in finished {
            let mut hears = Hears(Vec::new());
            let replayed = replay(&*world.ports.journal, finished.run, workflow.plan.clone(), Some(&mut hears))
                .await
                .unwrap_or_else(|e| panic!("seed {seed}: {e}"));
            let ended = report_value(&replayed.ended.unwrap()).encode().unwrap();
            assert_eq!(ended, report(&finished), "seed {seed}");
            assert!(replayed.run.is_over() && replayed.open.is_empty() && hears.0.len() > 3);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_stops_anywhere_gives_a_run_that_waits_for_something() {
    let world = World::with(|_| {}, settings(), SUBJECTS, answers(3)).await;
    let workflow = workflow(plan());
    let finished = world.run(&workflow).await;
    let records = world.records(finished.run).await;
    for cut in 1..records.len() - 1 {
        let replayed = replay_records(&records[..cut], finished.run, workflow.plan.clone(), None);
        let replayed = replayed.unwrap_or_else(|e| panic!("{cut}: {e}"));
        assert!(replayed.ended.is_some() || !replayed.run.waiting().is_empty(), "after {cut}");
        assert!(replayed.ended.is_some() || !replayed.open.is_empty(), "after {cut}");
    }
    let none = replay_records(&[], finished.run, workflow.plan.clone(), None);
    assert_eq!(none.err(), Some(ReplayError::NoRun(finished.run)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_belong_together_is_said() {
    let world = World::with(|_| {}, settings(), SUBJECTS, answers(1)).await;
    let of = workflow(plan());
    let run = world.run(&of).await.run;
    let records = world.records(run).await;
    let error = |records: &[wf_host::ports::Record], plan| {
        replay_records(records, run, plan, None).err().map(|e| e.to_string()).unwrap_or_default()
    };
    let other = workflow(json!({"steps": []}));
    assert!(error(&records, other.plan.clone()).starts_with("the run has plan w {"));
    let mut newer = records.clone();
    if let Kind::Started { semantics, .. } = &mut newer[0].kind {
        *semantics = 99;
    }
    assert_eq!(error(&newer, of.plan.clone()), "the run was recorded with semantics 99; this program knows 1");
    let mut changed = records.clone();
    let sent = changed.iter_mut().find_map(|r| match &mut r.kind {
        Kind::Sent { hash, .. } => Some(hash),
        _ => None,
    });
    "0".clone_into(sent.unwrap());
    assert!(error(&changed, of.plan.clone()).ends_with("something else is sent"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_params_show_what_would_have_been_decided() {
    let world = World::with(
        |_| {},
        settings(),
        SUBJECTS,
        |subject, body| match subject {
            "read.rows" => ok(json!((0..8).map(|i| json!({"id": i, "state": "IN"})).collect::<Vec<_>>())),
            "read.one" => ok(json!({"level": body["id"]})),
            _ => ok(json!("done")),
        },
    )
    .await;
    let of = workflow(plan());
    let finished = world.run(&of).await;
    assert_eq!(finished.ended.unwrap().report.loops[0].done, 5);
    let params = wf_plan::Params { values: vec![wf_value::Value::Int(7)], from: vec![Provenance::Set] };
    let records = world.ports.journal.read(finished.run, 1).await.unwrap();
    let replayed = otherwise(&records, finished.run, of.plan.clone(), params.into(), None).unwrap();
    assert_eq!(replayed.unheld.len(), 0);
    assert_eq!(replayed.ended.unwrap().report.loops[0].skipped, [("it is quiet".into(), 7)]);
}

#[tokio::test]
async fn a_run_remembers_who_set_its_params() {
    let world = World::with(|_| {}, settings(), SUBJECTS, answers(5)).await;
    let from = [
        Provenance::Default,
        Provenance::Environment("environments/production.yaml:7:16".into()),
        Provenance::Set,
        Provenance::Unsaid,
    ];
    let of = workflow(json!({"params": {"a": 1, "b": 2, "c": 3, "d": 4}, "steps": [{"return": "=params.a"}]}));
    let params = wf_plan::Params { values: of.params.values.clone(), from: from.to_vec() };
    let of = Arc::new(wf_host::Workflow { params: Arc::new(params), ..(*of).clone() });
    let finished = world.run(&of).await;
    let records = world.records(finished.run).await;
    let Some(Kind::Started { start, .. }) = records.first().map(|record| &record.kind) else { panic!("{records:?}") };
    let read = wf_host::record::read_start(start, finished.run, &of.plan);
    assert_eq!(read.map(|start| start.params.from.clone()), Some(from.to_vec()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_replayed_from_a_file_that_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let of = workflow(plan());
    let (run, expected) = {
        let store = std::sync::Arc::new(SqliteStore::open(&path).unwrap());
        let change = |ports: &mut wf_host::ports::Ports| {
            ports.journal = store.clone();
            ports.bookings = store.clone();
            ports.tasks = store.clone();
        };
        let world = World::with(change, settings(), SUBJECTS, answers(5)).await;
        let finished = world.run(&of).await;
        let rechecks = world.lets(world.engine.settle(None)).await;
        assert_eq!(rechecks.len(), 1);
        (finished.run, report(&finished))
    };
    let store = SqliteStore::open(&path).unwrap();
    let replayed = replay(&store, run, of.plan.clone(), None).await.unwrap();
    assert_eq!(report_value(&replayed.ended.unwrap()).encode().unwrap(), expected);
}

#[tokio::test]
async fn a_dry_run_sends_nothing_and_is_replayed_as_one() {
    let world = World::with(
        |_| {},
        settings(),
        SUBJECTS,
        |subject, body| match subject {
            "read.rows" => ok(json!([{"id": 9, "state": "IN"}])),
            _ => ok(json!({"level": body["id"]})),
        },
    )
    .await;
    let of = std::sync::Arc::new(wf_host::Workflow { writes: Writes::DryRun, ..(*workflow(plan())).clone() });
    let finished = world.run(&of).await;
    assert!(world.asked("write.note").is_empty() && world.asked("tell.noted").is_empty());
    assert!(
        world.ports.bookings.waiting().await.unwrap().is_empty()
            && world.ports.tasks.waiting().await.unwrap().is_empty()
    );
    let replayed = replay(&*world.ports.journal, finished.run, of.plan.clone(), None).await.unwrap();
    assert_eq!(report_value(&replayed.ended.unwrap()).encode().unwrap(), report(&finished));
    assert!(!kinds(&world.records(finished.run).await).contains(&"sent"));
    assert!(world.count("wf_held", &[("workflow", "w"), ("action", "write.note")]) >= 1.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Values pass through the in-process bus as they would pass through any other: what comes out is what went in, as the wire writes it.
    #[test]
    fn the_bus_carries_the_wires_normal_form(text in "\\PC{0,20}", n in any::<i64>(), f in -1e300..1e300_f64, deep in 0_usize..20) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let world = World::new(&[], |_, _| Act::Silence).await;
            let _echo = world.ports.bus.subscribe("read.one", None, Arc::new(Echo)).await.unwrap();
            let mut value = json!({"text": text, "n": n, "f": f, "null": null, "list": [1, 2.0, true]});
            for _ in 0..deep {
                value = json!([value]);
            }
            let plan = workflow(json!({"params": {"value": value}, "steps": [
                {"id": "one", "call": "read.one", "with": {"x": "=params.value"}},
                {"return": "=one.body.x"},
            ]}));
            let returned = world.run(&plan).await.ended.unwrap().returned.unwrap();
            let sent = wf_value::Value::from_serde(&value);
            assert_eq!(returned, sent);
            assert_eq!(returned.encode().unwrap(), sent.encode().unwrap());
        });
    }
}

/// Replies with the body that it was asked with.
struct Echo;

#[async_trait]
impl Replier for Echo {
    async fn handle(&self, message: Incoming) -> Reply {
        let request = read_request(Envelope::Body, None, &message.payload)?;
        write_reply(Envelope::Body, request.request_id.as_ref(), 200, &request.body?).ok()
    }
}
