//! Simulated vendors beside the engine.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use wf_host::Workflow;
use wf_host::clock::VirtualClock;
use wf_host::envelope;
use wf_host::ports::{Bus, Clock, Incoming, Replier, Reply, Subscription};
use wf_plan::{Envelope, Plan, TriggerKind};
use wf_sandbox::{Options, Running, Sandbox, Scenario};
use wf_value::Value;

use super::shifted::ShiftedClock;
use crate::exit::Refusal;

/// How the time of a simulated world goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As fast as ours.
    Real,
    /// It stands still while somebody works, and jumps when everybody waits.
    Jumps,
}

/// A scenario that runs.
pub struct Simulated {
    pub running: Arc<Running>,
    pub clock: Arc<dyn Clock>,
}

impl Simulated {
    /// Starts the vendors of a scenario file. Engine and vendors share one clock, which begins at the scenario's moment and goes as `pace`
    /// says.
    pub fn start(path: &Path, pace: Pace) -> Result<Self, Refusal> {
        let scenario = Scenario::from_path(path).map_err(|e| Refusal::wrong(e.to_string()))?;
        let begin = scenario.start().map_err(|e| Refusal::wrong(e.to_string()))?;
        let begin =
            Timestamp::from_millisecond(begin).map_err(|e| Refusal::wrong(format!("{}: {e}", path.display())))?;
        let clock: Arc<dyn Clock> = match pace {
            Pace::Real => Arc::new(ShiftedClock::showing(begin)),
            Pace::Jumps => Arc::new(VirtualClock::new(begin)),
        };
        let shared = clock.clone();
        let options = Options { clock: Some(Arc::new(move || shared.now().as_millisecond())), ..Options::default() };
        let running = Sandbox::start(&scenario, options).map_err(|e| Refusal::failed(e.to_string()))?;
        Ok(Self { running: Arc::new(running), clock })
    }

    /// The settings that point a connector at its simulated vendor.
    pub fn settings(&self, connector: &str) -> Vec<(String, String)> {
        let of = self.running.settings().into_iter().filter(|(name, _, _)| *name == connector);
        of.map(|(_, key, value)| (key.to_owned(), value)).collect()
    }

    /// Hosts that are simulated, and where they listen.
    pub fn routes(&self) -> Vec<(String, SocketAddr)> {
        self.running.routes()
    }

    /// Writes what the vendors were asked to change: into a `.json` file all that is known of it, in its order; into others one JSON list a
    /// line, without times and ids.
    pub fn write_ledger(&self, path: &Path) -> Result<(), Refusal> {
        let ledger = self.running.ledger();
        let text = match path.extension().is_some_and(|end| end == "json") {
            true => serde_json::to_string_pretty(&ledger.to_json()).unwrap_or_default() + "\n",
            false => ledger.canonical().into_iter().map(|line| line + "\n").collect(),
        };
        std::fs::write(path, text).map_err(|e| Refusal::failed(format!("{} cannot be written: {e}", path.display())))
    }

    /// Draws the world from its beginning until now.
    pub fn write_chart(&self, path: &Path) -> Result<(), Refusal> {
        std::fs::write(path, self.running.chart())
            .map_err(|e| Refusal::failed(format!("{} cannot be written: {e}", path.display())))
    }

    /// Answers, on the bus, in the place of workflows that do not run here.
    pub async fn subscribe(&self, bus: &dyn Bus, running: &[Arc<Workflow>]) -> Result<Vec<Subscription>, Refusal> {
        let mut subscriptions = Vec::new();
        for (subject, queue) in
            wf_sandbox::SUBJECTS.into_iter().filter(|(s, _)| !running.iter().any(|w| hears(&w.plan, s)))
        {
            let replier = Arc::new(Answers { running: self.running.clone() });
            let subscribed = bus.subscribe(subject, Some(queue), replier).await;
            subscriptions.push(subscribed.map_err(|e| Refusal::failed(format!("{subject} cannot be served: {e}")))?);
        }
        Ok(subscriptions)
    }
}

/// Whether what `option` asks for can be written there: known before a run that it is to tell of.
pub fn check_writable(option: &str, path: &Path) -> Result<(), Refusal> {
    let opened = std::fs::File::options().append(true).create(true).open(path);
    opened.map(drop).map_err(|e| {
        Refusal::wrong(format!("{option} {}: it cannot be written: {e}; nothing was begun", path.display()))
    })
}

/// Whether the scenario answers messages of that workflow as if it were there.
pub fn stands_in_for(workflow: &Plan) -> bool {
    wf_sandbox::SUBJECTS.iter().any(|(subject, _)| hears(workflow, subject))
}

fn hears(workflow: &Plan, subject: &str) -> bool {
    let hears =
        |kind: &TriggerKind| matches!(kind, TriggerKind::Message { subject: own, .. } if own.as_str() == subject);
    workflow.triggers.iter().any(|trigger| hears(&trigger.kind))
}

struct Answers {
    running: Arc<Running>,
}

#[async_trait]
impl Replier for Answers {
    async fn handle(&self, message: Incoming) -> Reply {
        let request = envelope::read_request(Envelope::Body, None, &message.payload)?;
        let body = request.body.unwrap_or_default().to_serde();
        let (status, body) = self.running.answer(&message.subject, &body)?;
        envelope::write_reply(Envelope::Body, request.request_id.as_ref(), status, &Value::from_serde(&body)).ok()
    }
}
