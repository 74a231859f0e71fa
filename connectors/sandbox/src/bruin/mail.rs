//! Mails that the ticketing system sends for us, and who gets its own.

use std::sync::Arc;

use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::json;

use crate::{
    json::{field, integer, text},
    server::answer::{Answer, read_json},
    world::World,
};

/// `POST /api/Notification/email/milestone`, `{TicketId, NotificationType, Detail: {ServiceNumber}}`. The mail itself
/// stands in the ledger.
pub(crate) async fn milestone(State(world): State<Arc<World>>, body: Bytes) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let ticket = field(&body, "TicketId").and_then(integer);
    let ticket = ticket.ok_or_else(|| Answer::refused(400, "TicketId is missing"))?;
    field(&body, "NotificationType")
        .and_then(text)
        .ok_or_else(|| Answer::refused(400, "NotificationType is missing"))?;
    let number = field(&body, "Detail").and_then(|detail| field(detail, "ServiceNumber")).and_then(text);
    let number = number.ok_or_else(|| Answer::refused(400, "Detail.ServiceNumber is missing"))?;
    let task = world.desk().find_task(ticket, None, Some(&number))?.id;
    Ok(Answer::ok(json!({"eventId": task, "jobId": format!("job-{task}")})))
}

/// `POST /api/Ticket/{ticket}/subscribeUser`, `{subscriptionType, user: {email}}`. Subscribing twice changes nothing.
pub(crate) async fn subscribe(
    State(world): State<Arc<World>>,
    Path(ticket): Path<i64>,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let kind = field(&body, "subscriptionType").and_then(text);
    let email = field(&body, "user").and_then(|user| field(user, "email")).and_then(text);
    let (Some(kind), Some(email)) = (kind, email) else {
        return Err(Answer::refused(400, "subscriptionType and user.email must be given"));
    };
    let mut desk = world.desk();
    let subscribers = &mut desk.ticket_mut(ticket)?.subscribers;
    let subscriber = json!({"email": email, "subscriptionType": kind});
    if !subscribers.contains(&subscriber) {
        subscribers.push(subscriber);
    }
    Ok(Answer::ok(json!({"message": "subscribed"})))
}
