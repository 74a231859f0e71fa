//! Plans of runs that are taken up: those of the files as they are, others from the sources that the journal kept.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Mutex;
use wf_check::Checked;
use wf_host::engine::Plans;
use wf_host::ports::Journal;
use wf_plan::{Plan, RunId};

use crate::explain::recorded::kept_plan;

/// Plans by their hash, each made once.
pub struct KeptPlans {
    journal: Arc<dyn Journal>,
    made: Mutex<HashMap<String, Arc<Plan>>>,
}

impl KeptPlans {
    /// Beside the journal's those of these files.
    pub fn new(journal: Arc<dyn Journal>, checked: Option<&Checked>) -> Self {
        let made = checked.into_iter().flat_map(|checked| &checked.plans);
        let made = made.map(|plan| (plan.hash.to_string(), plan.clone())).collect();
        Self { journal, made: Mutex::new(made) }
    }
}

#[async_trait]
impl Plans for KeptPlans {
    async fn plan(&self, run: RunId, hash: &str) -> Result<Arc<Plan>, String> {
        let mut made = self.made.lock().await;
        if let Some(plan) = made.get(hash) {
            return Ok(plan.clone());
        }
        let plan = kept_plan(&*self.journal, run, hash).await.map_err(|refusal| refusal.message)?;
        made.insert(hash.to_owned(), plan.clone());
        Ok(plan)
    }
}
