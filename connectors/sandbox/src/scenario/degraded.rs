//! Links that work badly for a while.

use serde::Deserialize;
use serde_json::Map;

use super::{Select, When};

/// Links of edges whose metrics are otherwise from a moment on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DegradedSpec {
    pub(crate) edges: Select,
    /// Interfaces. Left out: all links.
    #[serde(default)]
    pub(crate) links: Vec<String>,
    pub(crate) from: When,
    /// Left out: it goes on.
    pub(crate) until: Option<When>,
    /// Numbers by the vendor's names (`bestLatencyMsTx: 240`).
    pub(crate) metrics: Map<String, serde_json::Value>,
}
