//! `retry`: what is tried again, how often, and how long it waits. Whoever tries brings the clock, the names and the chance.

use jiff::SignedDuration;
use wf_expr::Written;
use wf_value::Value;

use crate::{Accept, Word};

/// What a call, a flow, an item, a request or a trigger says about its further tries.
#[derive(Debug)]
pub struct Retry {
    pub when: Accept,
    /// `failed` and `undecided` of `when`.
    pub failed: bool,
    pub undecided: bool,
    pub timeout: bool,
    pub no_connection: bool,
    /// A whole number, the first try counted. `None`: for ever.
    pub attempts: Option<Written>,
    pub wait: Wait,
    pub exponential: bool,
    /// A duration from the first try; a failure at or after it is final.
    pub within: Option<Written>,
}

/// Durations between two tries.
#[derive(Debug)]
pub enum Wait {
    /// A duration, or a list of them as in [`Wait::List`].
    Fixed(Written),
    /// Random between both, or with `exponential` doubling from the first up to the second.
    Between(Written, Written),
    /// Each in turn, the last repeats.
    List(Vec<Written>),
}

/// Tries for ever never spin: between two of them lies at least this.
const BREATH: SignedDuration = SignedDuration::from_millis(1);

impl Retry {
    /// Whether `when` names such an answer, whether it was ok or not: `[pending]`, `[401, 5xx]`, `timeout`. A missing answer has the status
    /// 503, as in the old system. `failed` and `undecided` are for whoever knows that it was a failure.
    #[must_use]
    pub fn names(&self, status: Option<u16>, outcome: Option<&str>, why: Option<Word>) -> bool {
        match why {
            Some(Word::Timeout) if self.timeout => return true,
            Some(Word::NoConnection) if self.no_connection => return true,
            _ => {}
        }
        status.is_some_and(|status| self.when.statuses.holds(status))
            || outcome.is_some_and(|outcome| self.when.outcomes.iter().any(|name| name.as_str() == outcome))
    }

    /// How long to wait after try `attempt` (from 1) failed, `elapsed` after the first one began; `None`: the failure is final. What
    /// cannot be decided about it makes it final.
    ///
    /// `chance` picks a random wait among all numbers of 64 bits: the same one gives the same wait. `value` evaluates in the scope of what
    /// is tried.
    pub fn wait(
        &self,
        attempt: u32,
        elapsed: SignedDuration,
        chance: u64,
        mut value: impl FnMut(&Written) -> Value,
    ) -> Option<SignedDuration> {
        if let Some(attempts) = &self.attempts
            && i64::from(attempt) >= value(attempts).as_int()?
        {
            return None;
        }
        let mut duration = |written: &Written| match value(written) {
            Value::Duration(duration) => Some(duration),
            _ => None,
        };
        if let Some(within) = &self.within
            && elapsed >= duration(within)?
        {
            return None;
        }
        let nth = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
        let wait = match &self.wait {
            Wait::Fixed(wait) => match value(wait) {
                Value::Duration(wait) if self.exponential => doubled(wait, attempt),
                Value::Duration(wait) => wait,
                // a param that holds each wait in turn
                Value::List(waits) => match waits.get(nth.min(waits.len().saturating_sub(1)))? {
                    Value::Duration(wait) => wait,
                    _ => return None,
                },
                _ => return None,
            },
            Wait::Between(first, last) => {
                let (first, last) = (duration(first)?, duration(last)?);
                if self.exponential { doubled(first, attempt).min(last) } else { between(first, last, chance) }
            }
            Wait::List(waits) => duration(waits.get(nth).or_else(|| waits.last())?)?,
        };
        Some(wait.max(if self.attempts.is_none() { BREATH } else { SignedDuration::ZERO }))
    }
}

/// Doubling from the first wait on.
fn doubled(first: SignedDuration, attempt: u32) -> SignedDuration {
    let times = 1_i32.checked_shl(attempt.saturating_sub(1)).filter(|n| *n > 0).unwrap_or(i32::MAX);
    first.checked_mul(times).unwrap_or(SignedDuration::MAX)
}

