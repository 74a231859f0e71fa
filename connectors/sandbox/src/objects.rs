//! A store of objects in the language of S3: what is put into a bucket can be read again and stands in the ledger.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;

use crate::world::World;

/// An object with its content type.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) content_type: String,
    pub(crate) content: Bytes,
}

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new().route("/{bucket}/{*key}", get(read).put(put).delete(delete))
}

async fn put(
    State(world): State<Arc<World>>,
    Path(place): Path<(String, String)>,
    headers: HeaderMap,
    content: Bytes,
) -> Response {
    if let Some(refusal) = refused(&world, &headers) {
        return refusal;
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|said| said.to_str().ok());
    let content_type = content_type.unwrap_or("binary/octet-stream").to_owned();
    world.objects().insert(place, Object { content_type, content });
    StatusCode::OK.into_response()
}

async fn read(State(world): State<Arc<World>>, Path(place): Path<(String, String)>, headers: HeaderMap) -> Response {
    if let Some(refusal) = refused(&world, &headers) {
        return refusal;
    }
    match world.objects().get(&place).cloned() {
        Some(Object { content_type, content }) => ([(header::CONTENT_TYPE, content_type)], content).into_response(),
        None => error(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist."),
    }
}

/// What is not there is as deleted as it can be.
async fn delete(State(world): State<Arc<World>>, Path(place): Path<(String, String)>, headers: HeaderMap) -> Response {
    if let Some(refusal) = refused(&world, &headers) {
        return refusal;
    }
    world.objects().remove(&place);
    StatusCode::NO_CONTENT.into_response()
}

/// Who has no account is refused. The signature itself is not looked at.
fn refused(world: &World, headers: &HeaderMap) -> Option<Response> {
    let said = headers.get(header::AUTHORIZATION).and_then(|said| said.to_str().ok()).unwrap_or_default();
    let key = said.split_once("Credential=").and_then(|(_, rest)| rest.split('/').next());
    match key {
        None => Some(error(StatusCode::FORBIDDEN, "AccessDenied", "Access Denied.")),
        Some(key) if key != world.objects_account.0 => Some(error(
            StatusCode::FORBIDDEN,
            "InvalidAccessKeyId",
            "The access key id you provided does not exist in our records.",
        )),
        Some(_) => None,
    }
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}
