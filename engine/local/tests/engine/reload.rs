//! Workflows change all at once; the engine stops without losing anything.

use std::time::Duration;

use serde_json::json;
use wf_host::clock::attend;
use wf_host::driver::Stopped;
use wf_host::engine::{DeployError, Once, Schedules};
use wf_host::ports::Clock;
use wf_plan::{AtStart, Overlap};
use wf_value::{InputField, Type};

use crate::messages::{ask, message};
use crate::schedules::{every, trigger};
use crate::support::{Act, World, at, begun, kinds, ok, triggered, workflow};

fn answering(version: i64) -> serde_json::Value {
    json!({"steps": [], "flows": {"reply": {"inputs": ["n"], "steps": [
        {"call": "read.one", "timeout": "100s"},
        {"return": {"status": 200, "body": version}},
    ]}}})
}

fn replier(version: i64) -> std::sync::Arc<wf_host::Workflow> {
    let fields = vec![InputField::optional("n", Type::Integer)];
    triggered("w", answering(version), vec![message("s", Overlap::Allow, fields)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_find_somebody_at_every_moment_and_running_runs_keep_their_plan() {
    let world = World::new(&["read.one"], |_, _| Act::After(10, Box::new(ok(json!(1))))).await;
    world.engine.deploy(vec![replier(1)], Schedules::Tick).await.unwrap();
    let engine = world.engine.clone();
    let clock = world.clock.clone();
    let reloads = tokio::spawn(attend(clock.clone(), async move {
        for version in 2..=8 {
            clock.sleep_until(at(15 * (version - 1) - 10)).await;
            engine.deploy(vec![replier(version)], Schedules::Tick).await.unwrap();
        }
    }));
    // One question every 15 seconds; the reload comes while it is being answered.
    for version in 1..=7 {
        world.until(15 * (version - 1)).await;
        let reply = ask(&world, "s", &json!({"body": {}})).await.unwrap();
        assert_eq!(reply, json!({"status": 200, "body": version}), "the run keeps the plan it began with");
    }
    reloads.await.unwrap();
    assert_eq!(world.count("wf_reloads", &[("outcome", "taken")]), 8.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_keeps_its_beat_over_a_reload_and_a_new_interval_counts_from_the_last_tick() {
    let world = World::new(&["read.one"], |_, _| ok(json!(1))).await;
    let reading = json!({"steps": [{"call": "read.one"}]});
    let of = |interval| triggered("w", reading.clone(), vec![trigger(every(interval, AtStart::Now), Overlap::Skip)]);
    world.engine.deploy(vec![of(60)], Schedules::Tick).await.unwrap();
    world.until(90).await;
    world.engine.deploy(vec![of(60)], Schedules::Tick).await.unwrap();
    world.until(130).await;
    world.engine.deploy(vec![of(20)], Schedules::Tick).await.unwrap();
    world.until(170).await;
    world.engine.deploy(vec![], Schedules::Tick).await.unwrap();
    world.until(400).await;
    let mut ticks = world.ports.ticks.list(None, 99).await.unwrap();
    ticks.reverse();
    let due: Vec<_> = ticks.iter().map(|t| t.due.duration_since(begun()).as_secs()).collect();
    assert_eq!(due, [0, 60, 120, 140, 160]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_with_something_wrong_changes_nothing() {
    let world = World::new(&["read.one"], |_, _| ok(json!(1))).await;
    world.engine.deploy(vec![replier(1)], Schedules::Tick).await.unwrap();
    let bad = triggered("other", json!({"steps": []}), vec![trigger(every(0, AtStart::No), Overlap::Skip)]);
    assert!(matches!(world.engine.deploy(vec![replier(2), bad], Schedules::Tick).await, Err(DeployError::Trigger(_))));
    let twice = vec![replier(2), replier(3)];
    assert_eq!(world.engine.deploy(twice, Schedules::Tick).await, Err(DeployError::Twice("w".into())));
    let fields = || vec![InputField::optional("n", Type::Integer)];
    let mut rival = message("s", Overlap::Allow, fields());
    if let wf_plan::TriggerKind::Message { queue, .. } = &mut rival.kind {
        *queue = Some("w".into());
    }
    let rival = vec![replier(2), triggered("rival", answering(9), vec![rival])];
    assert!(matches!(world.engine.deploy(rival, Schedules::Tick).await, Err(DeployError::SubjectTwice { .. })));
    assert_eq!(ask(&world, "s", &json!({"body": {}})).await.unwrap()["body"], 1);
    assert_eq!(world.count("wf_reloads", &[("outcome", "refused")]), 3.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_of_one_workflow_take_turns_at_its_messages() {
    let world = World::new(&["read.one"], |_, _| ok(json!(1))).await;
    let instances = ["north", "south"].map(|name| {
        let of = replier(1);
        std::sync::Arc::new(wf_host::Workflow { instance: Some(name.into()), ..(*of).clone() })
    });
    world.engine.deploy(instances.into(), Schedules::Tick).await.unwrap();
    for _ in 0..4 {
        assert_eq!(ask(&world, "s", &json!({"body": {}})).await.unwrap()["body"], 1);
    }
    let runs = world.ports.journal.runs(None, 99).await.unwrap();
    let of = |name: &str| runs.iter().filter(|run| run.workflow == name).count();
    assert_eq!((of("w@north"), of("w@south")), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn draining_lets_runs_end_and_begins_no_new_ones() {
    let world = World::new(&["read.one"], |_, _| Act::After(20, Box::new(ok(json!(1))))).await;
    let reading = json!({"steps": [{"call": "read.one", "timeout": "100s"}]});
    let ticking = triggered("t", reading, vec![trigger(every(5, AtStart::Now), Overlap::Allow)]);
    world.engine.deploy(vec![replier(1), ticking], Schedules::Tick).await.unwrap();
    world.until(12).await;
    assert!(world.engine.is_ready());
    assert_eq!(world.lets(world.engine.drain(Duration::from_secs(60))).await, 0);
    assert!(!world.engine.is_ready());
    assert!(world.clock.now() >= at(30), "the run of 10 took until 30");
    let runs = world.ports.journal.runs(None, 99).await.unwrap();
    assert_eq!(runs.len(), 3);
    assert!(runs.iter().all(|r| r.ended.as_deref() == Some("well")));
    assert!(ask(&world, "s", &json!({"body": {}})).await.is_err());
    assert_eq!(world.engine.deploy(vec![], Schedules::Tick).await, Err(DeployError::Draining));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_takes_too_long_is_stopped_with_its_writes_seen_through() {
    let world = World::new(&["write.x", "read.one"], |_, _| Act::After(100, Box::new(ok(json!(1))))).await;
    let plan =
        workflow(json!({"steps": [{"call": "write.x", "timeout": "200s"}, {"call": "read.one", "timeout": "200s"}]}));
    let run = {
        let (engine, plan) = (world.engine.clone(), plan.clone());
        tokio::spawn(attend(world.clock.clone(), async move { engine.run_once(Once::of(plan)).await }))
    };
    world.until(50).await;
    assert_eq!(world.asked("write.x").len(), 1);
    assert_eq!(world.lets(world.engine.drain(Duration::from_secs(1))).await, 1);
    assert_eq!(world.clock.now(), at(100), "the write's answer is waited for");
    let finished = run.await.unwrap();
    assert_eq!(finished.ended.err().map(|cut| cut.why), Some(Stopped::Shutdown));
    let records = world.records(finished.run).await;
    assert_eq!(kinds(&records), ["started", "sent", "answered"]);
}
