//! Hears the decisions of a run and keeps what is about one item.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use wf_machine::{Decision, Tracer};
use wf_plan::{Address, Plan};
use wf_source::Span;
use wf_value::{Text, Value};

use super::brief::{brief, named};
use super::entry::{Entry, Saw, What};
use super::near::Near;
use super::needle::Needle;
use super::origins::Origins;
use super::scopes::{Head, Scopes, Told};
use super::steps::{ScopeKey, Steps};
use super::story::{Gathered, Slot, Story};
use super::words;

/// Listens to a replay.
///
/// A value holds the item when it stands anywhere in it. What happens inside of an item of a loop, or of a flow, that holds it is about it;
/// a collection of many things of which one is the item makes nothing about it: of 10,000 rows, one is told of.
#[derive(Debug)]
pub struct Collector {
    plan: Arc<Plan>,
    steps: Steps,
    origins: Origins,
    needle: Needle,
    scopes: Scopes,
    story: Gathered,
    /// Calls that are told of and not answered.
    asked: HashMap<Address, Slot>,
    /// Answers of tables, by the step that asked.
    ruled: HashMap<Address, usize>,
    near: Near,
    loops: BTreeMap<u32, Each>,
}

/// What was heard about an item.
#[derive(Debug)]
pub struct Heard {
    pub story: Story,
    pub steps: Steps,
    /// Loops that had items, by the number of their step.
    pub loops: BTreeMap<u32, Each>,
}

/// A loop that had items.
#[derive(Clone, Copy, Debug)]
pub struct Each {
    /// It stands in a flow that the run's own steps run.
    pub in_flow: bool,
}

/// Answers of tables that one step tells.
const RULED: usize = 20;

impl Collector {
    #[must_use]
    pub fn new(plan: Arc<Plan>, origins: Origins, needle: Needle) -> Self {
        Self {
            steps: Steps::of(&plan),
            plan,
            origins,
            scopes: Scopes::new(needle.clone()),
            needle,
            story: Gathered::default(),
            asked: HashMap::new(),
            ruled: HashMap::new(),
            near: Near::default(),
            loops: BTreeMap::new(),
        }
    }

    /// What was heard about the item.
    ///
    /// # Errors
    /// Nothing in the run holds it: what may have been meant.
    pub fn finish(self) -> Result<Heard, String> {
        let story = self.story.finish(&self.scopes);
        if story.is_empty() {
            return Err(self.near.help(self.needle.text()));
        }
        Ok(Heard { story, steps: self.steps, loops: self.loops })
    }

    fn span_of(&self, address: &Address) -> Span {
        self.steps.at(address).map_or(Span::new(wf_source::FileId(u32::MAX), 0, 0), |step| step.span)
    }

    /// Adds an entry, if it is about the item.
    fn add(&mut self, entry: Entry, holds: bool) -> Option<Slot> {
        let chain = self.steps.scopes(&entry.address);
        let told = self.scopes.told(&chain, holds)?;
        self.story.add(&chain, &self.scopes, entry, told)
    }

    /// Adds what functions and tables made of the item, once in each scope.
    fn add_once(&mut self, entry: Entry) {
        let chain = self.steps.scopes(&entry.address);
        self.story.add_once(&chain, &self.scopes, entry, Told::Surely);
    }

    /// A table is asked about each element of a list, too: the first few answers at a step are told.
    fn ruled(&mut self, entry: Entry) {
        let told = self.ruled.entry(entry.address.clone()).or_default();
        *told += 1;
        if *told > RULED {
            return;
        }
        let chain = self.steps.scopes(&entry.address);
        // where nothing is about the item, the table was given it
        let given = !chain.iter().any(|key| self.scopes.is_about(key));
        if let Some(told) = self.scopes.told(&chain, given) {
            self.story.add_once(&chain, &self.scopes, entry, told);
        }
    }

    fn item(&mut self, address: &Address, var: Text, value: &Value) {
        self.near.item(&var, value, &self.needle);
        let key = ScopeKey::item(address);
        let (span, about) = (self.span_of(address), self.needle.within(value));
        if let Some(step) = address.step()
            && !self.loops.contains_key(&step)
        {
            let in_flow = self.steps.scopes(&key.at).iter().skip(1).any(|scope| scope.flow);
            self.loops.insert(step, Each { in_flow });
        }
        let over = self.steps.at(address).map(|step| step.over.clone());
        let head = Head {
            address: key.at.clone(),
            span,
            what: What::Item,
            text: over.unwrap_or_else(|| var.to_string()),
            given: vec![(var, value.clone())],
        };
        self.begin(key, head, about);
    }

