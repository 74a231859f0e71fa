//! From the scenario to the network: many edges out of one entry, their numbers and names, outages where they belong.

use std::collections::{HashMap, HashSet};

use super::{
    degraded,
    network::{Client, Edge, Link, NEVER_ACTIVATED, Network, Site},
    timeline::{Down, Flap, MAX_SPELLS},
};
use crate::{
    scenario::{EdgeSpec, Half, LinkSpec, OutageSpec, Scenario, Select},
    time::{DAY, SECOND},
};

/// Most edges that one entry may make.
const MAX_COUNT: usize = 100_000;
/// Largest id of an edge, so that the numbers made from it stay exact in JSON.
const MAX_ID: i64 = 9_999_999_999;

/// Builds the network. Adds a line to `problems` for everything that makes no sense.
pub(crate) fn network(scenario: &Scenario, start: i64, problems: &mut Vec<String>) -> Network {
    let hosts = scenario.hosts.clone().unwrap_or_default();
    let mut network = Network { hosts, clients: Vec::new(), edges: Vec::new(), by_serial: HashMap::new() };
    check_hosts(&network, problems);
    for (place, spec) in scenario.clients.iter().flatten().enumerate() {
        let Some(host) = network.host(&spec.host) else {
            problems.push(format!("clients[{place}]: there is no host `{}`", spec.host));
            continue;
        };
        if network.client(spec.id).is_some() {
            problems.push(format!("clients[{place}]: client {} stands there twice", spec.id));
        }
        if network.enterprises(host).any(|(_, other)| other.spec.enterprise == spec.enterprise) {
            problems.push(format!("clients[{place}]: {} has enterprise {} already", spec.host, spec.enterprise));
        }
        let enterprise_name = spec.enterprise_name.clone().unwrap_or_else(|| format!("{}|{}|", spec.name, spec.id));
        network.clients.push(Client { spec: spec.clone(), enterprise_name, host });
        let client = network.clients.len() - 1;
        for (number, entry) in spec.edges.iter().enumerate() {
            let at = format!("clients[{place}].edges[{number}]");
            add_edges(&mut network, client, entry, start, &at, problems);
        }
    }
    check_ids(&network, problems);
    for (place, outage) in scenario.outages.iter().flatten().enumerate() {
        add_outage(&mut network, outage, start, &format!("outages[{place}]"), problems);
    }
    for (place, spec) in scenario.degraded.iter().flatten().enumerate() {
        degraded::add(&mut network, spec, start, &format!("degraded[{place}]"), problems);
    }
    for (place, event) in scenario.events.iter().flatten().enumerate() {
        let at = format!("events[{place}]");
        for index in select(&network, &event.edges, start, &at, problems) {
            network.edges[index].events.push((event.at.after(start), event.clone()));
        }
    }
    network
}

/// The edges that a selection picks, in the order of the scenario. A serial that no edge has is a problem.
pub(crate) fn select(
    network: &Network,
    select: &Select,
    start: i64,
    at: &str,
    problems: &mut Vec<String>,
) -> Vec<usize> {
    for serial in select.serials.iter().filter(|serial| !network.by_serial.contains_key(*serial)) {
        problems.push(format!("{at}: no edge has the serial `{serial}`"));
    }
    if let Some(client) = select.client.filter(|&client| network.client(client).is_none()) {
        problems.push(format!("{at}: there is no client {client}"));
    }
    let wanted: HashSet<usize> =
        select.serials.iter().filter_map(|serial| network.by_serial.get(serial).copied()).collect();
    let fitting = network
        .edges
        .iter()
        .filter(|edge| select.serials.is_empty() || wanted.contains(&edge.index))
        .filter(|edge| select.client.is_none_or(|client| network.client_of(edge).spec.id == client))
        .filter(|edge| !select.in_outage || edge.in_outage(start));
    let picked: Vec<usize> = fitting
        .map(|edge| edge.index)
        .skip(select.offset)
        .step_by(select.every.unwrap_or(1).max(1))
        .take(select.limit.unwrap_or(usize::MAX))
        .collect();
    if picked.is_empty() {
        problems.push(format!("{at}: picks no edge at all"));
    }
    picked
}

