//! Logging in: a cookie for the right credentials, a redirect for others.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use super::session::host_of;
use crate::{
    server::answer::{Answer, read_json},
    world::World,
};

pub(crate) async fn login(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response {
    let index = match host_of(&world, &headers) {
        Ok(index) => index,
        Err(answer) => return answer.into_response(),
    };
    let body = match read_json(&body) {
        Ok(body) => body,
        Err(answer) => return answer.into_response(),
    };
    let host = &world.network.hosts[index];
    if body["username"] != host.user.as_str() || body["password"] != host.password.as_str() {
        return (StatusCode::FOUND, [(header::LOCATION, "/login/doLogin.html?error=1")]).into_response();
    }
    let session = world.sessions.issue(&host.name, world.now());
    let cookie = format!("velocloud.session={session}; Path=/; HttpOnly");
    ([(header::SET_COOKIE, cookie)], Answer::ok(serde_json::json!({}))).into_response()
}
