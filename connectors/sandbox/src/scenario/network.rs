//! Orchestrators, clients with their enterprises, edges and links.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use serde_json::{Map, Value};

use super::Flag;

/// An orchestrator.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HostSpec {
    pub(crate) name: String,
    #[serde(default = "user")]
    pub(crate) user: String,
    #[serde(default = "password")]
    pub(crate) password: String,
    #[serde(default)]
    pub(crate) gateways: Vec<GatewaySpec>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GatewaySpec {
    pub(crate) id: i64,
    pub(crate) name: String,
    #[serde(default = "connected")]
    pub(crate) state: String,
    /// What a metric averages to; a metric that is not named gets a made-up value.
    #[serde(default)]
    pub(crate) metrics: Map<String, Value>,
}

/// A client of the ticketing system, and its enterprise on one orchestrator.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientSpec {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) enterprise: i64,
    /// Default: `NAME|ID|`.
    pub(crate) enterprise_name: Option<String>,
    #[serde(default)]
    pub(crate) contacts: Vec<ContactSpec>,
    #[serde(default, deserialize_with = "one_or_many")]
    pub(crate) edges: Vec<EdgeSpec>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactSpec {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
}

/// One edge, or with `count` many of a kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EdgeSpec {
    /// With `count` the first one's; its last digits count up.
    pub(crate) serial: String,
    #[serde(default = "one")]
    pub(crate) count: usize,
    /// `{n}` is the edge's number within its entry, from 1. Default: the serial.
    pub(crate) name: Option<String>,
    /// Number of the (first) edge on its orchestrator. Default: its place in the whole scenario, from 1.
    pub(crate) id: Option<i64>,
    pub(crate) model: Option<String>,
    /// Serial of the standby; with `count` it counts up, too.
    pub(crate) ha_serial: Option<String>,
    /// A state that no outage changes, such as NEVER_ACTIVATED.
    pub(crate) state: Option<String>,
    pub(crate) links: Option<Vec<LinkSpec>>,
    /// Whether the customer cache has it. Default: every edge that was activated.
    pub(crate) cached: Option<Flag>,
    pub(crate) management_status: Option<String>,
    #[serde(default)]
    pub(crate) site: SiteSpec,
    /// Fields of the orchestrator's rows that shall be otherwise, by the vendor's names; of all rows of this edge.
    #[serde(default)]
    pub(crate) row: Map<String, Value>,
    /// Fields that the rows of this edge lack.
    #[serde(default)]
    pub(crate) omit: Vec<String>,
}

/// Where an edge stands; every edge has a site of its own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteSpec {
    pub(crate) id: Option<i64>,
    /// `Eastern`, `Central`, `Mountain`, `Pacific`.
    pub(crate) time_zone: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) zip: Option<String>,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkSpec {
    pub(crate) interface: String,
    /// `{n}` is the number of the edge.
    pub(crate) label: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) isp: Option<String>,
    /// `PUBLIC` or `PRIVATE`; `~` leaves the link out of the configuration.
    #[serde(default = "public")]
    pub(crate) mode: Option<String>,
    /// `WIRED` or `WIRELESS`.
    #[serde(default = "wired")]
    pub(crate) r#type: Option<String>,
    pub(crate) access_type: Option<String>,
    pub(crate) service_number: Option<String>,
    pub(crate) logical_id: Option<String>,
    /// A state that no outage changes, such as UNSTABLE.
    pub(crate) state: Option<String>,
    /// Metrics that shall have this value, by the vendor's names (`bestLatencyMsTx: 240`).
    #[serde(default)]
    pub(crate) metrics: Map<String, Value>,
    /// As of an edge, of this link's row alone.
    #[serde(default)]
    pub(crate) row: Map<String, Value>,
    #[serde(default)]
    pub(crate) omit: Vec<String>,
}

impl LinkSpec {
    /// The links of an edge that names none: a wired and a wireless one.
    pub(crate) fn usual() -> Vec<LinkSpec> {
        let link = |interface: &str, label: &str, kind: &str, access: &str| LinkSpec {
            interface: interface.to_owned(),
            label: Some(label.to_owned()),
            ip: None,
            isp: None,
            mode: public(),
            r#type: Some(kind.to_owned()),
            access_type: Some(access.to_owned()),
            service_number: None,
            logical_id: None,
            state: None,
            metrics: Map::new(),
            row: Map::new(),
            omit: Vec::new(),
        };
        vec![link("GE1", "Fiber {n}", "WIRED", "Cable"), link("GE2", "LTE {n}", "WIRELESS", "Wireless")]
    }
}

fn one() -> usize {
    1
}
fn user() -> String {
    "operator".to_owned()
}
fn password() -> String {
    "sandbox-password".to_owned()
}
fn connected() -> String {
    "CONNECTED".to_owned()
}
fn public() -> Option<String> {
    Some("PUBLIC".to_owned())
}
fn wired() -> Option<String> {
    Some("WIRED".to_owned())
}

/// A list of entries, or a single entry without the list around it.
fn one_or_many<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<EdgeSpec>, D::Error> {
    struct Entries;
    impl<'de> Visitor<'de> for Entries {
        type Value = Vec<EdgeSpec>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a list of edges, or one rule such as {serial: VC1000000, count: 200}")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<EdgeSpec>, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(list))
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<EdgeSpec>, A::Error> {
            EdgeSpec::deserialize(MapAccessDeserializer::new(map)).map(|edge| vec![edge])
        }
    }
    input.deserialize_any(Entries)
}
