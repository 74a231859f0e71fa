//! `metrics` (language.md §5).

use wf_source::Span;

use crate::{
    ast::{Binding, Name, Spanned},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::{Entry, Node},
};

/// The section `metrics`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Labels that are the same everywhere.
    pub constant: Vec<Binding>,
    /// Labels common to all.
    pub labels: Vec<Name>,
    pub list: Vec<MetricDecl>,
}

/// One metric with its labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricDecl {
    pub span: Span,
    pub name: Name,
    pub kind: Option<Spanned<MetricKind>>,
    pub labels: MetricLabels,
    pub doc: Option<Name>,
}

/// What a metric does with its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    Counter,
    Gauge,
    Histogram,
}

/// Labels of a metric beside the common ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricLabels {
    /// The common ones only.
    Common,
    /// `labels: none`
    None(Span),
    /// These beside the common ones.
    Own(Vec<Name>),
}

/// The keys of the section that are no metrics.
static METRICS: Keys = Keys {
    id: "metrics",
    what: "the section `metrics`",
    groups: &[&[
        may("constant", Kind::Map("label", &Kind::Value), "Labels that are the same everywhere."),
        may("labels", Kind::List(&Kind::Name), "Labels that all metrics have, unless they say `labels: none`."),
    ]],
};

/// The section: two fixed keys, and metrics beside them.
pub(crate) const METRICS_KIND: Kind = Kind::Open(&METRICS, &Kind::Keys(&METRIC));

static METRIC: Keys = Keys {
    id: "metric_declaration",
    what: "a metric",
    groups: &[&[
        must(
            "type",
            Kind::Word(&["counter", "gauge", "histogram"]),
            "What it does: counts up, shows a value, or shows how values spread.",
        ),
        may(
            "labels",
            Kind::Any(&[Kind::Word(&["none"]), Kind::List(&Kind::Name)]),
            "Labels beside the common ones; none takes these away.",
        ),
        must("doc", Kind::Text, "A sentence that says what is counted."),
    ]],
};

impl Reader<'_> {
    pub(crate) fn metrics(&mut self, node: Option<&Node>) -> Option<Metrics> {
        let node = node?;
        let mut metrics = Metrics::default();
        for entry in node.entries().iter().filter(|e| !e.key.text().is_empty()) {
            match entry.key.text() {
                "constant" if entry.value.is_map() => metrics.constant = self.bindings(Some(&entry.value), "a label"),
                "labels" if entry.value.is_seq() => metrics.labels = self.identifiers(Some(&entry.value), "labels"),
                "constant" => self.wrong_kind(&entry.value, "constant", Kind::Map("label", &Kind::Value)),
                "labels" => self.wrong_kind(&entry.value, "labels", Kind::List(&Kind::Name)),
                _ => metrics.list.extend(self.metric(entry)),
            }
        }
        Some(metrics)
    }

    fn metric(&mut self, entry: &Entry) -> Option<MetricDecl> {
        if !self.callable(entry, "a metric") {
            return None;
        }
        let fields = Fields::open(self, &entry.value, &METRIC, entry.key.span)?;
        let kind = self.name(fields.get("type")).map(|name| {
            let kind = match name.as_str() {
                "gauge" => MetricKind::Gauge,
                "histogram" => MetricKind::Histogram,
                _ => MetricKind::Counter,
            };
            Spanned::new(kind, name.span)
        });
        let labels = match fields.get("labels") {
            None => MetricLabels::Common,
            Some(node) if node.is_seq() => MetricLabels::Own(self.identifiers(Some(node), "labels")),
            Some(node) => MetricLabels::None(node.span),
        };
        Some(MetricDecl {
            span: entry.value.span,
            name: (&entry.key).into(),
            kind,
            labels,
            doc: self.name(fields.get("doc")),
        })
    }
}
