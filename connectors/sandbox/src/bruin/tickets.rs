//! Lists of tickets, one ticket's details, and what is done to a ticket as a whole.

use std::sync::Arc;

use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    json::{field, integer, text},
    model::ticket::Ticket,
    server::{
        answer::{Answer, read_json},
        query::Params,
    },
    time::{iso_eastern, read_text, us_utc},
    world::World,
};

const PAGE_SIZE: i64 = 100;
const MAX_PAGE_SIZE: i64 = 1_000;

/// `GET /api/Ticket/basic`, paged: `{total, start, currentPageSize, responses}`.
pub(crate) async fn basic(State(world): State<Arc<World>>, params: Params) -> Result<Answer, Answer> {
    let size = params.integer("PageSize").unwrap_or(PAGE_SIZE).clamp(1, MAX_PAGE_SIZE);
    let number = params.integer("PageNumber").unwrap_or(1).max(1);
    let desk = world.desk();
    let found = filtered(desk.tickets.values(), &params)?;
    let start = (number - 1).saturating_mul(size);
    let from = usize::try_from(start).unwrap_or(usize::MAX);
    let page: Vec<Value> = found.iter().skip(from).take(size as usize).map(|ticket| ticket.basic()).collect();
    Ok(Answer::ok(json!({"total": found.len(), "start": start, "currentPageSize": page.len(), "responses": page})))
}

/// `GET /api/Ticket`: all that fit at once, with their service numbers.
pub(crate) async fn full(State(world): State<Arc<World>>, params: Params) -> Result<Answer, Answer> {
    let desk = world.desk();
    let found = filtered(desk.tickets.values(), &params)?;
    let rows: Vec<Value> = found.iter().map(|ticket| ticket.full()).collect();
    Ok(Answer::ok(json!({"total": rows.len(), "responses": rows})))
}

/// `GET /api/Ticket/{ticket}/details`
pub(crate) async fn details(State(world): State<Arc<World>>, Path(ticket): Path<i64>) -> Result<Answer, Answer> {
    Ok(Answer::ok(world.desk().ticket(ticket)?.details()))
}

/// `PUT /api/Ticket/{ticket}/severity`, `{Severity, Reason}`
pub(crate) async fn severity(
    State(world): State<Arc<World>>,
    Path(ticket): Path<i64>,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let severity = field(&body, "Severity")
        .and_then(integer)
        .filter(|severity| (1..=4).contains(severity))
        .ok_or_else(|| Answer::refused(400, "Severity must be a number from 1 to 4"))?;
    world.desk().ticket_mut(ticket)?.severity = severity;
    Ok(Answer::ok(json!({"TicketId": ticket, "Result": true})))
}

/// `PUT /api/Ticket/{ticket}/close`, `{CloseNote}`
pub(crate) async fn close(
    State(world): State<Arc<World>>,
    Path(ticket): Path<i64>,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let note = field(&body, "CloseNote").and_then(text).filter(|note| !note.is_empty());
    let note = note.ok_or_else(|| Answer::refused(400, "CloseNote is missing"))?;
    world.desk().close(ticket, note, world.now())?;
    Ok(Answer::ok(json!({"message": "closed"})))
}

/// `GET /api/Ticket/AITicketData?ticketId=`: a row for each note of each task.
pub(crate) async fn history(State(world): State<Arc<World>>, params: Params) -> Result<Answer, Answer> {
    let id = params.integer("ticketId").ok_or_else(|| Answer::refused(400, "ticketId is missing"))?;
    let desk = world.desk();
    let ticket = desk.ticket(id)?;
    let rows = ticket.tasks.iter().flat_map(|task| {
        let about = |serials: &Option<Vec<String>>| serials.as_ref().is_none_or(|list| list.contains(&task.serial));
        ticket.notes.iter().filter(move |note| about(&note.serials)).map(move |note| {
            json!({
                "ClientName": ticket.client_name,
                "Ticket Entered Date": us_utc(ticket.created),
                "EnteredDate": iso_eastern(ticket.created),
                "CallTicketID": ticket.id,
                "Initial Note @ Ticket Creation": null,
                "DetailID": task.id,
                "Product": ticket.product,
                "Asset": task.serial,
                "Address1": ticket.address["address"],
                "Address2": null,
                "City": ticket.address["city"],
                "State": ticket.address["state"],
                "Zip": ticket.address["zip"],
                "Site Name": null,
                "NoteType": note.kind,
                "Notes": note.text,
                "Note Entered Date": us_utc(note.created),
                "EnteredDate_N": iso_eastern(note.created),
                "Note Entered By": note.creator,
                "Task Assigned To": task.assigned_to,
                "Task": task.queue,
                "Task Result": null,
                "SLA": null,
                "Ticket Status": ticket.status,
            })
        })
    });
    Ok(Answer::ok(json!({"result": rows.collect::<Vec<Value>>()})))
}

/// All conditions that the query gives hold for these, ordered by number.
fn filtered<'a>(tickets: impl Iterator<Item = &'a Ticket>, params: &Params) -> Result<Vec<&'a Ticket>, Answer> {
    let number = |name: &str| match params.first(name) {
        None => Ok(None),
        Some(given) => given
            .trim()
            .parse::<i64>()
            .map(Some)
            .map_err(|_| Answer::refused(400, format!("{name} is no number: {given}"))),
    };
    let moment = |name: &str| match params.first(name) {
        None => Ok(None),
        Some(given) => {
            read_text(given).map(Some).ok_or_else(|| Answer::refused(400, format!("{name} is no time: {given}")))
        }
    };
    let (id, client) = (number("TicketID")?, number("ClientId")?);
    let (from, until) = (moment("StartDate")?, moment("EndDate")?);
    let statuses = params.all("TicketStatus");
    let serials = params.all("ServiceNumber");
    let topic = params.first("TicketTopic");
    let product = params.first("ProductCategory");
    let fits = |ticket: &&Ticket| {
        id.is_none_or(|id| ticket.id == id)
            && client.is_none_or(|client| ticket.client_id == client)
            && from.is_none_or(|from| from <= ticket.created)
            && until.is_none_or(|until| ticket.created <= until)
            && (statuses.is_empty() || statuses.iter().any(|status| ticket.has_status(status)))
            && (serials.is_empty() || serials.iter().any(|serial| ticket.task(serial).is_some()))
            && topic.is_none_or(|topic| ticket.topic == topic)
            && product.is_none_or(|product| ticket.product == product)
    };
    Ok(tickets.filter(fits).collect())
}
