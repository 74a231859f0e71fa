//! `metrics` and `metric`.

use wf_expr::{Key, Written, WrittenKind};
use wf_plan::{Metric, MetricKind, Verb};
use wf_source::{Diagnostic, nearest, one_of};
use wf_syntax::ast;
use wf_value::Text;

use super::body::Body;
use super::{Cx, rules};
use crate::names::{DefKey, DefKind};

impl Cx<'_> {
    /// A metric with its labels.
    pub(crate) fn declared_metric(&self, key: DefKey) -> Option<Metric> {
        let metrics = self.world.unit(key.unit).metrics.as_ref()?;
        let decl = metrics.list.get(key.index as usize)?;
        let text = |name: &ast::Name| Text::from(&*name.value);
        let (labels, constant) = match &decl.labels {
            ast::MetricLabels::None(_) => (vec![], vec![]),
            other => {
                let own: &[ast::Name] = match other {
                    ast::MetricLabels::Own(own) => own,
                    _ => &[],
                };
                let labels = metrics.labels.iter().chain(own).map(text).collect();
                let constant = metrics.constant.iter().filter_map(|binding| {
                    let value = super::literals::untyped(&binding.value).ok()?;
                    Some((text(&binding.name), value.print_lenient()))
                });
                (labels, constant.collect())
            }
        };
        Some(Metric {
            name: text(&decl.name),
            kind: match decl.kind.as_ref().map(|k| k.value) {
                Some(ast::MetricKind::Gauge) => MetricKind::Gauge,
                Some(ast::MetricKind::Histogram) => MetricKind::Histogram,
                Some(ast::MetricKind::Counter) | None => MetricKind::Counter,
            },
            labels,
            constant,
            doc: decl.doc.as_ref().map(text).unwrap_or_default(),
            span: decl.name.span,
        })
    }
}

impl Body<'_> {
    pub(crate) fn metric(&self, step: &ast::Step, metric: &ast::Metric) -> Option<Verb> {
        let sight = self.sight();
        let labels = metric.labels.as_ref().map(|node| sight.written(node));
        let value = metric.value.as_ref().map(|node| sight.written(node));
        let rows = metric.rows.as_ref().map(|text| sight.bare(text));
        let name = metric.name.as_ref()?;
        let Some(found) = self.cx.world.find(self.unit.get(), DefKind::Metric, name.as_str()) else {
            let metrics = self.cx.world.names(self.unit.get(), DefKind::Metric);
            let near = nearest(name.as_str(), metrics.iter().map(|m| &**m));
            let message = format!("there is no metric `{}`", name.value);
            let diagnostic = Diagnostic::error(&rules::UNKNOWN_METRIC, name.span, message);
            self.cx.tell(match near {
                Some(_) => diagnostic.did_you_mean(near, name.span),
                None => diagnostic.help("metrics are declared under `metrics:`, with their labels"),
            });
            return None;
        };
        let key = self.cx.one(found, name.as_str(), name.span);
        let number = self.cx.reach(key);
        let declared = self.cx.declared_metric(key)?;
        if rows.is_none() {
            self.check_labels(step, name, &declared, labels.as_ref());
        }
        Some(Verb::Metric { metric: number, labels, value, rows })
    }

    fn check_labels(&self, step: &ast::Step, name: &ast::Name, declared: &Metric, labels: Option<&Written>) {
        let given: Vec<(&Text, wf_source::Span)> = match labels.map(|l| &l.kind) {
            Some(WrittenKind::Map(entries)) => {
                let keys = entries.iter().filter_map(|e| match &e.key {
                    Key::Text(text) => Some((text, e.key_span)),
                    Key::Holes(_) => None,
                });
                keys.collect()
            }
            Some(_) => return,
            None => vec![],
        };
        let known = || declared.labels.iter().map(Text::as_str);
        let unknown: Vec<_> = given.iter().filter(|(label, _)| !declared.labels.contains(label)).collect();
        let missing: Vec<&Text> =
            declared.labels.iter().filter(|label| !given.iter().any(|(g, _)| g == label)).collect();
        for (label, span) in &unknown {
            let near = nearest(label, missing.iter().map(|m| m.as_str()));
            let message = format!("`{}` has no label `{label}`", name.value);
            let diagnostic = Diagnostic::error(&rules::WRONG_LABEL, *span, message);
            self.cx.tell(match near {
                Some(_) => diagnostic.did_you_mean(near, *span),
                None => diagnostic.help(format!("its labels are {}", one_of(known(), 12).replace(" or ", " and "))),
            });
        }
        if unknown.is_empty() && !missing.is_empty() {
            let names = missing.iter().map(|m| format!("`{m}`")).collect::<Vec<_>>().join(" and ");
            let message = format!("`{}` is not given its label {names}", name.value);
            let place = labels.map_or(step.at, |l| super::inputs::key_of(self.cx.world.files, l.span, "labels"));
            self.cx.tell(
                Diagnostic::error(&rules::WRONG_LABEL, place, message).help("every series has all of its labels"),
            );
        }
    }
}
