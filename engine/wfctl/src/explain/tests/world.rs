//! A project of its own, run in virtual time against a vendor that answers on the bus.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value as Json, json};
use wf_check::{Checked, Project, resolve_params};
use wf_host::Workflow;
use wf_host::clock::VirtualClock;
use wf_host::engine::{Engine, Ids, Once, Settings};
use wf_host::ports::{Incoming, Journal, Ports, Replier, Reply};
use wf_machine::Writes;
use wf_plan::RunId;
use wf_value::{Map, Text, Value};

use crate::exit::Refusal;
use crate::explain::recorded::{Recorded, find};
use crate::explain::{Form, outlined, story};

const FILES: &[(&str, &str)] = &[
    ("connectors/desk/desk.yaml", include_str!("project/connectors/desk/desk.yaml")),
    ("environments/production.yaml", include_str!("project/environments/production.yaml")),
    ("workflows/lib/edges.yaml", include_str!("project/workflows/lib/edges.yaml")),
    ("workflows/watch/workflow.yaml", include_str!("project/workflows/watch/workflow.yaml")),
];

const SUBJECTS: &[&str] = &["desk.edges", "desk.tickets", "desk.notes", "desk.note", "desk.chat"];

type Answers = dyn Fn(&str, &Json) -> (u16, Json) + Send + Sync;

struct Desk(Box<Answers>);

#[async_trait]
impl Replier for Desk {
    async fn handle(&self, message: Incoming) -> Reply {
        let request: Json = serde_json::from_slice(&message.payload).unwrap_or_default();
        let (status, body) = (self.0)(&message.subject, &request["body"]);
        Some(json!({"request_id": request["request_id"], "status": status, "body": body}).to_string().into())
    }
}

/// The project, with another workflow in the place of its own if one is given.
pub fn checked(workflow: Option<&str>) -> Checked {
    let mut files = FILES.to_vec();
    if let Some(text) = workflow {
        files.retain(|(path, _)| !path.starts_with("workflows/"));
        files.push(("workflows/watch/workflow.yaml", text));
    }
    let mut project: Project = files.into_iter().collect();
    project.add_asset("workflows/watch/logo.png", &b"\x89PNG\xff"[..]);
    let checked = wf_check::check(&project);
    let shown = wf_source::render::human(&checked.files, &checked.diagnostics, wf_source::render::Style::PLAIN);
    assert!(!checked.has_errors(), "{shown}");
    checked
}

/// Runs the workflow once in production, and what it books; gives its run.
pub async fn run(
    ports: Ports,
    workflow: Option<&str>,
    writes: Writes,
    answers: impl Fn(&str, &Json) -> (u16, Json) + Send + Sync + 'static,
) -> RunId {
    let checked = checked(workflow);
    let plan = checked.plan("watch").expect("the workflow is right").clone();
    let params = resolve_params(&plan, checked.environment("production"), None, &[]).expect("params are right");
    let env: [(&str, Value); 3] =
        [("name", "production".into()), ("writes", true.into()), ("workflow", "watch".into())];
    let env = env.into_iter().map(|(key, value)| (Text::from(key), value)).collect::<Map>().into();
    let of = Arc::new(Workflow { plan: plan.clone(), instance: None, params: Arc::new(params), env, writes });
    let desk = Arc::new(Desk(Box::new(answers)));
    let mut serving = Vec::new();
    for subject in SUBJECTS {
        serving.push(ports.bus.subscribe(subject, Some("desk"), desk.clone()).await.expect("a free subject"));
    }
    let settings = Settings { ids: Ids::counted(7), keep_reads: true, ..Settings::default() };
    let engine = Engine::new(ports, settings);
    let all = async {
        let first = engine.run_once(Once::of(of)).await;
        engine.settle(None).await;
        first.run
    };
    tokio::time::timeout(Duration::from_secs(60), all).await.expect("virtual time goes on")
}

pub fn in_memory() -> Ports {
    wf_local::in_memory(Arc::new(clock()))
}

pub fn clock() -> VirtualClock {
    VirtualClock::new("2022-06-01T14:00:00Z".parse().expect("a time"))
}

/// The answer in full, or as JSON.
pub async fn asked(journal: &dyn Journal, run: &str, item: Option<&str>, json: bool) -> Result<String, Refusal> {
    let recorded = Recorded::read(journal, find(journal, run).await?).await?;
    match item {
        Some(item) => story(journal, &recorded, item, if json { Form::Json } else { Form::Full }).await,
        None => outlined(journal, &recorded, json).await,
    }
}

pub async fn shortly(journal: &dyn Journal, run: &str, item: &str) -> Result<String, Refusal> {
    let recorded = Recorded::read(journal, find(journal, run).await?).await?;
    story(journal, &recorded, item, Form::Short).await
}

/// A desk with four edges and some tickets.
pub fn desk(subject: &str, body: &Json) -> (u16, Json) {
    let edge = |serial: &str, state: &str, links: i64| json!({"serial": serial, "state": state, "links": links});
    let body = match subject {
        "desk.edges" => json!([
            edge("VC1", "OFFLINE", 2), edge("VC2", "CONNECTED", 2), edge("VC3", "NEW", 0), edge("VC4", "CONNECTED", 0),
            {"serial": "VC5", "links": 1},
        ]),
        "desk.tickets" => json!([
            {"number": 4711, "serials": ["VC1", "VC2"]},
            {"number": 4712, "serials": ["VC3"]},
            {"number": 4713, "serials": ["VC4", "VC5"]},
            {"number": 4711, "serials": ["VC1"]},
            {"number": 12, "serials": ["VC1"]},
        ]),
        "desk.notes" if body["ticket"] == 4711 => json!([{"at": "2022-06-01T11:00:00Z", "text": "a"}]),
        "desk.notes" => {
            json!([{"at": "2022-06-01T13:35:00Z", "text": "b"}, {"at": "2022-06-01T13:01:00Z", "text": "c"}])
        }
        _ => json!("ok"),
    };
    (200, body)
}