fn check_hosts(network: &Network, problems: &mut Vec<String>) {
    for (place, host) in network.hosts.iter().enumerate() {
        if network.host(&host.name) != Some(place) {
            problems.push(format!("hosts[{place}]: `{}` stands there twice", host.name));
        }
        for text in [&host.name, &host.user, &host.password] {
            if text.is_empty() || text.contains(['+', ';']) {
                problems.push(format!("hosts[{place}]: name, user and password must be filled, without `+` and `;`"));
            }
        }
    }
}

fn check_ids(network: &Network, problems: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for edge in &network.edges {
        if !(1..=MAX_ID).contains(&edge.id) {
            problems.push(format!("edge {}: ids go from 1 to {MAX_ID}, not {}", edge.serial, edge.id));
        }
        if !seen.insert((network.client_of(edge).host, edge.id)) {
            let host = &network.hosts[network.client_of(edge).host].name;
            problems.push(format!("edge {}: {host} has an edge with the id {} already", edge.serial, edge.id));
        }
    }
}

fn add_edges(network: &mut Network, client: usize, entry: &EdgeSpec, start: i64, at: &str, problems: &mut Vec<String>) {
    if entry.count > MAX_COUNT {
        problems.push(format!("{at}: at most {MAX_COUNT} edges, not {}", entry.count));
        return;
    }
    for n in 0..entry.count {
        let (Some(serial), Some(ha_serial)) =
            (nth(&entry.serial, n), entry.ha_serial.as_deref().map_or(Some(None), |serial| nth(serial, n).map(Some)))
        else {
            problems.push(format!("{at}: a serial that counts up must end in enough digits"));
            return;
        };
        let index = network.edges.len();
        for serial in [Some(&serial), ha_serial.as_ref()].into_iter().flatten() {
            if network.by_serial.insert(serial.clone(), index).is_some() {
                problems.push(format!("{at}: the serial `{serial}` stands there twice"));
            }
        }
        network.edges.push(edge(entry, n, index, client, serial, ha_serial, start));
    }
}

fn edge(
    entry: &EdgeSpec,
    n: usize,
    index: usize,
    client: usize,
    serial: String,
    ha_serial: Option<String>,
    start: i64,
) -> Edge {
    let place = index as i64;
    let site = &entry.site;
    let numbered = |text: &str| text.replace("{n}", &(n + 1).to_string());
    let id = entry.id.map_or(place + 1, |first| first.saturating_add(n as i64));
    let name = entry.name.as_deref().map_or_else(|| serial.clone(), numbered);
    let specs = entry.links.clone().unwrap_or_else(LinkSpec::usual);
    let links = specs.iter().enumerate().map(|(j, spec)| link(spec, j, id, index, n)).collect();
    Edge {
        index,
        id,
        ha_serial,
        name,
        model: entry.model.clone().unwrap_or_else(|| "edge520".to_owned()),
        client,
        links,
        cached: entry.cached.map_or(entry.state.as_deref() != Some(NEVER_ACTIVATED), |flag| flag.0),
        state: entry.state.clone(),
        management_status: entry.management_status.clone().unwrap_or_else(|| "Active – Gold Monitoring".to_owned()),
        site: Site {
            id: site.id.unwrap_or(500_000).saturating_add(if site.id.is_some() { n as i64 } else { place }),
            time_zone: site.time_zone.clone().or_else(|| Some("Eastern".to_owned())),
            address: site.address.as_deref().map_or_else(|| format!("{} Main St", n + 1), numbered),
            city: site.city.clone().unwrap_or_else(|| "New York".to_owned()),
            state: site.state.clone().unwrap_or_else(|| "NY".to_owned()),
            zip: site.zip.clone().unwrap_or_else(|| "10001".to_owned()),
            latitude: site.latitude.unwrap_or(40.7),
            longitude: site.longitude.unwrap_or(-74.0),
        },
        row: entry.row.clone(),
        omit: entry.omit.clone(),
        downs: Vec::new(),
        standby_downs: Vec::new(),
        events: Vec::new(),
        activated: start - 12 * DAY,
        serial,
    }
}

