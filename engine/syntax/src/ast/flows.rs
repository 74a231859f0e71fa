//! `flows` and `inputs`.

use wf_source::Span;

use crate::ast::{Defaults, Field, Name, Step};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    pub span: Span,
    pub name: Name,
    pub doc: Option<Name>,
    pub inputs: Inputs,
    pub defaults: Option<Defaults>,
    pub steps: Vec<Step>,
}

/// What a flow, a trigger or an action is handed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Inputs {
    #[default]
    None,
    /// `[a, b]`: typed by the callers.
    Names(Vec<Name>),
    /// `{a: text, b: {default: null}}`
    Typed(Vec<Field>),
    /// The name of a shape, or of a message.
    Shape(Name),
}
