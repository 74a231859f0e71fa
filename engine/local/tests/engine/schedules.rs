//! Schedules: every due tick ends in exactly one outcome.

use std::collections::BTreeSet;

use serde_json::json;
use wf_expr::Written;
use wf_host::engine::{DeployError, Schedules};
use wf_host::ports::{Clock, Tick, TickOutcome};
use wf_plan::{AtStart, Overlap, Retry, Trigger, TriggerKind};
use wf_value::Value;

use crate::support::{Act, World, at, begun, literal, ok, seconds, settings, triggered};

pub(crate) fn trigger(kind: TriggerKind, overlap: Overlap) -> Trigger {
    let span = wf_source::Span::new(wf_source::FileId(0), 0, 0);
    Trigger { kind, flow: wf_plan::FlowId(0), overlap, retry: None, inputs: None, each: None, span }
}

pub(crate) fn every(interval: i64, at_start: AtStart) -> TriggerKind {
    TriggerKind::Every { interval: seconds(interval), at_start }
}

fn cron(pattern: &str, zone: &str, misfire_grace: Option<Written>) -> TriggerKind {
    TriggerKind::Cron { pattern: literal(pattern), timezone: Some(literal(zone)), misfire_grace, at_start: AtStart::No }
}

fn reading() -> serde_json::Value {
    json!({"steps": [{"call": "read.one", "timeout": "100s"}]})
}

async fn answering_after(seconds: u64) -> World {
    World::new(&["read.one"], move |_, _| Act::After(seconds, Box::new(ok(json!(1))))).await
}

async fn ticks(world: &World) -> Vec<Tick> {
    let mut ticks = world.ports.ticks.list(None, 10_000).await.unwrap();
    ticks.reverse();
    let unique: BTreeSet<_> = ticks.iter().map(|t| (t.schedule.clone(), t.due)).collect();
    assert_eq!(unique.len(), ticks.len());
    ticks
}

