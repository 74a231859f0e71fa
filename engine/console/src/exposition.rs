//! Metrics in the text format of Prometheus.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;
use wf_host::metrics::{BUCKETS, Family, Histogram, Metrics, Point};
use wf_plan::MetricKind;

/// All metrics as they are now.
#[must_use]
pub fn exposition(metrics: &Metrics) -> String {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Snapshot(metrics.snapshot().into_iter().collect())));
    let mut out = String::new();
    // writing to a String cannot fail
    let _ = text::encode(&mut out, &registry);
    out
}

#[derive(Debug)]
struct Snapshot(Vec<(String, Family)>);

impl Collector for Snapshot {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        for (name, family) in self.0.iter().filter(|(_, f)| !f.series.is_empty()) {
            // the format itself puts `_total` behind a counter's name
            let name =
                if family.kind == MetricKind::Counter { name.strip_suffix("_total").unwrap_or(name) } else { name };
            let kind = match family.kind {
                MetricKind::Counter => MetricType::Counter,
                MetricKind::Gauge => MetricType::Gauge,
                MetricKind::Histogram => MetricType::Histogram,
            };
            let mut described = encoder.encode_descriptor(name, family.help.trim_end_matches('.'), None, kind)?;
            if let (1, Some((labels, point))) = (family.series.len(), family.series.first_key_value())
                && labels.is_empty()
            {
                Shown { point, kind }.encode(described)?;
                continue;
            }
            for (labels, point) in &family.series {
                Shown { point, kind }.encode(described.encode_family(labels)?)?;
            }
        }
        Ok(())
    }
}

struct Shown<'a> {
    point: &'a Point,
    kind: MetricType,
}

impl EncodeMetric for Shown<'_> {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), std::fmt::Error> {
        match (self.point, self.kind) {
            (Point::Number(value), MetricType::Counter) => encoder.encode_counter::<NoLabelSet, _, f64>(value, None),
            (Point::Number(value), _) => encoder.encode_gauge(value),
            (Point::Histogram(Histogram { buckets, count, sum }), _) => {
                let mut bounds: Vec<(f64, u64)> = BUCKETS.iter().copied().zip(buckets.iter().copied()).collect();
                let beyond = count.saturating_sub(buckets.iter().sum());
                bounds.push((f64::INFINITY, beyond));
                encoder.encode_histogram::<NoLabelSet>(*sum, *count, &bounds, None)
            }
        }
    }

    fn metric_type(&self) -> MetricType {
        self.kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_gauges_and_histograms_are_shown() {
        let metrics = Metrics::default();
        metrics.describe("api_usage_total", MetricKind::Counter, "Calls.");
        metrics.add("api_usage_total", &[("method", "GET"), ("endpoint_", "/api/\"x\"")], 2.0);
        metrics.describe("waiting", MetricKind::Gauge, "Waiting runs.");
        metrics.set("waiting", &[], 3.0);
        metrics.describe("took_seconds", MetricKind::Histogram, "How long.");
        metrics.observe("took_seconds", &[], 0.3);
        let text = exposition(&metrics);
        assert!(text.contains("# TYPE api_usage counter"), "{text}");
        assert!(text.contains(r#"api_usage_total{endpoint_="/api/\"x\"",method="GET"} 2.0"#), "{text}");
        assert!(text.contains("waiting 3.0"), "{text}");
        assert!(text.contains(r#"took_seconds_bucket{le="0.5"} 1"#), "{text}");
        assert!(text.contains("took_seconds_count 1"), "{text}");
        assert!(text.contains(r#"took_seconds_bucket{le="+Inf"} 1"#), "{text}");
    }
}
