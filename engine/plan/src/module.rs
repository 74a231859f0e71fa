//! What can be executed, and a workflow.

use std::sync::Arc;

use wf_expr::{Program, Written};
use wf_source::{Files, Span};
use wf_value::{InputSpec, Text, Type};

use crate::{Action, Block, Param, Trigger};

/// Number of a flow in its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlowId(pub u32);

/// The names of a frame, by slot: what `explain` prints.
///
/// A slot named by a reserved word is filled when the frame begins: `attempt` (the try of the nearest flow or item that is tried again,
/// else of the run), `trigger` and `task` (what started the run), `run` (`{id, workflow, flow}`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    pub names: Vec<Text>,
}

/// Flows and expressions of a workflow with all it reaches, or of a connector file.
#[derive(Debug, Default)]
pub struct Module {
    pub program: Program,
    pub flows: Vec<Flow>,
    pub params: Vec<Param>,
    pub metrics: Vec<Metric>,
    pub pools: Vec<Pool>,
    /// How failed calls are reported.
    pub reporter: Option<Reporter>,
}

/// A named block of steps with inputs and a frame of its own; the main steps are one, too.
#[derive(Debug)]
pub struct Flow {
    /// `main` for the steps of the file itself.
    pub name: Text,
    pub doc: Option<Text>,
    pub inputs: Vec<Input>,
    pub frame: Frame,
    pub body: Block,
    pub span: Span,
}

/// An input of a flow.
#[derive(Debug)]
pub struct Input {
    pub name: Text,
    pub slot: u16,
    /// `None`: typed by its callers.
    pub ty: Option<Type>,
    /// May be left out.
    pub default: Option<Written>,
}

/// A declared metric.
#[derive(Debug)]
pub struct Metric {
    pub name: Text,
    pub kind: MetricKind,
    /// Names of the labels that a step gives, the common ones first.
    pub labels: Vec<Text>,
    /// Labels that are the same everywhere, with their values.
    pub constant: Vec<(Text, Text)>,
    pub doc: Text,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    Counter,
    Gauge,
    Histogram,
}

/// A cap that loops share.
#[derive(Debug)]
pub struct Pool {
    pub name: Text,
    pub size: Written,
}

/// `tell`: how a failed call is reported. Sees `failed` in slot 0 of a frame of its own.
#[derive(Debug)]
pub struct Reporter {
    pub action: Arc<Action>,
    pub with: Written,
    pub frame: Frame,
}

/// A workflow, checked.
#[derive(Debug)]
pub struct Plan {
    /// The name of its file's `workflow:`.
    pub name: Text,
    pub title: Text,
    pub module: Module,
    pub triggers: Vec<Trigger>,
    /// Typed fields of triggers from outside that say none of their own.
    pub inputs: Option<InputSpec>,
    /// All actions it calls, publishes or reports with, each once.
    pub actions: Vec<Arc<Action>>,
    /// Hosts the files of the bundle: spans of the plan point into it.
    pub files: Files,
    /// BLAKE3 of the bundle of sources: equal bundles, equal plans.
    pub hash: Text,
}

impl Module {
    #[must_use]
    pub fn flow(&self, id: FlowId) -> Option<&Flow> {
        self.flows.get(id.0 as usize)
    }

    #[must_use]
    pub fn flow_named(&self, name: &str) -> Option<FlowId> {
        self.flows.iter().position(|f| f.name.as_str() == name).and_then(|i| u32::try_from(i).ok()).map(FlowId)
    }
}
