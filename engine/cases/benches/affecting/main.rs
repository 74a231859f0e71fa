//! One cycle of the affecting monitor: nine checks of every link and the resolving look, each over all rows of metrics, from the trigger to
//! the end. Peers in the process answer at once.
//!
//! `cargo bench -p wf-cases --bench affecting` measures 5,000 edges and fails when a cycle takes more than its share of the time in which
//! the same answers are decoded; `-- N` measures N edges.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods, reason = "a benchmark")]

mod answers;
#[path = "../shared/mod.rs"]
mod shared;

use std::process::ExitCode;
use std::sync::Arc;

use answers::{Answers, requests};
use bytes::Bytes;
use shared::answer::HOST;
use shared::meter::{Cost, Meter, all_of, decoding, least, median};
use shared::monitor::monitor;
use shared::world::{Answering, Asked, DayClock, Peers};
use wf_check::Given;
use wf_host::Workflow;
use wf_host::engine::{Engine, Once, Settings};
use wf_host::ports::Clock;
use wf_machine::EndedHow;
use wf_value::Decoder;

/// Processor time against our decoder over the same answers.
const OF_OURS: f64 = 4.0;
const RUNS: usize = 7;

fn main() -> ExitCode {
    let edges = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(5_000);
    let answers = Arc::new(Answers::of(edges));
    let answering: Answering = Arc::new(move |subject, request| answers.to(subject, request));
    let workflow = workflow();
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let cycle = || {
        let running = runtime.spawn(cycle(workflow.clone(), answering.clone(), edges));
        runtime.block_on(running).expect("a cycle that came out right")
    };
    let (_, asked) = cycle();
    let mut costs: [Vec<Cost>; 3] = Default::default();
    for _ in 0..RUNS {
        // taking turns, so that what else the machine does falls on all of them
        costs[0].push(cycle().0);
        costs[1].push(decoding(&asked.given, Decoder::new, all_of));
        costs[2].push(decoding(
            &asked.given,
            || (),
            |(), bytes| serde_json::from_slice::<serde_json::Value>(bytes).ok(),
        ));
    }
    report(edges, &asked, &costs)
}

fn report(edges: usize, asked: &Asked, costs: &[Vec<Cost>; 3]) -> ExitCode {
    let requests: usize = asked.counts.values().sum();
    let decoded: usize = asked.given.iter().flatten().map(Bytes::len).sum();
    println!("N = {edges}: {requests} requests, {:.1} MB decoded, median (least) of {RUNS}", decoded as f64 / 1e6);
    let cpu = |of: usize| median(costs[of].iter().map(|c| c.cpu));
    for (name, costs) in ["a cycle", "our decoder", "serde_json::Value"].into_iter().zip(costs) {
        let (wall, best_wall) = (median(costs.iter().map(|c| c.wall)), least(costs.iter().map(|c| c.wall)));
        let (cpu, best_cpu) = (median(costs.iter().map(|c| c.cpu)), least(costs.iter().map(|c| c.cpu)));
        println!("  {name:18} wall {wall:8.1} ms ({best_wall:.1}), CPU {cpu:8.1} ms ({best_cpu:.1})");
    }
    let ratio = cpu(0) / cpu(1);
    let held = ratio <= OF_OURS;
    let told = if held { "" } else { " - TOO MUCH" };
    println!("  CPU: {:.2} of serde_json, {ratio:.2} of our decoder, at most {OF_OURS}{told}", cpu(0) / cpu(2));
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// With contacts for every customer, as production has them; reports stay at their hours.
fn workflow() -> Arc<Workflow> {
    let contacts =
        format!(r#"{{"{HOST}":{{"*":[{{"email":"desk@example.com","name":"Desk","type":"site","phone":null}}]}}}}"#);
    let contacts = wf_value::decode(contacts).expect("JSON");
    monitor("service-affecting-monitor", |param| match param.name.as_str() {
        "ipa_username" => Some(Given::Value("IPA System".into())),
        "contacts.default" => Some(Given::Value(contacts.clone())),
        _ if param.default.is_none() && !param.ty.is_optional() => {
            Some(Given::Unset("this cycle does not need it".into()))
        }
        _ => None,
    })
}

/// Runs it in a world of its own, and holds what was asked against what must be.
async fn cycle(workflow: Arc<Workflow>, answers: Answering, edges: usize) -> (Cost, Asked) {
    let clock = Arc::new(DayClock::new());
    let ports = wf_local::in_memory(clock.clone());
    let peers = Peers::of(&workflow.plan, &answers, &*ports.bus, false).await;
    let engine = Engine::new(ports.clone(), Settings::default());
    let begun = clock.now();
    let meter = Meter::start();
    let finished = engine.run_once(Once::of(workflow.clone())).await;
    let rest = engine.settle(None).await;
    let cost = meter.read();
    assert!(rest.is_empty(), "one run is the whole cycle");
    let ended = finished.ended.as_ref().unwrap_or_else(|stopped| panic!("{stopped}"));
    assert!(matches!(ended.how, EndedHow::Well), "{:?}", ended.how);
    assert!(ended.report.undecided.is_empty(), "{:#?}", ended.report.undecided);
    assert!(ended.report.failures.is_empty(), "{:#?}", ended.report.failures);
    let asked = peers.drain().await;
    assert_eq!(asked.counts.iter().map(|(s, n)| (s.as_str(), *n)).collect::<Vec<_>>(), requests(edges));
    let booked = ports.tasks.waiting().await.expect("a memory");
    assert_eq!(booked.len(), edges / 50, "forwards of links in trouble");
    assert!(booked.iter().all(|task| task.due > begun), "forwards that are due at once");
    (cost, asked)
}
