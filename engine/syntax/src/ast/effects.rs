//! `call`, `publish`, `run`, `metric`.

use crate::{
    ast::{Name, Text, With},
    read::{Fields, Reader},
    tree::Node,
};

/// `call`: a request whose reply is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `connector.action`; with a `keys` connector `connector.record.get`.
    pub action: Option<Name>,
    pub with: Option<With>,
}

/// `publish`: a message that nobody answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    pub action: Option<Name>,
    pub with: Option<With>,
}

/// `run`: a flow of this file or of a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub flow: Option<Name>,
    pub with: Option<With>,
}

/// `metric`: counts, observes, or replaces a set of gauges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    pub name: Option<Name>,
    /// A mapping of values, or an expression that gives one.
    pub labels: Option<Node>,
    pub value: Option<Node>,
    /// Replaces a whole set of gauges.
    pub rows: Option<Text>,
}

impl Reader<'_> {
    pub(crate) fn call(&mut self, fields: &Fields<'_>) -> Call {
        Call { action: self.name(fields.get("call")), with: self.with(fields.get("with")) }
    }

    pub(crate) fn publish(&mut self, fields: &Fields<'_>) -> Publish {
        Publish { action: self.name(fields.get("publish")), with: self.with(fields.get("with")) }
    }

    pub(crate) fn run(&mut self, fields: &Fields<'_>) -> Run {
        Run { flow: self.name(fields.get("run")), with: self.with(fields.get("with")) }
    }

    pub(crate) fn metric_step(&mut self, fields: &Fields<'_>) -> Metric {
        Metric {
            name: self.name(fields.get("metric")),
            labels: fields.value("labels"),
            value: fields.value("value"),
            rows: self.expr(fields.get("rows")),
        }
    }
}