/// Whole milliseconds after `first`, both ends included.
fn between(first: SignedDuration, last: SignedDuration, chance: u64) -> SignedDuration {
    let width = last.saturating_sub(first).as_millis();
    let Ok(width) = u64::try_from(width) else { return first };
    let step = (u128::from(chance) * (u128::from(width) + 1)) >> 64;
    first.saturating_add(SignedDuration::from_millis(i64::try_from(step).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StatusSet;
    use wf_expr::WrittenKind;
    use wf_source::{FileId, Span};

    fn written(value: Value) -> Written {
        Written { kind: WrittenKind::Literal { value, raw: None }, span: Span::new(FileId(0), 0, 0) }
    }

    fn seconds(n: i64) -> Written {
        written(Value::Duration(SignedDuration::from_secs(n)))
    }

    fn retry(attempts: Option<i64>, wait: Wait) -> Retry {
        Retry {
            when: Accept { any: false, statuses: StatusSet::default(), outcomes: vec![] },
            failed: true,
            undecided: false,
            timeout: false,
            no_connection: false,
            attempts: attempts.map(|n| written(Value::Int(n))),
            wait,
            exponential: false,
            within: None,
        }
    }

    fn literal(written: &Written) -> Value {
        match &written.kind {
            WrittenKind::Literal { value, .. } => value.clone(),
            _ => Value::Null,
        }
    }

    fn wait(retry: &Retry, attempt: u32, elapsed: i64) -> Option<i64> {
        retry.wait(attempt, SignedDuration::from_secs(elapsed), 0, literal).map(|wait| wait.as_secs())
    }

    #[test]
    fn when_names_statuses_outcomes_and_words() {
        let mut retry = retry(None, Wait::Fixed(seconds(1)));
        retry.when.statuses.0.extend(crate::Status::parse("5xx"));
        retry.when.outcomes.push("pending".into());
        retry.timeout = true;
        assert!(retry.names(Some(502), None, None) && !retry.names(Some(404), None, None));
        assert!(retry.names(Some(202), Some("pending"), None) && !retry.names(Some(202), Some("done"), None));
        retry.when.statuses.0.clear();
        assert!(retry.names(Some(503), None, Some(Word::Timeout)));
        assert!(!retry.names(Some(503), None, Some(Word::NoConnection)) && !retry.names(None, None, None));
    }

    #[test]
    fn the_last_attempt_and_a_failure_after_its_time_are_final() {
        let mut retry = retry(Some(3), Wait::Fixed(seconds(5)));
        assert_eq!([1, 2, 3].map(|attempt| wait(&retry, attempt, 0)), [Some(5), Some(5), None]);
        retry.within = Some(seconds(60));
        assert_eq!([59, 60, 61].map(|elapsed| wait(&retry, 1, elapsed)), [Some(5), None, None]);
    }

    #[test]
    fn what_is_no_number_and_no_duration_makes_a_failure_final() {
        let mut retry = retry(None, Wait::Fixed(written(Value::text("5s"))));
        assert_eq!(wait(&retry, 1, 0), None);
        retry.wait = Wait::Fixed(seconds(5));
        retry.attempts = Some(written(Value::Null));
        assert_eq!(wait(&retry, 1, 0), None);
    }

    #[test]
    fn a_list_gives_each_wait_in_turn_and_then_its_last() {
        let retry = retry(None, Wait::List(vec![seconds(1), seconds(7)]));
        assert_eq!([1, 2, 3, u32::MAX].map(|attempt| wait(&retry, attempt, 0)), [Some(1), Some(7), Some(7), Some(7)]);
        assert_eq!(wait(&self::retry(None, Wait::List(vec![])), 1, 0), None);
        let second = |n| Value::Duration(SignedDuration::from_secs(n));
        let param = self::retry(None, Wait::Fixed(written(vec![second(1), second(7)].into())));
        assert_eq!([1, 2, 3].map(|attempt| wait(&param, attempt, 0)), [Some(1), Some(7), Some(7)]);
    }

    #[test]
    fn exponential_waits_double_up_to_the_last() {
        let mut retry = retry(None, Wait::Between(seconds(1), seconds(5)));
        retry.exponential = true;
        assert_eq!([1, 2, 3, 4, 4_000].map(|attempt| wait(&retry, attempt, 0)), [1, 2, 4, 5, 5].map(Some));
        assert!(doubled(SignedDuration::from_secs(1), 4_000) > SignedDuration::from_hours(24 * 365));
    }

    #[test]
    fn a_random_wait_lies_between_both_ends() {
        let (first, last) = (SignedDuration::from_secs(1), SignedDuration::from_secs(3));
        for chance in [0, 1, u64::MAX / 2, u64::MAX] {
            let wait = between(first, last, chance);
            assert!(first <= wait && wait <= last, "{wait:?}");
        }
        assert_eq!(between(first, last, 0), first);
        assert_eq!(between(first, last, u64::MAX), last);
        assert_eq!(between(last, first, 7), last);
    }

    #[test]
    fn no_wait_is_too_long_to_be_counted() {
        let (least, most) = (SignedDuration::MIN, SignedDuration::MAX);
        assert!(between(least, most, u64::MAX) >= least);
        assert_eq!(between(most, least, u64::MAX), most);
        assert_eq!(doubled(most, 2), most);
    }

    #[test]
    fn tries_for_ever_never_spin() {
        let ever = retry(None, Wait::Fixed(seconds(-1)));
        assert_eq!(ever.wait(1, SignedDuration::ZERO, 0, literal), Some(BREATH));
        let thrice = retry(Some(3), Wait::Fixed(seconds(-1)));
        assert_eq!(thrice.wait(1, SignedDuration::ZERO, 0, literal), Some(SignedDuration::ZERO));
    }
}
