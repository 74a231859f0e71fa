//! What goes down, when, and single events that no outage explains.

use serde::Deserialize;

use super::{Select, Span, When};

/// Edges, or links of them, that are down from a moment on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutageSpec {
    pub(crate) edges: Select,
    /// Interfaces that are down. Left out: the edge itself, and with it all its links.
    #[serde(default)]
    pub(crate) links: Vec<String>,
    /// Which half of a pair; without `links` only.
    pub(crate) half: Option<Half>,
    pub(crate) from: When,
    /// Left out: it goes on.
    pub(crate) until: Option<When>,
    /// Goes down again and again between `from` and `until`.
    pub(crate) flap: Option<FlapSpec>,
}

#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Half {
    Primary,
    Standby,
    Both,
}

/// Down for `down` at the beginning of every `every`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlapSpec {
    pub(crate) every: Span,
    pub(crate) down: Span,
}

/// One event in an edge's history.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventSpec {
    pub(crate) edges: Select,
    pub(crate) at: When,
    pub(crate) event: String,
    #[serde(default = "network")]
    pub(crate) category: Option<String>,
    pub(crate) message: Option<String>,
}

fn network() -> Option<String> {
    Some("NETWORK".to_owned())
}
