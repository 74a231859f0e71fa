//! Runs: begun, known while they go on, tried again.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;
use wf_machine::{Ended, Start};
use wf_plan::{FlowId, Retry, RunId};
use wf_value::{Text, Value};

use super::core::{Engine, Inner};
use crate::driver::{Again, Control, CutShort, Driven, From, Job, Keep, Progress, Stopped, drive, only_reads};
use crate::metrics::names;
use crate::record::Origin;
use crate::trigger::{Refused, next_try};
use crate::workflow::Workflow;

/// A run that is to begin.
pub(crate) struct Begin {
    pub(crate) workflow: Arc<Workflow>,
    pub(crate) flow: FlowId,
    pub(crate) inputs: Vec<(Text, Value)>,
    pub(crate) trigger: Value,
    /// The name of what began it.
    pub(crate) by: String,
    pub(crate) progress: Option<watch::Sender<Progress>>,
    /// The workflow's trigger that says how it is tried again.
    pub(crate) of: Option<usize>,
}

impl Begin {
    fn retry(&self) -> Option<&Retry> {
        self.workflow.plan.triggers.get(self.of?)?.retry.as_ref()
    }
}

/// One try of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Try {
    pub(crate) run: RunId,
    /// From 1.
    pub(crate) attempt: u32,
    /// When the first one began.
    pub(crate) first: Timestamp,
}

/// A run that goes on.
pub(crate) struct Going {
    pub(crate) workflow: String,
    pub(crate) by: String,
    pub(crate) started: Timestamp,
    pub(crate) control: watch::Sender<Control>,
}

impl Inner {
    pub(crate) fn going(&self) -> MutexGuard<'_, std::collections::HashMap<RunId, Going>> {
        self.going.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// With `own_rechecks`: the runs that were begun here.
    pub(crate) fn own(&self) -> MutexGuard<'_, BTreeSet<RunId>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn refuse(&self, workflow: &str, refused: Refused) {
        self.shared.ports.metrics.count(names::STARTS_REFUSED, &[("workflow", workflow), ("reason", refused.why())]);
    }
}

impl Engine {
    /// Whether a new run may begin.
    pub(crate) fn admit(&self) -> Result<(), Refused> {
        if self.inner.draining.load(Ordering::SeqCst) {
            return Err(Refused::Draining);
        }
        if self.inner.going().len() >= self.inner.settings.runs {
            return Err(Refused::TooManyRuns);
        }
        Ok(())
    }

    pub(crate) fn new_run(&self) -> RunId {
        self.inner.settings.ids.next()
    }

    /// Runs to the end as the run `id`, trying again as the trigger says. Gives the last try.
    pub(crate) async fn run_tries(&self, id: RunId, begin: Begin) -> (RunId, Result<Ended, CutShort>) {
        let one = Try { run: id, attempt: 1, first: self.ports().clock.now() };
        let driven = self.run(&begin, one).await;
        self.try_again(&begin, one, driven).await
    }

    /// What follows from the end of a try: others, until one of them is the last.
    pub(crate) async fn try_again(
        &self,
        begin: &Begin,
        mut one: Try,
        mut driven: Result<Driven, CutShort>,
    ) -> (RunId, Result<Ended, CutShort>) {
        loop {
            let again = driven.as_ref().ok().and_then(|driven| driven.again).filter(|_| self.admit().is_ok());
            let Some((next, due)) = again else { return (one.run, driven.map(|driven| driven.ended)) };
            tokio::select! {
                () = self.ports().clock.sleep_until(due) => {}
                () = self.drained() => return (one.run, driven.map(|driven| driven.ended)),
            }
            one = Try { run: next, attempt: one.attempt + 1, ..one };
            driven = self.run(begin, one).await;
        }
    }

    pub(crate) async fn run(&self, begin: &Begin, one: Try) -> Result<Driven, CutShort> {
        let start = Start {
            run: one.run,
            flow: begin.flow,
            inputs: begin.inputs.clone(),
            params: begin.workflow.params.clone(),
            env: begin.workflow.env.clone(),
            writes: begin.workflow.writes,
            attempt: one.attempt,
            trigger: begin.trigger.clone(),
            at: self.ports().clock.now(),
            limits: self.inner.settings.limits,
        };
        let origin = Origin { by: begin.by.clone(), first: one.first, kept: self.inner.settings.durable };
        self.drive(begin, one, From::Start { start, origin }).await
    }

    /// Drives it from where it is to its end.
    pub(crate) async fn drive(&self, begin: &Begin, one: Try, from: From) -> Result<Driven, CutShort> {
        let (inner, id, attempt) = (&self.inner, one.run, one.attempt);
        let (workflow, name) = (&begin.workflow, begin.workflow.name());
        let started = match &from {
            From::Start { start, .. } => start.at,
            From::Journal(taken) => taken.begun,
        };
        let (control, wanted) = watch::channel(Control::Go);
        let reads = only_reads(&workflow.plan.module, begin.flow);
        let job = Job {
            workflow: workflow.clone(),
            from,
            keep: if reads && !inner.settings.keep_reads { Keep::Summary } else { Keep::Everything },
            again: self.again(begin, one),
            progress: begin.progress.clone(),
            control: wanted,
        };
        let metrics = &inner.shared.ports.metrics;
        metrics.count(names::RUNS_STARTED, &[("workflow", &name), ("trigger", &begin.by)]);
        metrics.shift(names::RUNS_GOING, &[("workflow", &name)], 1.0);
        if inner.settings.own_rechecks {
            inner.own().insert(id);
        }
        inner.going().insert(id, Going { workflow: name.clone(), by: begin.by.clone(), started, control });
        tracing::info!(run = %id, workflow = name, by = begin.by, attempt, "a run begins");
        let _over = Over { engine: self, id, workflow: &name };
        let driven = drive(inner.shared.clone(), job).await;
        match &driven {
            Ok(driven) => {
                tracing::info!(run = %id, workflow = name, how = crate::driver::how(&driven.ended.how), "a run ended");
            }
            Err(stopped) => {
                match &stopped.why {
                    Stopped::Shutdown => tracing::info!(run = %id, workflow = name, "a run is stopped with the engine"),
                    why => tracing::error!(run = %id, workflow = name, %why, "a run stopped before its end"),
                }
                metrics.count(names::RUNS_ENDED, &[("workflow", &name), ("how", "stopped")]);
            }
        }
        driven
    }

    /// Says when it is tried again; nothing for what never is.
    fn again(&self, begin: &Begin, one: Try) -> Option<Again> {
        begin.retry()?;
        let (engine, workflow, of) = (self.clone(), begin.workflow.clone(), begin.of?);
        Some(Box::new(move |ended| {
            let retry = workflow.plan.triggers.get(of)?.retry.as_ref()?;
            let now = engine.ports().clock.now();
            let due = next_try(&workflow, retry, ended, (one.run, one.attempt), (one.first, now))?;
            Some((engine.new_run(), due))
        }))
    }

    /// Ends a run that goes on as cancelled; `false`: there is none of that id.
    pub fn cancel(&self, run: RunId, reason: &str) -> bool {
        let going = self.inner.going();
        let Some(run) = going.get(&run) else { return false };
        run.control.send(Control::Cancel(reason.into())).is_ok()
    }
}

/// Takes a run out of the list, however it goes away.
struct Over<'a> {
    engine: &'a Engine,
    id: RunId,
    workflow: &'a str,
}

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.engine.inner.going().remove(&self.id);
        self.engine.ports().metrics.shift(names::RUNS_GOING, &[("workflow", self.workflow)], -1.0);
        self.engine.inner.changed.notify_waiters();
    }
}
