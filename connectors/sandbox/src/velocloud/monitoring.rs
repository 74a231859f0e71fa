//! The state of links and edges now.

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Value, json};

use super::session::Caller;
use crate::{
    json::amend,
    model::network::{Edge, Link, Network},
    server::answer::Answer,
    time::iso_utc,
    world::World,
};

/// One row for each link of the orchestrator; an edge without links has one row with the link's fields null.
pub(crate) async fn link_status(State(world): State<Arc<World>>, caller: Caller) -> Answer {
    let now = world.now();
    let network = &world.network;
    let rows = network.edges_of_host(caller.host).flat_map(|edge| {
        let none = edge.links.is_empty().then_some(None);
        edge.links.iter().map(Some).chain(none).map(move |link| row(network, edge, link, now))
    });
    Answer::ok(rows.collect())
}

pub(crate) async fn aggregates(State(world): State<Arc<World>>, caller: Caller) -> Answer {
    let now = world.now();
    let network = &world.network;
    let (mut edges, mut down) = (0_usize, 0_usize);
    for edge in network.edges_of_host(caller.host) {
        edges += 1;
        down += usize::from(edge.state(now) == "OFFLINE");
    }
    let enterprises: Vec<Value> = network
        .enterprises(caller.host)
        .map(|(_, client)| json!({"id": client.spec.enterprise, "name": client.enterprise_name}))
        .collect();
    Answer::ok(
        json!({"edgeCount": edges, "edges": {"connected": edges - down, "offline": down}, "enterprises": enterprises}),
    )
}

/// A row of `getEnterpriseEdgeLinkStatus`; also the `link` of the metrics.
pub(crate) fn row(network: &Network, edge: &Edge, link: Option<&Link>, now: i64) -> Value {
    let client = network.client_of(edge);
    let active = !edge.never_activated();
    let since = |late: i64| active.then(|| iso_utc(edge.up_since(now) + late));
    let mut row = json!({
        "enterpriseName": client.enterprise_name,
        "enterpriseId": client.spec.enterprise,
        "enterpriseProxyId": null,
        "enterpriseProxyName": null,
        "edgeName": edge.name,
        "edgeState": edge.state(now),
        "edgeSystemUpSince": since(0),
        "edgeServiceUpSince": since(60_000),
        "edgeLastContact": edge.last_contact(now),
        "edgeId": edge.id,
        "edgeSerialNumber": edge.serial,
        "edgeHASerialNumber": edge.ha_serial,
        "edgeModelNumber": edge.model,
        "edgeLatitude": edge.site.latitude,
        "edgeLongitude": edge.site.longitude,
        "displayName": link.map(|link| &link.label),
        "isp": link.and_then(|link| link.isp.as_ref()),
        "interface": link.map(|link| &link.interface),
        "internalId": link.map(|link| &link.internal_id),
        "linkState": link.map(|link| edge.link_state(link, now)),
        "linkLastActive": link.map(|link| iso_utc(edge.link_last_active(link, now))),
        "linkVpnState": link.map(|link| edge.link_state(link, now)),
        "linkId": link.map(|link| link.id),
        "linkIpAddress": link.map(|link| &link.ip),
    });
    amend(&mut row, &edge.row, &edge.omit);
    if let Some(link) = link {
        amend(&mut row, &link.row, &link.omit);
    }
    row
}
