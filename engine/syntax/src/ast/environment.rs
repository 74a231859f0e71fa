//! `environments/<name>.yaml` (language.md §5).

use wf_source::Span;

use crate::ast::{Binding, Name, Spanned, Text};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    pub span: Span,
    /// The environment to start from.
    pub like: Option<Text>,
    pub writes: Option<Spanned<bool>>,
    /// Settings of connectors.
    pub connectors: Vec<SettingsOf>,
    pub workflows: Vec<WorkflowSettings>,
    /// Params of workflows and libraries; a value may be the params of a library for that workflow only.
    pub params: Vec<SettingsOf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsOf {
    pub name: Name,
    /// Dotted names.
    pub values: Vec<Binding>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowSettings {
    pub span: Span,
    pub name: Name,
    pub writes: Option<Spanned<bool>>,
    pub instances: Vec<Instance>,
}

/// One of several runs of a workflow, with params of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub span: Span,
    pub name: Name,
    pub params: Vec<Binding>,
}
