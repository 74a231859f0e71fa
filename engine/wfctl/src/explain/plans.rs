//! Plans of recorded runs, each made once: many runs have the same.

use std::collections::HashMap;
use std::sync::Arc;

use wf_host::ports::Journal;
use wf_plan::Plan;

use super::recorded::Recorded;
use crate::exit::Refusal;

/// Plans by their hash, made from the sources that the journal kept.
#[derive(Default)]
pub struct Plans {
    made: HashMap<String, Arc<Plan>>,
}

impl Plans {
    /// The plan that a run had.
    ///
    /// # Errors
    /// Its sources were not kept, or give another plan by now.
    pub async fn of(&mut self, journal: &dyn Journal, recorded: &Recorded) -> Result<Arc<Plan>, Refusal> {
        if let Some(plan) = self.made.get(recorded.plan_hash()) {
            return Ok(plan.clone());
        }
        let plan = recorded.plan(journal).await?;
        self.made.insert(recorded.plan_hash().to_owned(), plan.clone());
        Ok(plan)
    }
}
