//! An answer of a vendor: a status and JSON.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::model::desk::Refusal;

#[derive(Debug)]
pub(crate) struct Answer(pub(crate) u16, pub(crate) Value);

impl Answer {
    pub(crate) fn ok(body: Value) -> Answer {
        Answer(200, body)
    }

    /// A failure in the ticketing system's words.
    pub(crate) fn refused(status: u16, message: impl Into<String>) -> Answer {
        Answer(status, json!({"message": message.into()}))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], self.1.to_string()).into_response()
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Answer {
        match refusal {
            Refusal::NoTicket(id) => Answer::refused(404, format!("there is no ticket {id}")),
            Refusal::NoTask(id) => Answer::refused(404, format!("the ticket has no such detail ({id})")),
            Refusal::NoteTooLong(length) => {
                Answer::refused(400, format!("a note must be shorter than 1500 characters, this one has {length}"))
            }
            Refusal::NoQueue(id) => Answer::refused(400, format!("there is no result type {id}")),
            Refusal::Invalid(message) => Answer::refused(400, message),
        }
    }
}

/// Reads a JSON body whatever content type it came with; no body is `{}`.
pub(crate) fn read_json(body: &Bytes) -> Result<Value, Answer> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|error| Answer::refused(400, format!("the body is no JSON: {error}")))
}
