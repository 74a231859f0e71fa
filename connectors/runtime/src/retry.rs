//! Calls that are made again (`connectors.md` §6).

use jiff::{SignedDuration, Timestamp};
use wf_plan::{Retry, Status, StatusSet, Wait, Word};

use crate::answers::names;
use crate::received::Outcome;
use crate::scene::Scene;

/// Whether `when` names the outcome. What changes something is made again only when it surely did not act.
pub(crate) fn is_met(retry: &Retry, outcome: &Outcome, changes: bool) -> bool {
    let hopeless = match outcome.word {
        // asked again, these are the same again
        Some(Word::BadInput | Word::NoAccount) => true,
        Some(Word::Unusable) => outcome.received.is_none(),
        _ => false,
    };
    if hopeless || (changes && !outcome.surely_not_acted()) {
        return false;
    }
    let failed = outcome.word.is_some() || !outcome.received.as_ref().is_some_and(|received| received.is_success());
    let word = |flag: bool, word: Word| flag && names(&StatusSet(vec![Status::Word(word)]), outcome);
    (retry.failed && failed)
        || word(retry.timeout, Word::Timeout)
        || word(retry.no_connection, Word::NoConnection)
        || word(retry.when.any, Word::Any)
        || names(&retry.when.statuses, outcome)
}

/// The wait before try `attempt + 1`, when there is one. `attempt` counts from 1; `begun` is when the first one did.
pub(crate) fn wait(
    retry: &Retry,
    scene: &Scene<'_>,
    attempt: u32,
    begun: Timestamp,
    now: Timestamp,
) -> Option<SignedDuration> {
    if let Some(attempts) = &retry.attempts {
        let attempts = scene.value(attempts).as_int()?;
        if i64::from(attempt) >= attempts {
            return None;
        }
    }
    if let Some(within) = &retry.within
        && now.duration_since(begun) >= scene.duration(Some(within))?
    {
        return None;
    }
    let wait = match &retry.wait {
        Wait::Fixed(wait) if retry.exponential => doubled(scene.duration(Some(wait))?, attempt),
        Wait::Fixed(wait) => scene.duration(Some(wait))?,
        Wait::Between(first, last) => {
            let (first, last) = (scene.duration(Some(first))?, scene.duration(Some(last))?);
            if retry.exponential {
                doubled(first, attempt).min(last)
            } else {
                between(first, last, scene.seed, attempt)
            }
        }
        Wait::List(waits) => {
            let nth = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
            scene.duration(waits.get(nth).or_else(|| waits.last()))?
        }
    };
    // tries without end never spin
    let least = if retry.attempts.is_none() { SignedDuration::from_millis(1) } else { SignedDuration::ZERO };
    Some(wait.max(least))
}

fn doubled(first: SignedDuration, attempt: u32) -> SignedDuration {
    let times = 1_i32.checked_shl(attempt.saturating_sub(1)).filter(|n| *n > 0).unwrap_or(i32::MAX);
    first.checked_mul(times).unwrap_or(SignedDuration::MAX)
}

/// Whole milliseconds from `first` to `last`, both included: looks random, and is the same for the same request.
fn between(first: SignedDuration, last: SignedDuration, seed: u128, attempt: u32) -> SignedDuration {
    let Ok(steps) = u64::try_from((last - first).as_millis()) else { return first };
    let hash = blake3::hash(format!("{seed} {attempt}").as_bytes());
    let chance = hash.as_bytes().iter().take(8).fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
    let step = (u128::from(chance) * (u128::from(steps) + 1)) >> 64;
    first + SignedDuration::from_millis(i64::try_from(step).unwrap_or(0))
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
    fn a_random_wait_lies_between_both_ends_and_is_the_same_again() {
        let (first, last) = (SignedDuration::from_secs(1), SignedDuration::from_secs(3));
        let waits: Vec<_> = (0..100).map(|seed| between(first, last, seed, 1)).collect();
        assert!(waits.iter().all(|wait| first <= *wait && *wait <= last), "{waits:?}");
        assert_eq!(between(first, last, 7, 1), between(first, last, 7, 1));
        assert!(waits.iter().any(|wait| *wait != waits[0]));
        assert_eq!(between(last, first, 7, 1), last);
    }
}
