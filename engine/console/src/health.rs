//! `/_health` says that the process runs; `/_ready` whether it can work.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};

/// Why the engine cannot work now; empty when it can. Asked at each request.
pub type Readiness = Arc<dyn Fn() -> Vec<String> + Send + Sync>;

/// `GET /_health` → 200 and `null`, as the old services answer (wire contract 7). `GET /_ready` → 200, or 503 and the reasons, one a line.
pub fn router(ready: Readiness) -> Router {
    let readiness = move || {
        let reasons = ready();
        async move { answer(&reasons) }
    };
    let health = || async { ([(header::CONTENT_TYPE, "application/json")], "null") };
    Router::new().route("/_health", get(health)).route("/_ready", get(readiness))
}

fn answer(reasons: &[String]) -> Response {
    if reasons.is_empty() {
        return (StatusCode::OK, "ready\n").into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n").into_response()
}
