//! Appending notes.

use std::sync::Arc;

use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    json::{field, integer, text, texts},
    model::desk::{Refusal, check_note},
    server::answer::{Answer, read_json},
    world::World,
};

/// `POST /api/Ticket/{ticket}/notes`, `{note, serviceNumbers?}`
pub(crate) async fn append(
    State(world): State<Arc<World>>,
    Path(ticket): Path<i64>,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let note = field(&body, "note").and_then(text).filter(|note| !note.is_empty());
    let note = note.ok_or_else(|| Answer::refused(400, "note is missing"))?;
    let serials = field(&body, "serviceNumbers").map(texts).filter(|serials| !serials.is_empty());
    let id = world.desk().add_note(ticket, Some(note), serials, "ADN", world.now())?;
    Ok(Answer::ok(json!({"noteId": id, "ticketId": ticket})))
}

struct Advanced {
    text: Option<String>,
    serial: Option<String>,
    detail: Option<i64>,
    kind: String,
}

/// `POST /api/Ticket/{ticket}/notes/advanced`, `{notes: [{noteValue, serviceNumber?, detailId?, noteType?}]}`: all
/// of them, or when one is refused none.
pub(crate) async fn append_many(
    State(world): State<Arc<World>>,
    Path(ticket): Path<i64>,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let list =
        field(&body, "notes").and_then(Value::as_array).ok_or_else(|| Answer::refused(400, "notes is missing"))?;
    let now = world.now();
    let mut desk = world.desk();
    let mut notes = Vec::with_capacity(list.len());
    for note in list {
        notes.push(advanced(&mut desk, ticket, note)?);
    }
    desk.ticket(ticket)?;
    let mut added = Vec::with_capacity(notes.len());
    for note in notes {
        let serials = note.serial.clone().map(|serial| vec![serial]);
        let id = desk.add_note(ticket, note.text.clone(), serials, &note.kind, now)?;
        added.push(json!({
            "noteID": id,
            "noteType": note.kind,
            "noteValue": note.text,
            "serviceNumber": note.serial,
            "detailID": note.detail,
        }));
    }
    Ok(Answer::ok(json!({"ticketNotes": added})))
}

/// Checks one note, and finds the task that it is about.
fn advanced(desk: &mut crate::model::desk::Desk, ticket: i64, note: &Value) -> Result<Advanced, Refusal> {
    let text = field(note, "noteValue").and_then(text);
    check_note(text.as_deref())?;
    let detail = field(note, "detailId").and_then(integer);
    let serial = field(note, "serviceNumber").and_then(crate::json::text).filter(|serial| !serial.is_empty());
    let (serial, detail) = match (serial, detail) {
        (None, None) => (None, None),
        (Some(serial), None) => {
            let detail = desk.find_task(ticket, None, Some(&serial)).ok().map(|task| task.id);
            (Some(serial), detail)
        }
        (_, Some(detail)) => {
            let task = desk.find_task(ticket, Some(detail), None)?;
            (Some(task.serial.clone()), Some(detail))
        }
    };
    let kind = field(note, "noteType").and_then(crate::json::text).unwrap_or_else(|| "ADN".to_owned());
    Ok(Advanced { text, serial, detail, kind })
}
