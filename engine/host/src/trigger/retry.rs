//! A whole run, tried again.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use wf_machine::{Ended, EndedHow};
use wf_plan::{Retry, RunId, Wait};

use crate::workflow::Workflow;

/// When the run is tried again after `attempt` (from 1) ended like that; `None`: it is not.
pub(crate) fn next_try(
    workflow: &Workflow,
    retry: &Retry,
    ended: &Ended,
    (run, attempt): (RunId, u32),
    (first, now): (Timestamp, Timestamp),
) -> Option<Timestamp> {
    let again = match ended.how {
        EndedHow::Failed { .. } => true,
        EndedHow::Undecided { .. } => retry.undecided,
        EndedHow::Well | EndedHow::Skipped { .. } | EndedHow::Held { .. } | EndedHow::Cancelled { .. } => false,
    };
    if !again {
        return None;
    }
    if let Some(attempts) = &retry.attempts
        && i64::from(attempt) >= workflow.value(attempts, now).as_int()?
    {
        return None;
    }
    if let Some(within) = &retry.within
        && now.duration_since(first) >= workflow.duration(within, now)?
    {
        return None;
    }
    let wait = wait(workflow, retry, attempt, run, now)?.max(SignedDuration::from_millis(1));
    now.checked_add(wait).ok()
}

fn wait(workflow: &Workflow, retry: &Retry, attempt: u32, run: RunId, now: Timestamp) -> Option<SignedDuration> {
    match &retry.wait {
        Wait::Fixed(wait) => {
            let wait = workflow.duration(wait, now)?;
            Some(if retry.exponential { doubled(wait, attempt) } else { wait })
        }
        Wait::Between(first, last) => {
            let (first, last) = (workflow.duration(first, now)?, workflow.duration(last, now)?);
            if retry.exponential {
                return Some(doubled(first, attempt).min(last));
            }
            let width = u64::try_from((last - first).as_millis()).unwrap_or(0);
            let chance = Uuid::new_v5(&run.0, format!("wait {attempt}").as_bytes()).as_u64_pair().0;
            Some(
                first
                    + SignedDuration::from_millis(i64::try_from(chance % width.saturating_add(1).max(1)).unwrap_or(0)),
            )
        }
        Wait::List(waits) => {
            let nth = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
            workflow.duration(waits.get(nth).or_else(|| waits.last())?, now)
        }
    }
}

fn doubled(first: SignedDuration, attempt: u32) -> SignedDuration {
    let times = 1_i32.checked_shl(attempt.saturating_sub(1)).filter(|n| *n > 0).unwrap_or(i32::MAX);
    first.checked_mul(times).unwrap_or(SignedDuration::MAX)
}
