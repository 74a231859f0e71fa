//! An action carried out: its flow run by the machine, which asks for requests, calls of the own folder, and waits.

use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt;
use futures::future::{AbortHandle, Abortable, BoxFuture};
use futures::stream::FuturesUnordered;
use uuid::Uuid;
use wf_host::envelope::{self, Way};
use wf_machine::{Effect, Ended, EndedHow, Event, Limits, RequestRef, Run, Scope, Start, Unit, What, Writes};
use wf_plan::{Action, Address, Answered, ConnectorAction, Effect as Changes, RunId, Word};
use wf_value::{Map, MapBuilder, Text, Value};

use crate::answers::{Judge, Reply, fault, status};
use crate::drift::drift;
use crate::live_connector::LiveConnector;
use crate::live_face::{Ask, LiveFace};
use crate::received::Outcome;
use crate::transports::imap::Held;

/// How long the bus is waited for where nothing is said.
const ELSEWHERE: Duration = Duration::from_secs(60);

/// What came of an action.
pub(crate) struct Performed {
    pub(crate) reply: Reply,
    /// Whether something may have been changed at the vendor's.
    pub(crate) acted: bool,
}

/// One action that is being carried out.
pub(crate) struct Performance<'a> {
    pub(crate) connector: &'a LiveConnector,
    pub(crate) face: &'a LiveFace,
    pub(crate) action: &'a ConnectorAction,
    /// What requests of it are made with: the same for the same request.
    pub(crate) run: RunId,
    /// All that came: coerced, defaults filled in.
    pub(crate) input: Map,
    pub(crate) request_id: Value,
    /// What its requests share.
    pub(crate) held: Held,
}

/// Something that was waited for.
struct Arrived {
    what: What,
    acted: bool,
}

