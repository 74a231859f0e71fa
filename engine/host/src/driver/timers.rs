//! The timers of one run.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use wf_plan::Address;

/// By time, among equals in the order in which they were set. An address has at most one.
#[derive(Debug, Default)]
pub(super) struct Timers {
    waiting: BTreeMap<(Timestamp, u64), Address>,
    set: HashMap<Address, (Timestamp, u64)>,
    next: u64,
}

impl Timers {
    pub(super) fn set(&mut self, address: Address, at: Timestamp) {
        self.forget(&address);
        let place = (at, self.next);
        self.next += 1;
        self.waiting.insert(place, address.clone());
        self.set.insert(address, place);
    }

    pub(super) fn forget(&mut self, address: &Address) {
        if let Some(place) = self.set.remove(address) {
            self.waiting.remove(&place);
        }
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.waiting.first_key_value().map(|((at, _), _)| *at)
    }

    /// The first one that is due by `now`.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<Address> {
        let entry = self.waiting.first_entry().filter(|entry| entry.key().0 <= now)?;
        let address = entry.remove();
        self.set.remove(&address);
        Some(address)
    }
}

#[cfg(test)]
mod tests {
    use wf_plan::Part;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap_or_default()
    }

    fn step(n: u32) -> Address {
        Address(vec![Part::Step(n)])
    }

    #[test]
    fn timers_are_due_in_order_and_one_set_again_replaces_the_earlier() {
        let mut timers = Timers::default();
        for (n, second) in [(1, 30), (2, 10), (3, 10), (4, 20)] {
            timers.set(step(n), at(second));
        }
        timers.set(step(1), at(5));
        timers.forget(&step(4));
        timers.forget(&step(9));
        assert_eq!(timers.next(), Some(at(5)));
        assert_eq!(timers.take_due(at(4)), None);
        let due: Vec<_> = std::iter::from_fn(|| timers.take_due(at(60))).collect();
        assert_eq!(due, [step(1), step(2), step(3)]);
        assert_eq!(timers.next(), None);
    }
}
