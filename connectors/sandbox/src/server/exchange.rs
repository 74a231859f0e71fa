//! What happens around every request: the fault that strikes it, and its place in the ledger.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::Value;
use tokio::{sync::watch, time::sleep};

use super::{
    faults::{Asked, Fault},
    listener::Fate,
    vendor::Vendor,
};
use crate::{ledger::Entry, scenario::FaultKind, world::World};

/// The largest request that a vendor reads, bytes.
const MAX_REQUEST: usize = 16_000_000;
/// The largest answer that faults look at, bytes.
const MAX_ANSWER: usize = 256_000_000;
const GARBAGE: &str = "<html><body><h1>502 Proxy Error</h1></body></html>";

/// State of the middleware of one vendor.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) world: Arc<World>,
    pub(crate) vendor: Vendor,
    /// Becomes true when the sandbox stops, so that silent requests end.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Middleware around all routes of a vendor.
pub(crate) async fn exchange(
    State(exchange): State<Exchange>,
    ConnectInfo(fate): ConnectInfo<Fate>,
    request: Request,
    next: Next,
) -> Response {
    if request.uri().path().starts_with("/sandbox/") {
        return next.run(request).await;
    }
    let world = &exchange.world;
    let at = world.now();
    let method = request.method().as_str().to_owned();
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_REQUEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let asked = Asked { vendor: exchange.vendor, host: host(&headers), method: &method, path: &path, now: at };
    let fault = world.faults.strike(&asked);
    if let Some(delay) = fault.and_then(Fault::delay) {
        sleep(delay).await;
    }
    if fault.is_some_and(|fault| fault.kind() == FaultKind::Expired) {
        revoke(world, &headers);
    }
    let runs = fault.is_none_or(|fault| fault.acted() || fault.kind() == FaultKind::Expired);
    let answer = if runs { next.run(Request::from_parts(parts, Body::from(body.clone()))).await } else { no_answer() };
    let acted = runs && answer.status().is_success();
    let answer = match fault {
        None => answer,
        Some(fault) => spoil(fault, answer, &fate).await,
    };
    if exchange.vendor.is_write(&method, &path) {
        let without_head = fault.is_some_and(|fault| hides_head(fault.kind()));
        world.ledger.add(Entry {
            vendor: exchange.vendor.name(),
            method,
            path,
            at,
            body: written(exchange.vendor, &headers, &body),
            status: (!without_head).then_some(answer.status().as_u16()),
            acted,
            request_id: request_id(&headers),
        });
        if acted {
            world.remember();
        }
    }
    if fault.is_some_and(|fault| fault.kind() == FaultKind::Silence) {
        let mut stopping = exchange.stopping.clone();
        let _ = stopping.wait_for(|stopping| *stopping).await;
        fate.hang_up();
    }
    answer
}

/// Makes of an answer what the fault leaves of it.
async fn spoil(fault: &Fault, answer: Response, fate: &Fate) -> Response {
    match fault.kind() {
        FaultKind::Refuse | FaultKind::HangUp => {
            fate.hang_up();
            answer
        }
        FaultKind::Silence | FaultKind::Delay | FaultKind::Expired => answer,
        FaultKind::Status => {
            let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            match fault.body() {
                None => (status, format!("the vendor answers {}", status.as_u16())).into_response(),
                Some(Value::String(text)) => (status, text.clone()).into_response(),
                Some(json) => (status, [(header::CONTENT_TYPE, "application/json")], json.to_string()).into_response(),
            }
        }
        FaultKind::Garbage => {
            let text = fault.body().map_or_else(
                || GARBAGE.to_owned(),
                |body| body.as_str().map_or_else(|| body.to_string(), str::to_owned),
            );
            ([(header::CONTENT_TYPE, "application/json")], text).into_response()
        }
        FaultKind::Cut => {
            let (parts, body) = answer.into_parts();
            let body = to_bytes(body, MAX_ANSWER).await.unwrap_or_default();
            fate.cut_after(body.len() / 2);
            Response::from_parts(parts, Body::from(body))
        }
        FaultKind::Large => {
            let (mut parts, body) = answer.into_parts();
            let body = enlarge(&to_bytes(body, MAX_ANSWER).await.unwrap_or_default(), fault.size());
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            Response::from_parts(parts, Body::from(body))
        }
    }
}

/// The same JSON with a field `padding`, in the object or in the first object of the list; else with blanks at the end.
fn enlarge(body: &Bytes, size: usize) -> Vec<u8> {
    let padding = || Value::from("x".repeat(size.saturating_sub(body.len())));
    let mut value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(_) => return body.to_vec(),
    };
    let target = match &mut value {
        Value::Array(list) => list.first_mut(),
        other => Some(other),
    };
    let enlarged = match target {
        Some(Value::Object(map)) => {
            map.insert("padding".to_owned(), padding());
            value.to_string().into_bytes()
        }
        _ => body.to_vec(),
    };
    let missing = size.saturating_sub(enlarged.len());
    enlarged.into_iter().chain(std::iter::repeat_n(b' ', missing)).collect()
}

/// Faults after which the caller sees no head of an answer.
fn hides_head(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Refuse | FaultKind::HangUp | FaultKind::Silence)
}

/// Stands for the answer that a fault does not let happen.
fn no_answer() -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Takes away whatever session the request came with.
fn revoke(world: &World, headers: &HeaderMap) {
    if let Some(token) = bearer(headers) {
        world.tokens.revoke(token);
        world.digi_tokens.revoke(token);
    }
    if let Some(session) = session_cookie(headers) {
        world.sessions.revoke(session);
    }
}

/// The orchestrator that a request is for: its `Host` header without a port.
pub(crate) fn host(headers: &HeaderMap) -> &str {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    host.rsplit_once(':')
        .map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host })
}

/// The token of `Authorization: Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The orchestrator's session of the `Cookie` header.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    cookies.flat_map(|cookies| cookies.split(';')).find_map(|cookie| cookie.trim().strip_prefix("velocloud.session="))
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let named = ["x-request-id", "idempotency-key", "igzid"].into_iter().find_map(|name| headers.get(name))?;
    named.to_str().ok().map(str::to_owned)
}

/// What a write says: its body, or the headers in which one vendor takes its parameters.
fn written(vendor: Vendor, headers: &HeaderMap, body: &Bytes) -> Value {
    if vendor != Vendor::Digi {
        return readable(body);
    }
    let parameters = ["VeloSerial", "Ticket", "MAC"].into_iter().filter_map(|name| {
        let value = headers.get(name)?.to_str().ok()?;
        Some((name.to_owned(), Value::from(value)))
    });
    Value::Object(parameters.collect())
}

fn readable(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enlarged_answer_says_the_same() {
        for text in [r#"{"a":1}"#, r#"[{"a":1},{"b":2}]"#, "[]", "5"] {
            let large = enlarge(&Bytes::from_static(text.as_bytes()), 10_000);
            assert!((10_000..10_100).contains(&large.len()), "{text}: {}", large.len());
            let value: Value = serde_json::from_slice(&large).unwrap();
            let first = value.get(0).unwrap_or(&value);
            assert_eq!(first.get("a").is_some(), text.contains("\"a\""));
        }
    }

    #[test]
    fn hosts_cookies_and_tokens_are_read_from_headers() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("vco1.example.com:8080"));
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; velocloud.session=s-1"));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer t-1"));
        assert_eq!(host(&headers), "vco1.example.com");
        assert_eq!(session_cookie(&headers), Some("s-1"));
        assert_eq!(bearer(&headers), Some("t-1"));
    }
}
