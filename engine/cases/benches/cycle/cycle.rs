//! One cycle: the monitor from its trigger to the end of its last recheck.

use std::sync::Arc;

use jiff::SignedDuration;
use wf_check::Given;
use wf_host::Workflow;
use wf_host::engine::{Engine, Once, Settings};
use wf_host::ports::{Bus, Clock, Ports, Task};
use wf_machine::EndedHow;

use crate::answers::Answers;
use crate::shared::meter::{Cost, Meter, memory, reset_peak};
use crate::shared::monitor::monitor;
use crate::shared::world::{Answering, Asked, DayClock, Peers};

const WORKFLOW: &str = "service-outage-monitor";

pub(crate) struct Cycle {
    pub(crate) cost: Cost,
    /// MiB: before, and the highest during the cycle.
    pub(crate) before: f64,
    pub(crate) peak: f64,
    pub(crate) asked: Asked,
}

/// The workflow as production has it, with the defaults of its params; rechecks come at once.
pub(crate) fn workflow() -> Arc<Workflow> {
    monitor(WORKFLOW, |param| match param.name.as_str() {
        "ipa_username" => Some(Given::Value("IPA System".into())),
        name => name.starts_with("quarantine.").then(|| Given::Raw("0s".into())),
    })
}

/// Where messages travel, when not inside the process.
pub(crate) struct Outside {
    pub(crate) engine: Arc<dyn Bus>,
    pub(crate) peers: Arc<dyn Bus>,
}

/// Runs it in a world of its own, and holds what came out against the specification.
pub(crate) async fn run(workflow: Arc<Workflow>, answers: Arc<Answers>, outside: Option<Outside>) -> Cycle {
    let clock = Arc::new(DayClock::new());
    let local = wf_local::in_memory(clock.clone());
    let answering: Answering = {
        let answers = answers.clone();
        Arc::new(move |subject, request| answers.to(subject, request))
    };
    let beside = outside.as_ref().map_or(&local.bus, |outside| &outside.peers);
    let peers = Peers::of(&workflow.plan, &answering, &**beside, outside.is_some()).await;
    let ports = match &outside {
        Some(outside) => Ports { bus: outside.engine.clone(), ..local },
        None => local,
    };
    let engine = Engine::new(ports.clone(), Settings::default());
    let begun = clock.now();
    reset_peak();
    let (_, before) = memory();
    let meter = Meter::start();
    let mut finished = vec![engine.run_once(Once::of(workflow.clone())).await];
    finished.extend(engine.settle(None).await);
    let cost = meter.read();
    let (peak, _) = memory();
    assert_eq!(finished.len(), 3, "the first look and two rechecks");
    for run in &finished {
        let ended = run.ended.as_ref().unwrap_or_else(|stopped| panic!("{stopped}"));
        assert!(matches!(ended.how, EndedHow::Well), "{:?}", ended.how);
        let report = &ended.report;
        assert!(report.undecided.is_empty(), "{:#?}", report.undecided);
        assert!(report.failures.is_empty(), "{:#?}", report.failures);
    }
    let asked = peers.drain().await;
    let edges = answers.edges;
    assert_eq!(asked.counts.iter().map(|(s, n)| (s.as_str(), *n)).collect::<Vec<_>>(), requests(edges));
    let booked = ports.tasks.waiting().await.expect("a memory");
    let due = |from: SignedDuration, to: SignedDuration| {
        booked.iter().filter(|task: &&Task| (begun + from..begun + to).contains(&task.due)).count()
    };
    let minutes = SignedDuration::from_mins;
    assert_eq!(booked.len(), edges / 10, "forwards booked");
    assert_eq!(due(minutes(1), minutes(60)), edges / 50, "forwards of edges that are down");
    assert_eq!(due(minutes(90), minutes(150)), edges * 8 / 100, "forwards of links that are down");
    Cycle { cost, before, peak, asked }
}

/// What must be asked, by subject: 1.72 N + 7 requests.
fn requests(edges: usize) -> Vec<(&'static str, usize)> {
    let outages = edges / 10;
    let mut requests = vec![
        ("alert.request.event.edge", outages),
        ("bruin.change.ticket.severity", outages),
        ("bruin.notification.email.milestone", edges / 50),
        ("bruin.single_ticket.basic.request", outages),
        ("bruin.ticket.basic.request", edges * 9 / 10),
        ("bruin.ticket.creation.outage.request", outages),
        ("bruin.ticket.details.request", outages),
        ("bruin.ticket.note.append.request", outages),
        ("customer.cache.get", 1),
        ("get.links.with.edge.info", 3),
        ("notification.slack.request", edges / 5),
        ("request.network.enterprise.edges", 3),
    ];
    requests.sort_unstable();
    assert_eq!(requests.iter().map(|(_, n)| n).sum::<usize>(), edges * 172 / 100 + 7);
    requests
}
