//! The ledger of ticks: every due tick of every schedule ends in exactly one outcome, and can be asked for.

use async_trait::async_trait;
use jiff::Timestamp;
use wf_plan::RunId;

/// A tick that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The schedule: `monitor@north#0`.
    pub schedule: String,
    pub due: Timestamp,
    pub outcome: Outcome,
}

/// What became of a tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its run began in time.
    Ran { run: RunId },
    /// Its run began after `by_ms`, within the grace.
    Late { run: RunId, by_ms: i64 },
    /// Not run, on purpose.
    Skipped { why: String },
    /// Nobody was there, and the grace was over when somebody was.
    Missed,
}

impl Outcome {
    /// One word, for metrics and lists.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Ran { .. } => "ran",
            Self::Late { .. } => "late",
            Self::Skipped { .. } => "skipped",
            Self::Missed => "missed",
        }
    }
}

/// The ledger of schedules: what every tick came to, each once.
#[async_trait]
pub trait Ticks: Send + Sync {
    /// Writes down how a tick ended; the first outcome of a tick stays. `false`: it was there already.
    async fn ended(&self, tick: Tick) -> Result<bool, TicksError>;

    /// The newest tick of a schedule that has ended.
    async fn last(&self, schedule: &str) -> Result<Option<Timestamp>, TicksError>;

    /// The newest ticks first, at most `most`; of one schedule when it is named.
    async fn list(&self, schedule: Option<&str>, most: usize) -> Result<Vec<Tick>, TicksError>;
}

#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the ledger of ticks cannot be used: {0}")]
pub struct TicksError(pub String);