    fn begin(&mut self, key: ScopeKey, head: Head, about: bool) {
        self.scopes.begin(key.clone(), head, about);
        if about {
            let mut chain = self.steps.scopes(&key.at);
            if chain.last() != Some(&key) {
                chain.push(key);
            }
            self.story.node(&chain, &self.scopes);
        }
    }

    fn end(&mut self, key: &ScopeKey, how: &str, holds: bool) {
        self.story.end(key, how.to_owned(), holds);
        self.scopes.end(key);
    }

    fn flow_began(&mut self, address: &Address, flow: &Text, inputs: Vec<(Text, Value)>) {
        let about = inputs.iter().any(|(_, value)| self.needle.in_thing(value));
        let root = address.0.is_empty();
        let span = if root {
            let flow = self.plan.module.flows.iter().find(|f| f.name == *flow);
            flow.map_or(self.span_of(address), |flow| flow.span)
        } else {
            self.span_of(address)
        };
        if root && inputs.iter().any(|(_, value)| self.needle.within(value)) {
            let holding = inputs.iter().filter(|(_, value)| self.needle.within(value));
            let places = holding.map(|(name, value)| place_in(name, &self.needle.places(value)));
            let result = places.collect::<Vec<_>>().join("; ");
            let saw = inputs.iter().map(|(name, value)| seen(name, brief(value))).collect();
            let entry = Entry::new(address.clone(), span, What::Run, flow.as_str());
            self.add(Entry { saw, result, ..entry }, true);
        }
        let head = Head { address: address.clone(), span, what: What::Flow, text: flow.to_string(), given: inputs };
        self.begin(ScopeKey::flow(address), head, about);
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one decision")]
    fn condition(
        &mut self,
        address: Address,
        span: Span,
        what: &'static str,
        element: Option<&Value>,
        holds: Option<bool>,
        saw: &[(Text, Value)],
        reason: Option<&Text>,
    ) {
        let about = element.is_some_and(|element| self.needle.within(element))
            || saw.iter().any(|(_, value)| self.needle.in_thing(value));
        let text = words::source(&self.plan.files, span);
        let result = words::truth(holds, reason);
        let ended = match holds {
            Some(true) => None,
            Some(false) => Some("left out".to_owned()),
            None => Some(format!("undecided, {result}")),
        };
        let saw = words::saw(saw, span, &self.origins);
        let reason = reason.filter(|_| holds.is_some()).map(Text::to_string);
        let entry = Entry::new(address.clone(), span, What::Condition(what), text);
        let entry = Entry { reason, saw, result, ..entry };
        // an item that is left out never begins: its loop names it here
        let Some(element) = element else {
            self.add(entry, about);
            return;
        };
        let chain = self.steps.scopes(&address);
        let Some(told) = self.scopes.told(&chain, about) else { return };
        let var = self.steps.at(&address).and_then(|step| step.over.split_once(" in ").map(|(var, _)| var.to_owned()));
        self.item(&address, var.unwrap_or_default().into(), element);
        if about {
            self.scopes.mark(&ScopeKey::item(&address));
        }
        self.story.add(&chain, &self.scopes, entry, told);
        if let Some(ended) = ended {
            self.end(&ScopeKey::item(&address), &ended, false);
        }
    }

    fn named(&mut self, address: Address, span: Span, name: &Text, value: &Value) {
        let holds = self.needle.within(value);
        let chain = self.steps.scopes(&address);
        let inside = chain.len() > 1;
        if inside && holds && self.needle.in_thing(value) {
            chain.last().into_iter().for_each(|key| self.scopes.mark(key));
        }
        let places = if holds { self.needle.places(value) } else { String::new() };
        let about = chain.last().is_some_and(|key| self.scopes.is_about(key));
        let result = if about || places.is_empty() { brief(value) } else { format!("holds it: {places}") };
        self.add(Entry { result, holds, ..Entry::new(address, span, What::Let, name.as_str()) }, holds);
    }

    fn sends(&mut self, address: Address, span: Span, what: What, action: &Text, body: &Value) {
        let holds = self.needle.within(body);
        let result = match what {
            What::Held => "held back",
            What::Sent if self.steps.at(&address).is_none_or(|step| step.verb == "publish") => "sent",
            // the report of a failed call, which nobody answers
            What::Sent if matches!(address.0.last(), Some(wf_plan::Part::Call(_))) => "sent",
            _ => "no answer is recorded",
        };
        let entry = Entry::new(address.clone(), span, what, action.as_str());
        let entry = Entry { saw: words::members(body), result: result.into(), ..entry };
        if let Some(slot) = self.add(entry, holds) {
            self.asked.insert(address, slot);
        }
    }

    fn answered(&mut self, address: Address, span: Span, action: &Text, result: String, body: &Value) {
        self.near.offer(body);
        let holds = self.needle.within(body);
        let places = if holds { self.needle.places(body) } else { String::new() };
        let result = if places.is_empty() { result } else { format!("{result}; it is in {places}") };
        if let Some(slot) = self.asked.remove(&address) {
            self.story.answer(slot, result, holds);
        } else if holds {
            self.add(Entry { result, holds, ..Entry::new(address, span, What::Call, action.as_str()) }, true);
        }
    }
}

impl Tracer for Collector {
    fn wants(&self, about: &Value) -> bool {
        self.needle.within(about)
    }

