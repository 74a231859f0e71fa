//! Runs that an engine left: another one takes them up where their records end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value as Json, json};
use wf_host::Workflow;
use wf_host::driver::report_value;
use wf_host::engine::{Finished, NotTakenUp, Plans, Schedules, Settings};
use wf_host::ports::{Asker, Booking, Journal, Kind, Ports, Record, Task, Tick, TickOutcome};
use wf_host::replay::ReplayError;
use wf_local::MemoryJournal;
use wf_plan::{AtStart, Overlap, Plan, RunId, TriggerKind};
use wf_value::Value;

use crate::schedules::{every, trigger};
use crate::support::{Act, World, at, flow, kinds, ok, seconds, settings, triggered, workflow};

const SUBJECTS: &[&str] = &["read.rows", "read.one", "write.note", "tell.noted", "write.sum"];

/// Reads, waits between tries, writes and tells in parallel, an end that takes up all of them.
fn plan() -> Json {
    json!({
        "steps": [
            {"id": "rows", "call": "read.rows"},
            {"for": "row", "in": "rows.body", "parallel": 3, "steps": [
                {"id": "one", "call": "read.one", "with": {"id": "=row.id"}, "timeout": "30s",
                 "retry": {"when": ["5xx"], "attempts": 3, "wait": "10s"}},
                {"skip": {"it is quiet": "one.body.level < 2"}},
                {"id": "noted", "call": "write.note", "with": {"id": "=row.id", "x": "=one.body"}},
                {"publish": "tell.noted", "with": {"id": "=row.id"}},
            ]},
            {"call": "write.sum", "with": {"n": "=rows.body.size()"}},
        ],
    })
}

/// Vendors whose answers depend on nothing but what they are asked, and connectors that claim request ids before they ask them.
#[derive(Default)]
struct Vendors {
    acted: Mutex<BTreeMap<String, u32>>,
    replied: Mutex<BTreeMap<String, Json>>,
    asked: Mutex<BTreeMap<String, u32>>,
}

impl Vendors {
    fn answer(&self, subject: &str, body: &Json) -> Act {
        let id = body["id"].as_i64().unwrap_or(0);
        match subject {
            "read.rows" => ok(json!((0..6).map(|i| json!({"id": i, "state": "IN"})).collect::<Vec<_>>())),
            "read.one" => {
                // the first time the vendor fails for every third
                let mut asked = self.asked.lock().unwrap();
                let n = asked.entry(format!("{subject} {id}")).or_default();
                *n += 1;
                let answer =
                    if id % 3 == 2 && *n == 1 { Act::Reply(503, json!("busy")) } else { ok(json!({"level": id})) };
                Act::After(u64::try_from(id % 4).unwrap(), Box::new(answer))
            }
            _ => {
                let key = format!("{subject} {body}");
                let mut replied = self.replied.lock().unwrap();
                if !replied.contains_key(&key) {
                    *self.acted.lock().unwrap().entry(key.clone()).or_default() += 1;
                    replied.insert(key.clone(), json!({"done": id}));
                }
                Act::After(2, Box::new(ok(replied[&key].clone())))
            }
        }
    }

    fn acted(&self) -> BTreeMap<String, u32> {
        self.acted.lock().unwrap().clone()
    }
}

/// Hands out what it was given.
struct Given(Vec<Arc<Workflow>>);

#[async_trait]
impl Plans for Given {
    async fn plan(&self, _run: RunId, hash: &str) -> Result<Arc<Plan>, String> {
        let known = self.0.iter().find(|w| w.plan.hash.as_str() == hash);
        known.map(|w| w.plan.clone()).ok_or_else(|| format!("nobody kept {hash}"))
    }
}

async fn world(vendors: &Arc<Vendors>, journal: Arc<MemoryJournal>) -> World {
    let vendors = vendors.clone();
    let durable = Settings { durable: true, ..settings() };
    let change = |ports: &mut Ports| ports.journal = journal;
    World::with(change, durable, SUBJECTS, move |subject, body| vendors.answer(subject, body)).await
}