fn link(spec: &LinkSpec, j: usize, edge_id: i64, edge_index: usize, n: usize) -> Link {
    let numbered = |text: &str| text.replace("{n}", &(n + 1).to_string());
    let number = j as i64 + 1;
    Link {
        id: edge_id.saturating_mul(10).saturating_add(number),
        internal_id: format!("int-{edge_id}-{number}"),
        interface: spec.interface.clone(),
        label: spec.label.as_deref().map_or_else(|| spec.interface.clone(), numbered),
        ip: spec.ip.clone().unwrap_or_else(|| format!("10.{}.{}.{number}", (edge_index / 250) % 250, edge_index % 250)),
        isp: spec.isp.clone(),
        mode: spec.mode.clone(),
        kind: spec.r#type.clone(),
        access_type: spec.access_type.clone(),
        service_number: spec.service_number.as_deref().map(numbered),
        logical_id: spec.logical_id.as_deref().map_or_else(|| format!("lid-{edge_id}-{}", spec.interface), numbered),
        state: spec.state.clone(),
        metrics: spec.metrics.clone(),
        row: spec.row.clone(),
        omit: spec.omit.clone(),
        downs: Vec::new(),
        degraded: Vec::new(),
    }
}

fn add_outage(network: &mut Network, outage: &OutageSpec, start: i64, at: &str, problems: &mut Vec<String>) {
    let flap = outage.flap.map(|flap| Flap { every: flap.every.0, down: flap.down.0 });
    let down = Down { from: outage.from.after(start), until: outage.until.map(|until| until.after(start)), flap };
    if down.until.is_some_and(|until| until <= down.from) {
        problems.push(format!("{at}: `until` must be later than `from`"));
    }
    if let Some(flap) = flap {
        if flap.every < 10 * SECOND || flap.down <= 0 || flap.down >= flap.every {
            problems.push(format!("{at}: flapping needs `every` of 10s or more, and a shorter `down`"));
        }
        let length = down.until.unwrap_or(start).saturating_sub(down.from);
        if length / flap.every.max(1) > MAX_SPELLS {
            problems.push(format!("{at}: flaps more than {MAX_SPELLS} times"));
        }
    }
    if outage.half.is_some() && !outage.links.is_empty() {
        problems.push(format!("{at}: `half` is about edges, not about links"));
    }
    for index in select(network, &outage.edges, start, at, problems) {
        let edge = &mut network.edges[index];
        if outage.half.is_some_and(|half| half != Half::Primary) && edge.ha_serial.is_none() {
            problems.push(format!("{at}: {} has no standby", edge.serial));
        }
        if outage.links.is_empty() {
            let half = outage.half.unwrap_or(Half::Primary);
            if half != Half::Standby {
                edge.downs.push(down.clone());
            }
            if half != Half::Primary {
                edge.standby_downs.push(down.clone());
            }
        }
        for interface in &outage.links {
            match edge.links.iter_mut().find(|link| link.interface == *interface) {
                Some(link) => link.downs.push(down.clone()),
                None => problems.push(format!("{at}: {} has no link `{interface}`", edge.serial)),
            }
        }
    }
}

