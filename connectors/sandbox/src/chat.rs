//! The chat's incoming webhook: every message stands in the ledger.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::Value;

use crate::world::World;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new().fallback(message)
}

async fn message(State(world): State<Arc<World>>, uri: Uri, body: Bytes) -> Response {
    if uri.path() != world.webhook {
        return (StatusCode::NOT_FOUND, "no_service").into_response();
    }
    match serde_json::from_slice::<Value>(&body) {
        Err(_) => (StatusCode::BAD_REQUEST, "invalid_payload").into_response(),
        Ok(body) if !body["text"].is_string() => (StatusCode::BAD_REQUEST, "no_text").into_response(),
        Ok(_) => "ok".into_response(),
    }
}
