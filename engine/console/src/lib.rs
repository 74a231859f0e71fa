//! What an engine shows over HTTP: health, readiness, Prometheus metrics.

mod exposition;
mod health;
mod serve;

pub use exposition::exposition;
pub use health::{Readiness, router as health_router};
pub use serve::{Bound, Listening, ServeError, bind, serve};

/// The routes for Prometheus: the metrics under any path (wire contract 8).
pub fn metrics_router(metrics: std::sync::Arc<wf_host::metrics::Metrics>) -> axum::Router {
    let show = move || {
        let text = exposition(&metrics);
        async move { ([("content-type", "text/plain; version=0.0.4; charset=utf-8")], text) }
    };
    axum::Router::new().fallback(axum::routing::get(show))
}
