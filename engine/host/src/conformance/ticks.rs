//! The suite of the ledger of ticks.

use super::{run, second};
use crate::ports::{Tick, TickOutcome, Ticks};

fn tick(schedule: &str, due: i64, outcome: TickOutcome) -> Tick {
    Tick { schedule: schedule.into(), due: second(due), outcome }
}

/// What a ledger of ticks must do. It is empty at first.
pub async fn ticks_suite(ticks: &dyn Ticks) {
    assert_eq!(ticks.last("a").await, Ok(None));
    let all = [
        tick("a", 10, TickOutcome::Ran { run: run(1) }),
        tick("a", 20, TickOutcome::Late { run: run(2), by_ms: 1500 }),
        tick("b", 15, TickOutcome::Skipped { why: "the one before was still running".into() }),
        tick("b", 25, TickOutcome::Missed),
    ];
    for one in &all {
        assert_eq!(ticks.ended(one.clone()).await, Ok(true));
    }
    assert_eq!(ticks.ended(tick("a", 10, TickOutcome::Missed)).await, Ok(false), "the first outcome of a tick stays");
    assert_eq!(ticks.last("a").await, Ok(Some(second(20))));
    let [a10, a20, b15, b25] = all;
    assert_eq!(ticks.list(None, 3).await, Ok(vec![b25, a20.clone(), b15]));
    assert_eq!(ticks.list(Some("a"), 9).await, Ok(vec![a20, a10]));
}
