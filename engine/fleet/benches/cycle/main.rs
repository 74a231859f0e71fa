//! Benchmark B1 over a real NATS server: one cycle of the outage monitor, and beside it a bare `async-nats` loop that sends the same requests,
//! as many at a time, and decodes the same replies with `serde_json`.
//!
//! `cargo bench -p wf-fleet --bench cycle` measures 5,000 edges and fails when the engine reaches less than its share of the requests a second
//! of the bare loop; `-- N` measures N edges. Peers and loop live in this process, the server is one of its own.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods, reason = "a benchmark")]

#[path = "../../../cases/benches/cycle/answers.rs"]
#[allow(dead_code, reason = "the other benchmark tells of sizes")]
mod answers;
#[path = "../../../cases/benches/cycle/cycle.rs"]
#[allow(dead_code, reason = "the other benchmark tells of memory")]
mod cycle;
#[path = "../../../cases/benches/shared/mod.rs"]
mod shared;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use answers::Answers;
use async_nats::Client;
use cycle::Outside;
use futures::StreamExt;
use shared::meter::{Cost, Meter, least, median};
use shared::world::{Answering, Asked, Peers};
use wf_fleet::{NatsBus, NatsSettings};
use wf_host::ports::Incoming;
use wf_testkit::{NatsConfig, NatsServer};

/// Requests a second against those of the bare loop.
const SHARE: f64 = 0.7;
const RUNS: usize = 7;
/// The largest answer of 5,000 edges has 7 MB: payloads over the limit would go by way of a store, which is not what is measured.
const MAX_PAYLOAD: u32 = 64 << 20;
/// Requests of the bare loop under way at a time: as many edges as the monitor looks at a time.
const AT_A_TIME: usize = 5;

fn main() -> ExitCode {
    let edges = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(5_000);
    let config = NatsConfig { max_payload: Some(MAX_PAYLOAD), jetstream: false, ..NatsConfig::default() };
    let server = NatsServer::start_with(config);
    let answers = Arc::new(Answers::of(edges));
    let workflow = cycle::workflow();
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let (mut ours, mut bare): (Vec<Cost>, Vec<Cost>) = (vec![], vec![]);
    let mut first = None;
    for run in 0..=RUNS {
        let running = runtime.spawn(measure(server.url(), workflow.clone(), answers.clone()));
        let (cost, bare_cost, asked) = runtime.block_on(running).expect("a cycle that came out right");
        // the first one warms up
        if run > 0 {
            ours.push(cost);
            bare.push(bare_cost);
        }
        first.get_or_insert(asked);
    }
    let requests = first.map_or(0, |asked| asked.heard.len());
    println!("N = {edges}: {requests} requests over NATS {}, median (least) of {RUNS}", server.version());
    for (name, costs) in [("a cycle", &ours), ("the bare loop", &bare)] {
        let (wall, best) = (median(costs.iter().map(|c| c.wall)), least(costs.iter().map(|c| c.wall)));
        let (cpu, rate) = (median(costs.iter().map(|c| c.cpu)), requests as f64 / wall * 1e3);
        println!("  {name:14} wall {wall:8.1} ms ({best:.1}), CPU {cpu:8.1} ms, {rate:8.0} requests a second");
    }
    let wall = |costs: &[Cost]| median(costs.iter().map(|c| c.wall));
    let share = wall(&bare) / wall(&ours);
    let held = share >= SHARE;
    println!("  {share:.2} of the bare loop, at least {SHARE}{}", if held { "" } else { " - TOO LITTLE" });
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A cycle, and then the same requests bare.
async fn measure(url: String, workflow: Arc<wf_host::Workflow>, answers: Arc<Answers>) -> (Cost, Cost, Asked) {
    let settings = |name: &str| NatsSettings { url: url.clone(), name: name.into(), ..NatsSettings::default() };
    let bus = async |name: &str| Arc::new(NatsBus::connect(settings(name), None).await.expect("a connection"));
    let (engine, peers) = (bus("engine").await, bus("peers").await);
    let outside = Outside { engine, peers: peers.clone() };
    let cycle = cycle::run(workflow.clone(), answers.clone(), Some(outside)).await;

    let answering: Answering = Arc::new(move |subject, request| answers.to(subject, request));
    let listening = Peers::of(&workflow.plan, &answering, &*peers, false).await;
    let client = async_nats::ConnectOptions::new().connect(&url).await.expect("a connection");
    let meter = Meter::start();
    bare(&client, &cycle.asked.heard).await;
    let cost = meter.read();
    let counts = listening.drain().await.counts;
    assert_eq!(counts, cycle.asked.counts, "the same requests");
    (cycle.cost, cost, cycle.asked)
}

/// Sends them, and decodes each reply.
async fn bare(client: &Client, requests: &[Incoming]) {
    let each = futures::stream::iter(requests.iter().cloned()).map(|request| async move {
        let Incoming { subject, payload, wants_reply } = request;
        if !wants_reply {
            client.publish(subject, payload).await.expect("a connection");
            return;
        }
        let asked = async_nats::Request::new().payload(payload).timeout(Some(Duration::from_secs(60)));
        let reply = client.send_request(subject, asked).await.expect("a reply");
        let value: serde_json::Value = serde_json::from_slice(&reply.payload).expect("JSON");
        assert!(std::hint::black_box(value).is_object());
    });
    each.buffer_unordered(AT_A_TIME).collect::<Vec<()>>().await;
    client.flush().await.expect("a connection");
}
