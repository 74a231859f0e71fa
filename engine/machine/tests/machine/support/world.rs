//! A world that answers: calls as the test says, timers when nothing else is under way.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value as Json;
use uuid::Uuid;
use wf_machine::{Decision, Effect, Ended, Event, Limits, Run, Start, Tracer, Unit, What, Writes};
use wf_plan::{Address, Answered, FlowId, Params, RunId, Word};
use wf_value::{List, Map, Origin, Text, Value};

use super::lower::Made;

/// In which order answers come.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    First,
    Last,
    Seeded(u64),
}

type Answers = Box<dyn FnMut(&str, &Json) -> Answered>;

pub(crate) struct World {
    unit: Unit,
    answers: Answers,
    pub(crate) start: Start,
    pub(crate) order: Order,
    /// Gives up after so many events: a run that never ends.
    pub(crate) most: usize,
}

/// What came out.
pub(crate) struct Over {
    pub(crate) ended: Option<Ended>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) events: Vec<Event>,
    pub(crate) now: Timestamp,
    pub(crate) most_frames: usize,
    pub(crate) decisions: Vec<Decision>,
}

pub(crate) fn ok(body: Json) -> Answered {
    Answered::new(200, received(&body, "read.rows"))
}

pub(crate) fn error(status: u16, body: &str) -> Answered {
    Answered::new(status, body.into())
}

pub(crate) fn lost(why: Word) -> Answered {
    Answered::lost(why, format!("nobody answered ({})", why.word()))
}

/// As a decoder gives it: lists know where they came from.
fn received(json: &Json, call: &str) -> Value {
    match json {
        Json::Array(items) => {
            let origin = Arc::new(Origin { call: call.into() });
            List::received(items.iter().map(|item| received(item, call)).collect(), Some(origin)).into()
        }
        Json::Object(members) => {
            members.iter().map(|(k, v)| (Text::from(k.as_str()), received(v, call))).collect::<Map>().into()
        }
        other => Value::from_serde(other),
    }
}

impl World {
    pub(crate) fn new(json: Json, answers: impl FnMut(&str, &Json) -> Answered + 'static) -> Self {
        let Made { plan, params } = super::plan(json);
        Self::of(Unit::Plan(plan), params, answers)
    }

    /// A connector's action: the main flow.
    pub(crate) fn connector(json: Json, answers: impl FnMut(&str, &Json) -> Answered + 'static) -> Self {
        Self::of(Unit::Connector(super::connector(json), 0), Vec::new(), answers)
    }

    fn of(unit: Unit, params: Vec<Value>, answers: impl FnMut(&str, &Json) -> Answered + 'static) -> Self {
        let start = Start {
            run: RunId(Uuid::from_u128(7)),
            flow: FlowId(0),
            inputs: Vec::new(),
            params: Arc::new(Params { values: params, from: Vec::new() }),
            env: Value::from_serde(&serde_json::json!({"name": "test"})),
            writes: Writes::On,
            attempt: 1,
            trigger: Value::Null,
            at: "2022-06-01T14:00:00Z".parse().unwrap(),
            limits: Limits::default(),
        };
        Self { unit, answers: Box::new(answers), start, order: Order::First, most: 100_000 }
    }

    pub(crate) fn writes(mut self, writes: Writes) -> Self {
        self.start.writes = writes;
        self
    }

    /// What expressions see as `env`.
    pub(crate) fn env(mut self, env: Value) -> Self {
        self.start.env = env;
        self
    }

    pub(crate) fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    pub(crate) fn unit(&self) -> Unit {
        self.unit.clone()
    }

    pub(crate) fn run(self) -> Over {
        self.play(false)
    }

    pub(crate) fn traced(self) -> Over {
        self.play(true)
    }