/// `VC0099` + 2 = `VC0101`: the digits at the end count up and keep their number. `None`: they do not suffice.
fn nth(first: &str, n: usize) -> Option<String> {
    if n == 0 {
        return Some(first.to_owned());
    }
    let digits = first.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (head, tail) = first.split_at(first.len() - digits);
    let number = tail.parse::<u64>().ok()?.checked_add(n as u64)?;
    let next = format!("{head}{number:0digits$}");
    (next.len() == first.len()).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR;

    const START: i64 = 1_654_092_000_000;

    fn build(text: &str) -> (Network, Vec<String>) {
        let scenario = Scenario::from_yaml("test", text).unwrap();
        let mut problems = Vec::new();
        let network = network(&scenario, START, &mut problems);
        (network, problems)
    }

    const BASE: &str = "
hosts: [{name: h.example.com}]
clients:
  - {id: 5, name: Acme, host: h.example.com, enterprise: 1, edges: {serial: VC098, count: 3, name: 'SITE-{n}'}}
  - {id: 6, name: Bolt, host: h.example.com, enterprise: 2, edges: [{serial: VC900, ha_serial: VC901}]}
";

    #[test]
    fn one_entry_makes_many_edges() {
        let (network, problems) = build(BASE);
        assert_eq!(problems, Vec::<String>::new());
        let serials: Vec<_> = network.edges.iter().map(|edge| edge.serial.as_str()).collect();
        assert_eq!(serials, ["VC098", "VC099", "VC100", "VC900"]);
        assert_eq!((network.edges[2].name.as_str(), network.edges[2].id), ("SITE-3", 3));
        assert_eq!(network.edge("VC901").map(|edge| edge.index), Some(3));
    }

    #[test]
    fn outages_decide_states_over_time() {
        let (network, problems) = build(&format!(
            "{BASE}outages:\n  - {{edges: VC099, links: [GE2], from: -1h, until: +1h}}\n  - {{edges: VC900, half: both, from: -2h}}\n"
        ));
        assert_eq!(problems, Vec::<String>::new());
        let edge = &network.edges[1];
        assert_eq!((edge.state(START), edge.link_state(&edge.links[1], START)), ("CONNECTED", "DISCONNECTED"));
        assert_eq!(edge.link_state(&edge.links[1], START + HOUR), "STABLE");
        let pair = &network.edges[3];
        assert_eq!((pair.state(START), pair.ha_state(START)), ("OFFLINE", "FAILED"));
        assert_eq!(pair.link_state(&pair.links[0], START), "DISCONNECTED");
        assert_eq!((pair.state(START - 3 * HOUR), pair.ha_state(START - 3 * HOUR)), ("CONNECTED", "READY"));
        let events: Vec<_> = edge.events(START + 2 * HOUR).into_iter().map(|event| event.event).collect();
        assert_eq!(events, ["LINK_DEAD", "LINK_ALIVE"]);
    }

    #[test]
    fn what_makes_no_sense_is_said_with_its_place() {
        let (_, problems) = build(&format!(
            "{BASE}  - {{id: 5, name: X, host: nowhere, enterprise: 1}}\n  - {{id: 6, name: X, host: h.example.com, enterprise: 2, edges: [{{serial: VC098}}]}}\n\
outages:\n  - {{edges: VC77, from: -1h, until: -2h}}\n  - {{edges: VC098, links: [GE9], from: -1h}}\n  - {{edges: VC098, half: standby, from: -1h}}\n"
        ));
        let all = problems.join("\n");
        for part in [
            "clients[2]: there is no host `nowhere`",
            "client 6 stands there twice",
            "the serial `VC098` stands there twice",
            "outages[0]: `until` must be later",
            "outages[0]: no edge has the serial `VC77`",
            "outages[1]: VC098 has no link `GE9`",
            "outages[2]: VC098 has no standby",
        ] {
            assert!(all.contains(part), "{part} is not in\n{all}");
        }
    }

    #[test]
    fn serials_count_up_within_their_digits() {
        assert_eq!(nth("VC0099", 2).as_deref(), Some("VC0101"));
        assert_eq!(nth("VC99", 2), None);
        assert_eq!(nth("VC", 1), None);
        assert_eq!(nth("VC", 0).as_deref(), Some("VC"));
    }
}
