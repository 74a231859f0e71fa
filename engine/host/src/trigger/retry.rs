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
    if !is_met(retry, &ended.how) {
        return None;
    }
    let chance = Uuid::new_v5(&run.0, format!("wait {attempt}").as_bytes()).as_u64_pair().0;
    let elapsed = now.duration_since(first);
    let wait = retry.wait(attempt, elapsed, chance, |written| workflow.value(written, now))?;
    now.checked_add(wait).ok()
}

/// Whether `when` names such an end.
fn is_met(retry: &Retry, how: &EndedHow) -> bool {
    match how {
        EndedHow::Failed { status, outcome, why, .. } => retry.failed || retry.names(*status, outcome.as_deref(), *why),
        EndedHow::Undecided { .. } => retry.undecided,
        EndedHow::Well | EndedHow::Skipped { .. } | EndedHow::Held { .. } | EndedHow::Cancelled { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_plan::{Accept, Status, StatusSet, Wait, Word};
    use wf_value::{Unknown, UnknownKind};

    fn retry(statuses: &[&str]) -> Retry {
        let statuses = StatusSet(statuses.iter().filter_map(|status| Status::parse(status)).collect());
        Retry {
            when: Accept { any: false, statuses, outcomes: Vec::new() },
            failed: false,
            undecided: false,
            timeout: false,
            no_connection: false,
            attempts: None,
            wait: Wait::List(Vec::new()),
            exponential: false,
            within: None,
        }
    }

    fn failed(status: Option<u16>, why: Option<Word>) -> EndedHow {
        EndedHow::Failed { reason: "x".into(), address: wf_plan::Address::default(), status, outcome: None, why }
    }

    #[test]
    fn a_run_is_tried_again_only_after_what_its_trigger_names() {
        let of_5xx = retry(&["5xx"]);
        assert!(is_met(&of_5xx, &failed(Some(502), None)));
        assert!(!is_met(&of_5xx, &failed(Some(404), None)), "another status");
        assert!(!is_met(&of_5xx, &failed(None, None)), "`fail` has no status");
        assert!(is_met(&Retry { failed: true, ..retry(&[]) }, &failed(None, None)));
        assert!(is_met(&Retry { timeout: true, ..retry(&[]) }, &failed(Some(503), Some(Word::Timeout))));

        let why = std::sync::Arc::new(Unknown::new(UnknownKind::Missing, "x is missing"));
        let undecided = EndedHow::Undecided { why, address: wf_plan::Address::default() };
        assert!(!is_met(&Retry { failed: true, ..retry(&[]) }, &undecided));
        let of_undecided = Retry { undecided: true, ..retry(&[]) };
        assert!(is_met(&of_undecided, &undecided) && !is_met(&of_undecided, &failed(Some(502), None)));
    }
}
