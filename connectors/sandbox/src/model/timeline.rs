//! Outages over time: who is down when, and the events that tell of it.

/// The longest series of outages that one entry may make.
pub(crate) const MAX_SPELLS: i64 = 20_000;

/// One entry of `outages`, for one edge, half or link. Moments in ms.
#[derive(Debug, Clone)]
pub(crate) struct Down {
    pub(crate) from: i64,
    pub(crate) until: Option<i64>,
    pub(crate) flap: Option<Flap>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Flap {
    pub(crate) every: i64,
    pub(crate) down: i64,
}

/// A time without interruption in which something is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spell {
    pub(crate) from: i64,
    /// `None`: it is still down.
    pub(crate) until: Option<i64>,
}

/// All spells that have begun by `now`, in order, overlapping ones merged.
pub(crate) fn spells(downs: &[Down], now: i64) -> Vec<Spell> {
    let mut all: Vec<(i64, i64)> = Vec::new();
    for down in downs {
        let end = down.until.unwrap_or(i64::MAX);
        match down.flap {
            None => all.push((down.from, end)),
            Some(flap) => {
                let starts = (0..MAX_SPELLS).map(|n| down.from.saturating_add(flap.every.saturating_mul(n)));
                all.extend(
                    starts
                        .take_while(|&at| at < end && at <= now)
                        .map(|at| (at, end.min(at.saturating_add(flap.down)))),
                );
            }
        }
    }
    all.retain(|&(from, until)| from <= now && from < until);
    all.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (from, until) in all {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => merged.push((from, until)),
        }
    }
    merged.into_iter().map(|(from, until)| Spell { from, until: (until <= now).then_some(until) }).collect()
}

/// Since when it has been down, if it is down now.
pub(crate) fn down_since(downs: &[Down], now: i64) -> Option<i64> {
    spells(downs, now).last().filter(|spell| spell.until.is_none()).map(|spell| spell.from)
}

/// When it came up last, if it ever was down before and is up now.
pub(crate) fn up_since(downs: &[Down], now: i64) -> Option<i64> {
    spells(downs, now).last().and_then(|spell| spell.until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn down(from: i64, until: Option<i64>) -> Down {
        Down { from, until, flap: None }
    }

    #[test]
    fn what_overlaps_is_one_spell() {
        let downs = [down(10, Some(20)), down(15, Some(30)), down(40, None)];
        assert_eq!(spells(&downs, 35), [Spell { from: 10, until: Some(30) }]);
        assert_eq!(spells(&downs, 50)[1], Spell { from: 40, until: None });
        assert_eq!((down_since(&downs, 25), up_since(&downs, 35)), (Some(10), Some(30)));
        assert_eq!((down_since(&downs, 35), down_since(&downs, 41)), (None, Some(40)));
    }

    #[test]
    fn nothing_of_the_future_shows() {
        assert!(spells(&[down(100, None)], 99).is_empty());
        assert_eq!(spells(&[down(10, Some(200))], 50), [Spell { from: 10, until: None }]);
    }

    #[test]
    fn flapping_goes_down_again_and_again() {
        let flap = Down { from: 0, until: Some(250), flap: Some(Flap { every: 100, down: 80 }) };
        let found = spells(&[flap], 1_000);
        let ends: Vec<_> = found.iter().map(|s| (s.from, s.until)).collect();
        assert_eq!(ends, [(0, Some(80)), (100, Some(180)), (200, Some(250))]);
    }

    #[test]
    fn endless_flapping_ends_at_now() {
        let flap = Down { from: 0, until: None, flap: Some(Flap { every: 100, down: 10 }) };
        assert_eq!(spells(&[flap], 305).len(), 4);
    }
}
