//! What an engine was doing when it was killed: read from what it left.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use wf_host::ports::{Bookings, Journal};

use crate::drill::Drill;
use crate::verdict::{doubts, written};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Nothing was under way, or the engine had not got so far.
    Idle,
    /// Something was booked and waited for its time.
    Waiting,
    /// A run read or waited; nothing of it was on its way out.
    Reading,
    /// Something was about to leave or on its way, and had not reached its vendor.
    Sending,
    /// The vendor had done it, and no record said so.
    Done,
}

impl Phase {
    pub(crate) const ALL: [Self; 5] = [Self::Idle, Self::Waiting, Self::Reading, Self::Sending, Self::Done];

    /// Something could be lost or done twice.
    pub(crate) const AT_WORK: [Self; 4] = [Self::Waiting, Self::Reading, Self::Sending, Self::Done];
}

/// How many kills met which phase: where several runs were under way, one kill may have met several.
#[derive(Default)]
pub(crate) struct Phases {
    met: BTreeMap<Phase, u32>,
    /// Request ids of writes and tells that were in flight at a kill.
    in_flight: BTreeSet<String>,
}

impl Phases {
    /// Looks at what the engine left that was just killed.
    pub(crate) fn count(&mut self, drill: &Drill) -> BTreeSet<Phase> {
        let mut phases = self.look(drill);
        if phases.is_empty() {
            phases.insert(Phase::Idle);
        }
        phases.iter().for_each(|phase| *self.met.entry(*phase).or_default() += 1);
        phases
    }

    fn look(&mut self, drill: &Drill) -> BTreeSet<Phase> {
        let mut phases = BTreeSet::new();
        let Some(store) = drill.store() else { return phases };
        let (runs, booked) = drill.runtime.block_on(async {
            let runs = store.unfinished().await.unwrap_or_else(|e| panic!("{e}"));
            // every record that is there can be read: what was torn is not there
            for run in &runs {
                store.read(run.run, 1).await.unwrap_or_else(|e| panic!("{e}"));
            }
            (runs, Bookings::waiting(&store).await.unwrap_or_else(|e| panic!("{e}")))
        });
        drop(store);
        if !booked.is_empty() {
            phases.insert(Phase::Waiting);
        }
        if runs.is_empty() {
            return phases;
        }
        let (there, open) = (written(drill), doubts(drill));
        let under_way: Vec<_> = open.iter().filter(|doubt| doubt.is_under_way()).collect();
        for doubt in &under_way {
            self.in_flight.insert(doubt.request_id.clone());
            phases.insert(if there.contains_key(&doubt.key) { Phase::Done } else { Phase::Sending });
        }
        if runs.iter().any(|run| under_way.iter().all(|doubt| doubt.run != run.run.to_text())) {
            phases.insert(Phase::Reading);
        }
        phases
    }

    pub(crate) fn of(&self, phase: Phase) -> u32 {
        self.met.get(&phase).copied().unwrap_or(0)
    }

    pub(crate) fn busy(&self) -> u32 {
        self.of(Phase::Reading) + self.of(Phase::Sending) + self.of(Phase::Done)
    }

    pub(crate) fn in_flight(&self) -> &BTreeSet<String> {
        &self.in_flight
    }
}

impl fmt::Display for Phases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "kills by phase:")?;
        Phase::ALL.iter().try_for_each(|phase| write!(f, " {phase:?} {}", self.of(*phase)))?;
        write!(f, "; {} writes and tells were in flight", self.in_flight.len())
    }
}
