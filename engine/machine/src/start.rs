//! What a run begins with.

use std::sync::Arc;

use jiff::Timestamp;
use wf_plan::{FlowId, Module, Params, Plan, RunId};
use wf_value::{Text, Value};

/// Whose flows run: a workflow's, or one file of a connector.
#[derive(Clone, Debug)]
pub enum Unit {
    Plan(Arc<Plan>),
    Connector(Arc<wf_plan::Connector>, usize),
}

impl Unit {
    /// The flows and expressions. A connector's face that does not exist is an empty module.
    #[must_use]
    pub fn module(&self) -> &Module {
        static NONE: std::sync::LazyLock<Module> = std::sync::LazyLock::new(Module::default);
        match self {
            Self::Plan(plan) => &plan.module,
            Self::Connector(connector, face) => connector.faces.get(*face).map_or(&*NONE, |f| &f.module),
        }
    }

    /// The workflow's name, or the connector's.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Plan(plan) => &plan.name,
            Self::Connector(connector, _) => &connector.name,
        }
    }
}

/// What happens to writes (`language.md` §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    On,
    /// `writes: off`: held, but for a workflow's own memory; reports of failed reads go out.
    Off,
    /// `--dry-run`: held, its own memory too.
    DryRun,
}

/// Everything a run depends on beside its events; written down first.
#[derive(Clone, Debug)]
pub struct Start {
    pub run: RunId,
    pub flow: FlowId,
    /// By name; what the flow does not declare is left out.
    pub inputs: Vec<(Text, Value)>,
    pub params: Arc<Params>,
    /// `{name, writes, workflow}`
    pub env: Value,
    pub writes: Writes,
    /// The try of the whole run, from 1.
    pub attempt: u32,
    /// What started it: `trigger`, readable in http flows.
    pub trigger: Value,
    pub at: Timestamp,
    pub limits: Limits,
}

/// Caps of one engine; what is over waits or is unknown, never lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Items at a time of `parallel: yes`.
    pub parallel: u32,
    /// Steps of evaluation of one expression.
    pub fuel: u64,
    /// Frames inside frames: flows that call flows.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { parallel: 64, fuel: 50_000_000, depth: 64 }
    }
}
