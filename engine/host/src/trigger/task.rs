//! Tasks: each due one is a run, one after the other, until it has ended well or is given up.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use wf_machine::{Ended, EndedHow};
use wf_plan::{FlowId, Overlap, RunId, Trigger};
use wf_value::{Map, Text, Time, Value};

use super::bound::{Bound, BoundKind};
use super::reply::inputs;
use crate::driver::CutShort;
use crate::engine::{Begin, Engine};
use crate::ports::Task;
use crate::workflow::Workflow;

/// How long an engine may work on a task before another one may take it.
const CLAIM: SignedDuration = SignedDuration::from_hours(1);

/// Looks for due tasks, at once and then at its interval, until nobody binds it any more.
pub(crate) async fn poll_tasks(engine: Engine, mut bound: watch::Receiver<Arc<Bound>>) {
    let clock = engine.ports().clock.clone();
    loop {
        let now_bound = bound.borrow_and_update().clone();
        let BoundKind::Task { kind, every, .. } = &now_bound.kind else { return };
        let next = clock.now().saturating_add(*every).unwrap_or(Timestamp::MAX);
        let due = {
            let _busy = clock.busy();
            engine.ports().tasks.due(kind, clock.now()).await
        };
        match due {
            Ok(due) => {
                for task in due {
                    if engine.admit().is_err() {
                        break;
                    }
                    work_on(&engine, &now_bound, task).await;
                }
            }
            Err(error) => tracing::error!(task = %kind, %error, "due tasks are not known"),
        }
        tokio::select! {
            changed = bound.changed() => if changed.is_err() { return },
            () = clock.sleep_until(next) => {}
        }
    }
}

/// Why the data of a task do not fit what the trigger's workflow wants.
pub(crate) fn refusal_of(workflow: &Workflow, trigger: &Trigger, data: &Value) -> Option<String> {
    let spec = trigger.inputs.as_ref().or(workflow.plan.inputs.as_ref());
    inputs(spec, Some(data)).err()
}

async fn work_on(engine: &Engine, bound: &Arc<Bound>, task: Task) {
    let Some(trigger) = bound.trigger() else { return };
    let clock = engine.ports().clock.clone();
    // one that the engine before left goes on first
    let gate = engine.gate(&bound.name);
    let Ok(_pass) = gate.enter(Overlap::Queue).await else { return };
    let (now, id) = (clock.now(), engine.new_run());
    let until = now.saturating_add(CLAIM).unwrap_or(Timestamp::MAX);
    let claimed = {
        let _busy = clock.busy();
        engine.ports().tasks.take(&task.kind, &task.key, id, now, until).await
    };
    match claimed {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => return tracing::error!(task = %task.kind, key = %task.key, %error, "a task could not be taken"),
    }
    let ended = match inputs(bound.inputs(), Some(&task.data)) {
        Ok(given) => run(engine, bound, &task, id, trigger.flow, given).await,
        Err(refusal) => {
            tracing::error!(task = %task.kind, key = %task.key, refusal, "a task does not fit its workflow");
            End::Bad
        }
    };
    task_over(engine, Some(bound), &task, ended).await;
}

/// How the run of a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Well,
    Bad,
    /// It was held back or cancelled, which is nobody's failure.
    Neither,
    /// Its engine was stopped: the next one takes it up.
    Stopped,
}

impl End {
    pub(crate) fn of(ended: &Result<Ended, CutShort>) -> Self {
        match ended.as_ref().map(|ended| &ended.how) {
            Ok(EndedHow::Well | EndedHow::Skipped { .. }) => Self::Well,
            Ok(EndedHow::Failed { .. } | EndedHow::Undecided { .. }) => Self::Bad,
            Ok(EndedHow::Held { .. } | EndedHow::Cancelled { .. }) => Self::Neither,
            Err(_) => Self::Stopped,
        }
    }

    /// By the word that the journal has ([`crate::driver::how`]).
    pub(crate) fn of_word(how: &str) -> Self {
        match how {
            "well" | "skipped" => Self::Well,
            "failed" | "undecided" => Self::Bad,
            _ => Self::Neither,
        }
    }
}

/// The run of a task is over: it is done, waits for another try, or is given up. `bound`: the trigger that says when, if there still is one.
pub(crate) async fn task_over(engine: &Engine, bound: Option<&Arc<Bound>>, task: &Task, end: End) {
    let (give_up_after, gave_up) = match bound.map(|bound| &bound.kind) {
        Some(BoundKind::Task { give_up_after, gave_up, .. }) => (*give_up_after, *gave_up),
        _ => (None, None),
    };
    if end == End::Stopped && engine.inner.settings.durable {
        return;
    }
    let clock = engine.ports().clock.clone();
    let age = clock.now().duration_since(task.due);
    let give_up = end == End::Bad && give_up_after.is_some_and(|after| age >= after);
    let busy = clock.busy();
    let done = if end == End::Well || give_up {
        engine.ports().tasks.cancel(&task.kind, &task.key, None).await.map(drop)
    } else {
        engine.ports().tasks.give_back(&task.kind, &task.key).await
    };
    if let Err(error) = done {
        tracing::error!(task = %task.kind, key = %task.key, %error, "the end of a task could not be written down");
    }
    drop(busy);
    if let (true, Some(flow), Some(bound)) = (give_up, gave_up, bound) {
        // of data that do not fit the flow gets what is there: each input that does not fit is unknown by itself
        let given = inputs(bound.inputs(), Some(&task.data));
        let given = given.or_else(|_| inputs(None, Some(&task.data))).unwrap_or_default();
        run(engine, bound, task, engine.new_run(), flow, given).await;
    }
}

async fn run(
    engine: &Engine,
    bound: &Arc<Bound>,
    task: &Task,
    id: RunId,
    flow: FlowId,
    inputs: Vec<(Text, Value)>,
) -> End {
    let due = Value::Time(Arc::new(Time::new(task.due)));
    let facts = [
        ("kind", task.kind.clone().into()),
        ("key", task.key.clone().into()),
        ("due", due),
        ("data", task.data.clone()),
    ];
    let trigger: Map = facts.into_iter().map(|(key, value)| (Text::from(key), value)).collect();
    let begin = Begin {
        workflow: bound.workflow.clone(),
        flow,
        inputs,
        trigger: trigger.into(),
        by: bound.name.clone(),
        progress: None,
        of: Some(bound.index),
    };
    End::of(&engine.run_tries(id, begin).await.1)
}
