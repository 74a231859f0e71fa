//! Plans made from a few lines, and vendors that answer on the bus.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use wf_host::Workflow;
use wf_host::clock::{VirtualClock, attend};
use wf_host::engine::{Engine, Finished, Ids, Once, Settings};
use wf_host::ports::{Busy, Clock, Incoming, Kind, Ports, Record, Replier, Reply, Subscription};
use wf_machine::Writes;
use wf_plan::{Params, Plan, RunId, Trigger};
use wf_value::Value;

#[path = "../../../machine/tests/machine/support/lower.rs"]
#[allow(dead_code)]
mod lower;
#[path = "../../../machine/tests/machine/support/names.rs"]
#[allow(dead_code)]
mod names;

/// What a vendor does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Reply(u16, Json),
    Raw(&'static str),
    Silence,
    After(u64, Box<Act>),
}

pub(crate) fn ok(body: Json) -> Act {
    Act::Reply(200, body)
}

/// What was asked: subject, request id, body.
pub(crate) type Asked = (String, String, Json);

type Answers = dyn Fn(&str, &Json) -> Act + Send + Sync;

struct Vendor {
    clock: Arc<dyn Clock>,
    answers: Box<Answers>,
    asked: Arc<Mutex<Vec<Asked>>>,
    going: Arc<Mutex<(usize, usize)>>,
}

#[async_trait]
impl Replier for Vendor {
    async fn handle(&self, message: Incoming) -> Reply {
        let request: Json = serde_json::from_slice(&message.payload).unwrap();
        let id = request["request_id"].as_str().unwrap_or_default().to_owned();
        self.asked.lock().unwrap().push((message.subject.clone(), id, request["body"].clone()));
        {
            let mut going = self.going.lock().unwrap();
            going.0 += 1;
            going.1 = going.1.max(going.0);
        }
        let mut act = (self.answers)(&message.subject, &request["body"]);
        while let Act::After(seconds, next) = act {
            self.clock.sleep(Duration::from_secs(seconds)).await;
            act = *next;
        }
        self.going.lock().unwrap().0 -= 1;
        match act {
            Act::Reply(status, body) => {
                Some(json!({"request_id": request["request_id"], "status": status, "body": body}).to_string().into())
            }
            Act::Raw(text) => Some(text.into()),
            _ => None,
        }
    }
}

/// An engine in virtual time, with vendors.
pub(crate) struct World {
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) ports: Ports,
    pub(crate) engine: Engine,
    asked: Arc<Mutex<Vec<Asked>>>,
    going: Arc<Mutex<(usize, usize)>>,
    /// Time stands still while the test looks.
    looking: Mutex<Option<Busy>>,
    _vendors: Vec<Subscription>,
}

pub(crate) fn begun() -> Timestamp {
    "2022-06-01T14:00:00Z".parse().unwrap()
}

/// So many seconds after the beginning.
pub(crate) fn at(seconds: i64) -> Timestamp {
    begun() + jiff::SignedDuration::from_secs(seconds)
}

impl World {
    pub(crate) async fn new(subjects: &[&str], answers: impl Fn(&str, &Json) -> Act + Send + Sync + 'static) -> Self {
        Self::with(|_| {}, settings(), subjects, answers).await
    }

    pub(crate) async fn with(
        change: impl FnOnce(&mut Ports),
        settings: Settings,
        subjects: &[&str],
        answers: impl Fn(&str, &Json) -> Act + Send + Sync + 'static,
    ) -> Self {
        let clock = Arc::new(VirtualClock::new(begun()));
        let mut ports = wf_local::in_memory(clock.clone());
        change(&mut ports);
        let (asked, going) = (Arc::default(), Arc::default());
        let vendor = Vendor {
            clock: clock.clone(),
            answers: Box::new(answers),
            asked: Arc::clone(&asked),
            going: Arc::clone(&going),
        };
        let vendor = Arc::new(vendor);
        let mut vendors = Vec::new();
        for subject in subjects {
            vendors.push(ports.bus.subscribe(subject, Some("vendor"), vendor.clone()).await.unwrap());
        }
        let engine = Engine::new(ports.clone(), settings);
        let looking = Mutex::new(Some(clock.busy()));
        Self { clock, ports, engine, asked, going, looking, _vendors: vendors }
    }