impl Performance<'_> {
    pub(crate) async fn perform(self) -> Performed {
        let held = self.held.clone();
        let performed = self.carry_out().await;
        held.close().await;
        performed
    }

    async fn carry_out(self) -> Performed {
        let mut acted = false;
        let Some(module) = self.face.module() else { return self.broken("its file is not there") };
        let Some(flow) = module.flow(self.action.flow) else { return self.broken("its flow is not there") };
        let inputs = flow.inputs.iter().map(|input| (input.name.clone(), self.named(&input.name))).collect();
        let start = Start {
            run: self.run,
            flow: self.action.flow,
            inputs,
            params: self.face.params.clone(),
            env: self.face.env.clone(),
            writes: Writes::On,
            attempt: 1,
            trigger: Value::Null,
            at: self.face.clock.now(),
            limits: Limits::default(),
        };
        let unit = Unit::Connector(self.face.connector.clone(), self.face.number);
        let (mut run, mut effects) = Run::start(unit, start, None);
        let mut going = FuturesUnordered::new();
        let mut handles: HashMap<Address, AbortHandle> = HashMap::new();
        loop {
            for effect in effects {
                let (address, work): (Address, BoxFuture<'_, Arrived>) = match effect {
                    Effect::Ended(ended) => {
                        let reply = self.ended(*ended);
                        self.count_drift(&reply);
                        return Performed { reply, acted };
                    }
                    Effect::Forget { address } => {
                        if let Some(handle) = handles.remove(&address) {
                            handle.abort();
                        }
                        continue;
                    }
                    Effect::Request { address, request, scope } => {
                        (address.clone(), Box::pin(self.request(address, request, scope)))
                    }
                    Effect::Call { address, request_id, action, body, timeout_ms } => {
                        let timeout = Duration::from_millis(u64::try_from(timeout_ms).unwrap_or_default());
                        (address.clone(), Box::pin(self.call(address, request_id, action, body, timeout)))
                    }
                    Effect::Timer { address, at } => {
                        let due = What::Due { address: address.clone() };
                        let work = async move {
                            self.face.clock.sleep_until(at).await;
                            Arrived { what: due, acted: false }
                        };
                        (address, Box::pin(work))
                    }
                    other => {
                        tracing::error!(action = self.action.contract.full_name().as_str(), effect = ?std::mem::discriminant(&other), "no effect of a connector");
                        continue;
                    }
                };
                let (handle, registration) = AbortHandle::new_pair();
                handles.insert(address, handle);
                going.push(Abortable::new(work, registration));
            }
            let arrived = loop {
                match going.next().await {
                    Some(Ok(arrived)) => break arrived,
                    // forgotten
                    Some(Err(_)) => {}
                    None => return Performed { acted, ..self.broken("it waits for nothing") },
                }
            };
            acted |= arrived.acted;
            effects = run.feed(Event { at: self.face.clock.now(), what: arrived.what }, None);
        }
    }

    async fn request(&self, address: Address, request: RequestRef, scope: Scope) -> Arrived {
        let Some((module, asked)) = self.face.module().zip(request.get()) else {
            let answered = Answered::lost(Word::Unusable, "the request is not there");
            return Arrived { what: What::Answered { address, answered }, acted: false };
        };
        let contract = &self.action.contract;
        let ask = Ask {
            request: asked,
            call: contract.full_name().clone(),
            request_id: self.request_id.clone(),
            step: request.step.0,
            changes: asked.is_write || contract.effect == Changes::Tell,
            scene: self.face.scene(module, scope, self.seed(&address)),
            held: self.held.clone(),
        };
        let (Reply { status, body, word }, acted) = self.face.ask(ask).await;
        let answered = Answered { status, body, cause: None, why: word };
        Arrived { what: What::Answered { address, answered }, acted }
    }

    /// Another action of the folder, or a store. Without a time of its own it has that of its vendor calls.
    async fn call(
        &self,
        address: Address,
        request_id: String,
        action: std::sync::Arc<Action>,
        body: Value,
        timeout: Duration,
    ) -> Arrived {
        let asked = async {
            if action.connector == self.face.connector.name {
                let performed = self.connector.perform(&action.name, Some(request_id.as_str().into()), body).await;
                let Reply { status, body, word } = performed.reply;
                return (Answered { status, body, cause: None, why: word }, performed.acted);
            }
            let wait = if timeout.is_zero() { ELSEWHERE } else { timeout };
            (self.elsewhere(&request_id, &action, &body, wait).await, action.effect != Changes::Read)
        };
        let (answered, acted) = tokio::select! {
            biased;
            asked = asked => asked,
            () = self.face.clock.sleep(timeout), if !timeout.is_zero() => {
                let cause = format!("no answer within {} s", timeout.as_secs_f64());
                (Answered::lost(Word::Timeout, cause), action.effect != Changes::Read)
            }
        };
        Arrived { what: What::Answered { address, answered }, acted }
    }

    async fn elsewhere(&self, request_id: &str, action: &Action, body: &Value, timeout: Duration) -> Answered {
        let subject = match action.subject(body, self.face.clock.now()) {
            Ok(subject) => subject,
            Err(why) => return Answered::lost(Word::Unusable, why),
        };
        let payload = match envelope::write_request(action.envelope, Way::Call, request_id, body) {
            Ok(payload) => payload,
            Err(why) => return Answered::lost(Word::Unusable, format!("it could not be sent: {why}")),
        };
        match self.connector.bus.request(&subject, payload, timeout).await {
            Ok(reply) => envelope::read_reply(action.envelope, action.full_name(), &reply),
            Err(error) => {
                let (word, cause) = envelope::lost(&error);
                Answered::lost(word, cause)
            }
        }
    }

    /// What the action replies when it is over.
    fn ended(&self, ended: Ended) -> Reply {
        let reply = match (ended.how, ended.returned) {
            (EndedHow::Undecided { why, .. } | EndedHow::Held { why, .. }, _) => Err(why.sentence()),
            (_, Some(returned)) => returned_reply(&returned),
            (EndedHow::Failed { reason, .. } | EndedHow::Cancelled { reason }, None) => {
                return Reply { status: 500, body: reason.into(), word: None };
            }
            (EndedHow::Well | EndedHow::Skipped { .. }, None) => {
                Ok(Reply { status: 200, body: Value::Null, word: None })
            }
        };
        reply.unwrap_or_else(|why| self.word(Outcome::word(Word::Unusable, why)))
    }

    fn count_drift(&self, reply: &Reply) {
        let contract = &self.action.contract;
        if !(200..300).contains(&reply.status) {
            return;
        }
        let drift = drift(&reply.body, &contract.output);
        if drift.members > 0 {
            let (members, first) = (drift.members, drift.words());
            tracing::warn!(action = contract.full_name().as_str(), members, first, "a reply is not as it was declared");
            self.face.usage.drifted(&contract.name, members);
        }
    }

    /// A reply that no request gave: through the action's rows.
    pub(crate) fn word(&self, outcome: Outcome) -> Reply {
        let Some(module) = self.face.module() else { return crate::answers::built_in(&outcome) };
        let mut scene = self.face.scene(module, self.scope(), self.seed(&Address::default()));
        let template = Text::default();
        let (rows, slot) = (&self.action.answers, self.action.answer);
        let mut judge = Judge { rows, slot, template: &template, scene: &mut scene };
        match judge.ended(outcome) {
            Ok(reply) => reply,
            // it has a word: it ends
            Err(outcome) => crate::answers::built_in(&outcome),
        }
    }

    /// The frame of the action's flow, as it begins.
    pub(crate) fn scope(&self) -> Scope {
        let mut scope = Scope::default();
        let Some(flow) = self.face.module().and_then(|module| module.flow(self.action.flow)) else { return scope };
        for input in &flow.inputs {
            scope.set(input.slot, self.named(&input.name));
        }
        scope
    }

    /// What an input of the flow is: a field, all of them, or the id.
    fn named(&self, name: &str) -> Value {
        match name {
            "input" => self.input.clone().into(),
            "request_id" => self.request_id.clone(),
            field => self.input.raw(field).cloned().unwrap_or_default(),
        }
    }

    fn seed(&self, address: &Address) -> u128 {
        Uuid::new_v5(&self.run.0, address.to_string().as_bytes()).as_u128()
    }

    fn broken(&self, why: &str) -> Performed {
        tracing::error!(action = self.action.contract.full_name().as_str(), why, "an action cannot be carried out");
        let body = format!("{} cannot be carried out: {why}", self.action.contract.full_name());
        Performed { reply: Reply { status: 500, body: body.into(), word: None }, acted: false }
    }
}

