//! Calls that are made again (`connectors.md` §6).

use jiff::{SignedDuration, Timestamp};
use wf_plan::{Retry, Status, StatusSet, Word};

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
    retry.wait(attempt, now.duration_since(begun), chance(scene.seed, attempt), |written| scene.value(written))
}

/// Looks random, and is the same when the same request is made again.
fn chance(seed: u128, attempt: u32) -> u64 {
    let hash = blake3::hash(format!("{seed} {attempt}").as_bytes());
    hash.as_bytes().iter().take(8).fold(0, |n, byte| n << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_differ_and_are_the_same_again() {
        let chances: std::collections::BTreeSet<_> = (0..1_000).map(|seed| chance(seed, 1)).collect();
        assert_eq!(chances.len(), 1_000);
        assert!(chances.iter().any(|n| *n > u64::MAX / 4 * 3) && chances.iter().any(|n| *n < u64::MAX / 4));
        assert_eq!(chance(7, 2), chance(7, 2));
        assert_ne!(chance(7, 2), chance(7, 1));
    }
}
