//! An action of a connector (connectors.md §2).

use wf_source::Span;

use crate::ast::{Accept, Binding, Doubt, Inputs, Name, Request, Spanned, Step, Text, TypeExpr};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub span: Span,
    pub name: Name,
    pub effect: Effect,
    /// Default `<connector>.<action>`; on a bus it may have holes.
    pub subject: Option<Text>,
    pub doc: Option<Name>,
    /// What a report of a failed call names, in this order.
    pub about: Option<Vec<Text>>,
    pub envelope: Option<Spanned<Envelope>>,
    pub input: Inputs,
    pub extra: Option<Spanned<Extra>>,
    /// `nulls: refuse`
    pub refuse_nulls: bool,
    pub needs: Vec<Name>,
    pub any_of: Vec<Name>,
    /// `let`
    pub lets: Vec<Binding>,
    /// The one request; its `answers`, `reply`, `retry` … also stand beside `steps`.
    pub request: Request,
    pub steps: Option<Vec<Step>>,
    pub output: Option<TypeExpr>,
    pub outcomes: Vec<Outcome>,
    pub accept: Option<Accept>,
    pub doubt: Option<Doubt>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    Read,
    Write,
    Tell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    Body,
    None,
    Notify,
}

/// What becomes of fields that are not declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    Scalars,
    Any,
}

/// `{created: 2xx, reopened: [472, 473], odd: {is: 400, if: …}}`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub name: Name,
    pub is: Vec<Name>,
    pub condition: Option<Text>,
}
