//! `customer.cache.get`: the sandbox stands in for the customer cache where that workflow does not run itself.

use serde_json::{Map, Value, json};

use crate::{
    bruin::inventory::{contact, site_of},
    json::integer,
    model::network::{Edge, Network},
    time::{offset_hours, read},
    velocloud::configured_links,
    world::World,
};

const SUBJECT: &str = "customer.cache.get";

/// The subjects that [`crate::Running::answer`] answers, with their queue groups.
pub const SUBJECTS: [(&str, &str); 1] = [(SUBJECT, "customer_cache")];

/// Status and body of the reply to a request on the bus. `body` is the envelope's; null when it had none. `None`: not
/// a subject that the sandbox answers.
pub(crate) fn answer(world: &World, subject: &str, body: &Value) -> Option<(u16, Value)> {
    (subject == SUBJECT).then(|| records(world, body).unwrap_or_else(|refusal| refusal))
}

fn records(world: &World, body: &Value) -> Result<(u16, Value), (u16, Value)> {
    let refused = |status: u16, text: String| (status, Value::from(text));
    let Some(Value::Object(filter)) = body.get("filter") else {
        return Err(refused(400, "a body with `filter`, a map of enterprise ids by host, is required".to_owned()));
    };
    let seen_after = match body.get("last_contact_filter") {
        None | Some(Value::Null) => None,
        Some(given) => {
            Some(read(given).ok_or_else(|| refused(400, format!("last_contact_filter is no time: {given}")))?)
        }
    };
    let wanted = wanted(&world.network, filter).map_err(|text| refused(400, text))?;
    let now = world.now();
    let mut found = Vec::new();
    if now >= world.cache_built {
        for (host, enterprises) in &wanted {
            let of_host = cached(&world.network, host, now);
            found.extend(of_host.into_iter().filter(|record| {
                let enterprise = record.pointer("/edge/enterprise_id").and_then(integer);
                enterprises.is_empty() || enterprise.is_some_and(|id| enterprises.contains(&id))
            }));
        }
    }
    if found.is_empty() {
        let hosts: Vec<&str> = wanted.iter().map(|(host, _)| host.as_str()).collect();
        return Err(refused(202, format!("The cache is still being built for the hosts: {}", hosts.join(", "))));
    }
    if let Some(after) = seen_after {
        found.retain(|record| read(&record["last_contact"]).is_some_and(|at| at > after));
    }
    if found.is_empty() {
        let (filter, last) = (&body["filter"], &body["last_contact_filter"]);
        return Err(refused(404, format!("No edges were found for the filters {filter}, {last}")));
    }
    Ok((200, Value::Array(found)))
}

/// The hosts that are asked for, in order, each with its enterprises (none: all).
fn wanted(network: &Network, filter: &Map<String, Value>) -> Result<Vec<(String, Vec<i64>)>, String> {
    if filter.is_empty() {
        return Ok(network.hosts.iter().map(|host| (host.name.clone(), Vec::new())).collect());
    }
    filter
        .iter()
        .map(|(host, ids)| {
            let ids = ids.as_array().ok_or_else(|| format!("the filter of {host} is no list of enterprise ids"))?;
            let numbers: Option<Vec<i64>> = ids.iter().map(integer).collect();
            Ok((host.clone(), numbers.ok_or_else(|| format!("the filter of {host} has an id that is no number"))?))
        })
        .collect()
}

/// The stored list of a host: its edges in order, then the standbys of its pairs with the serials swapped.
fn cached(network: &Network, host: &str, now: i64) -> Vec<Value> {
    let Some(index) = network.hosts.iter().position(|entry| entry.name == host) else { return Vec::new() };
    let edges: Vec<&Edge> = network.edges_of_host(index).filter(|edge| edge.cached).collect();
    let own = edges.iter().map(|edge| record(network, host, edge, &edge.serial, edge.ha_serial.as_deref(), now));
    let standbys = edges.iter().filter_map(|edge| {
        let standby = edge.ha_serial.as_deref()?;
        Some(record(network, host, edge, standby, Some(&edge.serial), now))
    });
    own.chain(standbys).collect()
}

fn record(network: &Network, host: &str, edge: &Edge, serial: &str, ha_serial: Option<&str>, now: i64) -> Value {
    let client = network.client_of(edge);
    let logical_ids: Vec<Value> = edge
        .links
        .iter()
        .map(|link| {
            json!({
                "interface_name": link.interface,
                "logical_id": link.logical_id,
                "access_type": link.access_type,
                "service_number": link.service_number,
            })
        })
        .collect();
    let zone = edge.site.time_zone.as_deref().unwrap_or("Eastern");
    let mut site = site_of(client, edge);
    site["tzOffset"] = offset_hours(&format!("US/{zone}"), now).or_else(|| offset_hours("US/Eastern", now)).into();
    let contacts: Vec<Value> = client.spec.contacts.iter().map(contact).collect();
    json!({
        "edge": {
            "host": host,
            "enterprise_id": client.spec.enterprise,
            "enterprise_name": client.enterprise_name,
            "edge_id": edge.id,
        },
        "edge_name": edge.name,
        "last_contact": edge.last_contact(now),
        "logical_ids": logical_ids,
        "serial_number": serial,
        "ha_serial_number": ha_serial,
        "bruin_client_info": {"client_id": client.spec.id, "client_name": client.spec.name, "site_id": edge.site.id},
        "site_details": site,
        "ticket_contact_details": contacts.first(),
        "ticket_contact_additional_subscribers": contacts.get(1..).unwrap_or_default(),
        "links_configuration": configured_links(edge)
            .as_array()
            .map(|links| {
                links.iter().map(|link| json!({"interfaces": link["interfaces"], "mode": link["mode"], "type": link["type"]})).collect::<Vec<_>>()
            })
            .unwrap_or_default(),
    })
}
