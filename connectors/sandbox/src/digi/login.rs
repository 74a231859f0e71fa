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

/// `POST /Identity/rest/oauth/token`, form `grant_type=client_credentials&scope=write:dms`, basic auth in any case.
pub(crate) async fn token(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Answer {
    let (id, secret) = &world.digi_account;
    let basic = BASE64_STANDARD.encode(format!("{id}:{secret}"));
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known =
        given.split_once(' ').is_some_and(|(kind, login)| kind.eq_ignore_ascii_case("basic") && login == basic);
    if !is_known {
        return Answer(401, json!({"error": "invalid_client"}));
    }
    let has = |name: &str, value: &str| form.iter().any(|(key, given)| key == name && given == value);
    if !has("grant_type", "client_credentials") || !has("scope", "write:dms") {
        return Answer(400, json!({"error": "invalid_request"}));
    }
    let token = world.digi_tokens.issue(id, world.now());
    Answer::ok(json!({"access_token": token, "expires_in": world.digi_tokens.lasts / 1_000, "token_type": "bearer"}))
}

/// Middleware: 401 without a token that holds.
pub(crate) async fn checked(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let account = &world.digi_account.0;
    let holds = bearer(request.headers()).is_some_and(|token| world.digi_tokens.holds(account, token, world.now()));
    if holds { next.run(request).await } else { Answer(401, json!({"error": "invalid_token"})).into_response() }
}
