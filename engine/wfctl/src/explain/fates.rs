//! How the items of a run ended and what was sent: what two runs of the same records are compared by.

use std::collections::BTreeMap;

use wf_machine::{Decision, Tracer};
use wf_plan::Address;
use wf_value::{Text, Value};

/// An item of a loop.
#[derive(Clone, Debug)]
pub struct Fate {
    pub var: Text,
    pub value: Value,
    /// `done`, `skipped: why`; empty: it had not ended.
    pub how: String,
}

/// Listens to a replay.
#[derive(Debug, Default)]
pub struct Fates {
    pub items: BTreeMap<Address, Fate>,
    /// Writes, tells and bookings; those that were held back, too.
    pub sent: BTreeMap<Address, Text>,
    /// How flows of the run's own steps, and the run, ended.
    pub run: String,
}

impl Tracer for Fates {
    fn wants(&self, _about: &Value) -> bool {
        false
    }

    fn decided(&mut self, decision: Decision) {
        match decision {
            Decision::Item { address, var, value, .. } => {
                self.items.insert(plain(address), Fate { var, value, how: String::new() });
            }
            Decision::ItemEnded { address, how, .. } => {
                if let Some(fate) = self.items.get_mut(&plain(address)) {
                    fate.how = how.to_string();
                }
            }
            Decision::Sent { address, action, .. } => drop(self.sent.insert(address, action)),
            Decision::Booked { address, what, key, .. } => {
                self.sent.insert(address, format!("{what} {key}").into());
            }
            Decision::RunEnded { how } => self.run = how.to_string(),
            _ => {}
        }
    }
}

/// All tries of an item are one.
fn plain(mut address: Address) -> Address {
    while matches!(address.0.last(), Some(wf_plan::Part::Attempt(_))) {
        address.0.pop();
    }
    address
}