fn words(ticks: &[Tick]) -> Vec<(i64, &'static str)> {
    ticks.iter().map(|t| (t.due.duration_since(begun()).as_secs(), t.outcome.word())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interval_ticks_at_the_start_and_then_at_its_beat() {
    let world = answering_after(5).await;
    let of = triggered("w", reading(), vec![trigger(every(60, AtStart::Now), Overlap::Skip)]);
    world.engine.deploy(vec![of], Schedules::Tick).await.unwrap();
    world.until(250).await;
    assert_eq!(words(&ticks(&world).await), [(0, "ran"), (60, "ran"), (120, "ran"), (180, "ran"), (240, "ran")]);
    assert_eq!(world.asked("read.one").len(), 5);
    assert_eq!(world.count("wf_ticks", &[("schedule", "w/main"), ("outcome", "ran")]), 5.0);
    assert_eq!(world.engine.triggers().await[0].next, Some(at(300)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_at_start_the_first_tick_is_an_interval_later_and_a_delay_is_kept() {
    let world = answering_after(0).await;
    let triggers = |at_start| vec![trigger(every(60, at_start), Overlap::Skip)];
    let set = vec![
        triggered("plain", reading(), triggers(AtStart::No)),
        triggered("delayed", reading(), triggers(AtStart::After(seconds(7)))),
    ];
    world.engine.deploy(set, Schedules::Tick).await.unwrap();
    world.until(130).await;
    let ticks = ticks(&world).await;
    let of = |name: &str| words(&ticks.iter().filter(|t| t.schedule == name).cloned().collect::<Vec<_>>());
    assert_eq!(of("plain/main"), [(60, "ran"), (120, "ran")]);
    assert_eq!(of("delayed/main"), [(7, "ran"), (67, "ran"), (127, "ran")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_still_going_makes_the_next_tick_be_skipped_queued_or_not() {
    for (overlap, outcomes, runs) in [
        (Overlap::Skip, vec![(0, "ran"), (10, "skipped"), (20, "skipped"), (30, "ran"), (40, "skipped")], 2),
        (Overlap::Queue, vec![(0, "ran"), (10, "late")], 2),
        (Overlap::Allow, vec![(0, "ran"), (10, "ran"), (20, "ran"), (30, "ran"), (40, "ran")], 5),
    ] {
        let world = answering_after(25).await;
        let of = triggered("w", reading(), vec![trigger(every(10, AtStart::Now), overlap)]);
        world.engine.deploy(vec![of], Schedules::Tick).await.unwrap();
        world.until(45).await;
        let ticks = ticks(&world).await;
        assert_eq!(words(&ticks), outcomes, "{overlap:?}");
        assert_eq!(world.asked("read.one").len(), runs);
        if overlap == Overlap::Skip {
            assert_eq!(ticks[1].outcome, TickOutcome::Skipped { why: "the run before was still going".into() });
            let labels = [("workflow", "w"), ("reason", "the run before was still going")];
            assert_eq!(world.count("wf_starts_refused", &labels), 3.0);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cron_follows_the_clocks_of_its_zone_both_ways() {
    // 24 hours around each change: 29 March and 25 October 2026.
    for (from, to, ticks_of_day) in
        [("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23), ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25)]
    {
        let (from, to): (jiff::Timestamp, jiff::Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
        let world = answering_after(0).await;
        let clock = world.clock.clone();
        world.lets(clock.sleep_until(from - jiff::SignedDuration::from_secs(1))).await;
        let set = [("hourly", "0 * * * *"), ("night", "30 2 * * *")].map(|(name, pattern)| {
            triggered(name, reading(), vec![trigger(cron(pattern, "Europe/Madrid", None), Overlap::Skip)])
        });
        world.engine.deploy(set.to_vec(), Schedules::Tick).await.unwrap();
        let clock = world.clock.clone();
        world.lets(clock.sleep_until(to - jiff::SignedDuration::from_secs(1))).await;
        let ticks = ticks(&world).await;
        assert!(ticks.iter().all(|t| t.outcome.word() == "ran"));
        assert_eq!(ticks.iter().filter(|t| t.schedule == "hourly/main").count(), ticks_of_day);
        assert_eq!(ticks.iter().filter(|t| t.schedule == "night/main").count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ticks_while_nobody_was_there_are_missed_and_the_newest_runs_late_within_the_grace() {
    let world = answering_after(0).await;
    let last = Tick { schedule: "graceful/main".into(), due: at(-4 * 3600), outcome: TickOutcome::Missed };
    for name in ["graceful/main", "strict/main", "interval/main"] {
        world.ports.ticks.ended(Tick { schedule: name.into(), ..last.clone() }).await.unwrap();
    }
    world.until(600).await;
    let set = vec![
        triggered("graceful", reading(), vec![trigger(cron("0 * * * *", "UTC", Some(seconds(3600))), Overlap::Skip)]),
        triggered("strict", reading(), vec![trigger(cron("0 * * * *", "UTC", None), Overlap::Skip)]),
        triggered("interval", reading(), vec![trigger(every(7000, AtStart::No), Overlap::Skip)]),
    ];
    world.engine.deploy(set, Schedules::Tick).await.unwrap();
    world.until(700).await;
    let ticks = ticks(&world).await;
    let of = |name: &str| words(&ticks.iter().filter(|t| t.schedule == name).skip(1).cloned().collect::<Vec<_>>());
    assert_eq!(of("graceful/main"), [(-10800, "missed"), (-7200, "missed"), (-3600, "missed"), (0, "late")]);
    assert_eq!(of("strict/main"), [(-10800, "missed"), (-7200, "missed"), (-3600, "missed"), (0, "missed")]);
    assert_eq!(of("interval/main"), [(-7400, "missed"), (-400, "late")]);
    let late = ticks.iter().find(|t| t.schedule == "graceful/main" && t.outcome.word() == "late").unwrap();
    assert!(matches!(late.outcome, TickOutcome::Late { by_ms: 600_000, .. }), "{late:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_tried_again_as_its_trigger_says() {
    let world = World::new(&["read.one"], |_, body| match body["x"].as_i64() {
        Some(3) => ok(json!(1)),
        _ => Act::Reply(500, json!("boom")),
    })
    .await;
    let mut of = trigger(every(10_000, AtStart::Now), Overlap::Skip);
    let accept = wf_plan::Accept { any: false, statuses: wf_plan::StatusSet::default(), outcomes: Vec::new() };
    of.retry = Some(Retry {
        when: accept,
        failed: true,
        undecided: false,
        timeout: false,
        no_connection: false,
        attempts: Some(literal(5_i64)),
        wait: wf_plan::Wait::Fixed(seconds(100)),
        exponential: false,
        within: None,
    });
    let plan = json!({"steps": [{"call": "read.one", "with": {"x": "=attempt"}}]});
    world.engine.deploy(vec![triggered("w", plan, vec![of])], Schedules::Tick).await.unwrap();
    world.until(900).await;
    let tried: Vec<_> = world.asked("read.one").iter().map(|(.., body)| body["x"].as_i64()).collect();
    assert_eq!(tried, [Some(1), Some(2), Some(3)]);
    let runs = world.ports.journal.runs(Some("w"), 9).await.unwrap();
    let ended: Vec<_> =
        runs.iter().map(|r| (r.started.duration_since(begun()).as_secs(), r.ended.as_deref())).collect();
    assert_eq!(ended, [(200, Some("well")), (100, Some("failed")), (0, Some("failed"))]);
    assert_eq!(ticks(&world).await.len(), 1);
}

#[tokio::test]
async fn a_schedule_that_cannot_be_kept_is_refused_and_named() {
    let world = World::with(|_| {}, settings(), &[], |_, _| Act::Silence).await;
    let deploy = async |kind| match world
        .engine
        .deploy(vec![triggered("w", reading(), vec![trigger(kind, Overlap::Skip)])], Schedules::Tick)
        .await
    {
        Err(DeployError::Trigger(error)) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(deploy(every(0, AtStart::No)).await, "the trigger w/main cannot be used: its interval is zero");
    assert_eq!(deploy(every(-5, AtStart::No)).await, "the trigger w/main cannot be used: its interval is negative");
    assert_eq!(
        deploy(cron("* * 31 2 *", "UTC", None)).await,
        "the trigger w/main cannot be used: '* * 31 2 *' is never due"
    );
    assert_eq!(
        deploy(cron("0 0 * * *", "Mars/Olympus", None)).await,
        "the trigger w/main cannot be used: 'Mars/Olympus' is no time zone"
    );
    let number = TriggerKind::Every { interval: literal(Value::Int(5)), at_start: AtStart::No };
    assert_eq!(deploy(number).await, "the trigger w/main cannot be used: its interval is a whole number");
    assert!(world.engine.workflows().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_each_entry_there_is_a_schedule_of_its_own() {
    let world = World::new(&["read.one"], |_, _| Act::After(15, Box::new(ok(json!(1))))).await;
    let boxes = Value::from(vec![Value::from("north"), Value::from("south")]);
    let each = Trigger {
        flow: wf_plan::FlowId(1),
        each: Some(("mailbox".into(), literal(boxes))),
        ..trigger(every(10, AtStart::Now), Overlap::Skip)
    };
    let plan = json!({"steps": [], "flows": {"look": {"inputs": ["mailbox"], "steps": [
        {"call": "read.one", "timeout": "60s", "with": {"x": "=mailbox"}},
    ]}}});
    world.engine.deploy(vec![triggered("w", plan, vec![each])], Schedules::Tick).await.unwrap();
    world.until(5).await;
    let names: Vec<_> = world.engine.triggers().await.into_iter().map(|t| t.bound.name.clone()).collect();
    assert_eq!(names, ["w/look/north", "w/look/south"]);
    let mut looked: Vec<_> = world.asked("read.one").iter().map(|(.., body)| body["x"].to_string()).collect();
    looked.sort();
    assert_eq!(looked, [r#""north""#, r#""south""#], "one does not wait for the other");
}
