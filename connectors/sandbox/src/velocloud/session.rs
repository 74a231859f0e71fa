//! Who asks: which orchestrator, and with a session that still holds.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    server::{
        answer::Answer,
        exchange::{host, session_cookie},
    },
    world::World,
};

/// A request of somebody who is logged in.
pub(crate) struct Caller {
    /// Place in `Network::hosts`.
    pub(crate) host: usize,
}

impl FromRequestParts<Arc<World>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Caller, Response> {
        let host = host_of(world, &parts.headers).map_err(IntoResponse::into_response)?;
        let Some(session) = session_cookie(&parts.headers) else {
            return Err(error(401, "tokenError [no session cookie]").into_response());
        };
        if !world.sessions.holds(&world.network.hosts[host].name, session, world.now()) {
            let body = error(200, "tokenError [expired session cookie]");
            return Err(([(header::EXPIRES, "0")], body).into_response());
        }
        Ok(Caller { host })
    }
}

/// The orchestrator of the `Host` header. A scenario with one orchestrator answers to the bare address, too.
pub(crate) fn host_of(world: &World, headers: &HeaderMap) -> Result<usize, Answer> {
    let name = host(headers);
    let is_address = name == "localhost" || name.parse::<std::net::IpAddr>().is_ok();
    match world.network.host(name) {
        Some(index) => Ok(index),
        None if is_address && world.network.hosts.len() == 1 => Ok(0),
        None => Err(error(404, &format!("there is no orchestrator `{name}`"))),
    }
}

/// An error in the orchestrators' shape.
pub(crate) fn error(status: u16, message: &str) -> Answer {
    Answer(status, json!({"error": {"code": -32000, "message": message}}))
}