/// `{status, body}` of a `return`, or of the last request.
fn returned_reply(returned: &Value) -> Result<Reply, String> {
    let map = match returned {
        Value::Map(map) => map,
        Value::Unknown(why) => return Err(why.sentence()),
        other => return Err(format!("it returns {}, it should be a status and a body", other.kind())),
    };
    let status = match map.raw("status") {
        None | Some(Value::Null) => 200,
        Some(Value::Unknown(why)) => return Err(why.sentence()),
        Some(value) => status(value).ok_or_else(|| format!("its status is {}", value.kind()))?,
    };
    let body = map.raw("body").cloned().unwrap_or_default();
    match fault(&body, None) {
        Some(why) => Err(why),
        None => Ok(Reply { status, body, word: None }),
    }
}

/// The run that carries out a request: the same request, the same run.
pub(crate) fn run_of(action: &Action, request_id: Option<&str>, number: u64, now: jiff::Timestamp) -> RunId {
    let name = match request_id {
        Some(id) => format!("{} {id}", action.full_name()),
        None => format!("{} {now} {number}", action.full_name()),
    };
    RunId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()))
}

/// A map of the fields of what was refused: rows may name them.
pub(crate) fn as_it_came(body: Option<&Value>) -> Map {
    let mut map = MapBuilder::default();
    for (key, value) in body.and_then(Value::as_map).into_iter().flat_map(Map::raw_iter) {
        map.insert(key.clone(), value.clone());
    }
    map.finish()
}
