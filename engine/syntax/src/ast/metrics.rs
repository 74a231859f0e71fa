//! `metrics` (language.md §5).

use wf_source::Span;

use crate::{
    ast::{Binding, Name, Spanned},
    tree::Node,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Labels that are the same everywhere.
    pub constant: Vec<Binding>,
    /// Labels common to all.
    pub labels: Vec<Name>,
    pub list: Vec<MetricDecl>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricDecl {
    pub span: Span,
    pub name: Name,
    pub kind: Option<Spanned<MetricKind>>,
    pub labels: MetricLabels,
    pub doc: Option<Name>,
    /// Upper bounds of a histogram.
    pub buckets: Vec<Node>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    Counter,
    Gauge,
    Histogram,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricLabels {
    /// The common ones only.
    Common,
    /// `labels: none`
    None(Span),
    /// These beside the common ones.
    Own(Vec<Name>),
}
