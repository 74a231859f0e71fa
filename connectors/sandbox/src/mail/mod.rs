//! A mail server that hands nothing on: every mail stands in the ledger.

mod message;
mod session;

use std::sync::Arc;

use axum::serve::Listener;
use tokio::{sync::watch, task::JoinSet};

use crate::{server::listener::Door, world::World};

/// Takes sessions until the sandbox stops.
pub(crate) async fn serve(mut door: Door, world: Arc<World>, mut stopping: watch::Receiver<bool>) {
    let mut sessions = JoinSet::new();
    loop {
        let (wire, _) = tokio::select! {
            accepted = door.accept() => accepted,
            _ = stopping.wait_for(|stopping| *stopping) => return,
        };
        let (world, stopping) = (world.clone(), stopping.clone());
        sessions.spawn(async move {
            // whoever hangs up has nothing more to say
            let _ = session::session(wire, &world, stopping).await;
        });
        while sessions.try_join_next().is_some() {}
    }
}
