//! Orchestrators, clients, edges and links as they are; their states follow from the clock.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::degraded::{self, Degraded};
use super::timeline::{Down, down_since, spells, up_since};
use crate::{
    scenario::{ClientSpec, EventSpec, HostSpec},
    time::iso_utc,
};

/// What an orchestrator writes for an edge that it has never heard of.
pub(crate) const NEVER: &str = "0000-00-00 00:00:00";
pub(crate) const NEVER_ACTIVATED: &str = "NEVER_ACTIVATED";

#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) hosts: Vec<HostSpec>,
    pub(crate) clients: Vec<Client>,
    /// In the order of the scenario.
    pub(crate) edges: Vec<Edge>,
    /// Own serials and those of standbys → place in `edges`.
    pub(crate) by_serial: HashMap<String, usize>,
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) spec: ClientSpec,
    pub(crate) enterprise_name: String,
    /// Place in `Network::hosts`.
    pub(crate) host: usize,
}

#[derive(Debug)]
pub(crate) struct Edge {
    /// Place in `Network::edges`.
    pub(crate) index: usize,
    pub(crate) id: i64,
    pub(crate) serial: String,
    pub(crate) ha_serial: Option<String>,
    pub(crate) name: String,
    pub(crate) model: String,
    /// Place in `Network::clients`.
    pub(crate) client: usize,
    pub(crate) links: Vec<Link>,
    pub(crate) state: Option<String>,
    pub(crate) cached: bool,
    pub(crate) management_status: String,
    pub(crate) site: Site,
    pub(crate) row: Map<String, Value>,
    pub(crate) omit: Vec<String>,
    pub(crate) downs: Vec<Down>,
    pub(crate) standby_downs: Vec<Down>,
    /// Single events with their moments.
    pub(crate) events: Vec<(i64, EventSpec)>,
    /// Last start of an edge that has had no outage.
    pub(crate) activated: i64,
}

#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) id: i64,
    pub(crate) time_zone: Option<String>,
    pub(crate) address: String,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) zip: String,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
}

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) id: i64,
    pub(crate) internal_id: String,
    pub(crate) interface: String,
    pub(crate) label: String,
    pub(crate) ip: String,
    pub(crate) isp: Option<String>,
    pub(crate) mode: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) access_type: Option<String>,
    pub(crate) service_number: Option<String>,
    pub(crate) logical_id: String,
    pub(crate) state: Option<String>,
    pub(crate) metrics: Map<String, Value>,
    pub(crate) row: Map<String, Value>,
    pub(crate) omit: Vec<String>,
    pub(crate) downs: Vec<Down>,
    pub(crate) degraded: Vec<Degraded>,
}

/// An event of the orchestrator's log.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) at: i64,
    pub(crate) event: String,
    pub(crate) category: Option<String>,
    pub(crate) message: Option<String>,
}

impl Network {
    pub(crate) fn host(&self, name: &str) -> Option<usize> {
        self.hosts.iter().position(|host| host.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn edge(&self, serial: &str) -> Option<&Edge> {
        self.by_serial.get(serial).map(|&index| &self.edges[index])
    }

    pub(crate) fn client_of(&self, edge: &Edge) -> &Client {
        &self.clients[edge.client]
    }

    pub(crate) fn client(&self, id: i64) -> Option<&Client> {
        self.clients.iter().find(|client| client.spec.id == id)
    }

    /// Edges of one orchestrator, in the order of the scenario.
    pub(crate) fn edges_of_host(&self, host: usize) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| self.client_of(edge).host == host)
    }

    /// Clients (so enterprises) of one orchestrator.
    pub(crate) fn enterprises(&self, host: usize) -> impl Iterator<Item = (usize, &Client)> {
        self.clients.iter().enumerate().filter(move |(_, client)| client.host == host)
    }

    pub(crate) fn edges_of_client(&self, client: usize) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| edge.client == client)
    }
}

