//! Tasks: each due one is a run, one after the other, until it has ended well or is given up.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use wf_machine::EndedHow;
use wf_plan::{FlowId, Trigger};
use wf_value::{Map, Text, Time, Value};

use super::bound::{Bound, BoundKind};
use super::reply::inputs;
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
    let BoundKind::Task { give_up_after, gave_up, .. } = &bound.kind else { return };
    let Some(trigger) = bound.trigger() else { return };
    let clock = engine.ports().clock.clone();
    let now = clock.now();
    let claimed = {
        let _busy = clock.busy();
        engine.ports().tasks.take(&task.kind, &task.key, now, now.saturating_add(CLAIM).unwrap_or(Timestamp::MAX)).await
    };
    match claimed {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => return tracing::error!(task = %task.kind, key = %task.key, %error, "a task could not be taken"),
    }
    let given = inputs(bound.inputs(), Some(&task.data));
    let ended_well = match &given {
        Ok(given) => run(engine, bound, &task, trigger.flow, given.clone()).await,
        Err(refusal) => {
            tracing::error!(task = %task.kind, key = %task.key, refusal, "a task does not fit its workflow");
            Some(false)
        }
    };
    let age = clock.now().duration_since(task.due);
    let give_up = ended_well == Some(false) && give_up_after.is_some_and(|after| age >= after);
    let _busy = clock.busy();
    let done = if ended_well == Some(true) || give_up {
        engine.ports().tasks.cancel(&task.kind, &task.key).await.map(drop)
    } else {
        engine.ports().tasks.give_back(&task.kind, &task.key).await
    };
    if let Err(error) = done {
        tracing::error!(task = %task.kind, key = %task.key, %error, "the end of a task could not be written down");
    }
    if let (true, Some(flow)) = (give_up, gave_up) {
        drop(_busy);
        // of data that do not fit the flow gets what is there: each input that does not fit is unknown by itself
        let given = given.or_else(|_| inputs(None, Some(&task.data))).unwrap_or_default();
        run(engine, bound, &task, *flow, given).await;
    }
}

/// Whether it ended well; `None`: it was held back or stopped, which is nobody's failure.
async fn run(
    engine: &Engine,
    bound: &Arc<Bound>,
    task: &Task,
    flow: FlowId,
    inputs: Vec<(Text, Value)>,
) -> Option<bool> {
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
    };
    let retry = bound.trigger().and_then(|t| t.retry.as_ref());
    let (_, ended) = engine.run_tries(begin, retry, |_, _| {}).await;
    match ended.ok()?.how {
        EndedHow::Well | EndedHow::Skipped { .. } => Some(true),
        EndedHow::Failed { .. } | EndedHow::Undecided { .. } => Some(false),
        EndedHow::Held { .. } | EndedHow::Cancelled { .. } => None,
    }
}
