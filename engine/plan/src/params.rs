//! Params: the numbers of the analysts, and where each value comes from.

use wf_source::Span;
use wf_value::{Text, Type, Value};

/// A declared param. Its number is its place in the module.
#[derive(Clone, Debug)]
pub struct Param {
    /// `autoresolve.max`, dotted.
    pub name: Text,
    /// The workflow or library that declares it.
    pub owner: Text,
    pub ty: Type,
    /// `None`: the environment must set it.
    pub default: Option<Value>,
    pub min: Option<Value>,
    pub max: Option<Value>,
    pub unit: Option<Text>,
    pub doc: Text,
    pub span: Span,
}

/// The values of a run, by number, each with where it comes from.
#[derive(Clone, Debug, Default)]
pub struct Params {
    pub values: Vec<Value>,
    pub from: Vec<Provenance>,
}

/// Who said what a param is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    Default,
    /// The environment's file: `environments/production.yaml:7:16`.
    Environment(Text),
    /// `--set` of the command line, or a case.
    Set,
    /// Somebody, and the journal is of a version that did not say who.
    Unsaid,
}