impl Edge {
    pub(crate) fn never_activated(&self) -> bool {
        self.state.as_deref() == Some(NEVER_ACTIVATED)
    }

    pub(crate) fn state(&self, now: i64) -> &str {
        match &self.state {
            Some(fixed) => fixed,
            None if down_since(&self.downs, now).is_some() => "OFFLINE",
            None => "CONNECTED",
        }
    }

    /// State of the pair: `UNCONFIGURED` without a standby, `FAILED` while the standby is down.
    pub(crate) fn ha_state(&self, now: i64) -> &'static str {
        match &self.ha_serial {
            None => "UNCONFIGURED",
            Some(_) if down_since(&self.standby_downs, now).is_some() => "FAILED",
            Some(_) => "READY",
        }
    }

    /// A link is down when it is down itself, or its edge is.
    pub(crate) fn link_state<'a>(&self, link: &'a Link, now: i64) -> &'a str {
        match &link.state {
            Some(fixed) => fixed,
            None if self.state(now) == "OFFLINE" || down_since(&link.downs, now).is_some() => "DISCONNECTED",
            None => "STABLE",
        }
    }

    /// Whether the edge, its standby or a link of it is down.
    pub(crate) fn in_outage(&self, now: i64) -> bool {
        self.state(now) == "OFFLINE"
            || down_since(&self.standby_downs, now).is_some()
            || self.links.iter().any(|link| self.link_state(link, now) == "DISCONNECTED")
    }

    /// Whether a link of it works badly.
    pub(crate) fn is_degraded(&self, now: i64) -> bool {
        self.links.iter().any(|link| degraded::any(&link.degraded, now))
    }

    pub(crate) fn last_contact(&self, now: i64) -> String {
        if self.never_activated() {
            return NEVER.to_owned();
        }
        iso_utc(down_since(&self.downs, now).unwrap_or(now - 30_000))
    }

    pub(crate) fn ha_last_contact(&self, now: i64) -> String {
        iso_utc(down_since(&self.standby_downs, now).unwrap_or(now - 30_000))
    }

    pub(crate) fn up_since(&self, now: i64) -> i64 {
        up_since(&self.downs, now).unwrap_or(self.activated)
    }

    pub(crate) fn link_last_active(&self, link: &Link, now: i64) -> i64 {
        [down_since(&self.downs, now), down_since(&link.downs, now)].into_iter().flatten().min().unwrap_or(now - 30_000)
    }

    /// All that happened until `now`, the oldest first.
    pub(crate) fn events(&self, now: i64) -> Vec<Event> {
        let mut events = Vec::new();
        let mut tell = |at: i64, event: &str, category: &str, message: String| {
            events.push(Event {
                at,
                event: event.to_owned(),
                category: Some(category.to_owned()),
                message: Some(message),
            });
        };
        for spell in spells(&self.downs, now) {
            tell(spell.from, "EDGE_DOWN", "EDGE", "Edge is down".to_owned());
            if let Some(until) = spell.until {
                tell(until, "EDGE_UP", "EDGE", "Edge is up".to_owned());
            }
        }
        for spell in spells(&self.standby_downs, now) {
            tell(spell.from, "HA_FAILED", "EDGE", "The standby edge is lost".to_owned());
            if let Some(until) = spell.until {
                tell(until, "HA_READY", "EDGE", "The standby edge is ready".to_owned());
            }
        }
        for link in &self.links {
            for spell in spells(&link.downs, now) {
                tell(spell.from, "LINK_DEAD", "NETWORK", format!("Link {} is now DEAD", link.interface));
                if let Some(until) = spell.until {
                    tell(until, "LINK_ALIVE", "NETWORK", format!("Link {} is no longer DEAD", link.interface));
                }
            }
        }
        events.extend(self.events.iter().filter(|(at, _)| *at <= now).map(|(at, spec)| Event {
            at: *at,
            event: spec.event.clone(),
            category: spec.category.clone(),
            message: spec.message.clone(),
        }));
        events.sort_by_key(|event| event.at);
        events
    }
}
