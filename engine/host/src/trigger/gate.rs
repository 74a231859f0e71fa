//! Overlap: what happens to a run that is due while the one before still goes on, of the same trigger or begun by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wf_plan::Overlap;

use crate::engine::Engine;
use crate::ports::{Share, Turn, TurnError};
use crate::workflow::Workflow;

/// How often is looked whether a run of another program is over.
const LOOK: Duration = Duration::from_millis(500);

/// Runs that may wait for their turn.
const WAITING: usize = 1_000;

/// The gate of one trigger; it stays the same over reloads.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    turn: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// Why a run was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Going,
    TooManyWait,
    TooManyRuns,
    Draining,
    /// By somebody else on the same store.
    ByHand,
    /// Whether somebody else on the same store runs it.
    Unknown,
}

impl Refused {
    pub(crate) fn why(self) -> &'static str {
        match self {
            Self::Going => "the run before was still going",
            Self::TooManyWait => "too many runs wait for their turn",
            Self::TooManyRuns => "the engine has too many runs",
            Self::Draining => "the engine is stopping",
            Self::ByHand => "a run that was begun by hand was still going",
            Self::Unknown => "whether a run begun by hand goes on could not be known",
        }
    }
}

/// Whoever is inside keeps it until the run is over.
#[derive(Debug)]
#[allow(dead_code, reason = "kept for their drop")]
pub(crate) struct Pass {
    permit: Option<OwnedSemaphorePermit>,
    turn: Option<Turn>,
}

impl Pass {
    fn of(permit: Option<OwnedSemaphorePermit>) -> Self {
        Self { permit, turn: None }
    }
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), waiting: Arc::new(AtomicUsize::new(0)) }
    }

    pub(crate) async fn enter(&self, overlap: Overlap) -> Result<Pass, Refused> {
        match overlap {
            Overlap::Allow => Ok(Pass::of(None)),
            Overlap::Skip => {
                self.turn.clone().try_acquire_owned().map(|p| Pass::of(Some(p))).map_err(|_| Refused::Going)
            }
            Overlap::Queue => {
                let place = Place::take(&self.waiting).ok_or(Refused::TooManyWait)?;
                let permit = self.turn.clone().acquire_owned().await.map_err(|_| Refused::Draining)?;
                drop(place);
                Ok(Pass::of(Some(permit)))
            }
        }
    }
}

impl Engine {
    /// Lets the run of a trigger in: past the others of its trigger, and past runs of its workflow that were begun by hand on this store.
    pub(crate) async fn enter(
        &self,
        gate: &Gate,
        workflow: &Workflow,
        by: &str,
        overlap: Overlap,
    ) -> Result<Pass, Refused> {
        let mut pass = gate.enter(overlap).await?;
        if overlap == Overlap::Allow {
            return Ok(pass);
        }
        let who = format!("begun by {by}");
        let turn = self.turn(workflow, Share::Together, &who, overlap, |_| {});
        let turn = tokio::select! {
            turn = turn => turn,
            () = self.drained() => return Err(Refused::Draining),
        };
        pass.turn = Some(turn.map_err(|error| match error {
            TurnError::Taken(_) => Refused::ByHand,
            TurnError::Unknown(why) => {
                tracing::error!(workflow = workflow.name(), why, "a run is not begun");
                Refused::Unknown
            }
        })?);
        Ok(pass)
    }

    /// The turn of a run that is begun by hand, to be kept until the run is over: as long as it is kept, no other run of the workflow
    /// begins on this store, but for triggers that say `overlap: allow`. `None`: the workflow's first trigger says so.
    ///
    /// With `overlap: queue` it waits until the others are over, and tells `waits` who they are.
    ///
    /// # Errors
    /// The workflow runs: who began it, and when.
    pub async fn turn_by_hand(&self, workflow: &Workflow, waits: impl FnOnce(&str)) -> Result<Option<Turn>, TurnError> {
        let overlap = workflow.plan.triggers.first().map_or(Overlap::Skip, |trigger| trigger.overlap);
        if overlap == Overlap::Allow {
            return Ok(None);
        }
        self.turn(workflow, Share::Alone, "begun by hand", overlap, waits).await.map(Some)
    }

    async fn turn(
        &self,
        workflow: &Workflow,
        share: Share,
        who: &str,
        overlap: Overlap,
        waits: impl FnOnce(&str),
    ) -> Result<Turn, TurnError> {
        let what = format!("workflow {}", workflow.name());
        let mut waits = Some(waits);
        loop {
            match self.ports().turns.take(&what, share, who) {
                Err(TurnError::Taken(by)) if overlap == Overlap::Queue => {
                    waits.take().into_iter().for_each(|waits| waits(&by));
                    self.ports().clock.sleep(LOOK).await;
                }
                done => return done,
            }
        }
    }
}

/// A place in the queue, given back also by who goes away.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::SeqCst) < WAITING).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn skip_refuses_while_one_is_inside_and_allow_never_does() {
        let gate = Gate::new();
        let inside = gate.enter(Overlap::Skip).await;
        assert!(inside.is_ok());
        assert_eq!(gate.enter(Overlap::Skip).await.err(), Some(Refused::Going));
        assert!(gate.enter(Overlap::Allow).await.is_ok());
        drop(inside);
        assert!(gate.enter(Overlap::Skip).await.is_ok());
    }

    #[tokio::test]
    async fn a_queue_lets_one_in_after_the_other_and_has_an_end() {
        let gate = Gate::new();
        let inside = gate.enter(Overlap::Queue).await;
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let gate = gate.clone();
                tokio::spawn(async move { gate.enter(Overlap::Queue).await.map(drop) })
            })
            .collect();
        while gate.waiting.load(Ordering::SeqCst) < WAITING {
            tokio::task::yield_now().await;
        }
        assert_eq!(gate.enter(Overlap::Queue).await.err(), Some(Refused::TooManyWait));
        drop(inside);
        for one in waiting {
            assert_eq!(one.await.ok(), Some(Ok(())));
        }
        assert!(gate.enter(Overlap::Queue).await.is_ok());
    }
}
