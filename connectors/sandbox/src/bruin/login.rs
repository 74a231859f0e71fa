//! Client credentials for a bearer token, and the check of that token.

use std::sync::Arc;

use axum::{
    extract::{Form, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use crate::{
    server::{answer::Answer, exchange::bearer},
    world::World,
};

/// `POST /identity/connect/token`, form `grant_type=client_credentials&scope=public_api`, basic auth.
pub(crate) async fn token(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Answer {
    let basic = BASE64_STANDARD.encode(format!("{}:{}", world.client_id, world.client_secret));
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if given != Some(&format!("Basic {basic}")) {
        return Answer(400, json!({"error": "invalid_client"}));
    }
    let has = |name: &str, value: &str| form.iter().any(|(key, given)| key == name && given == value);
    if !has("grant_type", "client_credentials") {
        return Answer(400, json!({"error": "unsupported_grant_type"}));
    }
    if !has("scope", "public_api") {
        return Answer(400, json!({"error": "invalid_scope"}));
    }
    let token = world.tokens.issue(&world.client_id, world.now());
    let lasts = world.tokens.lasts / 1_000;
    Answer::ok(json!({"access_token": token, "expires_in": lasts, "token_type": "Bearer", "scope": "public_api"}))
}

/// Middleware: 401 without a token that holds.
pub(crate) async fn checked(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let holds = bearer(request.headers()).is_some_and(|token| world.tokens.holds(&world.client_id, token, world.now()));
    if holds {
        next.run(request).await
    } else {
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")];
        (challenge, Answer::refused(401, "the token is missing, unknown or has run out")).into_response()
    }
}
