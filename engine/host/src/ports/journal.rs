//! The journal port: what came from outside, in the order in which the machine took it (`docs/architecture.md`, decisions 4 to 6).

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use wf_plan::{Address, RunId, Word};
use wf_value::Value;

/// Everything that a plan was made of: paths, and what stood in the files, texts and others.
pub type Bundle = Vec<(String, Bytes)>;

/// Number of a record in its run, from 1.
pub type Seq = u64;

/// One record of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The engine's clock when it was taken; of events, the `now` of the steps that went on with them.
    pub at: Timestamp,
    pub kind: Kind,
}

/// What is written down of a run. Only what is said to be fed to the machine makes it go on; the others are compared, or for people.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `start` holds flow, inputs, params, environment, trigger, attempt, limits as a value ([`crate::record::write_start`]).
    Started { workflow: String, plan: String, start: Value, semantics: u32 },
    /// A write or tell is about to leave; durable before it does. `hash`: BLAKE3 of the message.
    Sent { address: Address, request_id: String, hash: String },
    /// A write or tell that nobody answers has left.
    Published { address: Address },
    /// Fed to the machine: a message that nobody answers did not leave, or nobody knows whether it did.
    Lost { address: Address, cause: String },
    /// Fed to the machine: the answer to a call, or to a booking.
    Answered { address: Address, answer: Answer },
    /// The machine asked for a timer.
    Timer { address: Address, due: Timestamp },
    /// Fed to the machine: a timer was due.
    Due { address: Address },
    /// A recheck was booked; `what`: the keys of the items that were free.
    Booked { address: Address, what: Value },
    /// Fed to the machine: somebody ended the run.
    Cancelled { reason: String },
    /// Another engine took the run over: whoever had it before is fenced.
    Taken,
    /// The run failed, and is tried again at that time, as that run.
    Again { run: RunId, due: Timestamp },
    /// The last one. `how` is one word, `report` what [`crate::driver::report_value`] gives.
    Ended { how: String, report: Value },
}

/// What came back, as it came: read again, it gives the same value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The reply's bytes.
    Reply(Bytes),
    /// No usable reply, and why: in one word, and in a sentence.
    None { why: Word, cause: String },
}

/// A run as the journal lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunInfo {
    pub run: RunId,
    pub workflow: String,
    pub started: Timestamp,
    /// `None`: it goes on.
    pub ended: Option<String>,
    pub last: Seq,
    /// The run that tries the same again, and when ([`Kind::Again`]).
    pub again: Option<(RunId, Timestamp)>,
}

/// Where runs are written down. Whatever gives `Ok` is durable.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends all of the batch, or nothing; `expected` is the last number of the run (0: it is new). Gives the new last number.
    ///
    /// # Errors
    /// Another number is the last one: [`AppendError::Fenced`]; or it cannot be written.
    async fn append(&self, run: RunId, expected: Seq, batch: Vec<Record>) -> Result<Seq, AppendError>;

    /// The records from number `from` on; none for a run that is not known.
    async fn read(&self, run: RunId, from: Seq) -> Result<Vec<Record>, JournalError>;

    /// Takes the run over, by a record [`Kind::Taken`]: appends of whoever had it before are fenced. Gives its last number; 0 for a run
    /// that is not known.
    async fn claim(&self, run: RunId) -> Result<Seq, JournalError>;

    /// The newest runs first, at most `most`; of one workflow when it is named. By their ids, which are in the order in which runs were
    /// begun, whatever the clock of a simulated world showed.
    async fn runs(&self, workflow: Option<&str>, most: usize) -> Result<Vec<RunInfo>, JournalError>;

    /// One run as the list has it; `None`: it is not known.
    async fn info(&self, run: RunId) -> Result<Option<RunInfo>, JournalError>;

    /// The run that a message began ([`asked_by`]); `None`: none of that id did.
    async fn asked(&self, subject: &str, request_id: &str) -> Result<Option<RunId>, JournalError>;

    /// Runs that have not ended, the oldest first.
    async fn unfinished(&self) -> Result<Vec<RunInfo>, JournalError>;

    /// Runs that have ended and are to be tried again by a run that has not begun, the oldest first.
    async fn tried_again(&self) -> Result<Vec<RunInfo>, JournalError>;

    /// Keeps the sources of a plan, so that its runs can be replayed; kept already: nothing.
    async fn keep_plan(&self, hash: &str, bundle: Bundle) -> Result<(), JournalError>;

    /// The sources of a plan; `None`: nobody kept them. Damage is an error.
    async fn plan(&self, hash: &str) -> Result<Option<Bundle>, JournalError>;
}

/// Subject and request id of the message that began a run, where one did; what stores find it by.
#[must_use]
pub fn asked_by(kind: &Kind) -> Option<(String, String)> {
    let Kind::Started { start, .. } = kind else { return None };
    let trigger = start.as_map()?.raw("trigger")?.as_map()?;
    let text = |name: &str| trigger.raw(name)?.as_str().map(str::to_owned);
    (text("kind")? == "message").then_some(())?;
    Some((text("subject")?, text("request_id")?))
}

/// Why records were not appended.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum AppendError {
    /// Somebody else has the run: whoever gets this stops at once and sends nothing more.
    #[error("the run was taken over by another engine")]
    Fenced,
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What is wrong with the store itself, in the store's words.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum JournalError {
    #[error("the journal cannot be written: {0}")]
    Write(String),
    #[error("the journal cannot be read: {0}")]
    Read(String),
    /// Written by another version, or damaged: named, never guessed.
    #[error("record {seq} of run {run} cannot be understood: {why}")]
    Format { run: String, seq: Seq, why: String },
}
