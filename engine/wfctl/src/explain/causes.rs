//! Hears a run and keeps, of everything that it sent or booked, the way that led there.

use std::collections::HashMap;
use std::sync::Arc;

use wf_machine::{Decision, Tracer};
use wf_plan::{Address, Effect, Plan};
use wf_source::Span;
use wf_value::{Text, Value};

use super::brief::{brief, named};
use super::entry::{Entry, Saw, What};
use super::needle::Needle;
use super::origins::Origins;
use super::steps::{ScopeKey, Steps};
use super::words;

/// Something that was sent or booked, and why.
#[derive(Debug)]
pub struct Cause {
    /// The write, tell or booking itself, with what it said and what came of it.
    pub act: Entry,
    /// From the run inward: the items and flows around it, each with the guards that let it pass and the conditions on its way.
    pub way: Vec<Entry>,
}

/// Which of them are asked for.
#[derive(Debug)]
pub enum Wanted {
    /// What was sent from these places.
    At(Vec<Address>),
    /// What holds this text: as a value, a key, or as a part of one of its texts.
    Holding(Needle),
}

/// Listens to a replay.
#[derive(Debug)]
pub struct Causes {
    plan: Arc<Plan>,
    steps: Steps,
    origins: Origins,
    wanted: Wanted,
    /// What was decided in the items and flows that are under way.
    open: HashMap<ScopeKey, Vec<Entry>>,
    /// Found ones that wait for their answers.
    asked: HashMap<Address, usize>,
    found: Vec<Cause>,
}

/// Guards that something passed on its way are told in its innermost scopes only; these say little of it.
const GUARDED_SCOPES: usize = 4;

impl Causes {
    #[must_use]
    pub fn new(plan: Arc<Plan>, origins: Origins, wanted: Wanted) -> Self {
        let steps = Steps::of(&plan);
        Self { plan, steps, origins, wanted, open: HashMap::new(), asked: HashMap::new(), found: Vec::new() }
    }

    #[must_use]
    pub fn finish(self) -> Vec<Cause> {
        self.found
    }

    fn note(&mut self, key: ScopeKey, entry: Entry) {
        self.open.entry(key).or_default().push(entry);
    }

    fn begin(&mut self, key: ScopeKey, what: What, text: String, given: &[(Text, Value)]) {
        let nobody = Needle::new("");
        let show = |value: &Value| if what == What::Item { named(value, &nobody) } else { brief(value) };
        let saw = given.iter().map(|(name, value)| Saw { name: name.to_string(), value: show(value), from: None });
        let span = match (key.at.0.is_empty(), what) {
            (true, _) => self.plan.module.flows.iter().find(|flow| flow.name.as_str() == text).map(|flow| flow.span),
            _ => self.steps.at(&key.at).map(|step| step.span),
        };
        let span = span.unwrap_or(Span::new(wf_source::FileId(u32::MAX), 0, 0));
        let saw = saw.collect();
        let head = Entry { saw, ..Entry::new(key.at.clone(), span, what, text) };
        // a `where` was looked at before its item began
        self.open.entry(key).or_default().insert(0, head);
    }

    fn is_wanted(&self, address: &Address, body: &Value, key: Option<&str>) -> bool {
        match &self.wanted {
            Wanted::At(all) => all.contains(address),
            Wanted::Holding(needle) => key.is_some_and(|key| key.contains(needle.text())) || needle.in_texts(body),
        }
    }

    fn acted(&mut self, act: Entry) {
        let way = self.way(&act.address);
        self.asked.insert(act.address.clone(), self.found.len());
        self.found.push(Cause { act, way });
    }

    /// What was decided on the way to an address, outermost first.
    fn way(&self, to: &Address) -> Vec<Entry> {
        let chain = self.steps.scopes(to);
        let mut way = Vec::new();
        for (depth, key) in chain.iter().enumerate() {
            let near = depth + GUARDED_SCOPES >= chain.len();
            let decided = self.open.get(key).into_iter().flatten();
            way.extend(decided.filter(|entry| leads(entry, to, near)).cloned());
        }
        way
    }