    fn play(mut self, traced: bool) -> Over {
        let mut heard = Heard::default();
        let (mut run, effects) = Run::start(self.unit(), self.start.clone(), heard.when(traced));
        let mut over = Over {
            ended: None,
            effects: Vec::new(),
            events: Vec::new(),
            now: self.start.at,
            most_frames: run.under_way(),
            decisions: Vec::new(),
        };
        let mut asked: VecDeque<(Address, Text, Json)> = VecDeque::new();
        let mut timers: BTreeMap<(Timestamp, Address), ()> = BTreeMap::new();
        note(&mut over, effects, &mut asked, &mut timers);
        while !run.is_over() && over.events.len() < self.most {
            let what = match self.order.pick(asked.len()).and_then(|at| asked.remove(at)) {
                Some((address, name, body)) => What::Answered { address, answered: (self.answers)(&name, &body) },
                None => {
                    let Some(((at, address), ())) = timers.pop_first() else { break };
                    over.now = over.now.max(at);
                    What::Due { address }
                }
            };
            let event = Event { at: over.now, what };
            over.events.push(event.clone());
            let effects = run.feed(event, heard.when(traced));
            over.most_frames = over.most_frames.max(run.under_way());
            note(&mut over, effects, &mut asked, &mut timers);
        }
        over.decisions = heard.0;
        over
    }

    /// Feeds a new run the same events, and gives its effects.
    pub(crate) fn replay(&self, events: &[Event]) -> Vec<Effect> {
        let (mut run, mut effects) = Run::start(self.unit(), self.start.clone(), None);
        for event in events {
            effects.extend(run.feed(event.clone(), None));
        }
        effects
    }
}

fn note(
    over: &mut Over,
    effects: Vec<Effect>,
    asked: &mut VecDeque<(Address, Text, Json)>,
    timers: &mut BTreeMap<(Timestamp, Address), ()>,
) {
    for effect in effects {
        match &effect {
            Effect::Call { address, action, body, .. } => {
                asked.push_back((address.clone(), action.full_name().clone(), body.to_serde()));
            }
            Effect::Defer { address, task, data, .. } => {
                asked.push_back((address.clone(), format!("defer.{task}").into(), data.to_serde()));
            }
            Effect::Cancel { address, task, key } => {
                asked.push_back((address.clone(), format!("cancel.{task}").into(), Json::from(key.as_str())));
            }
            Effect::Request { address, request, scope } => {
                let path = request.get().expect("the request is there").template.clone();
                let names = scope.frames.iter().flatten().map(Value::to_serde).collect();
                asked.push_back((address.clone(), path, Json::Array(names)));
            }
            Effect::Timer { address, at } => {
                timers.insert((*at, address.clone()), ());
            }
            Effect::Ended(ended) => over.ended = Some((**ended).clone()),
            _ => {}
        }
        over.effects.push(effect);
    }
}

impl Order {
    fn pick(&mut self, n: usize) -> Option<usize> {
        let last = n.checked_sub(1)?;
        Some(match self {
            Self::First => 0,
            Self::Last => last,
            Self::Seeded(seed) => {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                usize::try_from(*seed >> 33).unwrap() % n
            }
        })
    }
}

#[derive(Default)]
struct Heard(Vec<Decision>);

impl Heard {
    fn when(&mut self, on: bool) -> Option<&mut dyn Tracer> {
        if on { Some(self) } else { None }
    }
}

impl Tracer for Heard {
    fn decided(&mut self, decision: Decision) {
        self.0.push(decision);
    }
}

impl Over {
    pub(crate) fn ended(&self) -> &Ended {
        self.ended.as_ref().expect("the run is over")
    }

    pub(crate) fn returned(&self) -> Json {
        self.ended().returned.as_ref().map_or(Json::Null, Value::to_serde)
    }

    /// `write.note {"id":1}` for everything that was sent.
    pub(crate) fn sent(&self) -> Vec<String> {
        let line = |name: &Text, body: &Value| format!("{name} {}", body.to_serde());
        self.effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Call { action, body, .. } | Effect::Publish { action, body, .. } => {
                    Some(line(action.full_name(), body))
                }
                _ => None,
            })
            .collect()
    }

    pub(crate) fn how(&self) -> String {
        use wf_machine::EndedHow::*;
        match &self.ended().how {
            Well => "well".into(),
            Skipped { reason } => format!("skipped: {reason}"),
            Failed { reason, address, .. } => format!("failed at {address}: {reason}"),
            Undecided { why, address } => format!("undecided at {address}: {}", why.reason),
            Held { why, .. } => format!("held: {}", why.reason),
            Cancelled { reason } => format!("cancelled: {reason}"),
        }
    }
}
