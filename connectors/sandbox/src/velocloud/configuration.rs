//! Enterprises, their edges, the modules of an edge, gateways.

use std::sync::Arc;

use axum::extract::State;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::session::{Caller, error};
use crate::{
    json::{field, integer},
    model::network::{Client, Edge},
    scenario::GatewaySpec,
    server::answer::{Answer, read_json},
    world::World,
};

/// `{enterpriseId, with: [links]}`
pub(crate) async fn enterprise_edges(
    State(world): State<Arc<World>>,
    caller: Caller,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let (client, _) = enterprise(&world, &caller, &body)?;
    let now = world.now();
    let with_links = asks_for(&body, "links");
    let rows = world.network.edges_of_client(client).map(|edge| {
        let mut row = edge_row(&world, edge, now);
        if with_links {
            row["links"] = edge
                .links
                .iter()
                .map(|link| json!({"id": link.id, "interface": link.interface, "logicalId": link.logical_id, "displayName": link.label, "state": edge.link_state(link, now)}))
                .collect();
        }
        row
    });
    Ok(Answer::ok(rows.collect()))
}

/// `{enterprises: [id…], with: [edges]}`; no ids: all.
pub(crate) async fn network_enterprises(
    State(world): State<Arc<World>>,
    caller: Caller,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let wanted: Vec<i64> = match field(&body, "enterprises") {
        None => Vec::new(),
        Some(Value::Array(list)) => list.iter().filter_map(integer).collect(),
        Some(other) => return Err(error(400, &format!("enterprises is no list: {other}"))),
    };
    let now = world.now();
    let with_edges = asks_for(&body, "edges");
    let chosen = world
        .network
        .enterprises(caller.host)
        .filter(|(_, client)| wanted.is_empty() || wanted.contains(&client.spec.enterprise));
    let rows = chosen.map(|(index, client)| {
        let mut row = json!({"id": client.spec.enterprise, "name": client.enterprise_name});
        if with_edges {
            row["edges"] = world.network.edges_of_client(index).map(|edge| edge_row(&world, edge, now)).collect();
        }
        row
    });
    Ok(Answer::ok(rows.collect()))
}

/// `{enterpriseId, edgeId, modules: [WAN]}`
pub(crate) async fn modules(State(world): State<Arc<World>>, caller: Caller, body: Bytes) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let (client, _) = enterprise(&world, &caller, &body)?;
    let id = field(&body, "edgeId").and_then(integer).ok_or_else(|| error(400, "no edgeId"))?;
    let edge = world
        .network
        .edges_of_client(client)
        .find(|edge| edge.id == id)
        .ok_or_else(|| error(400, &format!("no access to edge {id}")))?;
    let asked = field(&body, "modules").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut modules = Map::new();
    for name in asked.iter().filter_map(Value::as_str) {
        let data = if name == "WAN" { json!({"links": configured_links(edge), "networks": []}) } else { json!({}) };
        modules.insert(name.to_owned(), json!({"version": "1", "data": data}));
    }
    Ok(Answer::ok(Value::Object(modules)))
}

pub(crate) async fn gateways(State(world): State<Arc<World>>, caller: Caller) -> Answer {
    let gateways = &world.network.hosts[caller.host].gateways;
    let row = |gateway: &GatewaySpec| json!({"id": gateway.id, "name": gateway.name, "gatewayState": gateway.state});
    Answer::ok(gateways.iter().map(row).collect())
}

/// The links of an edge as configured, `{interfaces, mode, type, logicalId}`.
pub(crate) fn configured_links(edge: &Edge) -> Value {
    let configured = edge.links.iter().filter(|link| link.mode.is_some() || link.kind.is_some());
    configured
        .map(|link| json!({"logicalId": link.logical_id, "interfaces": [link.interface], "mode": link.mode, "type": link.kind, "name": link.label}))
        .collect()
}

/// The enterprise that a body names, with its place in `Network::clients`.
pub(crate) fn enterprise<'a>(world: &'a World, caller: &Caller, body: &Value) -> Result<(usize, &'a Client), Answer> {
    let id = field(body, "enterpriseId").and_then(integer).ok_or_else(|| error(400, "no enterpriseId"))?;
    let found = world.network.enterprises(caller.host).find(|(_, client)| client.spec.enterprise == id);
    found.ok_or_else(|| error(400, &format!("no access to enterprise {id}")))
}

fn asks_for(body: &Value, what: &str) -> bool {
    field(body, "with").and_then(Value::as_array).is_some_and(|with| with.iter().any(|name| name == what))
}

fn edge_row(world: &World, edge: &Edge, now: i64) -> Value {
    json!({
        "id": edge.id,
        "enterpriseId": world.network.client_of(edge).spec.enterprise,
        "name": edge.name,
        "logicalId": format!("edge-{}", edge.id),
        "serialNumber": edge.serial,
        "modelNumber": edge.model,
        "edgeState": edge.state(now),
        "lastContact": edge.last_contact(now),
        "haSerialNumber": edge.ha_serial,
        "haState": edge.ha_state(now),
        "haLastContact": edge.ha_serial.as_ref().map(|_| edge.ha_last_contact(now)),
    })
}