/// What a run came to, without the order in which things happened.
fn outcome(finished: &Finished) -> (String, Json, BTreeSet<String>) {
    let report = report_value(finished.ended.as_ref().unwrap_or_else(|e| panic!("{e}"))).to_serde();
    let sent = report["sent"].as_array().unwrap().iter().map(ToString::to_string).collect();
    (report["how"].to_string(), json!([report["loops"], report["skips"], report["failures"]]), sent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_cut_off_anywhere_comes_to_the_same_end_and_writes_once() {
    let of = workflow(plan());
    let (vendors, journal) = (Arc::new(Vendors::default()), Arc::new(MemoryJournal::new()));
    let whole = world(&vendors, journal.clone()).await;
    let finished = whole.run(&of).await;
    let (expected, acted) = (outcome(&finished), vendors.acted());
    assert!(acted.len() == 9 && acted.values().all(|n| *n == 1), "{acted:?}");
    let records = journal.read(finished.run, 1).await.unwrap();
    assert!(records.len() > 30, "{:?}", kinds(&records));
    // after every record: what had been sent by then had reached the vendor, or had not
    for cut in 1..records.len() {
        for arrived in [true, false] {
            let vendors = Arc::new(Vendors::default());
            {
                let writes = ["write.note", "tell.noted", "write.sum"].map(|subject| whole.asked(subject));
                let sent = |id: &str| {
                    let is = |r: &&Record| matches!(&r.kind, Kind::Sent { request_id, .. } if request_id == id);
                    let Some(Kind::Sent { address, .. }) = records[..cut].iter().find(is).map(|r| &r.kind) else {
                        return false;
                    };
                    let answers = |r: &Record| match &r.kind {
                        Kind::Answered { address: of, .. } | Kind::Published { address: of } => of == address,
                        _ => false,
                    };
                    arrived || records[..cut].iter().any(answers)
                };
                for (subject, _, body) in writes.iter().flatten().filter(|(_, id, _)| sent(id)) {
                    drop(vendors.answer(subject, body));
                }
            }
            let journal = Arc::new(MemoryJournal::new());
            journal.append(finished.run, 0, records[..cut].to_vec()).await.unwrap();
            let world = world(&vendors, journal).await;
            let again = resume(&world, &of).await;
            assert_eq!(again.len(), 1, "after {cut}");
            assert_eq!(again[0].run, finished.run);
            let (how, items, sent) = outcome(&again[0]);
            assert_eq!((how, items), (expected.0.clone(), expected.1.clone()), "after {cut}");
            assert_eq!(sent, expected.2, "after {cut}");
            assert_eq!(vendors.acted(), acted, "after {cut}, arrived: {arrived}");
            let records = world.records(finished.run).await;
            let replayed = wf_host::replay::replay_records(&records, finished.run, of.plan.clone(), None);
            assert!(replayed.unwrap_or_else(|e| panic!("after {cut}: {e}")).ended.is_some());
        }
    }
}

/// Takes up everything that is left, and sees it through.
async fn resume(world: &World, of: &Arc<Workflow>) -> Vec<Finished> {
    let left = world.engine.take_up_all(&Given(vec![of.clone()])).await.unwrap();
    assert!(left.refused.is_empty(), "{:?}", left.refused);
    let engine = &world.engine;
    world.lets(async { futures::future::join_all(left.runs.into_iter().map(|run| engine.finish(run))).await }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_is_left_of_an_engine_that_serves_is_taken_up_and_what_cannot_be_is_named() {
    let of = workflow(plan());
    let vendors = Arc::new(Vendors::default());
    let whole = world(&vendors, Arc::default()).await;
    let finished = whole.run(&of).await;
    let mut records = whole.records(finished.run).await;
    records.truncate(5);

    let journal = Arc::new(MemoryJournal::new());
    journal.append(finished.run, 0, records.clone()).await.unwrap();
    let other = world(&vendors, journal.clone()).await;
    let left = other.engine.take_up_all(&Given(Vec::new())).await.unwrap();
    let why = left.refused.iter().map(|(run, workflow, why)| (*run, workflow.as_str(), why.to_string()));
    assert_eq!(why.collect::<Vec<_>>(), [(finished.run, "w", format!("nobody kept {}", of.plan.hash))]);
    assert_eq!(journal.read(finished.run, 1).await.unwrap().len(), 5, "it stays as it is");

    if let Kind::Started { semantics, .. } = &mut records[0].kind {
        *semantics = 99;
    }
    let journal = Arc::new(MemoryJournal::new());
    journal.append(finished.run, 0, records).await.unwrap();
    let other = world(&vendors, journal).await;
    let left = other.engine.take_up_all(&Given(vec![of.clone()])).await.unwrap();
    let expected = NotTakenUp::Replay(ReplayError::Semantics { recorded: 99 });
    assert_eq!(left.refused.first().map(|(.., why)| why), Some(&expected));

    // begun by hand, perhaps still going on somewhere: nobody takes it up by himself
    let by_hand = World::with(|_| {}, settings(), SUBJECTS, |_, _| Act::Silence).await;
    let run = {
        let (engine, of) = (by_hand.engine.clone(), of.clone());
        tokio::spawn(async move { engine.run_once(wf_host::engine::Once::of(of)).await })
    };
    while by_hand.ports.journal.unfinished().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    run.abort();
    assert!(run.await.is_err());
    let left = by_hand.engine.take_up_all(&Given(vec![of.clone()])).await.unwrap();
    assert!(left.is_empty() && left.refused.is_empty());
    let id = by_hand.ports.journal.unfinished().await.unwrap()[0].run;
    assert!(by_hand.engine.take_up(id, &Given(vec![of])).await.is_ok(), "but by who asks for it");
}

/// An engine that has taken what is due and was killed before the run began, in its middle, or after its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rechecks_tasks_and_ticks_whose_run_was_cut_off_are_done_once() {
    let plan = json!({
        "steps": [{"call": "write.note", "with": {"id": 1}}],
        "flows": {"again": {"inputs": ["items"], "steps": [{"call": "write.note", "with": {"id": 2}}]},
                  "task": {"inputs": ["id"], "steps": [{"call": "write.note", "with": {"id": 3}}]}},
    });
    let mut of_task = trigger(
        TriggerKind::Task { task: "t".into(), every: Some(seconds(60)), give_up_after: None, gave_up: None },
        Overlap::Skip,
    );
    of_task.flow = flow(&plan, "task");
    let of = triggered("w", plan, vec![trigger(every(3600, AtStart::No), Overlap::Skip), of_task]);
    let run = |n: u128| RunId(uuid::Uuid::from_u128(n));
    // the records of such a run, whole
    let vendors = Arc::new(Vendors::default());
    let whole = world(&vendors, Arc::default()).await;
    let finished = whole.run(&of).await;
    let records = whole.records(finished.run).await;
    assert_eq!(kinds(&records), ["started", "sent", "answered", "ended"]);

    for cut in [0, 1, records.len()] {
        let vendors = Arc::new(Vendors::default());
        let journal = Arc::new(MemoryJournal::new());
        let world = world(&vendors, journal.clone()).await;
        let ports = &world.ports;
        let step = wf_plan::Address(vec![wf_plan::Part::Step(1)]);
        let booking = Booking {
            id: 0,
            workflow: "w".into(),
            plan: of.plan.hash.to_string(),
            flow: "again".into(),
            due: at(-5),
            scope: "again".into(),
            items: vec![("k".into(), Value::Int(1))],
            with: Value::Map(wf_value::Map::default()),
            booked_by: run(1),
            step: step.clone(),
        };
        let task = Task { kind: "t".into(), key: "k".into(), due: at(-5), data: Value::Map(wf_value::Map::default()) };
        ports.bookings.book(booking.clone()).await.unwrap();
        ports.tasks.book(task, Some(Asker { run: run(1), step })).await.unwrap();
        let id = ports.bookings.waiting().await.unwrap()[0].id;
        assert!(ports.bookings.take(id, run(11)).await.unwrap());
        assert!(ports.tasks.take("t", "k", run(12), at(-4), at(3600)).await.unwrap());
        let tick = Tick { schedule: "w/main".into(), due: at(-5), outcome: TickOutcome::Ran { run: run(13) } };
        assert!(ports.ticks.ended(tick).await.unwrap());
        if cut > 0 {
            for n in [11, 12, 13] {
                journal.append(run(n), 0, records[..cut].to_vec()).await.unwrap();
            }
        }
        let left = world.engine.take_up_all(&Given(vec![of.clone()])).await.unwrap();
        world.engine.deploy(vec![of.clone()], Schedules::Tick).await.unwrap();
        world.engine.go_on(left).await;
        world.until(600).await;
        let notes: BTreeMap<_, _> =
            world.asked("write.note").into_iter().map(|(_, id, body)| (id, body["id"].as_i64())).collect();
        let expected = match cut {
            0 => vec![Some(1), Some(2), Some(3)],
            1 => vec![Some(1); 3],
            _ => Vec::new(),
        };
        let mut noted: Vec<_> = notes.into_values().collect();
        noted.sort_unstable();
        assert_eq!(noted, expected, "after {cut}");
        assert_eq!(world.asked("write.note").len(), expected.len());
        assert!(ports.bookings.taken().await.unwrap().is_empty() && ports.tasks.waiting().await.unwrap().is_empty());
        let runs = ports.journal.unfinished().await.unwrap();
        assert!(runs.is_empty(), "after {cut}: {runs:?}");
        assert!(!ports.bookings.book(booking).await.unwrap().is_empty(), "its item is free again");
    }
}
