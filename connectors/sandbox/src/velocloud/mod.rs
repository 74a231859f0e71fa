//! The orchestrators: several hosts behind one listener, told apart by the `Host` header.

mod configuration;
mod events;
mod login;
mod metrics;
mod monitoring;
mod session;

use std::sync::Arc;

use axum::{Router, routing::post};

pub(crate) use configuration::configured_links;

use crate::world::World;

/// All routes, below `/portal/rest`.
pub(crate) fn routes() -> Router<Arc<World>> {
    let rest = Router::new()
        .route("/login/operatorLogin", post(login::login))
        .route("/login/enterpriseLogin", post(login::login))
        .route("/monitoring/getEnterpriseEdgeLinkStatus", post(monitoring::link_status))
        .route("/monitoring/getAggregates", post(monitoring::aggregates))
        .route("/monitoring/getAggregateEdgeLinkMetrics", post(metrics::link_metrics))
        .route("/metrics/getEdgeLinkSeries", post(metrics::link_series))
        .route("/metrics/getGatewayStatusMetrics", post(metrics::gateway_metrics))
        .route("/event/getEnterpriseEvents", post(events::enterprise_events))
        .route("/enterprise/getEnterpriseEdges", post(configuration::enterprise_edges))
        .route("/edge/getEdgeConfigurationModules", post(configuration::modules))
        .route("/network/getNetworkEnterprises", post(configuration::network_enterprises))
        .route("/network/getNetworkGateways", post(configuration::gateways));
    Router::new().nest("/portal/rest", rest)
}