    /// Lets time pass until something is done.
    pub(crate) async fn lets<T>(&self, what: impl Future<Output = T>) -> T {
        let clock = self.clock.clone();
        let passing = attend(clock.clone(), async move {
            drop(self.looking.lock().unwrap().take());
            let done = what.await;
            *self.looking.lock().unwrap() = Some(clock.busy());
            done
        });
        in_time(passing).await
    }

    pub(crate) fn asked(&self, subject: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|(s, ..)| s == subject).cloned().collect()
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.going.lock().unwrap().1
    }

    pub(crate) async fn run(&self, workflow: &Arc<Workflow>) -> Finished {
        let (clock, run) = (self.clock.clone(), self.engine.run_once(Once::of(workflow.clone())));
        self.lets(async move {
            let finished = run.await;
            // Time moves when whoever was told something has heard it.
            clock.sleep(Duration::from_nanos(1)).await;
            finished
        })
        .await
    }

    pub(crate) async fn records(&self, run: RunId) -> Vec<Record> {
        self.ports.journal.read(run, 1).await.unwrap()
    }

    /// Lets time pass until so many seconds after the beginning.
    pub(crate) async fn until(&self, seconds: i64) {
        self.lets(self.clock.sleep_until(at(seconds))).await;
    }

    pub(crate) fn count(&self, metric: &str, labels: &[(&str, &str)]) -> f64 {
        self.ports.metrics.value(metric, labels).unwrap_or(0.0)
    }
}

pub(crate) fn settings() -> Settings {
    Settings { ids: Ids::counted(7), ..Settings::default() }
}

/// Virtual time that stands still would hang a test.
pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("virtual time stands still")
}

/// A workflow as its plan says.
pub(crate) fn workflow(plan: Json) -> Arc<Workflow> {
    triggered("w", plan, Vec::new())
}

pub(crate) fn triggered(name: &str, plan: Json, triggers: Vec<Trigger>) -> Arc<Workflow> {
    let hash = format!("{name} {plan}");
    let declared = plan["params"].as_object().into_iter().flat_map(|p| p.keys()).map(|name| param(name)).collect();
    let made = lower::plan(plan);
    let mut plan: Plan = Arc::into_inner(made.plan).unwrap();
    plan.name = name.into();
    plan.triggers = triggers;
    plan.module.params = declared;
    plan.hash = hash.into();
    let from = made.params.iter().map(|_| wf_plan::Provenance::Default).collect();
    Arc::new(Workflow {
        plan: Arc::new(plan),
        instance: None,
        params: Arc::new(Params { values: made.params, from }),
        env: Value::Null,
        writes: Writes::On,
    })
}

fn param(name: &str) -> wf_plan::Param {
    wf_plan::Param {
        name: name.into(),
        owner: "w".into(),
        ty: wf_value::Type::Any,
        default: None,
        min: None,
        max: None,
        unit: None,
        doc: wf_value::Text::default(),
        span: literal(Value::Null).span,
    }
}

/// The flow of that name.
pub(crate) fn flow(plan: &Json, name: &str) -> wf_plan::FlowId {
    let names = plan["flows"].as_object().unwrap();
    wf_plan::FlowId(1 + u32::try_from(names.keys().position(|n| n == name).unwrap()).unwrap())
}

pub(crate) fn literal(value: impl Into<Value>) -> wf_expr::Written {
    let span = wf_source::Span::new(wf_source::FileId(0), 0, 0);
    wf_expr::Written { kind: wf_expr::WrittenKind::Literal { value: value.into(), raw: None }, span }
}

pub(crate) fn seconds(n: i64) -> wf_expr::Written {
    literal(Value::Duration(jiff::SignedDuration::from_secs(n)))
}

/// The kinds of records, in words.
pub(crate) fn kinds(records: &[Record]) -> Vec<&'static str> {
    let word = |record: &Record| match record.kind {
        Kind::Started { .. } => "started",
        Kind::Sent { .. } => "sent",
        Kind::Published { .. } => "published",
        Kind::Lost { .. } => "lost",
        Kind::Answered { .. } => "answered",
        Kind::Timer { .. } => "timer",
        Kind::Due { .. } => "due",
        Kind::Booked { .. } => "booked",
        Kind::Cancelled { .. } => "cancelled",
        Kind::Taken => "taken",
        Kind::Again { .. } => "again",
        Kind::Ended { .. } => "ended",
    };
    records.iter().map(word).collect()
}
