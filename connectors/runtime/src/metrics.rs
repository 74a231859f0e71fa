//! What connectors count. Here stands every name of it.

use std::sync::Arc;

use wf_host::metrics::Metrics;
use wf_plan::MetricKind;

/// `<connector>_api_usage_total{method, endpoint_, response_status}`: how often the vendor was asked and answered, logins among it.
const USAGE: &str = "_api_usage_total";
/// `{connector, action}`: how much of what the vendor says is not as it was declared.
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
        let name = format!("{prefix}{USAGE}");
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
