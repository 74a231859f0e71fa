//! A run that had not ended, ended by somebody.

use std::sync::Arc;

use jiff::Timestamp;
use wf_machine::{Effect, Ended, EndedHow, Event, Report, What};
use wf_plan::{Plan, RunId};
use wf_value::Text;

use crate::driver::{how, report_value};
use crate::ports::{AppendError, Journal, JournalError, Kind, Record};
use crate::replay::replay_records;

/// Why a run was not ended.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CancelError {
    #[error("run {0} is not in the journal")]
    NoRun(RunId),
    #[error("run {run} is over: it ended {how}")]
    Over { run: RunId, how: String },
    #[error("an engine goes on with the run at this moment: try again")]
    Busy,
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Ends the run as cancelled. An engine that still drives it is fenced: it stops at its next record and sends nothing more. With its plan
/// the report says what the run had come to; without it, or when the two do not fit, it says only that it was ended.
///
/// # Errors
/// There is no such run, it is over, or the journal fails.
pub async fn cancel(
    journal: &dyn Journal,
    run: RunId,
    plan: Option<Arc<Plan>>,
    reason: &str,
    now: Timestamp,
) -> Result<(), CancelError> {
    let info = journal.info(run).await?.ok_or(CancelError::NoRun(run))?;
    if let Some(how) = info.ended {
        return Err(CancelError::Over { run, how });
    }
    let last = journal.claim(run).await?;
    let records = journal.read(run, 1).await?;
    let reason = Text::from(reason);
    let ended = plan.and_then(|plan| so_far(&records, run, plan, &reason, now)).unwrap_or_else(|| Ended {
        how: EndedHow::Cancelled { reason: reason.clone() },
        returned: None,
        report: Report::default(),
    });
    let kinds = [
        Kind::Cancelled { reason: reason.to_string() },
        Kind::Ended { how: how(&ended.how).to_owned(), report: report_value(&ended) },
    ];
    let batch = kinds.map(|kind| Record { at: now, kind }).into();
    match journal.append(run, last, batch).await {
        Ok(_) => Ok(()),
        Err(AppendError::Fenced) => Err(CancelError::Busy),
        Err(AppendError::Journal(error)) => Err(error.into()),
    }
}

/// What the run had come to. One that had ended, but for messages under way, ends as it had.
fn so_far(records: &[Record], run: RunId, plan: Arc<Plan>, reason: &Text, now: Timestamp) -> Option<Ended> {
    let mut replayed = replay_records(records, run, plan, None).ok()?;
    if let Some(ended) = replayed.ended {
        return Some(*ended);
    }
    let event = Event { at: now, what: What::Cancelled { reason: reason.clone() } };
    replayed.run.feed(event, None).into_iter().find_map(|effect| match effect {
        Effect::Ended(ended) => Some(*ended),
        _ => None,
    })
}