    fn wants_all(&self, at: &Address) -> bool {
        self.steps.scopes(at).iter().any(|key| self.scopes.is_about(key))
    }

    fn decided(&mut self, decision: Decision) {
        match decision {
            Decision::Item { address, var, value, .. } => self.item(&address, var, &value),
            Decision::ItemEnded { address, how, .. } => self.end(&ScopeKey::item(&address), &how, false),
            Decision::FlowBegan { address, flow, inputs } => self.flow_began(&address, &flow, inputs),
            Decision::FlowEnded { address, how, value, .. } => {
                let gave = if value.is_null() { String::new() } else { format!(", gave {}", brief(&value)) };
                let places = self.needle.places(&value);
                let held = if places.is_empty() { String::new() } else { format!("; it is in {places}") };
                let holds = self.needle.within(&value);
                self.end(&ScopeKey::flow(&address), &format!("{how}{gave}{held}"), holds);
            }
            Decision::Condition { address, span, what, element, holds, saw, reason, .. } => {
                self.condition(address, span, what, element.as_ref(), holds, &saw, reason.as_ref());
            }
            Decision::Dropped { address, function, element, unknown, because, saw, .. } => {
                let what = if unknown.is_some() { What::SetAside } else { What::Dropped };
                let name = if function.as_str() == "[?]" { "the path" } else { function.as_str() };
                let text = format!("{name}: {}", words::source(&self.plan.files, because));
                let mut saw = words::saw(&saw, because, &self.origins);
                if saw.is_empty() {
                    saw.push(seen("element", named(&element, &self.needle)));
                }
                let result = words::dropped(&function, unknown.as_ref());
                self.add_once(Entry { saw, result, ..Entry::new(address, because, what, text) });
            }
            Decision::Ruled { address, span, table, saw, result } => {
                let row = match words::source(&self.plan.files, span) {
                    name if name == table.as_str() => "otherwise".to_owned(),
                    row => row,
                };
                let text = format!("{table}: {row}");
                let saw = words::saw(&saw, span, &self.origins);
                self.ruled(Entry { saw, result: brief(&result), ..Entry::new(address, span, What::Table, text) });
            }
            Decision::Let { address, span, name, value } => self.named(address, span, &name, &value),
            Decision::Called { address, span, action, body } => self.sends(address, span, What::Call, &action, &body),
            Decision::Sent { address, span, action, body, held } => {
                self.sends(address, span, if held { What::Held } else { What::Sent }, &action, &body);
            }
            Decision::Answered { address, span, action, status, outcome, body, cause } => {
                let result = words::answer(status, outcome.as_ref(), &body, cause.as_ref());
                self.answered(address, span, &action, result, &body);
            }
            Decision::Again { address, span, attempt, at } => {
                let text = format!("the {}", nth(attempt));
                self.add(Entry { result: words::time(at), ..Entry::new(address, span, What::Again, text) }, false);
            }
            Decision::Booked { address, span, what: name, key, at, value, held } => {
                let holds = self.needle.is_key(&key) || self.needle.within(&value);
                let verb = self.steps.at(&address).map_or("defer", |step| step.verb);
                // a recheck books many: each for itself
                if verb == "recheck" && !holds {
                    return;
                }
                let result = match (held, verb) {
                    (true, _) => "held back".to_owned(),
                    (false, "cancel") => "called off".to_owned(),
                    (false, _) => format!("booked for {}", words::time(at)),
                };
                let text = format!("{name} {key}");
                let saw = if value.is_null() { Vec::new() } else { vec![seen("with", brief(&value))] };
                self.add(Entry { saw, result, ..Entry::new(address, span, What::Booked(verb), text) }, holds);
            }
            Decision::Lost { address, cause } => {
                if let Some(slot) = self.asked.remove(&address) {
                    self.story.lose(slot, &cause);
                }
            }
            Decision::RunEnded { .. } => {}
        }
    }
}

fn seen(name: &str, value: String) -> Saw {
    Saw { name: name.to_owned(), value, from: None }
}

fn place_in(name: &str, places: &str) -> String {
    if places.is_empty() { format!("it is {name}") } else { format!("it is in {name}, {places}") }
}

/// `2nd try`
fn nth(attempt: u32) -> String {
    let ending = match (attempt % 10, attempt % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{attempt}{ending} try")
}
