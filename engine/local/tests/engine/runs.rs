//! One run, from its start to its end.

use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;
use wf_host::driver::{Progress, report_value};
use wf_host::engine::{Once, Settings};
use wf_machine::EndedHow;

use crate::support::{Act, World, at, kinds, ok, settings, workflow};

fn rows() -> serde_json::Value {
    json!((0..20).map(|i| json!({"id": i, "state": if i % 4 == 0 { "OUT" } else { "IN" }})).collect::<Vec<_>>())
}

/// Reads rows, looks at each, notes what it finds, tells about it.
fn monitor() -> serde_json::Value {
    json!({"steps": [
        {"id": "rows", "call": "read.rows"},
        {"for": "row", "in": "rows.body", "parallel": 4, "steps": [
            {"skip": {"it is out": "row.state == 'OUT'"}},
            {"id": "one", "call": "read.one", "with": {"id": "=row.id"}},
            {"call": "write.note", "with": {"id": "=row.id", "x": "=one.body.level"}},
            {"publish": "tell.noted", "with": {"message": "noted {{ row.id }}"}},
        ]},
    ]})
}

async fn world() -> World {
    World::new(&["read.rows", "read.one", "write.note", "tell.noted"], |subject, body| match subject {
        "read.rows" => ok(rows()),
        "read.one" => Act::After(1, Box::new(ok(json!({"level": body["id"]})))),
        _ => ok(json!("done")),
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_does_what_its_steps_say_and_tells_what_it_did() {
    let world = world().await;
    let finished = world.run(&workflow(monitor())).await;
    let ended = finished.ended.unwrap();
    assert!(matches!(ended.how, EndedHow::Well), "{:?}", ended.how);
    let report = &ended.report.loops[0];
    assert_eq!((report.items, report.done, report.skipped.clone()), (20, 15, vec![("it is out".into(), 5)]));
    let notes = world.asked("write.note");
    assert_eq!(notes.len(), 15);
    assert!(notes.iter().all(|(_, id, body)| id.len() == 22 && body["id"] == body["x"]));
    assert_eq!(world.asked("tell.noted").len(), 15);
    assert_eq!(world.clock_seconds(), 4, "15 reads of a second, four at a time");

    let records = world.records(finished.run).await;
    let count = |kind: &str| kinds(&records).iter().filter(|k| **k == kind).count();
    assert_eq!(
        [count("started"), count("answered"), count("sent"), count("published"), count("ended")],
        [1, 31, 30, 15, 1]
    );
    let runs = world.ports.journal.runs(Some("w"), 9).await.unwrap();
    assert_eq!((runs[0].run, runs[0].ended.as_deref()), (finished.run, Some("well")));
    assert_eq!(world.count("wf_items", &[("workflow", "w"), ("loop", &report.title), ("how", "done")]), 15.0);
    assert_eq!(world.count("wf_skips", &[("workflow", "w"), ("reason", "it is out")]), 5.0);
    assert_eq!(world.count("wf_writes", &[("workflow", "w"), ("action", "write.note"), ("status", "200")]), 15.0);
    assert_eq!(world.count("wf_runs_going", &[("workflow", "w")]), 0.0);
}

impl World {
    fn clock_seconds(&self) -> i64 {
        use wf_host::ports::Clock;
        self.clock.now().duration_since(at(0)).as_secs()
    }
}

#[tokio::test]
async fn no_usable_answer_is_503_with_its_cause() {
    for (act, cause, seconds) in [
        (Some(Act::Silence), "no answer within 5s", 5),
        (Some(Act::Raw("<html>")), "the reply is no JSON: a value is expected at line 1, column 1", 0),
        (Some(Act::Raw(r#"{"status": 200}"#)), "the reply has no body", 0),
        (Some(Act::Raw(r#"{"body": 200}"#)), "the reply has no status", 0),
        (None, "nobody listens on read.one", 0),
    ] {
        let subjects: &[&str] = if act.is_some() { &["read.one"] } else { &[] };
        let world = World::new(subjects, move |_, _| act.clone().unwrap_or(Act::Silence)).await;
        let plan = workflow(json!({"steps": [
            {"id": "one", "call": "read.one", "timeout": "5s", "on_error": "ignore"},
            {"return": {"status": "=one.status", "cause": "=one.cause"}},
        ]}));
        let ended = world.run(&plan).await.ended.unwrap();
        let returned = ended.returned.map(|v| format!("{v:?}")).unwrap_or_default();
        assert_eq!(returned, format!(r#"{{"status": 503, "cause": {cause:?}}}"#));
        assert_eq!(world.clock_seconds(), seconds);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_calls_are_under_way_than_the_engine_allows() {
    let settings = Settings { calls: 3, ..settings() };
    let world = World::with(
        |_| {},
        settings,
        &["read.rows", "read.one"],
        |subject, _| match subject {
            "read.rows" => ok(rows()),
            _ => Act::After(2, Box::new(ok(json!(1)))),
        },
    )
    .await;
    let plan = json!({"steps": [
        {"id": "rows", "call": "read.rows"},
        {"for": "row", "in": "rows.body", "parallel": "yes", "steps": [{"call": "read.one", "with": {"id": "=row.id"}}]},
    ]});
    let ended = world.run(&workflow(plan)).await.ended.unwrap();
    assert_eq!(ended.report.loops[0].done, 20);
    assert_eq!(world.most_at_once(), 3);
    assert_eq!(world.clock_seconds(), 14, "20 calls of two seconds, three at a time");
}

#[tokio::test]
async fn retries_wait_in_virtual_time() {
    let world = World::new(&["read.one"], |_, _| Act::Reply(500, json!("boom"))).await;
    let plan = json!({"steps": [
        {"call": "read.one", "retry": {"when": ["5xx"], "attempts": 4, "wait": "10s", "backoff": "exponential"}},
    ]});
    let finished = world.run(&workflow(plan)).await;
    assert!(matches!(finished.ended.unwrap().how, EndedHow::Failed { .. }));
    assert_eq!(world.asked("read.one").len(), 4);
    assert_eq!(world.clock_seconds(), 70);
    assert_eq!(world.count("wf_timers_due", &[]), 3.0);
}

#[tokio::test]
async fn a_run_that_can_only_read_leaves_a_summary() {
    let world = World::new(&["read.one"], |_, _| ok(json!(1))).await;
    let plan = workflow(
        json!({"steps": [{"call": "read.one"}, {"run": "more"}], "flows": {"more": {"steps": [{"call": "read.one"}]}}}),
    );
    let finished = world.run(&plan).await;
    assert_eq!(kinds(&world.records(finished.run).await), ["started", "ended"]);
    // One that could write and did not can be explained.
    let plan = workflow(json!({"steps": [{"id": "one", "call": "read.one"}, {"run": "more", "if": "one.body == 2"}],
        "flows": {"more": {"steps": [{"call": "write.x"}]}}}));
    let finished = world.run(&plan).await;
    assert_eq!(kinds(&world.records(finished.run).await), ["started", "answered", "ended"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_waits_can_be_cancelled() {
    let world = World::new(&["read.one"], |_, _| Act::Reply(500, json!("boom"))).await;
    let plan = workflow(json!({"steps": [
        {"call": "read.one", "retry": {"when": ["5xx"], "attempts": "forever", "wait": "10s"}},
        {"call": "write.x"},
    ]}));
    let (engine, clock) = (world.engine.clone(), world.clock.clone());
    let cancel = tokio::spawn(wf_host::clock::attend(clock.clone(), async move {
        wf_host::ports::Clock::sleep(&*clock, Duration::from_secs(25)).await;
        let going = engine.going();
        assert_eq!((going.len(), going[0].by.as_str()), (1, "hand"));
        assert!(engine.cancel(going[0].run, "enough"));
    }));
    let finished = world.run(&plan).await;
    cancel.await.unwrap();
    assert!(matches!(finished.ended.unwrap().how, EndedHow::Cancelled { reason } if reason.as_str() == "enough"));
    assert_eq!(kinds(&world.records(finished.run).await).last(), Some(&"ended"));
    assert!(world.engine.going().is_empty());
    assert!(!world.engine.cancel(finished.run, "again"));
}

#[tokio::test]
async fn progress_is_told_while_it_goes_on() {
    let world = world().await;
    let (sender, mut receiver) = watch::channel(Progress::default());
    let once = Once { progress: Some(sender), ..Once::of(workflow(monitor())) };
    let watch = tokio::spawn(async move {
        let mut seen = Vec::new();
        while receiver.changed().await.is_ok() {
            seen.push(receiver.borrow_and_update().clone());
        }
        seen
    });
    let finished = world.lets(world.engine.run_once(once)).await;
    let seen = watch.await.unwrap();
    let last = seen.last().unwrap();
    assert!(last.over && seen.len() > 5);
    assert_eq!((last.loops[0].over, last.loops[0].of, last.calls, last.sent), (20, 20, 31, 30));
    assert!(seen.iter().map(|p| p.loops.first().map_or(0, |l| l.over)).is_sorted());
    let report = report_value(&finished.ended.unwrap());
    let sent = report.as_map().map(|m| m.get("sent")).unwrap_or_default();
    assert_eq!(sent.as_list().map(|l| l.len()), Some(30));
    assert!(report.encode().is_ok());
}
