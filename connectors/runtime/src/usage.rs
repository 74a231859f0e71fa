//! How often vendors are asked: `<connector>_api_usage_total{method, endpoint_, response_status}`.

use std::sync::Arc;

use wf_host::metrics::Metrics;
use wf_plan::MetricKind;

/// Counts completed calls of one connector, logins among them.
pub(crate) struct Usage {
    name: String,
    metrics: Arc<Metrics>,
}

impl Usage {
    pub(crate) fn new(connector: &str, metrics: Arc<Metrics>) -> Self {
        let prefix: String = connector.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let name = format!("{prefix}_api_usage_total");
        metrics.describe(&name, MetricKind::Counter, "Calls to the vendor that were answered");
        Self { name, metrics }
    }

    pub(crate) fn count(&self, method: &str, endpoint: &str, status: u16) {
        let status = status.to_string();
        self.metrics.count(&self.name, &[("method", method), ("endpoint_", endpoint), ("response_status", &status)]);
    }
}
