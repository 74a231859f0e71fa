//! Runs: begun, known while they go on, tried again.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;
use wf_machine::{Ended, Start};
use wf_plan::{FlowId, Retry, RunId};
use wf_value::{Text, Value};

use super::core::{Engine, Inner};
use crate::driver::{Control, CutShort, Job, Keep, Progress, Stopped, drive, only_reads};
use crate::metrics::names;
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

    /// Runs to the end, trying again as `retry` says; `begun` hears the id of the first try when it begins.
    pub(crate) async fn run_tries(
        &self,
        begin: Begin,
        retry: Option<&Retry>,
        begun: impl FnOnce(RunId, Timestamp) + Send,
    ) -> (RunId, Result<Ended, CutShort>) {
        let clock = self.ports().clock.clone();
        let first = clock.now();
        let mut id = self.inner.settings.ids.next();
        begun(id, first);
        let mut attempt = 1;
        loop {
            let ended = self.run(id, &begin, attempt).await;
            let (Ok(end), Some(retry)) = (&ended, retry) else { return (id, ended) };
            let next = next_try(&begin.workflow, retry, end, (id, attempt), (first, clock.now()));
            let Some(next) = next.filter(|_| self.admit().is_ok()) else { return (id, ended) };
            tokio::select! {
                () = clock.sleep_until(next) => {}
                () = self.drained() => return (id, ended),
            }
            id = self.inner.settings.ids.next();
            attempt += 1;
        }
    }

    async fn run(&self, id: RunId, begin: &Begin, attempt: u32) -> Result<Ended, CutShort> {
        let inner = &self.inner;
        let (workflow, name) = (&begin.workflow, begin.workflow.name());
        let started = inner.shared.ports.clock.now();
        let (control, wanted) = watch::channel(Control::Go);
        let reads = only_reads(&workflow.plan.module, begin.flow);
        let start = Start {
            run: id,
            flow: begin.flow,
            inputs: begin.inputs.clone(),
            params: workflow.params.clone(),
            env: workflow.env.clone(),
            writes: workflow.writes,
            attempt,
            trigger: begin.trigger.clone(),
            at: started,
            limits: inner.settings.limits,
        };
        let job = Job {
            workflow: workflow.clone(),
            start,
            keep: if reads && !inner.settings.keep_reads { Keep::Summary } else { Keep::Everything },
            progress: begin.progress.clone(),
            control: wanted,
        };
        let metrics = &inner.shared.ports.metrics;
        metrics.count(names::RUNS_STARTED, &[("workflow", &name), ("trigger", &begin.by)]);
        metrics.shift(names::RUNS_GOING, &[("workflow", &name)], 1.0);
        inner.going().insert(id, Going { workflow: name.clone(), by: begin.by.clone(), started, control });
        tracing::info!(run = %id, workflow = name, by = begin.by, attempt, "a run begins");
        let _over = Over { engine: self, id, workflow: &name };
        let ended = drive(inner.shared.clone(), job).await;
        match &ended {
            Ok(ended) => {
                tracing::info!(run = %id, workflow = name, how = crate::driver::how(&ended.how), "a run ended")
            }
            Err(stopped) => {
                match &stopped.why {
                    Stopped::Shutdown => tracing::info!(run = %id, workflow = name, "a run is stopped with the engine"),
                    why => tracing::error!(run = %id, workflow = name, %why, "a run stopped before its end"),
                }
                metrics.count(names::RUNS_ENDED, &[("workflow", &name), ("how", "stopped")]);
            }
        }
        ended
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
