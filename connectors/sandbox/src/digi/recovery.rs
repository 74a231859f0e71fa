//! Reboots, and the log of recoveries.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap};
use serde_json::{Value, json};

use crate::{model::recovery::Recovery, server::answer::Answer, time::read_text, world::World};

/// Rows of the log in one answer, when the request names no size.
const SIZE: usize = 50;

/// `VeloSerial`, `Ticket`, `MAC` and, to be found in the log, `IgzID`. The device is a link of the edge, by its logical id.
pub(crate) async fn reboot(State(world): State<Arc<World>>, headers: HeaderMap) -> Answer {
    let (Some(serial), Some(ticket), Some(mac)) =
        (parameter(&headers, "VeloSerial"), parameter(&headers, "Ticket"), parameter(&headers, "MAC"))
    else {
        return Answer::ok(json!([{"error": "VeloSerial, Ticket and MAC are needed"}]));
    };
    let device = world.network.edge(serial).and_then(|edge| {
        let link = edge.links.iter().find(|link| link.logical_id.eq_ignore_ascii_case(mac))?;
        Some((edge, link))
    });
    let Some((edge, link)) = device else {
        return Answer::ok(json!([{"error": format!("{serial} has no device {mac}"), "VeloSerial": serial}]));
    };
    let mut recoveries = world.recoveries();
    if recoveries.is_aborted(edge.index) {
        return Answer::ok(
            json!([{"Message": "Aborted: the device cannot be reached", "VeloSerial": serial, "Ticket": ticket}]),
        );
    }
    let number = recoveries.begin(Recovery {
        serial: serial.to_owned(),
        mac: Some(mac.to_owned()),
        ticket: ticket.to_owned(),
        asked_by: parameter(&headers, "IgzID").map(str::to_owned),
        method: "API Start".to_owned(),
        at: world.now(),
        succeeds: true,
    });
    Answer::ok(json!([{
        "Message": format!("Recovery is started. Process ID = {number}"),
        "VeloSerial": serial,
        "SiteName": edge.name,
        "VeloInterface": {"Interface": link.interface},
        "DiscoveredIP": {"IPAddress": link.ip},
        "Carrier": {"Carrier": link.isp},
        "DiscoveredMAC": {"MAC": mac},
        "Ticket": ticket,
    }]))
}

/// `IgzID`, `StartDateTime`, `Size`, `Offset`: all of them may be missing.
pub(crate) async fn logs(State(world): State<Arc<World>>, headers: HeaderMap) -> Answer {
    let from = match parameter(&headers, "StartDateTime").map(|text| (text, read_text(text))) {
        None => i64::MIN,
        Some((_, Some(from))) => from,
        Some((text, None)) => return Answer::ok(json!({"Error": format!("StartDateTime is no time: {text}")})),
    };
    let number = |name: &str, default: usize| match parameter(&headers, name) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| Answer::ok(json!({"Error": format!("{name} is no number: {text}")}))),
    };
    let (size, offset) = match (number("Size", SIZE), number("Offset", 0)) {
        (Ok(size), Ok(offset)) => (size, offset),
        (Err(answer), _) | (_, Err(answer)) => return answer,
    };
    let rows = world.recoveries().rows(from, parameter(&headers, "IgzID"), world.now());
    let count = rows.len();
    let rows: Vec<Value> = rows.into_iter().skip(offset).take(size).collect();
    Answer::ok(json!({"Logs": rows, "Count": count, "Size": size, "Offset": offset}))
}

fn parameter<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
}
