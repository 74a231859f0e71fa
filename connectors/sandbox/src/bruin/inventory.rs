//! What the ticketing system knows of devices, sites, contacts and lines.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    model::{
        desk::{address_of, owned},
        network::{Client, Edge},
    },
    scenario::ContactSpec,
    server::{answer::Answer, query::Params},
    time::us_utc,
    world::World,
};

/// `GET /api/Inventory?ServiceNumber=…&ClientId=&Status=`: `{documents: […]}`
pub(crate) async fn documents(State(world): State<Arc<World>>, params: Params) -> Answer {
    let client = params.integer("ClientId");
    let active = params.first("Status").is_none_or(|status| status == "A");
    let found = params.all("ServiceNumber").into_iter().filter(|_| active).filter_map(|serial| {
        let edge = world.network.edge(serial)?;
        let of = &world.network.client_of(edge).spec;
        client.is_none_or(|client| client == of.id).then(|| {
            json!({
                "clientID": of.id,
                "clientName": of.name,
                "serviceNumber": serial,
                "siteId": edge.site.id,
                "status": "A",
                "inventoryID": edge.index + 1,
                "productCategory": "SD-WAN",
                "address": address_of(edge),
            })
        })
    });
    let documents: Vec<Value> = found.collect();
    Answer::ok(json!({"total": documents.len(), "documents": documents}))
}

/// `GET /api/Inventory/Attribute?ClientId=&ServiceNumber=&Status=`
pub(crate) async fn attributes(State(world): State<Arc<World>>, params: Params) -> Result<Answer, Answer> {
    let (client, serial) = (needed_number(&params, "ClientId")?, needed(&params, "ServiceNumber")?);
    let edge = owned(&world.network, client, serial)
        .ok_or_else(|| Answer::refused(404, format!("client {client} has no inventory {serial}")))?;
    Ok(Answer::ok(json!({
        "inventoryId": edge.index + 1,
        "serviceNumber": serial,
        "attributes": attributes_of(edge, serial),
    })))
}

/// `GET /api/Site?ClientId=&SiteId=`: `{documents: [site]}`
pub(crate) async fn site(State(world): State<Arc<World>>, params: Params) -> Result<Answer, Answer> {
    let (client, site) = (needed_number(&params, "ClientId")?, needed_number(&params, "SiteId")?);
    let edges = world.network.edges.iter();
    let found = edges.filter(|edge| edge.site.id == site && world.network.client_of(edge).spec.id == client);
    let documents: Vec<Value> = found.take(1).map(|edge| site_of(world.network.client_of(edge), edge)).collect();
    Ok(Answer::ok(json!({"documents": documents})))
}

/// `GET /api/Ticket/Contacts?ClientId=`: `{results: [contact]}`
pub(crate) async fn contacts(State(world): State<Arc<World>>, params: Params) -> Result<Answer, Answer> {
    let id = needed_number(&params, "ClientId")?;
    let contacts = world.network.client(id).map(|client| client.spec.contacts.as_slice()).unwrap_or_default();
    let results: Vec<Value> = contacts.iter().map(contact).collect();
    Ok(Answer::ok(json!({"count": results.len(), "results": results})))
}

/// `GET /api/Ticket/topics?ClientId=&ServiceNumber=`
pub(crate) async fn topics(State(world): State<Arc<World>>, params: Params) -> Result<Answer, Answer> {
    let (client, serial) = (needed_number(&params, "ClientId")?, needed(&params, "ServiceNumber")?);
    owned(&world.network, client, serial)
        .ok_or_else(|| Answer::refused(404, format!("client {client} has no inventory {serial}")))?;
    let topic = |category: &str, description: &str| json!({"callType": "REP", "callTypeDescription": "Repair", "category": category, "categoryDescription": description});
    Ok(Answer::ok(
        json!({"callTypes": [topic("VOO", "Service Outage Trouble"), topic("VAS", "Service Affecting Trouble")]}),
    ))
}

/// `GET /api/Inventory/circuit?CircuitId=`: the line with this logical id; 204 when there is none.
pub(crate) async fn circuit(State(world): State<Arc<World>>, params: Params) -> Result<Response, Answer> {
    let circuit = needed(&params, "CircuitId")?;
    let found = world.network.edges.iter().find_map(|edge| {
        let link = edge.links.iter().find(|link| link.logical_id == circuit)?;
        Some((edge, link))
    });
    Ok(found.map_or_else(
        || StatusCode::NO_CONTENT.into_response(),
        |(edge, link)| {
            Answer::ok(json!({
                "clientID": world.network.client_of(edge).spec.id,
                "subAccount": null,
                "wtn": link.service_number.as_ref().unwrap_or(&edge.serial),
                "inventoryID": edge.index + 1,
                "addressID": edge.site.id,
            }))
            .into_response()
        },
    ))
}

/// A site as `GET /api/Site` shows it.
pub(crate) fn site_of(client: &Client, edge: &Edge) -> Value {
    let site = &edge.site;
    json!({
        "clientID": client.spec.id,
        "clientName": client.spec.name,
        "siteID": site.id.to_string(),
        "siteLabel": edge.name,
        "siteAddDate": us_utc(edge.activated),
        "address": address_of(edge),
        "longitude": site.longitude,
        "latitude": site.latitude,
        "businessHours": null,
        "timeZone": site.time_zone,
        "primaryContactName": "Site Desk",
        "primaryContactPhone": null,
        "primaryContactEmail": "site@example.com",
    })
}

/// A ticket contact as `GET /api/Ticket/Contacts` shows it.
pub(crate) fn contact(spec: &ContactSpec) -> Value {
    json!({"firstName": spec.first_name, "lastName": spec.last_name, "email": spec.email, "phone": spec.phone})
}

fn attributes_of(edge: &Edge, serial: &str) -> Vec<Value> {
    let attribute = |key: String, value: Value| json!({"key": key, "value": value});
    let mut all = vec![
        attribute("Management Status".to_owned(), json!(edge.management_status)),
        attribute("Serial Number".to_owned(), json!(serial)),
    ];
    for link in &edge.links {
        all.push(attribute(format!("{} Access Type", link.interface), json!(link.access_type)));
        all.push(attribute(format!("{} Service Number", link.interface), json!(link.service_number)));
    }
    all
}

fn needed<'a>(params: &'a Params, name: &str) -> Result<&'a str, Answer> {
    params.first(name).ok_or_else(|| Answer::refused(400, format!("{name} is missing")))
}

fn needed_number(params: &Params, name: &str) -> Result<i64, Answer> {
    needed(params, name)?.trim().parse().map_err(|_| Answer::refused(400, format!("{name} is no number")))
}
