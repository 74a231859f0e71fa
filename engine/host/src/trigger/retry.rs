//! A whole run, tried again.

use jiff::Timestamp;
use uuid::Uuid;
use wf_machine::{Ended, EndedHow};
use wf_plan::{Retry, RunId};

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
    let chance = Uuid::new_v5(&run.0, format!("wait {attempt}").as_bytes()).as_u64_pair().0;
    let elapsed = now.duration_since(first);
    let wait = retry.wait(attempt, elapsed, chance, |written| workflow.value(written, now))?;
    now.checked_add(wait).ok()
}
