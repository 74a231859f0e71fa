//! The orchestrator's log of events.

use std::{cmp::Reverse, sync::Arc};

use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    configuration::enterprise,
    session::{Caller, error},
};
use crate::{
    json::{field, integer, texts},
    model::network::{Edge, Event},
    server::answer::{Answer, read_json},
    time::{self, iso_utc},
    world::World,
};

/// Events in one answer, when the request sets no limit.
const LIMIT: usize = 2_048;

/// `{enterpriseId, edgeId?: [id], interval: {start, end}, filter?: {limit?, rules?: [{field, op: is, values}]}}`: the
/// newest first.
pub(crate) async fn enterprise_events(
    State(world): State<Arc<World>>,
    caller: Caller,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let (client, _) = enterprise(&world, &caller, &body)?;
    let now = world.now();
    let moment = |name: &str, default: i64| match body.pointer(&format!("/interval/{name}")) {
        None | Some(Value::Null) => Ok(default),
        Some(value) => time::read(value).ok_or_else(|| error(400, &format!("interval.{name} is no time: {value}"))),
    };
    let (from, until) = (moment("start", i64::MIN)?, moment("end", now)?);
    let edges: Option<Vec<i64>> = match field(&body, "edgeId") {
        None => None,
        Some(Value::Array(list)) => Some(list.iter().filter_map(integer).collect()),
        Some(one) => Some(integer(one).into_iter().collect()),
    };
    let rules = rules(body.pointer("/filter/rules"))?;
    let limit = body.pointer("/filter/limit").and_then(integer).map_or(LIMIT, |limit| limit.max(0) as usize);

    let mut found: Vec<(&Edge, usize, Event)> = Vec::new();
    for edge in world.network.edges_of_client(client) {
        if edges.as_ref().is_some_and(|ids| !ids.contains(&edge.id)) {
            continue;
        }
        for (place, event) in edge.events(now).into_iter().enumerate() {
            let in_time = from <= event.at && event.at <= until;
            if in_time && rules.iter().all(|(field, values)| values.contains(&of(&event, edge, field))) {
                found.push((edge, place, event));
            }
        }
    }
    found.sort_by_key(|(edge, place, event)| (Reverse(event.at), edge.index, Reverse(*place)));
    let more = found.len() > limit;
    let data: Vec<Value> = found.into_iter().take(limit).map(|(edge, place, event)| row(edge, place, &event)).collect();
    Ok(Answer::ok(json!({"metaData": {"limit": limit, "more": more}, "data": data})))
}

/// The pairs of field and wanted values.
fn rules(rules: Option<&Value>) -> Result<Vec<(String, Vec<String>)>, Answer> {
    let Some(Value::Array(rules)) = rules else { return Ok(Vec::new()) };
    rules
        .iter()
        .map(|rule| match (rule["field"].as_str(), rule["op"].as_str()) {
            (Some(name @ ("event" | "category" | "edgeName")), Some("is")) => {
                Ok((name.to_owned(), texts(&rule["values"])))
            }
            _ => Err(error(400, &format!("unknown rule {rule}"))),
        })
        .collect()
}

fn of(event: &Event, edge: &Edge, field: &str) -> String {
    match field {
        "event" => event.event.clone(),
        "category" => event.category.clone().unwrap_or_default(),
        _ => edge.name.clone(),
    }
}

fn row(edge: &Edge, place: usize, event: &Event) -> Value {
    json!({
        "id": edge.id * 100_000 + place as i64,
        "event": event.event,
        "category": event.category,
        "eventTime": iso_utc(event.at),
        "severity": "INFO",
        "message": event.message,
        "edgeName": edge.name,
        "detail": null,
    })
}
