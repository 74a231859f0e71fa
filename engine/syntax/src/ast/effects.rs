//! `call`, `publish`, `run`, `metric`.

use crate::{
    ast::{Name, Text, With},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `connector.action`; with a `keys` connector `connector.record.get`.
    pub action: Option<Name>,
    pub with: Option<With>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    pub action: Option<Name>,
    pub with: Option<With>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub flow: Option<Name>,
    pub with: Option<With>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    pub name: Option<Name>,
    /// A mapping of values, or an expression that gives one.
    pub labels: Option<Node>,
    pub value: Option<Node>,
    /// Replaces a whole set of gauges.
    pub rows: Option<Text>,
}
