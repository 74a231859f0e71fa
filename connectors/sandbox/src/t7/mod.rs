//! The model that predicts what is done next about a ticket. It speaks gRPC, and looks at the same network and tickets as the others.

mod guesses;
mod messages;

use std::sync::Arc;

use axum::serve::Listener;
use prost::Message;
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet, time::sleep};
use wf_grpc::{Call, Code, Reply, Status, serve as serve_calls};

pub(crate) use guesses::Guesses;
use messages::{
    AssetPrediction, ModelError, PredictionRequest, PredictionResponse, SaveLiveMetricsRequest, SaveMetricsRequest,
    SaveResponse,
};

use crate::{
    ledger::Entry,
    scenario::FaultKind,
    server::{
        faults::{Asked, Fault},
        listener::Door,
        vendor::Vendor,
    },
    world::World,
};

const PREDICT: &str = "entrypoint.Entrypoint/Prediction";
const SAVE: &str = "entrypoint.Entrypoint/SaveMetrics";
const SAVE_LIVE: &str = "entrypoint.Entrypoint/SaveLiveMetrics";

/// Whether a call teaches the model something.
pub(crate) fn is_write(path: &str) -> bool {
    matches!(path, SAVE | SAVE_LIVE)
}

/// Takes connections until the sandbox stops.
pub(crate) async fn serve(mut door: Door, world: Arc<World>, mut stopping: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        let (wire, _) = tokio::select! {
            accepted = door.accept() => accepted,
            _ = stopping.wait_for(|stopping| *stopping) => return,
        };
        let (world, stopping) = (world.clone(), stopping.clone());
        connections.spawn(serve_calls(wire, move |call| answer(world.clone(), stopping.clone(), call)));
        while connections.try_join_next().is_some() {}
    }
}

/// Answers a call, or does what a fault says.
async fn answer(world: Arc<World>, mut stopping: watch::Receiver<bool>, call: Call) -> Reply {
    let at = world.now();
    let asked = Asked { vendor: Vendor::T7, host: "", method: "CALL", path: &call.method, now: at };
    let fault = world.faults.strike(&asked);
    if let Some(delay) = fault.and_then(Fault::delay) {
        sleep(delay).await;
    }
    let runs = fault.is_none_or(Fault::acted);
    let (done, said) = if runs { carry_out(&world, &call) } else { (refused(Code::INTERNAL, ""), Value::Null) };
    let acted = runs && matches!(done, Reply::Message(_));
    let reply = match fault.map(|fault| (fault.kind(), fault)) {
        None | Some((FaultKind::Delay | FaultKind::Large | FaultKind::Expired | FaultKind::Silence, _)) => done,
        Some((FaultKind::Status, fault)) => {
            let words = fault.body().and_then(Value::as_str).unwrap_or("the model is not well");
            refused(Code::of_http(fault.status()), words)
        }
        // the first field is said to be longer than what follows
        Some((FaultKind::Garbage, _)) => Reply::Message(vec![0x0a, 0x7f, b'<']),
        Some((FaultKind::Cut, _)) => Reply::Cut,
        Some((FaultKind::Refuse | FaultKind::HangUp, _)) => Reply::HangUp,
    };
    if is_write(&call.method) {
        let is_silent = fault.is_some_and(|fault| fault.kind() == FaultKind::Silence);
        world.ledger.add(Entry {
            vendor: Vendor::T7.name(),
            method: "CALL".to_owned(),
            path: call.method.clone(),
            at,
            body: said,
            status: status(&reply).filter(|_| !is_silent),
            acted,
            request_id: call.headers.iter().find(|(name, _)| name == "x-request-id").map(|(_, id)| id.clone()),
        });
    }
    if fault.is_some_and(|fault| fault.kind() == FaultKind::Silence) {
        let _ = stopping.wait_for(|stopping| *stopping).await;
        return Reply::HangUp;
    }
    reply
}

/// As the ledger shows it: 200, or the number of the code.
fn status(reply: &Reply) -> Option<u16> {
    match reply {
        Reply::Message(_) => Some(200),
        Reply::Status(status) => Some(status.code.number()),
        Reply::Cut | Reply::HangUp => None,
    }
}

/// The reply, and what was said, for the ledger.
fn carry_out(world: &World, call: &Call) -> (Reply, Value) {
    let message = call.message.as_ref();
    match call.method.as_str() {
        PREDICT => match PredictionRequest::decode(message) {
            Ok(request) => (predict(world, &request), Value::Null),
            Err(why) => (unreadable(&why), Value::Null),
        },
        SAVE => match SaveMetricsRequest::decode(message) {
            Ok(request) => (saved(request.ticket_rows.len()), json!(request)),
            Err(why) => (unreadable(&why), Value::Null),
        },
        SAVE_LIVE => match SaveLiveMetricsRequest::decode(message) {
            Ok(request) => (saved(1), json!(request)),
            Err(why) => (unreadable(&why), Value::Null),
        },
        other => (refused(Code::UNIMPLEMENTED, &format!("there is no {other}")), Value::Null),
    }
}

/// What is known of a ticket is what its rows tell: nothing is predicted for an asset without one.
fn predict(world: &World, request: &PredictionRequest) -> Reply {
    let now = world.now();
    let predicted = request.assets_to_predict.iter().map(|asset| {
        let has_rows = request.ticket_rows.iter().any(|row| row.asset.eq_ignore_ascii_case(asset));
        let error = |message: &str| ModelError { code: "error_in_prediction".to_owned(), message: message.to_owned() };
        let (task_results, error) = match has_rows {
            true => world.guesses.of(&world.network, asset, now),
            false => (Vec::new(), Some(error("no rows for this asset"))),
        };
        AssetPrediction { asset: asset.clone(), task_results, error }
    });
    let answer = PredictionResponse {
        success: true,
        message: String::new(),
        ticket_id: request.ticket_id,
        asset_predictions: predicted.collect(),
    };
    Reply::Message(answer.encode_to_vec())
}

fn saved(rows: usize) -> Reply {
    Reply::Message(SaveResponse { message: format!("Saved {rows} metrics") }.encode_to_vec())
}

fn unreadable(why: &prost::DecodeError) -> Reply {
    refused(Code::INTERNAL, &format!("the message cannot be read: {why}"))
}

fn refused(code: Code, message: &str) -> Reply {
    Reply::Status(Status { code, message: message.to_owned() })
}