    fn condition(&mut self, address: Address, span: Span, what: &'static str, of_item: bool, decided: Decided<'_>) {
        let Decided { holds, saw, reason } = decided;
        let key = match of_item {
            true => Some(ScopeKey::item(&address)),
            false => self.steps.scopes(&address).pop(),
        };
        let entry = Entry {
            reason: reason.filter(|_| holds.is_some()).map(Text::to_string),
            saw: words::saw(saw, span, &self.origins),
            result: words::truth(holds, reason),
            ..Entry::new(address, span, What::Condition(what), words::source(&self.plan.files, span))
        };
        if let Some(key) = key {
            self.note(key, entry);
        }
    }

    fn sent(&mut self, address: Address, span: Span, action: &Text, body: &Value, what: What) {
        if !self.is_wanted(&address, body, None) {
            return;
        }
        let result = if what == What::Held { "held back" } else { "sent" };
        self.acted(Entry {
            saw: words::members(body),
            result: result.into(),
            ..Entry::new(address, span, what, action.as_str())
        });
    }
}

/// What a condition came to.
struct Decided<'a> {
    holds: Option<bool>,
    saw: &'a [(Text, Value)],
    reason: Option<&'a Text>,
}

/// Whether something that was decided around `to` lies on the way there: a head, a guard that did not hold, the `if` of a step on the way.
fn leads(entry: &Entry, to: &Address, near: bool) -> bool {
    match entry.what {
        What::Condition("if" | "where" | "tell") => entry.result == "yes" && to.0.starts_with(&entry.address.0),
        What::Condition(_) => near && entry.result == "no",
        _ => true,
    }
}

impl Tracer for Causes {
    fn wants(&self, _about: &Value) -> bool {
        false
    }

    fn decided(&mut self, decision: Decision) {
        match decision {
            Decision::Item { address, var, value, .. } => {
                let text = self.steps.at(&address).map_or_else(|| var.to_string(), |step| step.over.clone());
                self.begin(ScopeKey::item(&address), What::Item, text, &[(var, value)]);
            }
            Decision::ItemEnded { address, .. } => {
                self.open.remove(&ScopeKey::item(&address));
            }
            Decision::FlowBegan { address, flow, inputs } => {
                self.begin(ScopeKey::flow(&address), What::Flow, flow.to_string(), &inputs);
            }
            Decision::FlowEnded { address, .. } => {
                self.open.remove(&ScopeKey::flow(&address));
            }
            Decision::Condition { address, span, what, element, holds, saw, reason, .. } => {
                // an item that is left out never begins
                if element.is_some() && holds != Some(true) {
                    return;
                }
                let decided = Decided { holds, saw: &saw, reason: reason.as_ref() };
                self.condition(address, span, what, element.is_some(), decided);
            }
            Decision::Called { address, span, action, body } => {
                let effect = self.steps.at(&address).and_then(|step| step.effect);
                if effect.is_some_and(|effect| effect != Effect::Read) {
                    self.sent(address, span, &action, &body, What::Sent);
                }
            }
            Decision::Sent { address, span, action, body, held } => {
                self.sent(address, span, &action, &body, if held { What::Held } else { What::Sent });
            }
            Decision::Answered { address, status, outcome, body, cause, .. } => {
                if let Some(cause_of) = self.asked.remove(&address).and_then(|at| self.found.get_mut(at)) {
                    cause_of.act.result = words::answer(status, outcome.as_ref(), &body, cause.as_ref());
                }
            }
            Decision::Lost { address, cause } => {
                if let Some(lost) = self.asked.remove(&address).and_then(|at| self.found.get_mut(at)) {
                    lost.act.result = format!("NOT SENT: {cause}");
                }
            }
            Decision::Booked { address, span, what, key, at, value, held } => {
                if !self.is_wanted(&address, &value, Some(&key)) {
                    return;
                }
                let verb = self.steps.at(&address).map_or("defer", |step| step.verb);
                let result = match (held, verb) {
                    (true, _) => "held back".to_owned(),
                    (false, "cancel") => "called off".to_owned(),
                    (false, _) => format!("booked for {}", words::time(at)),
                };
                let saw = if value.is_null() { Vec::new() } else { words::members(&value) };
                let act = Entry::new(address, span, What::Booked(verb), format!("{what} {key}"));
                self.acted(Entry { saw, result, ..act });
            }
            Decision::Dropped { .. }
            | Decision::Ruled { .. }
            | Decision::Let { .. }
            | Decision::Again { .. }
            | Decision::RunEnded { .. } => {}
        }
    }
}
