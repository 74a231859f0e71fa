//! Workflows that are called while another one is run by hand.

use std::sync::Arc;

use tokio::sync::watch;

use super::core::Engine;
use super::deploy::DeployError;
use crate::ports::Subscription;
use crate::trigger::{BoundKind, Gate, MessageReplier, bind};
use crate::workflow::Workflow;

impl Engine {
    /// Answers the messages of these workflows as long as what it gives is kept. None of their schedules ticks, none of their tasks is
    /// looked for.
    ///
    /// # Errors
    /// A trigger of theirs cannot be used, or the bus or the journal fails.
    pub async fn answer_messages(&self, workflows: &[Arc<Workflow>]) -> Result<Vec<Subscription>, DeployError> {
        let mut subscriptions = Vec::new();
        for workflow in workflows {
            self.keep_sources(workflow).await?;
            self.inner.registry.remember(workflow);
            for bound in bind(workflow, self.ports().clock.now())? {
                let BoundKind::Message { subject, queue, .. } = &bound.kind else { continue };
                let (subject, queue) = (subject.clone(), queue.clone());
                let (_, bound) = watch::channel(Arc::new(bound));
                let replier = MessageReplier { engine: self.clone(), bound, gate: Gate::new() };
                let subscribed = self.ports().bus.subscribe(&subject, Some(&queue), Arc::new(replier)).await;
                subscriptions.push(subscribed.map_err(|error| DeployError::Subscribe { subject, error })?);
            }
        }
        Ok(subscriptions)
    }
}
