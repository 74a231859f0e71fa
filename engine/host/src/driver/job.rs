//! What a driver is given, and how it may end.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;
use wf_machine::{Ended, Report, Start};
use wf_plan::RunId;
use wf_value::Text;

use super::journal::Keep;
use super::progress::Progress;
use crate::ports::{AppendError, JournalError, LaterError, Seq};
use crate::record::Origin;
use crate::replay::Replayed;
use crate::workflow::Workflow;

/// A run to be driven.
pub struct Job {
    pub workflow: Arc<Workflow>,
    pub from: From,
    pub keep: Keep,
    /// Whether, when and as which run the same is tried again after such an end: written down with it.
    pub again: Option<Again>,
    /// Told after every event.
    pub progress: Option<watch::Sender<Progress>>,
    pub control: watch::Receiver<Control>,
}

/// Where a run is driven from.
pub enum From {
    Start {
        start: Start,
        origin: Origin,
    },
    /// Where its records end: another engine drove it before.
    Journal(Box<TakenUp>),
}

/// A run that is another engine's no more, made again from its records.
pub struct TakenUp {
    pub run: RunId,
    pub begun: Timestamp,
    pub replayed: Replayed,
    /// The number of its last record.
    pub last: Seq,
}

/// Says when a run that ended so is tried again, and as which run.
pub type Again = Box<dyn FnMut(&Ended) -> Option<(RunId, Timestamp)> + Send>;

/// A run that was driven to its end.
#[derive(Debug)]
pub struct Driven {
    pub ended: Ended,
    /// What [`Job::again`] said.
    pub again: Option<(RunId, Timestamp)>,
}

/// What somebody wants of a run that goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Control {
    #[default]
    Go,
    /// It ends as cancelled.
    Cancel(Text),
    /// It stops where it is, and can be resumed from its journal.
    Stop,
}

/// Why a run was not driven to its end.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Stopped {
    #[error("the run was taken over by another engine")]
    Fenced,
    #[error(transparent)]
    Journal(JournalError),
    #[error(transparent)]
    Later(#[from] LaterError),
    #[error("the engine stopped before the run had ended")]
    Shutdown,
    #[error("the run can go no further and waits for nothing: please report this")]
    Stuck,
}

/// A run that was not driven to its end, and what it had decided and sent until then.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{why}")]
pub struct CutShort {
    pub why: Stopped,
    pub so_far: Box<Report>,
}

impl std::convert::From<AppendError> for Stopped {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Fenced => Self::Fenced,
            AppendError::Journal(error) => Self::Journal(error),
        }
    }
}
