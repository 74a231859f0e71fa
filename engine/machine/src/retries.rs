//! Trying again: when, and how long to wait. Waits take virtual time, so a test sees what production does.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use wf_expr::Written;
use wf_plan::{Address, Retry, Wait, Word};
use wf_value::Value;

use crate::effect::Effect;
use crate::failure::Failure;
use crate::frames::FrameId;
use crate::run::Waker;
use crate::scope::At;
use crate::trace::Decision;
use crate::turn::Turn;

/// The try that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tries {
    /// From 1.
    pub(crate) attempt: u32,
    /// When the first one began.
    pub(crate) first: Timestamp,
}

/// Tries for ever never spin: between two of them lies at least this.
const BREATH: SignedDuration = SignedDuration::from_millis(1);

impl Failure {
    /// Whether `when` of a retry names such a failure.
    pub(crate) fn is_met_by(&self, retry: &Retry) -> bool {
        if self.unknown.is_some() {
            return retry.undecided;
        }
        retry.failed || answer_is_met(retry, self.status, self.outcome.as_deref(), self.why)
    }
}

/// Whether `when` names such an answer, whether it was ok or not: `[pending]`, `[401, 5xx]`, `timeout`.
pub(crate) fn answer_is_met(retry: &Retry, status: Option<u16>, outcome: Option<&str>, why: Option<Word>) -> bool {
    match why {
        Some(Word::Timeout) if retry.timeout => return true,
        Some(Word::NoConnection) if retry.no_connection => return true,
        _ => {}
    }
    // a missing answer counts as 503, as in the old system
    status.is_some_and(|status| retry.when.statuses.holds(status))
        || outcome.is_some_and(|outcome| retry.when.outcomes.iter().any(|name| name.as_str() == outcome))
}

impl Turn<'_, '_> {
    /// When the next try begins; `None`: the failure is final. What cannot be decided about it makes it final.
    /// `address`: of what is tried again, the step of the frame or an item of it.
    pub(crate) fn next_try(
        &mut self,
        id: FrameId,
        address: &Address,
        retry: &Retry,
        tries: Tries,
    ) -> Option<Timestamp> {
        let at = At::frame(id, address);
        let next = self.with_attempt(id, tries.attempt, |turn| turn.next_time(at, retry, tries));
        if let Some(at) = next {
            let span = self.step_span(id);
            self.tell(|| Decision::Again { address: address.clone(), span, attempt: tries.attempt + 1, at });
        }
        next
    }

    /// Does something while `attempt` is that of a step of the frame.
    pub(crate) fn with_attempt<R>(&mut self, id: FrameId, attempt: u32, work: impl FnOnce(&mut Self) -> R) -> R {
        self.set_attempt(id, attempt);
        let result = work(self);
        let own = self.frame(id).map_or(1, |frame| frame.attempt);
        self.set_attempt(id, own);
        result
    }

    fn set_attempt(&mut self, id: FrameId, attempt: u32) {
        if let Some(frame) = self.frame_mut(id)
            && let Some(slot) = frame.attempt_slot
        {
            frame.set(slot, Value::Int(attempt.into()));
        }
    }

    fn next_time(&mut self, at: At<'_>, retry: &Retry, tries: Tries) -> Option<Timestamp> {
        if let Some(attempts) = &retry.attempts {
            let attempts = self.value(at, attempts).as_int()?;
            if i64::from(tries.attempt) >= attempts {
                return None;
            }
        }
        let now = self.now();
        if let Some(within) = &retry.within {
            let within = self.duration(at, within)?;
            if now.duration_since(tries.first) >= within {
                return None;
            }
        }
        let wait = self.wait(at, retry, tries.attempt)?.max(SignedDuration::ZERO);
        let wait = if retry.attempts.is_none() { wait.max(BREATH) } else { wait };
        Some(now.checked_add(wait).unwrap_or(Timestamp::MAX))
    }

    fn wait(&mut self, at: At<'_>, retry: &Retry, attempt: u32) -> Option<SignedDuration> {
        match &retry.wait {
            Wait::Fixed(wait) => {
                let wait = self.duration(at, wait)?;
                Some(if retry.exponential { doubled(wait, attempt) } else { wait })
            }
            Wait::Between(first, last) => {
                let (first, last) = (self.duration(at, first)?, self.duration(at, last)?);
                if retry.exponential {
                    return Some(doubled(first, attempt).min(last));
                }
                Some(between(first, last, self.chance(at.address, attempt)))
            }
            Wait::List(waits) => {
                let nth = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
                self.duration(at, waits.get(nth).or_else(|| waits.last())?)
            }
        }
    }

    fn duration(&mut self, at: At<'_>, written: &Written) -> Option<SignedDuration> {
        match self.value(at, written) {
            Value::Duration(duration) => Some(duration),
            _ => None,
        }
    }

    /// A number that looks random and is the same whenever the run is played again.
    fn chance(&self, address: &Address, attempt: u32) -> u64 {
        let name = format!("{address} wait {attempt}");
        Uuid::new_v5(&self.run.start.run.0, name.as_bytes()).as_u64_pair().0
    }

    /// Has the frame wait for that time, at the address of its step.
    pub(crate) fn sleep(&mut self, id: FrameId, at: Timestamp) {
        let address = self.address(id);
        self.run.waiting.insert(address.clone(), Waker::Timer { frame: id, at });
        self.effects.push(Effect::Timer { address, at });
    }

    /// Has an item of a loop wait, at its own address.
    pub(crate) fn sleep_item(&mut self, around: FrameId, index: u32, address: Address, at: Timestamp) {
        self.run.waiting.insert(address.clone(), Waker::Item { around, index, at });
        self.effects.push(Effect::Timer { address, at });
    }
}

/// Doubling from the first wait on.
fn doubled(first: SignedDuration, attempt: u32) -> SignedDuration {
    let times = 1_i32.checked_shl(attempt.saturating_sub(1)).filter(|n| *n > 0).unwrap_or(i32::MAX);
    first.checked_mul(times).unwrap_or(SignedDuration::MAX)
}

fn between(first: SignedDuration, last: SignedDuration, chance: u64) -> SignedDuration {
    let width = (last - first).as_nanos();
    if width <= 0 {
        return first;
    }
    // whole milliseconds, both ends included
    let steps = u128::try_from(width / 1_000_000).unwrap_or(0) + 1;
    let step = (u128::from(chance) * steps) >> 64;
    first + SignedDuration::from_millis(i64::try_from(step).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_never_overflow() {
        let second = SignedDuration::from_secs(1);
        assert_eq!(doubled(second, 1), second);
        assert_eq!(doubled(second, 4), SignedDuration::from_secs(8));
        assert!(doubled(second, 4_000) > SignedDuration::from_hours(24 * 365));
    }

    #[test]
    fn a_random_wait_lies_between_both_ends() {
        let (first, last) = (SignedDuration::from_secs(1), SignedDuration::from_secs(3));
        for chance in [0, 1, u64::MAX / 2, u64::MAX] {
            let wait = between(first, last, chance);
            assert!(first <= wait && wait <= last, "{wait:?}");
        }
        assert_eq!(between(first, last, u64::MAX), last);
        assert_eq!(between(last, first, 7), last);
    }
}
