//! Where runs get their ids from.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;
use wf_plan::RunId;

/// Random ones sort by time; counted ones are the same whenever a test or a simulation is made again.
#[derive(Debug, Default)]
pub enum Ids {
    #[default]
    Random,
    Counted {
        seed: u64,
        next: AtomicU64,
    },
}

impl Ids {
    #[must_use]
    pub fn counted(seed: u64) -> Self {
        Self::Counted { seed, next: AtomicU64::new(1) }
    }

    pub(crate) fn next(&self) -> RunId {
        match self {
            Self::Random => RunId(Uuid::now_v7()),
            Self::Counted { seed, next } => {
                let n = next.fetch_add(1, Ordering::Relaxed);
                RunId(Uuid::new_v5(&Uuid::from_u64_pair(*seed, n), b"run"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_ids_are_the_same_again_and_differ_by_seed() {
        let ids = |seed| {
            let ids = Ids::counted(seed);
            [ids.next(), ids.next()]
        };
        assert_eq!(ids(1), ids(1));
        assert_ne!(ids(1)[0], ids(1)[1]);
        assert_ne!(ids(1)[0], ids(2)[0]);
        assert_ne!(Ids::Random.next(), Ids::Random.next());
    }
}
