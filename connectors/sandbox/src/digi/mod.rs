//! The recovery of cellular devices: tokens, reboots, the log of recoveries. Parameters travel as headers.

mod login;
mod recovery;

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};

use crate::world::World;

/// The path of a reboot: the only write.
pub(crate) const REBOOT: &str = "/DeviceManagement_API/rest/Recovery/RecoverDevice";

/// All routes. Everything but the login asks for a token.
pub(crate) fn routes(world: &Arc<World>) -> Router<Arc<World>> {
    let api = Router::new()
        .route(REBOOT, post(recovery::reboot))
        .route("/DeviceManagement_API/rest/Recovery/Logs", get(recovery::logs))
        .layer(from_fn_with_state(world.clone(), login::checked));
    Router::new().route("/Identity/rest/oauth/token", post(login::token)).merge(api)
}
