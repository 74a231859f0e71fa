//! Tasks of a ticket: open, resolve, move, unpause.

use std::sync::Arc;

use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    json::{field, integer, text, texts},
    server::{
        answer::{Answer, read_json},
        query::Params,
    },
    world::World,
};

/// `PUT /api/Ticket/{ticket}/details/{detail}/status`, `{Status: O|R, Interfaces?}`: of the task, and of the lines of these
/// interfaces.
pub(crate) async fn status(
    State(world): State<Arc<World>>,
    Path((ticket, detail)): Path<(i64, i64)>,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let status = field(&body, "Status").and_then(text).ok_or_else(|| Answer::refused(400, "Status is missing"))?;
    let interfaces = texts(field(&body, "Interfaces").unwrap_or(&Value::Null));
    let mut desk = world.desk();
    let lines = desk.line_tasks(&world.network, ticket, detail, &interfaces)?;
    for detail in std::iter::once(detail).chain(lines) {
        desk.set_status(ticket, detail, &status, world.now())?;
    }
    Ok(Answer::ok(json!({"message": "ok"})))
}

/// `GET /api/Ticket/{ticket}/nextresult?ServiceNumber=&DetailId=`
pub(crate) async fn next_results(
    State(world): State<Arc<World>>,
    Path(ticket): Path<i64>,
    params: Params,
) -> Result<Answer, Answer> {
    let mut desk = world.desk();
    let task = desk.find_task(ticket, params.integer("DetailId"), params.first("ServiceNumber"))?;
    let (id, current) = (task.id, task.queue.clone());
    let others = desk.queues.iter().filter(|queue| queue.name != current);
    let next: Vec<Value> = others.map(|queue| json!({"resultTypeId": queue.id, "resultName": queue.name})).collect();
    let key = desk.queues.iter().find(|queue| queue.name == current).map(|queue| queue.id.to_string());
    Ok(Answer::ok(json!({"currentTaskId": id, "currentTaskKey": key, "currentTaskName": current, "nextResults": next})))
}

/// `PUT /api/Ticket/{ticket}/details/work`, `{details: [{detailId?, serviceNumber?}], notes, resultTypeId}`
pub(crate) async fn work(
    State(world): State<Arc<World>>,
    Path(ticket): Path<i64>,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let result = field(&body, "resultTypeId").and_then(integer);
    let result = result.ok_or_else(|| Answer::refused(400, "resultTypeId is missing"))?;
    let details = field(&body, "details").and_then(Value::as_array).filter(|details| !details.is_empty());
    let details = details.ok_or_else(|| Answer::refused(400, "details is missing"))?;
    let now = world.now();
    let mut desk = world.desk();
    let named =
        |detail: &Value| (field(detail, "detailId").and_then(integer), field(detail, "serviceNumber").and_then(text));
    for (id, serial) in details.iter().map(named) {
        desk.find_task(ticket, id, serial.as_deref())?;
    }
    for (id, serial) in details.iter().map(named) {
        desk.move_task(ticket, id, serial.as_deref(), result, now)?;
    }
    Ok(Answer::ok(json!({"message": "ok"})))
}

/// `POST /api/Ticket/{ticket}/detail/unpause`, `{serviceNumber?, DetailId?}`. No task of the sandbox
/// is ever paused, so only the ledger tells of it.
pub(crate) async fn unpause(
    State(world): State<Arc<World>>,
    Path(ticket): Path<i64>,
    body: Bytes,
) -> Result<Answer, Answer> {
    let body = read_json(&body)?;
    let serial = field(&body, "serviceNumber").and_then(text);
    let detail = field(&body, "DetailId").and_then(integer);
    world.desk().find_task(ticket, detail, serial.as_deref())?;
    Ok(Answer::ok(json!({"message": "ok"})))
}

/// `GET /api/Ticket/{ticket}/details/{detail}/detailids?interfaces=GE1,GE2`: the tasks of the same ticket about lines
/// of these interfaces, after the task itself.
pub(crate) async fn detail_ids(
    State(world): State<Arc<World>>,
    Path((ticket, detail)): Path<(i64, i64)>,
    params: Params,
) -> Result<Answer, Answer> {
    let names = params.first("interfaces").unwrap_or_default();
    let interfaces: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
    let of_lines = world.desk().line_tasks(&world.network, ticket, detail, &interfaces)?;
    let ids: Vec<i64> = std::iter::once(detail).chain(of_lines).collect();
    Ok(Answer::ok(json!({"detailIds": ids})))
}
