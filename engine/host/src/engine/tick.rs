//! A schedule that ticks when it is told: for cases, which say themselves when.

use std::sync::Arc;

use jiff::Timestamp;

use super::core::Engine;
use super::once::Finished;
use crate::clock::attend;
use crate::trigger::{BindError, Bound, BoundKind, bind, of_tick};
use crate::workflow::Workflow;

impl Engine {
    /// When that trigger of the workflow ticks next after `last`; `None`: never, or it is no schedule.
    ///
    /// # Errors
    /// The trigger's values cannot be used.
    pub fn next_tick(
        &self,
        workflow: &Arc<Workflow>,
        trigger: usize,
        last: Timestamp,
    ) -> Result<Option<Timestamp>, BindError> {
        let bound = bind(workflow, self.ports().clock.now())?;
        let next = bound.iter().filter(|b| b.index == trigger).filter_map(|b| match &b.kind {
            BoundKind::Schedule { timing, .. } => timing.next(last),
            _ => None,
        });
        Ok(next.min())
    }

    /// Runs what that trigger of the workflow begins now: a run for each of its entries, tried again as the trigger says. Gives the last
    /// try of each. What they book waits for [`Self::settle`], or runs by itself when the workflow is deployed.
    ///
    /// # Errors
    /// The trigger's values cannot be used.
    pub async fn tick(&self, workflow: &Arc<Workflow>, trigger: usize) -> Result<Vec<Finished>, BindError> {
        let now = self.ports().clock.now();
        let bound = bind(workflow, now)?;
        self.inner.registry.remember(workflow);
        let runs = bound.iter().filter(|b| b.index == trigger).map(|bound| self.one_tick(workflow, bound, now));
        Ok(attend(self.ports().clock.clone(), futures::future::join_all(runs)).await.into_iter().flatten().collect())
    }

    async fn one_tick(&self, workflow: &Arc<Workflow>, bound: &Bound, due: Timestamp) -> Option<Finished> {
        let begin = of_tick(bound, due)?;
        let (run, ended) = self.run_tries(self.new_run(), begin).await;
        Some(Finished { run, workflow: workflow.name(), ended })
    }
}
