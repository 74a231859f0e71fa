//! A workflow, or a library (language.md §5).

use wf_source::Span;

use crate::ast::{
    Binding, CallRule, Defaults, Define, Field, Flow, Http, Inputs, Metrics, Name, ParamEntry, Step, Table, TellPolicy,
    Text, Trigger,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileRole {
    #[default]
    Workflow,
    Library,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    pub span: Span,
    pub role: FileRole,
    /// `None` when it is missing or wrong.
    pub name: Option<Name>,
    pub title: Option<Name>,
    /// Paths of libraries, relative to this file.
    pub uses: Vec<Text>,
    pub triggers: Vec<Trigger>,
    pub inputs: Inputs,
    pub http: Option<Http>,
    pub params: Vec<ParamEntry>,
    pub constants: Vec<Binding>,
    pub shapes: Vec<Field>,
    pub enums: Vec<Field>,
    pub types: Vec<Field>,
    pub tables: Vec<Table>,
    pub define: Vec<Define>,
    pub metrics: Option<Metrics>,
    pub pools: Vec<Binding>,
    pub calls: Vec<CallRule>,
    pub tell: Option<TellPolicy>,
    pub defaults: Option<Defaults>,
    pub flows: Vec<Flow>,
    /// The main flow; `None` when the file has none.
    pub steps: Option<Vec<Step>>,
}
