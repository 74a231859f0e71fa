//! Overlap: what happens to a run that is due while the one before still goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wf_plan::Overlap;

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
}

impl Refused {
    pub(crate) fn why(self) -> &'static str {
        match self {
            Self::Going => "the run before was still going",
            Self::TooManyWait => "too many runs wait for their turn",
            Self::TooManyRuns => "the engine has too many runs",
            Self::Draining => "the engine is stopping",
        }
    }
}

/// Whoever is inside keeps it until the run is over.
#[derive(Debug)]
pub(crate) struct Pass(#[allow(dead_code, reason = "kept for its drop")] Option<OwnedSemaphorePermit>);

impl Gate {
    pub(crate) fn new() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), waiting: Arc::new(AtomicUsize::new(0)) }
    }

    pub(crate) async fn enter(&self, overlap: Overlap) -> Result<Pass, Refused> {
        match overlap {
            Overlap::Allow => Ok(Pass(None)),
            Overlap::Skip => self.turn.clone().try_acquire_owned().map(|p| Pass(Some(p))).map_err(|_| Refused::Going),
            Overlap::Queue => {
                let place = Place::take(&self.waiting).ok_or(Refused::TooManyWait)?;
                let permit = self.turn.clone().acquire_owned().await.map_err(|_| Refused::Draining)?;
                drop(place);
                Ok(Pass(Some(permit)))
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
