//! A schedule that is kept: every tick begins a run, or is said not to.

use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::watch;
use wf_value::{Map, Text, Value};

use super::bound::{Bound, BoundKind};
use super::gate::{Gate, Refused};
use crate::engine::{Begin, Engine};
use crate::metrics::names;
use crate::ports::{Tick, TickOutcome};
use crate::schedule::{LATE, Timing};

/// How often the clock is looked at.
const LOOK: SignedDuration = SignedDuration::from_mins(10);

/// A clock that was set back by more is believed: ticks go on from there. By less, they wait until it is as late again, or a tick would
/// run twice.
const SET_BACK: SignedDuration = SignedDuration::from_mins(5);

/// Keeps the schedule until nobody binds it any more. `bound` brings what it is after a reload.
pub(crate) async fn keep_schedule(engine: Engine, mut bound: watch::Receiver<Arc<Bound>>, gate: Gate) {
    let clock = engine.ports().clock.clone();
    let begun = clock.now();
    let name = bound.borrow().name.clone();
    let mut first = match &bound.borrow().kind {
        BoundKind::Schedule { at_start, .. } => {
            at_start.map(|after| begun.saturating_add(after).unwrap_or(Timestamp::MAX))
        }
        _ => return,
    };
    let mut last = engine.last_tick(&name).await.filter(|tick| *tick <= begun).unwrap_or(begun);
    loop {
        let now_bound = bound.borrow_and_update().clone();
        let BoundKind::Schedule { timing, .. } = &now_bound.kind else { return };
        // The tick at the start comes first; an interval counts from it.
        let due = match (first, timing) {
            (Some(first), Timing::Every(_)) => Some(first),
            (Some(first), Timing::Cron { .. }) => Some(timing.next(last).map_or(first, |next| next.min(first))),
            (None, _) => timing.next(last),
        };
        let look = clock.now().saturating_add(LOOK).unwrap_or(Timestamp::MAX);
        tokio::select! {
            changed = bound.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
            () = clock.sleep_until(due.map_or(look, |due| due.min(look))) => {}
        }
        let now = clock.now();
        if last.duration_since(now) > SET_BACK {
            last = now;
        }
        if due.is_none_or(|due| now < due) {
            continue;
        }
        let mut ticks = timing.due(last, now);
        last = ticks.newest.unwrap_or(last);
        let at_start = first.take_if(|first| *first <= now);
        if let Some(at_start) = at_start {
            ticks.missed.extend(ticks.run.take());
            ticks.run = Some(at_start);
            last = last.max(at_start);
        }
        let missed = ticks.missed.into_iter().map(|due| (due, TickOutcome::Missed));
        for (due, outcome) in missed {
            engine.tick_ended(&name, due, outcome).await;
        }
        if ticks.more_missed > 0 {
            #[allow(clippy::cast_precision_loss, reason = "counters are floats")]
            let n = ticks.more_missed as f64;
            engine.ports().metrics.add(names::TICKS, &[("schedule", &name), ("outcome", "missed")], n);
        }
        if let Some(due) = ticks.run {
            begin(&engine, &now_bound, &gate, due).await;
        }
    }
}

/// Begins the run of a tick, in a task of its own.
async fn begin(engine: &Engine, bound: &Arc<Bound>, gate: &Gate, due: Timestamp) {
    let refuse = async |refused: Refused| {
        engine.inner.refuse(&bound.workflow.name(), refused);
        engine.tick_ended(&bound.name, due, TickOutcome::Skipped { why: refused.why().to_owned() }).await;
    };
    if let Err(refused) = engine.admit() {
        return refuse(refused).await;
    }
    let Some(overlap) = bound.trigger().map(|t| t.overlap) else { return };
    let pass = if overlap == wf_plan::Overlap::Skip {
        match engine.enter(gate, &bound.workflow, &bound.name, overlap).await {
            Ok(pass) => Some(pass),
            Err(refused) => return refuse(refused).await,
        }
    } else {
        None
    };
    let (task, bound, gate) = (engine.clone(), bound.clone(), gate.clone());
    engine.spawn_begun(async move {
        // Those that queue wait in their own task: the next tick is another one.
        let _pass = match pass {
            Some(pass) => pass,
            None => match task.enter(&gate, &bound.workflow, &bound.name, overlap).await {
                Ok(pass) => pass,
                Err(refused) => {
                    task.inner.refuse(&bound.workflow.name(), refused);
                    let outcome = TickOutcome::Skipped { why: refused.why().to_owned() };
                    return task.tick_ended(&bound.name, due, outcome).await;
                }
            },
        };
        if let Err(refused) = task.admit() {
            let outcome = TickOutcome::Skipped { why: refused.why().to_owned() };
            return task.tick_ended(&bound.name, due, outcome).await;
        }
        let (run, late) = (task.new_run(), task.ports().clock.now().duration_since(due).max(SignedDuration::ZERO));
        task.ports().metrics.observe(names::TICK_DELAY_SECONDS, &[], late.as_secs_f64());
        let by_ms = i64::try_from(late.as_millis()).unwrap_or(i64::MAX);
        let outcome = if late > LATE { TickOutcome::Late { run, by_ms } } else { TickOutcome::Ran { run } };
        // the id first: whoever finds it without its run begins that run
        task.tick_ended(&bound.name, due, outcome).await;
        if let Some(begin) = of_tick(&bound, due) {
            // How it ended is in the journal and the metrics.
            let _ = task.run_tries(run, begin).await;
        }
    });
}

/// The run of a tick of the schedule.
pub(crate) fn of_tick(bound: &Bound, due: Timestamp) -> Option<Begin> {
    Some(Begin {
        workflow: bound.workflow.clone(),
        flow: bound.trigger()?.flow,
        inputs: bound.entry.iter().cloned().collect(),
        trigger: tick_facts(bound, due),
        by: bound.name.clone(),
        progress: None,
        of: Some(bound.index),
    })
}

/// What a flow sees as `trigger`.
pub(crate) fn tick_facts(bound: &Bound, due: Timestamp) -> Value {
    let due = Value::Time(Arc::new(wf_value::Time::new(due)));
    let fields = [("kind", Value::from("schedule")), ("name", bound.name.clone().into()), ("due", due)];
    fields.into_iter().map(|(key, value)| (Text::from(key), value)).collect::<Map>().into()
}

impl Engine {
    async fn last_tick(&self, schedule: &str) -> Option<Timestamp> {
        let _busy = self.ports().clock.busy();
        self.ports().ticks.last(schedule).await.unwrap_or_else(|error| {
            tracing::error!(schedule, %error, "the last tick is not known");
            None
        })
    }

    /// Writes down how a tick ended, and counts it.
    pub(crate) async fn tick_ended(&self, schedule: &str, due: Timestamp, outcome: TickOutcome) {
        let _busy = self.ports().clock.busy();
        self.ports().metrics.count(names::TICKS, &[("schedule", schedule), ("outcome", outcome.word())]);
        if let TickOutcome::Skipped { why } = &outcome {
            tracing::warn!(schedule, %due, why, "a tick was skipped");
        }
        let tick = Tick { schedule: schedule.to_owned(), due, outcome };
        match self.ports().ticks.ended(tick).await {
            Ok(_) => {}
            Err(error) => tracing::error!(schedule, %due, %error, "a tick could not be written down"),
        }
    }
}
