//! `metric`: what a workflow counts and observes.

use std::sync::Arc;

use wf_expr::Written;
use wf_plan::Metric;
use wf_value::{Map, Text, Unknown, UnknownKind, Value};

use crate::effect::Effect;
use crate::frames::{FrameId, StepRef};
use crate::turn::{Next, Turn};

impl Turn<'_, '_> {
    #[allow(clippy::too_many_arguments, reason = "the parts of the step")]
    pub(crate) fn metric_step(
        &mut self,
        id: FrameId,
        here: &StepRef,
        metric: u32,
        labels: Option<&Written>,
        value: Option<&Written>,
        rows: Option<&Written>,
    ) -> Next {
        // what never happened is not counted
        if self.tainted(id).is_some() {
            return self.passed(id);
        }
        let unit = self.unit.clone();
        let Some(metric) = unit.module().metrics.get(metric as usize) else {
            return self.broken(id, format!("metric {metric} is not there"));
        };
        let address = self.address(id);
        let at = self.at(id, &address);
        let effect = if let Some(rows) = rows {
            let rows = self.value(at, rows);
            gauges(metric, &rows).map(|rows| Effect::Gauges {
                address: address.clone(),
                name: metric.name.clone(),
                rows,
            })
        } else {
            let labels = labels.map_or_else(|| Map::default().into(), |written| self.value(at, written));
            let value = value.map_or(Value::Int(1), |written| self.value(at, written));
            labels_of(metric, &labels).and_then(|labels| {
                let (name, value) = (metric.name.clone(), number(&value, &metric.name)?);
                Ok(Effect::Metric { address: address.clone(), name, kind: metric.kind, labels, value })
            })
        };
        match effect {
            Ok(effect) => {
                self.effects.push(effect);
                self.passed(id)
            }
            Err(why) => self.undecided(id, here, why),
        }
    }
}

type Labels = Vec<(Text, Text)>;

fn gauges(metric: &Metric, rows: &Value) -> Result<Vec<(Labels, f64)>, Arc<Unknown>> {
    let list = match rows {
        Value::List(list) => list,
        other => return Err(odd(other, &metric.name, "a list of rows")),
    };
    if let Some(why) = list.partial_reason() {
        return Err(why.into());
    }
    let row = |row: Value| {
        let labels = labels_of(metric, &row)?;
        let value = row.as_map().map(|map| map.get("value")).unwrap_or_default();
        Ok((labels, number(&value, &metric.name)?))
    };
    list.iter().map(row).collect()
}

/// The labels that the metric declares, in its order, then those that are always the same.
fn labels_of(metric: &Metric, given: &Value) -> Result<Labels, Arc<Unknown>> {
    let map = match given {
        Value::Map(map) => map,
        other => return Err(odd(other, &metric.name, "a map of labels")),
    };
    let mut labels = Vec::with_capacity(metric.labels.len() + metric.constant.len());
    for name in &metric.labels {
        if !map.contains(name) {
            let reason = format!("{} has no label `{name}` here", metric.name);
            return Err(Unknown::new(UnknownKind::Missing, reason).into());
        }
        labels.push((name.clone(), label(map.get(name))?));
    }
    labels.extend(metric.constant.iter().cloned());
    Ok(labels)
}

/// As the old dashboards expect it: booleans begin with a capital.
fn label(value: Value) -> Result<Text, Arc<Unknown>> {
    match value {
        Value::Bool(true) => Ok("True".into()),
        Value::Bool(false) => Ok("False".into()),
        Value::Unknown(why) => Err(why),
        other => other.print(),
    }
}

fn number(value: &Value, metric: &str) -> Result<f64, Arc<Unknown>> {
    #[allow(clippy::cast_precision_loss, reason = "metrics are floats")]
    match value {
        Value::Int(n) => Ok(*n as f64),
        Value::Float(f) => Ok(*f),
        Value::Bool(b) => Ok(f64::from(u8::from(*b))),
        Value::Duration(duration) => Ok(duration.as_secs_f64()),
        other => Err(odd(other, metric, "a number")),
    }
}

fn odd(value: &Value, metric: &str, expected: &str) -> Arc<Unknown> {
    match value {
        Value::Unknown(why) => why.clone(),
        other => {
            let reason = format!("{metric} was given {}, it should be {expected}", other.kind());
            Unknown::new(UnknownKind::Operand, reason).into()
        }
    }
}
