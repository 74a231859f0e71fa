//! One cycle: the monitor from its trigger to the end of its last recheck.

use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use wf_check::{Given, Project, resolve_params};
use wf_host::Workflow;
use wf_host::engine::{Engine, Once, Settings};
use wf_host::ports::{Clock, Task};
use wf_machine::{EndedHow, Writes};
use wf_value::{Map, Text, Value};

use crate::answers::Answers;
use crate::meter::{Cost, Meter, memory, reset_peak};
use crate::world::{Asked, DayClock, Peers};

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut project = Project::default();
    for folder in ["workflows", "connectors", "environments"] {
        add(&mut project, &root, &root.join(folder));
    }
    let checked = wf_check::check(&project);
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    let plan = checked.plan(WORKFLOW).expect("the monitor").clone();
    let at_once = plan.module.params.iter().filter(|p| p.name.starts_with("quarantine."));
    let mut sets: Vec<(Text, Given)> = at_once.map(|p| (p.name.clone(), Given::Raw("0s".into()))).collect();
    sets.push(("ipa_username".into(), Given::Value("IPA System".into())));
    let params = resolve_params(&plan, None, None, &sets).unwrap_or_else(|found| panic!("{found:#?}"));
    let env: [(&str, Value); 3] =
        [("name", "production".into()), ("writes", true.into()), ("workflow", WORKFLOW.into())];
    let env: Map = env.into_iter().map(|(key, value)| (Text::from(key), value)).collect();
    Arc::new(Workflow { plan, instance: None, params: Arc::new(params), env: env.into(), writes: Writes::On })
}

fn add(project: &mut Project, root: &Path, folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("a file of the repository").path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        if path.is_dir() {
            add(project, root, &path);
        } else if Project::wants(&name) {
            project.add(name, std::fs::read_to_string(&path).expect("a text"));
        } else if name.starts_with("workflows/") {
            project.add_asset(name, std::fs::read(&path).expect("a file of the repository"));
        }
    }
}

/// Runs it in a world of its own, and holds what came out against the specification.
pub(crate) async fn run(workflow: Arc<Workflow>, answers: Arc<Answers>) -> Cycle {
    let clock = Arc::new(DayClock::new());
    let ports = wf_local::in_memory(clock.clone());
    let peers = Peers::of(&workflow.plan, &answers, &*ports.bus).await;
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
