//! The workflows of an engine. They change all at once; runs keep what they began with.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use wf_plan::TriggerKind;
use wf_value::Value;

use crate::driver::TaskInputs;
use crate::trigger::refusal_of;
use crate::workflow::Workflow;

#[derive(Debug, Default)]
pub(crate) struct Registry {
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    current: BTreeMap<String, Arc<Workflow>>,
    /// All that ever ran here, by name and hash: rechecks may need the one under which they were booked.
    known: HashMap<(String, String), Arc<Workflow>>,
}

impl Registry {
    /// Puts these in the place of all that are there.
    pub(crate) fn swap(&self, workflows: &[Arc<Workflow>]) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.current = workflows.iter().map(|w| (w.name(), w.clone())).collect();
        for workflow in workflows {
            state.known.insert(key(workflow), workflow.clone());
        }
    }

    /// Remembers a workflow that runs without being deployed.
    pub(crate) fn remember(&self, workflow: &Arc<Workflow>) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.known.insert(key(workflow), workflow.clone());
    }

    pub(crate) fn current(&self, name: &str) -> Option<Arc<Workflow>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).current.get(name).cloned()
    }

    pub(crate) fn known(&self, name: &str, hash: &str) -> Option<Arc<Workflow>> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.known.get(&(name.to_owned(), hash.to_owned())).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Workflow>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).current.values().cloned().collect()
    }
}

fn key(workflow: &Workflow) -> (String, String) {
    (workflow.name(), workflow.plan.hash.to_string())
}

impl TaskInputs for Registry {
    fn refuse(&self, kind: &str, data: &Value) -> Option<String> {
        let takes = |w: &Arc<Workflow>| {
            let trigger = w
                .plan
                .triggers
                .iter()
                .find(|t| matches!(&t.kind, TriggerKind::Task { task, .. } if task.as_str() == kind));
            trigger.and_then(|t| refusal_of(w, t, data))
        };
        self.all().iter().find_map(takes)
    }
}
