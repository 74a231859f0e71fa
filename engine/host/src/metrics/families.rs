//! The registry: families of series, in memory.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use wf_plan::MetricKind;

use super::names;

/// Labels of a series, sorted by name.
pub type Labels = Vec<(String, String)>;

/// Upper bounds of histograms in seconds, like those of most Prometheus clients, and longer ones since runs take minutes.
pub const BUCKETS: [f64; 16] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0];

/// Series that one metric may have; more are counted and dropped, so that a label of free text costs no memory without end.
const SERIES: usize = 10_000;

/// All metrics of an engine.
#[derive(Debug)]
pub struct Metrics {
    families: Mutex<BTreeMap<String, Family>>,
}

/// One metric.
#[derive(Clone, Debug)]
pub struct Family {
    pub kind: MetricKind,
    pub help: String,
    pub series: BTreeMap<Labels, Point>,
}

/// A series as a snapshot gives it.
pub type Series<'a> = (&'a Labels, &'a Point);

/// The value of one series.
#[derive(Clone, Debug, PartialEq)]
pub enum Point {
    /// A counter or a gauge.
    Number(f64),
    Histogram(Histogram),
}

/// How observed values spread; the bounds are made for seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// How many fell at or below each of [`BUCKETS`], not summed up.
    pub buckets: [u64; BUCKETS.len()],
    pub count: u64,
    pub sum: f64,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// The engine's own metrics, all without series.
    #[must_use]
    pub fn new() -> Self {
        let metrics = Self { families: Mutex::default() };
        for (name, kind, help) in names::ALL {
            metrics.describe(name, *kind, help);
        }
        metrics
    }

    /// Makes a metric known. A name that is known keeps its kind, and its meaning until another one is given.
    pub fn describe(&self, name: &str, kind: MetricKind, help: &str) {
        let mut families = self.lock();
        let family = family(&mut families, name, kind);
        if !help.is_empty() {
            help.clone_into(&mut family.help);
        }
    }

    /// Adds to a counter.
    pub fn add(&self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.change(name, MetricKind::Counter, labels, |point| {
            if let Point::Number(n) = point
                && value >= 0.0
            {
                *n += value;
            }
        });
    }

    /// Adds one to a counter.
    pub fn count(&self, name: &str, labels: &[(&str, &str)]) {
        self.add(name, labels, 1.0);
    }

    /// Sets a gauge.
    pub fn set(&self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.change(name, MetricKind::Gauge, labels, |point| *point = Point::Number(value));
    }

    /// Moves a gauge.
    pub fn shift(&self, name: &str, labels: &[(&str, &str)], by: f64) {
        self.change(name, MetricKind::Gauge, labels, |point| {
            if let Point::Number(n) = point {
                *n += by;
            }
        });
    }

    /// Puts a value into a histogram.
    pub fn observe(&self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.change(name, MetricKind::Histogram, labels, |point| {
            if let Point::Histogram(histogram) = point {
                histogram.observe(value);
            }
        });
    }

    /// Puts `rows` in the place of all series of a gauge.
    pub fn replace(&self, name: &str, rows: impl IntoIterator<Item = (Labels, f64)>) {
        let mut families = self.lock();
        let family = family(&mut families, name, MetricKind::Gauge);
        let mut dropped = 0;
        family.series.clear();
        for (mut labels, value) in rows {
            labels.sort();
            if family.series.len() >= SERIES && !family.series.contains_key(&labels) {
                dropped += 1;
            } else {
                family.series.insert(labels, Point::Number(value));
            }
        }
        drop_series(&mut families, name, dropped);
    }

    /// The value of a series of a counter or gauge.
    #[must_use]
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        match self.lock().get(name)?.series.get(&sorted(labels).as_slice() as &dyn Key)? {
            Point::Number(n) => Some(*n),
            Point::Histogram(h) => Some(h.sum),
        }
    }

    /// All metrics as they are now, by name.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<String, Family> {
        self.lock().clone()
    }

    fn change(&self, name: &str, kind: MetricKind, labels: &[(&str, &str)], change: impl FnOnce(&mut Point)) {
        let in_order: Vec<(&str, &str)>;
        let labels = if labels.is_sorted() {
            labels
        } else {
            in_order = sorted(labels);
            &in_order
        };
        let mut families = self.lock();
        // nearly always it is there: then nothing is copied
        if let Some(point) = families.get_mut(name).and_then(|family| family.series.get_mut(&labels as &dyn Key)) {
            return change(point);
        }
        let family = family(&mut families, name, kind);
        if family.series.len() >= SERIES {
            drop_series(&mut families, name, 1);
            return;
        }
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let new = || match family.kind {
            MetricKind::Histogram => Point::Histogram(Histogram::default()),
            MetricKind::Counter | MetricKind::Gauge => Point::Number(0.0),
        };
        change(family.series.entry(labels).or_insert_with(new));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Family>> {
        self.families.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Histogram {
    fn observe(&mut self, value: f64) {
        self.count += 1;
        self.sum += value;
        if let Some(bucket) = BUCKETS.iter().position(|bound| value <= *bound) {
            self.buckets[bucket] += 1;
        }
    }
}

fn family<'a>(families: &'a mut BTreeMap<String, Family>, name: &str, kind: MetricKind) -> &'a mut Family {
    families.entry(name.to_owned()).or_insert_with(|| Family { kind, help: String::new(), series: BTreeMap::new() })
}

