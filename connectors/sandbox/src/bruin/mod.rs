//! The ticketing system: tokens, tickets, notes, tasks, inventory.

pub(crate) mod inventory;
mod login;
mod mail;
mod notes;
mod opening;
mod tasks;
mod tickets;

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post, put},
};

use crate::world::World;

/// All routes. Everything below `/api` asks for a token.
pub(crate) fn routes(world: &Arc<World>) -> Router<Arc<World>> {
    let api = Router::new()
        .route("/api/Ticket", get(tickets::full).post(opening::ticket))
        .route("/api/Ticket/", post(opening::ticket))
        .route("/api/Ticket/basic", get(tickets::basic))
        .route("/api/Ticket/repair", post(opening::repair))
        .route("/api/Ticket/AITicketData", get(tickets::history))
        .route("/api/Ticket/Contacts", get(inventory::contacts))
        .route("/api/Ticket/topics", get(inventory::topics))
        .route("/api/Ticket/{ticket}/details", get(tickets::details))
        .route("/api/Ticket/{ticket}/details/work", put(tasks::work))
        .route("/api/Ticket/{ticket}/details/{detail}/status", put(tasks::status))
        .route("/api/Ticket/{ticket}/details/{detail}/detailids", get(tasks::detail_ids))
        .route("/api/Ticket/{ticket}/nextresult", get(tasks::next_results))
        .route("/api/Ticket/{ticket}/detail/unpause", post(tasks::unpause))
        .route("/api/Ticket/{ticket}/notes", post(notes::append))
        .route("/api/Ticket/{ticket}/notes/advanced", post(notes::append_many))
        .route("/api/Ticket/{ticket}/severity", put(tickets::severity))
        .route("/api/Ticket/{ticket}/close", put(tickets::close))
        .route("/api/Ticket/{ticket}/subscribeUser", post(mail::subscribe))
        .route("/api/Notification/email/milestone", post(mail::milestone))
        .route("/api/Inventory", get(inventory::documents))
        .route("/api/Inventory/Attribute", get(inventory::attributes))
        .route("/api/Inventory/circuit", get(inventory::circuit))
        .route("/api/Site", get(inventory::site))
        .layer(from_fn_with_state(world.clone(), login::checked));
    Router::new().route("/identity/connect/token", post(login::token)).merge(api)
}
