//! Runs that are begun by hand, and those of the triggers of their workflow: not at the same time, unless the workflow says so.

use serde_json::json;
use wf_host::engine::Schedules;
use wf_host::ports::{Tick, TickOutcome, TurnError};
use wf_plan::{AtStart, Overlap};

use crate::schedules::{every, trigger};
use crate::support::{Act, World, ok, triggered};

async fn world() -> World {
    World::new(&["read.one"], |_, _| Act::After(5, Box::new(ok(json!(1))))).await
}

fn reading(overlap: Overlap) -> std::sync::Arc<wf_host::Workflow> {
    let plan = json!({"steps": [{"call": "read.one", "timeout": "100s"}]});
    triggered("w", plan, vec![trigger(every(10, AtStart::Now), overlap)])
}

async fn outcomes(world: &World) -> Vec<TickOutcome> {
    let mut ticks: Vec<Tick> = world.ports.ticks.list(None, 100).await.unwrap();
    ticks.reverse();
    ticks.into_iter().map(|tick| tick.outcome).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_by_hand_is_refused_while_the_workflow_runs_and_keeps_ticks_away() {
    let world = world().await;
    let of = reading(Overlap::Skip);
    world.engine.deploy(vec![of.clone()], Schedules::Tick).await.unwrap();
    world.until(2).await;
    let refused = world.engine.turn_by_hand(&of, |_| {}).await;
    assert!(matches!(&refused, Err(TurnError::Taken(who)) if who == "begun by w/main"), "{refused:?}");
    world.until(7).await;
    let turn = world.engine.turn_by_hand(&of, |_| {}).await;
    assert!(matches!(turn, Ok(Some(_))), "{turn:?}");
    world.until(12).await;
    drop(turn);
    world.until(22).await;
    let outcomes = outcomes(&world).await;
    let why = "a run that was begun by hand was still going";
    assert_eq!(outcomes[1], TickOutcome::Skipped { why: why.into() });
    let ran = |outcome: &TickOutcome| matches!(outcome, TickOutcome::Ran { .. });
    assert!(ran(&outcomes[0]) && ran(&outcomes[2]), "{outcomes:?}");
    assert_eq!(world.asked("read.one").len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_queue_each_waits_for_the_other() {
    let world = world().await;
    let of = reading(Overlap::Queue);
    world.engine.deploy(vec![of.clone()], Schedules::Tick).await.unwrap();
    world.until(2).await;
    let told = std::sync::Mutex::new(String::new());
    let waits = |who: &str| who.clone_into(&mut told.lock().unwrap());
    let turn = world.lets(world.engine.turn_by_hand(&of, waits)).await;
    assert!(matches!(turn, Ok(Some(_))), "{turn:?}");
    assert_eq!(*told.lock().unwrap(), "begun by w/main");
    world.until(14).await;
    assert_eq!(world.asked("read.one").len(), 1, "the tick at 10 s waits");
    drop(turn);
    world.until(16).await;
    assert_eq!(world.asked("read.one").len(), 2);
    assert!(matches!(outcomes(&world).await[1], TickOutcome::Late { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_allow_nobody_waits() {
    let world = world().await;
    let of = reading(Overlap::Allow);
    world.engine.deploy(vec![of.clone()], Schedules::Tick).await.unwrap();
    world.until(2).await;
    assert!(matches!(world.engine.turn_by_hand(&of, |_| {}).await, Ok(None)));
}
