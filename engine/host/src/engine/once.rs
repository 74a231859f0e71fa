//! One run at a time, for the command line and for cases: begun by hand, with everything that follows from it.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;
use wf_machine::Ended;
use wf_plan::{FlowId, RunId};
use wf_value::{Text, Value};

use super::core::Engine;
use super::runs::Begin;
use crate::clock::attend;
use crate::driver::{CutShort, Progress};
use crate::ports::{Booking, LaterError};
use crate::trigger::run_due;
use crate::workflow::Workflow;

/// A run begun by hand.
pub struct Once {
    pub workflow: Arc<Workflow>,
    pub flow: FlowId,
    pub inputs: Vec<(Text, Value)>,
    /// What a flow sees as `trigger`.
    pub trigger: Value,
    pub progress: Option<watch::Sender<Progress>>,
}

/// A run that is over.
#[derive(Debug)]
pub struct Finished {
    pub run: RunId,
    pub workflow: String,
    pub ended: Result<Ended, CutShort>,
}

impl Once {
    /// The flow that the workflow's first trigger starts, or its main steps.
    #[must_use]
    pub fn of(workflow: Arc<Workflow>) -> Self {
        let flow = workflow.plan.triggers.first().map(|t| t.flow);
        let flow = flow.or_else(|| workflow.plan.module.flow_named("main")).unwrap_or(FlowId(0));
        Self { workflow, flow, inputs: Vec::new(), trigger: Value::Null, progress: None }
    }
}

impl Engine {
    /// Runs to the end. Rechecks that were booked wait for [`Self::settle`].
    pub async fn run_once(&self, once: Once) -> Finished {
        attend(self.ports().clock.clone(), async {
            let Once { workflow, flow, inputs, trigger, progress } = once;
            self.inner.registry.remember(&workflow);
            if let Err(error) = self.keep_sources(&workflow).await {
                // the run itself tells of a journal that cannot be written
                tracing::error!(%error, "the run's sources are not kept: it cannot be explained");
            }
            let name = workflow.name();
            let begin = Begin { workflow, flow, inputs, trigger, by: "hand".into(), progress, of: None };
            let (run, ended) = self.run_tries(self.new_run(), begin).await;
            Finished { run, workflow: name, ended }
        })
        .await
    }

    /// All runs that were begun here: of an engine with `own_rechecks`.
    #[must_use]
    pub fn begun(&self) -> BTreeSet<RunId> {
        self.inner.own().clone()
    }

    /// Rechecks that [`Self::settle`] waits for.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn rechecks(&self) -> Result<Vec<Booking>, LaterError> {
        let mut waiting = self.ports().bookings.waiting().await?;
        if self.inner.settings.own_rechecks {
            let own = self.inner.own();
            waiting.retain(|booking| own.contains(&booking.booked_by));
        }
        Ok(waiting)
    }

    async fn next_own(&self) -> Result<Option<Timestamp>, LaterError> {
        if self.inner.settings.own_rechecks {
            return Ok(self.rechecks().await?.first().map(|booking| booking.due));
        }
        self.ports().bookings.next_due().await
    }

    /// Waits for rechecks and runs them, as long as there are any that are due by `until` (without: all). Gives their runs.
    pub async fn settle(&self, until: Option<Timestamp>) -> Vec<Finished> {
        let clock = self.ports().clock.clone();
        attend(clock.clone(), async {
            let mut finished = Vec::new();
            loop {
                let next = {
                    let _busy = clock.busy();
                    self.next_own().await
                };
                let next = next.unwrap_or_else(|error| {
                    tracing::error!(%error, "rechecks are not known");
                    None
                });
                let Some(due) = next.filter(|due| until.is_none_or(|until| *due <= until)) else { return finished };
                clock.sleep_until(due).await;
                finished.extend(run_due(self).await);
            }
        })
        .await
    }
}
