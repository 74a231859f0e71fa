//! Asking for tickets.

use std::sync::Arc;

use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    json::{field, integer, text, texts},
    model::{
        desk::{Opened, owned},
        network::Edge,
    },
    server::answer::{Answer, read_json},
    world::World,
};

/// `POST /api/Ticket/repair`, `{ClientID, WTNs, RequestDescription, ticketContact?, WtnInterfaces?}`: an outage ticket
/// for each service number, with a task for each line of `WtnInterfaces`, or the code that says why not: `{message, items: [{ticketId, inventoryId, wtn, errorCode,
/// errorMessage}]}`.
pub(crate) async fn repair(State(world): State<Arc<World>>, body: Bytes) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let client = field(&body, "ClientID").and_then(integer);
    let client = client.ok_or_else(|| Answer::refused(400, "ClientID is missing"))?;
    let numbers = texts(field(&body, "WTNs").unwrap_or(&Value::Null));
    if numbers.is_empty() {
        return Err(Answer::refused(400, "WTNs is missing"));
    }
    let now = world.now();
    let mut desk = world.desk();
    let item = |number: &String| {
        let opened = desk.open_outage(&world.network, client, number, now);
        answer(&world, client, number, &opened)
    };
    let mut items: Vec<Value> = numbers.iter().map(item).collect();
    if let Some(ticket) = items.first().and_then(|item| item["ticketId"].as_i64()).filter(|ticket| *ticket != 0) {
        let fresh = items.first().is_some_and(|item| item["errorCode"].is_null());
        for line in lines(&body, &world, &numbers) {
            let opened = desk.open_line(ticket, fresh, line, now);
            items.push(answer(&world, client, line, &opened));
        }
    }
    Ok(Answer::ok(json!({"message": null, "items": items})))
}

/// What became of one number.
fn answer(world: &World, client: i64, number: &str, opened: &Opened) -> Value {
    json!({
        "ticketId": opened.ticket,
        "inventoryId": owned(&world.network, client, number).map(|edge| edge.index + 1),
        "wtn": number,
        "errorMessage": opened.message,
        "errorCode": opened.code,
        "address": null,
    })
}

/// The numbers of the lines behind the interfaces of `WtnInterfaces`, `{<service number>: [GE1]}`.
fn lines<'a>(body: &Value, world: &'a World, numbers: &[String]) -> Vec<&'a str> {
    let of = |number: &String| {
        let wanted = texts(field(body, "WtnInterfaces")?.get(number)?);
        let links = world.network.edge(number)?.links.iter().filter(move |link| wanted.contains(&link.interface));
        Some(links.filter_map(|link| link.service_number.as_deref()))
    };
    numbers.iter().filter_map(of).flatten().collect()
}

/// `POST /api/Ticket/`, `{clientId, category, services: [{serviceNumber}], contacts, notes}`: one ticket with a task
/// for each service. 409 when an open ticket of the topic has one of the services already.
pub(crate) async fn ticket(State(world): State<Arc<World>>, body: Bytes) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let client = field(&body, "clientId").and_then(integer);
    let client = client.ok_or_else(|| Answer::refused(400, "clientId is missing"))?;
    let topic = field(&body, "category").and_then(text).filter(|topic| topic == "VOO" || topic == "VAS");
    let topic = topic.ok_or_else(|| Answer::refused(400, "category must be VOO or VAS"))?;
    if field(&body, "contacts").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        return Err(Answer::refused(400, "contacts is missing"));
    }
    let services = field(&body, "services").and_then(Value::as_array).cloned().unwrap_or_default();
    let numbers: Vec<String> =
        services.iter().filter_map(|service| field(service, "serviceNumber").and_then(text)).collect();
    let mut edges: Vec<(&Edge, &str)> = Vec::with_capacity(numbers.len());
    for number in &numbers {
        let edge = owned(&world.network, client, number)
            .ok_or_else(|| Answer::refused(400, format!("client {client} has no active inventory {number}")))?;
        edges.push((edge, number));
    }
    if edges.is_empty() {
        return Err(Answer::refused(400, "services is missing"));
    }
    let mut desk = world.desk();
    let double = desk.tickets.values().find(|ticket| {
        ticket.is_open() && ticket.topic == topic && numbers.iter().any(|number| ticket.task(number).is_some())
    });
    if let Some(ticket) = double {
        return Err(Answer::refused(409, format!("ticket {} is open for the same service", ticket.id)));
    }
    let now = world.now();
    let id = desk.open_ticket(&world.network, client, &topic, &edges, now);
    for note in field(&body, "notes").and_then(Value::as_array).into_iter().flatten() {
        desk.add_note(id, field(note, "noteValue").and_then(text), None, "ADN", now)?;
    }
    Ok(Answer::ok(json!({"ticketIds": [id]})))
}
