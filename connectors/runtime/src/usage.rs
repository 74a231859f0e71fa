//! How often vendors are asked, `<connector>_api_usage_total{method, endpoint_, response_status}`, and how much of what they say is not as
//! it was declared, `connector_drift_total{connector, action}`.

use std::sync::Arc;

use wf_host::metrics::Metrics;
use wf_plan::MetricKind;

const DRIFT: &str = "connector_drift_total";

/// Counts completed calls of one connector, logins among them.
pub(crate) struct Usage {
    connector: String,
    name: String,
    metrics: Arc<Metrics>,
}

impl Usage {
    pub(crate) fn new(connector: &str, metrics: Arc<Metrics>) -> Self {
        let prefix: String = connector.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let name = format!("{prefix}_api_usage_total");
        metrics.describe(&name, MetricKind::Counter, "Calls to the vendor that were answered");
        metrics.describe(DRIFT, MetricKind::Counter, "Members of replies that are not as they were declared");
        Self { connector: connector.to_owned(), name, metrics }
    }

    pub(crate) fn count(&self, method: &str, endpoint: &str, status: u16) {
        let status = status.to_string();
        self.metrics.count(&self.name, &[("method", method), ("endpoint_", endpoint), ("response_status", &status)]);
    }

    /// Members of a reply that are not as they were declared.
    pub(crate) fn drifted(&self, action: &str, members: usize) {
        #[allow(clippy::cast_precision_loss, reason = "far below what a float holds exactly")]
        self.metrics.add(DRIFT, &[("connector", &self.connector), ("action", action)], members as f64);
    }
}