fn drop_series(families: &mut BTreeMap<String, Family>, name: &str, n: u32) {
    if n == 0 {
        return;
    }
    let dropped = family(families, names::SERIES_DROPPED, MetricKind::Counter);
    let labels = vec![("metric".to_owned(), name.to_owned())];
    if let Point::Number(count) = dropped.series.entry(labels).or_insert(Point::Number(0.0)) {
        *count += f64::from(n);
    }
}

fn sorted<'a>(labels: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut labels = labels.to_vec();
    labels.sort_unstable();
    labels
}

/// Labels to look for, owned or not: a series is counted far more often than made.
trait Key {
    /// The pair of that number.
    fn pair(&self, i: usize) -> Option<(&str, &str)>;
}

impl Key for Labels {
    fn pair(&self, i: usize) -> Option<(&str, &str)> {
        self.get(i).map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl Key for &[(&str, &str)] {
    fn pair(&self, i: usize) -> Option<(&str, &str)> {
        self.get(i).copied()
    }
}

impl<'a> Borrow<dyn Key + 'a> for Labels {
    fn borrow(&self) -> &(dyn Key + 'a) {
        self
    }
}

/// As lists of pairs are ordered.
impl Ord for dyn Key + '_ {
    fn cmp(&self, other: &Self) -> Ordering {
        (0..)
            .map(|i| (self.pair(i), other.pair(i)))
            .find_map(|(a, b)| match a.cmp(&b) {
                Ordering::Equal if a.is_some() => None,
                order => Some(order),
            })
            .unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for dyn Key + '_ {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for dyn Key + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for dyn Key + '_ {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_only_grow_and_labels_have_no_order() {
        let metrics = Metrics::new();
        metrics.count("c", &[("a", "1"), ("b", "2")]);
        metrics.add("c", &[("b", "2"), ("a", "1")], 2.5);
        metrics.add("c", &[("b", "2"), ("a", "1")], -9.0);
        assert_eq!(metrics.value("c", &[("a", "1"), ("b", "2")]), Some(3.5));
        assert_eq!(metrics.value("c", &[("a", "1")]), None);
    }

    #[test]
    fn a_set_of_gauges_is_replaced_whole() {
        let metrics = Metrics::new();
        metrics.set("g", &[("host", "old")], 1.0);
        metrics.replace("g", [(vec![("host".into(), "new".into())], 7.0)]);
        assert_eq!((metrics.value("g", &[("host", "old")]), metrics.value("g", &[("host", "new")])), (None, Some(7.0)));
    }

    #[test]
    fn a_histogram_counts_its_values() {
        let metrics = Metrics::new();
        for value in [0.001, 0.03, 7200.0] {
            metrics.observe("h", &[], value);
        }
        let snapshot = metrics.snapshot();
        let Some(Point::Histogram(h)) = snapshot["h"].series.get(&Labels::new()) else { panic!("no histogram") };
        assert_eq!((h.count, h.buckets.iter().sum::<u64>(), h.buckets[0], h.buckets[3]), (3, 2, 1, 1));
    }

    #[test]
    fn a_label_of_free_text_costs_no_memory_without_end() {
        let metrics = Metrics::new();
        for i in 0..SERIES + 5 {
            metrics.count("c", &[("text", &i.to_string())]);
        }
        assert_eq!(metrics.snapshot()["c"].series.len(), SERIES);
        assert_eq!(metrics.value(names::SERIES_DROPPED, &[("metric", "c")]), Some(5.0));
        metrics.count("c", &[("text", "1")]);
        assert_eq!(metrics.value("c", &[("text", "1")]), Some(2.0));
    }
}
