//! What links measure while they work badly: between two moments other numbers than usual.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{expand::select, network::Network};
use crate::scenario::DegradedSpec;

/// Other numbers between two moments, ms.
#[derive(Debug, Clone)]
pub(crate) struct Degraded {
    from: i64,
    until: i64,
    metrics: BTreeMap<String, f64>,
}

impl Degraded {
    /// The part of that time in which it holds, 0 to 1.
    fn share(&self, from: i64, until: i64) -> f64 {
        let within = (self.until.min(until) - self.from.max(from)).max(0);
        if until > from { within as f64 / (until - from) as f64 } else { 0.0 }
    }
}

/// The number of a metric at a moment, if it is another one than usual.
pub(crate) fn at(all: &[Degraded], metric: &str, moment: i64) -> Option<f64> {
    let holds = |one: &&Degraded| (one.from..one.until).contains(&moment);
    all.iter().rev().filter(holds).find_map(|one| one.metrics.get(metric).copied())
}

/// Whether one holds at a moment.
pub(crate) fn any(all: &[Degraded], moment: i64) -> bool {
    all.iter().any(|one| (one.from..one.until).contains(&moment))
}

/// Averages over a time of which a part was bad.
pub(crate) fn weigh(all: &[Degraded], metrics: &mut Map<String, Value>, from: i64, until: i64) {
    for one in all {
        let share = one.share(from, until);
        for (name, bad) in one.metrics.iter().filter(|_| share > 0.0) {
            let Some(usual) = metrics.get(name).and_then(Value::as_f64) else { continue };
            let mean = usual * (1.0 - share) + bad * share;
            metrics.insert(name.clone(), json!((mean * 100.0).round() / 100.0));
        }
    }
}

/// Puts an entry of the scenario onto its links. Adds a line to `problems` for everything that makes no sense.
pub(crate) fn add(network: &mut Network, spec: &DegradedSpec, start: i64, at: &str, problems: &mut Vec<String>) {
    let (from, until) = (spec.from.after(start), spec.until.map_or(i64::MAX, |until| until.after(start)));
    if until <= from {
        problems.push(format!("{at}: `until` must be later than `from`"));
    }
    let mut metrics = BTreeMap::new();
    for (name, value) in &spec.metrics {
        match value.as_f64() {
            Some(number) => drop(metrics.insert(name.clone(), number)),
            None => problems.push(format!("{at}: {name} should be a number")),
        }
    }
    for index in select(network, &spec.edges, start, at, problems) {
        let edge = &mut network.edges[index];
        for interface in &spec.links {
            if !edge.links.iter().any(|link| link.interface == *interface) {
                problems.push(format!("{at}: {} has no link `{interface}`", edge.serial));
            }
        }
        let wanted = edge.links.iter_mut().filter(|link| spec.links.is_empty() || spec.links.contains(&link.interface));
        wanted.for_each(|link| link.degraded.push(Degraded { from, until, metrics: metrics.clone() }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_which_a_part_was_bad_is_weighed() {
        let metrics = BTreeMap::from([("latency".to_owned(), 200.0)]);
        let all = [Degraded { from: 100, until: 150, metrics }];
        let of = |from, until| {
            let mut metrics = json!({"latency": 20, "jitter": 3}).as_object().unwrap().clone();
            weigh(&all, &mut metrics, from, until);
            (metrics["latency"].as_f64().unwrap(), metrics["jitter"].as_i64().unwrap())
        };
        assert_eq!(of(0, 100), (20.0, 3));
        assert_eq!(of(50, 150), (110.0, 3));
        assert_eq!(of(100, 150), (200.0, 3));
        assert_eq!(
            (at(&all, "latency", 149), at(&all, "latency", 150), at(&all, "jitter", 120)),
            (Some(200.0), None, None)
        );
    }
}
