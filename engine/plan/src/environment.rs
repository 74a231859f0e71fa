//! An environment: what differs between one place where the engine runs and another.

use wf_source::Span;
use wf_value::{Text, Value};

/// `environments/<name>.yaml`, with what it is `like` merged in.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    pub name: Text,
    /// `writes: on`. Without an environment writes are held.
    pub writes: bool,
    /// `connectors: {crm: {base_url: …}}`
    pub connectors: Vec<(Text, Vec<Override>)>,
    /// `params: {workflow-or-library: {name: value}}`
    pub params: Vec<(Text, Vec<Override>)>,
    /// `workflows: {name: {writes, instances}}`
    pub workflows: Vec<(Text, WorkflowSettings)>,
}

/// A value that the environment gives. `env:NAME` and `file:PATH` stay texts here: whoever needs the secret reads it.
#[derive(Clone, Debug)]
pub struct Override {
    pub name: Text,
    pub value: Value,
    pub span: Span,
    /// The same place for people, `path:line:column`: a run remembers it, and its spans point into other files then.
    pub place: Text,
}

#[derive(Clone, Debug, Default)]
pub struct WorkflowSettings {
    pub writes: Option<bool>,
    pub instances: Vec<Instance>,
}

/// One workflow, run with params of its own.
#[derive(Clone, Debug)]
pub struct Instance {
    pub name: Text,
    pub params: Vec<Override>,
}

impl Environment {
    /// Whether writes of a workflow go out.
    #[must_use]
    pub fn writes_of(&self, workflow: &str) -> bool {
        self.workflow(workflow).and_then(|w| w.writes).unwrap_or(self.writes)
    }

    #[must_use]
    pub fn workflow(&self, name: &str) -> Option<&WorkflowSettings> {
        self.workflows.iter().find(|(n, _)| n.as_str() == name).map(|(_, settings)| settings)
    }
}
