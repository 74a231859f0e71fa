//! A workflow as it runs here: its plan, with the values that an environment (and an instance of its) gives it.

use std::sync::Arc;

use jiff::Timestamp;
use wf_expr::{Ctx, Written};
use wf_machine::{Scope, Writes};
use wf_plan::{Params, Plan};
use wf_value::{Text, Value};

#[derive(Clone, Debug)]
pub struct Workflow {
    pub plan: Arc<Plan>,
    /// One of several that run of one file.
    pub instance: Option<Text>,
    pub params: Arc<Params>,
    /// `{name, writes, workflow}`
    pub env: Value,
    pub writes: Writes,
}

impl Workflow {
    /// `monitor`, or `monitor@north`: unique in an engine.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.instance {
            Some(instance) => format!("{}@{instance}", self.plan.name),
            None => self.plan.name.to_string(),
        }
    }

    /// What a value place outside of steps says: of a trigger. It sees params, constants, defines, `env`, `now`.
    #[must_use]
    pub fn value(&self, written: &Written, now: Timestamp) -> Value {
        self.value_seeing(written, now, &Scope::default())
    }

    pub(crate) fn value_seeing(&self, written: &Written, now: Timestamp, scope: &Scope) -> Value {
        written.value(&Ctx::new(&self.plan.module.program, scope, &self.params.values, &self.env, now))
    }
}
