//! What the engine does now, for people and for health checks.

use jiff::Timestamp;
use wf_plan::RunId;

use super::core::Engine;
use crate::trigger::{Bound, BoundKind, Reply};
use std::sync::Arc;
use wf_value::Value;

/// A run that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunStatus {
    pub run: RunId,
    pub workflow: String,
    /// The trigger that began it, or `hand`.
    pub by: String,
    pub started: Timestamp,
}

/// A trigger that is live.
#[derive(Clone, Debug)]
pub struct TriggerStatus {
    pub bound: Arc<Bound>,
    /// Of schedules: the next tick, as far as it is known now.
    pub next: Option<Timestamp>,
}

impl Engine {
    /// All runs that go on, the oldest first.
    #[must_use]
    pub fn going(&self) -> Vec<RunStatus> {
        let going = self.inner.going();
        let status = |(run, g): (&RunId, &super::runs::Going)| RunStatus {
            run: *run,
            workflow: g.workflow.clone(),
            by: g.by.clone(),
            started: g.started,
        };
        let mut runs: Vec<_> = going.iter().map(status).collect();
        runs.sort_by_key(|r| (r.started, r.run));
        runs
    }

    /// Names and plans of the workflows that run here.
    #[must_use]
    pub fn workflows(&self) -> Vec<Arc<crate::Workflow>> {
        self.inner.registry.all()
    }

    /// All triggers, by name.
    pub async fn triggers(&self) -> Vec<TriggerStatus> {
        let now = self.ports().clock.now();
        let running = self.inner.running.lock().await;
        let bound: Vec<Arc<Bound>> = running.triggers.values().map(|live| live.bound.borrow().clone()).collect();
        drop(running);
        let mut triggers = Vec::with_capacity(bound.len());
        for bound in bound {
            let next = match &bound.kind {
                BoundKind::Schedule { timing, .. } => {
                    let last = self.ports().ticks.last(&bound.name).await.ok().flatten().unwrap_or(now);
                    timing.next(last).map(|next| next.max(now))
                }
                _ => None,
            };
            triggers.push(TriggerStatus { bound, next });
        }
        triggers
    }

    /// Runs the flow of an http trigger: `body` are its fields from path, query and body, `trigger` what the flow sees as that.
    pub async fn serve(&self, name: &str, body: Option<&Value>, trigger: Value) -> Reply {
        let found = {
            let running = self.inner.running.lock().await;
            running.triggers.get(name).map(|live| (live.bound.borrow().clone(), live.gate.clone()))
        };
        match found {
            Some((bound, gate)) => {
                let answer = self.answer(&bound, &gate, body, trigger);
                crate::clock::attend(self.ports().clock.clone(), answer).await
            }
            None => Reply { status: 404, body: format!("nothing here is called {name}").into() },
        }
    }

    /// Whether work can be taken: the bus is there and the engine does not stop.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ports().bus.is_connected() && !self.inner.draining.load(std::sync::atomic::Ordering::SeqCst)
    }
}
