//! A recorded run made again with other params: what would have been decided, as far as the record holds the answers.
//!
//! An answer of the record belongs to a call of the same address and the same inputs. Whatever else would have been asked is named
//! ([`Unheld`]) and answered as lost, so that what does not depend on it goes on.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use wf_machine::{Effect, Ended, Event, Run, Tracer, Unit, What};
use wf_plan::{Action, Address, Answered, Params, Plan, RunId, Word};
use wf_value::{Text, Value};

use crate::envelope::read_reply;
use crate::ports::{Answer, Kind, Record};
use crate::record::read_start;
use crate::replay::{ReplayError, replay_observed};

/// What a run would have come to.
#[derive(Debug, Default)]
pub struct Otherwise {
    /// `None`: it would still wait for something.
    pub ended: Option<Box<Ended>>,
    pub unheld: Vec<Unheld>,
}

/// A call that the run did not make, or made with other inputs: nobody knows its answer.
#[derive(Clone, Debug)]
pub struct Unheld {
    pub address: Address,
    /// `crm.get_ticket`, or the task that would have been booked.
    pub what: Text,
    /// It would have changed something: that much is known.
    pub writes: bool,
}

/// What is said of such a call where the run goes on without its answer.
pub const UNHELD: &str = "the record does not hold this answer";

/// How often a call is lost before nobody answers it any more: it may be tried again for ever.
const TRIES: usize = 10;
/// Timers of its own that one run may see.
const TIMERS: usize = 100_000;

/// Replays a run with other params; `tracer` hears what would have been decided.
///
/// # Errors
/// As [`crate::replay::replay`]: the run is not in the records, or they do not belong to this plan.
pub fn otherwise(
    records: &[Record],
    id: RunId,
    plan: Arc<Plan>,
    params: Arc<Params>,
    mut tracer: Option<&mut dyn Tracer>,
) -> Result<Otherwise, ReplayError> {
    let mut asked = HashMap::new();
    replay_observed(records, id, plan.clone(), None, &mut |effect| {
        if let Effect::Call { address, action, body, .. } = effect {
            asked.insert(address.clone(), (action.full_name().clone(), body.clone()));
        }
    })?;
    let Some((Record { kind: Kind::Started { start, .. }, .. }, rest)) = records.split_first() else {
        return Err(ReplayError::NoRun(id));
    };
    let mut start = read_start(start, id, &plan).ok_or(ReplayError::Start)?;
    start.params = params;
    let begun = start.at;
    let last = rest.last().map_or(begun, |record| record.at);
    let (run, effects) = Run::start(Unit::Plan(plan), start, tracer.as_deref_mut().map(|t| t as _));
    let mut other = Other {
        run,
        rest,
        asked,
        held: held(rest),
        at: 0,
        now: begun,
        slack: last.duration_since(begun).saturating_add(SignedDuration::from_secs(1)),
        waiting: HashMap::new(),
        timers: BTreeSet::new(),
        soon: VecDeque::new(),
        lost: HashMap::new(),
        result: Otherwise::default(),
    };
    other.take(effects);
    other.go(tracer);
    Ok(other.result)
}

/// By address, the places of the records that wake it, in order.
fn held(rest: &[Record]) -> HashMap<Address, VecDeque<usize>> {
    let mut held: HashMap<Address, VecDeque<usize>> = HashMap::new();
    for (place, record) in rest.iter().enumerate() {
        if let Kind::Answered { address, .. } | Kind::Due { address } = &record.kind {
            held.entry(address.clone()).or_default().push_back(place);
        }
    }
    held
}

struct Other<'a> {
    run: Run,
    rest: &'a [Record],
    /// What the recorded run asked: action and inputs.
    asked: HashMap<Address, (Text, Value)>,
    held: HashMap<Address, VecDeque<usize>>,
    /// The record that comes next.
    at: usize,
    now: Timestamp,
    /// Times in inputs may differ by as much: a step may be reached sooner.
    slack: SignedDuration,
    /// Calls and timers that a record to come wakes.
    waiting: HashMap<Address, Option<Arc<Action>>>,
    /// Timers that the record does not know.
    timers: BTreeSet<(Timestamp, Address)>,
    /// Events to be fed before the next record.
    soon: VecDeque<What>,
    lost: HashMap<Address, usize>,
    result: Otherwise,
}

impl Other<'_> {
    fn go(&mut self, mut tracer: Option<&mut dyn Tracer>) {
        let mut own = 0;
        while !self.run.is_over() {
            let what = match self.soon.pop_front() {
                Some(what) => Some(what),
                None => {
                    let next = self.rest.get(self.at).map(|record| record.at);
                    match self.timers.first().cloned().filter(|(due, _)| next.is_none_or(|next| *due < next)) {
                        Some(timer) if own < TIMERS => {
                            own += 1;
                            self.timers.remove(&timer);
                            self.now = self.now.max(timer.0);
                            Some(What::Due { address: timer.1 })
                        }
                        _ if next.is_none() => return,
                        _ => self.recorded(),
                    }
                }
            };
            if let Some(what) = what {
                let effects = self.run.feed(Event { at: self.now, what }, tracer.as_deref_mut().map(|t| t as _));
                self.take(effects);
            }
        }
    }

    /// What the next record feeds, if somebody waits for it; else it stays for whoever asks later.
    fn recorded(&mut self) -> Option<What> {
        let record = self.rest.get(self.at)?;
        self.at += 1;
        self.now = self.now.max(record.at);
        match &record.kind {
            Kind::Cancelled { reason } => Some(What::Cancelled { reason: reason.as_str().into() }),
            Kind::Answered { address, .. } | Kind::Due { address } => {
                let action = self.waiting.remove(address)?;
                self.wake(address, action)
            }
            _ => None,
        }
    }

    /// The next record of an address as an event.
    fn wake(&mut self, address: &Address, action: Option<Arc<Action>>) -> Option<What> {
        let place = self.held.get_mut(address)?.pop_front()?;
        let address = address.clone();
        Some(match &self.rest.get(place)?.kind {
            Kind::Answered { answer, .. } => What::Answered { address, answered: read(answer, action.as_deref()) },
            _ => What::Due { address },
        })
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Call { address, action, body, .. } => {
                    let same = self
                        .asked
                        .get(&address)
                        .is_some_and(|(asked, inputs)| asked == action.full_name() && alike(inputs, &body, self.slack));
                    if same && self.is_held(&address) {
                        self.wait(address, Some(action));
                    } else {
                        self.lose(address, action.full_name().clone(), action.effect != wf_plan::Effect::Read);
                    }
                }
                Effect::Defer { address, task, .. } | Effect::Cancel { address, task, .. } => {
                    if self.is_held(&address) {
                        self.wait(address, None);
                    } else {
                        self.lose(address, task, true);
                    }
                }
                Effect::Timer { address, at } => {
                    if self.is_held(&address) {
                        self.wait(address, None);
                    } else {
                        self.timers.insert((at, address));
                    }
                }
                Effect::Forget { address } => {
                    self.waiting.remove(&address);
                    self.timers.retain(|(_, timer)| *timer != address);
                }
                Effect::Ended(ended) => self.result.ended = Some(ended),
                Effect::Publish { .. }
                | Effect::Request { .. }
                | Effect::Recheck { .. }
                | Effect::Metric { .. }
                | Effect::Gauges { .. } => {}
            }
        }
    }

    fn is_held(&self, address: &Address) -> bool {
        self.held.get(address).is_some_and(|places| !places.is_empty())
    }

    /// Waits for a record, or takes one that has passed: the step is reached later than it was.
    fn wait(&mut self, address: Address, action: Option<Arc<Action>>) {
        let passed = self.held.get(&address).and_then(|places| places.front()).is_some_and(|place| *place < self.at);
        if passed {
            let what = self.wake(&address, action);
            self.soon.extend(what);
        } else {
            self.waiting.insert(address, action);
        }
    }

    fn lose(&mut self, address: Address, what: Text, writes: bool) {
        let tries = self.lost.entry(address.clone()).or_default();
        *tries += 1;
        if *tries == 1 {
            self.result.unheld.push(Unheld { address: address.clone(), what, writes });
        }
        if *tries <= TRIES {
            self.soon.push_back(What::Answered { address, answered: Answered::lost(Word::NoAnswer, UNHELD) });
        }
    }
}

fn read(answer: &Answer, action: Option<&Action>) -> Answered {
    match (answer, action) {
        (Answer::None { why, cause }, _) => Answered::lost(*why, Text::from(cause.as_str())),
        (Answer::Reply(reply), Some(action)) => read_reply(action.envelope, action.full_name(), reply),
        (Answer::Reply(reply), None) => read_reply(wf_plan::Envelope::Body, "", reply),
    }
}

/// Whether two inputs are the same, but for times that differ by no more than `slack`.
fn alike(one: &Value, other: &Value, slack: SignedDuration) -> bool {
    match (one, other) {
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.raw().iter().zip(b.raw()).all(|(a, b)| alike(a, b, slack))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.raw_iter().all(|(key, a)| b.raw(key).is_some_and(|b| alike(a, b, slack)))
        }
        _ if one == other => true,
        _ => match (moment(one), moment(other)) {
            (Some(a), Some(b)) => a.duration_since(b).abs() <= slack,
            _ => false,
        },
    }
}

/// A time, also as a vendor may want it: an ISO text, milliseconds.
fn moment(value: &Value) -> Option<Timestamp> {
    /// Smaller numbers are none: 2001.
    const LEAST: i64 = 1_000_000_000_000;
    match value {
        Value::Time(time) => Some(time.at),
        Value::Int(ms) if *ms > LEAST => Timestamp::from_millisecond(*ms).ok(),
        Value::Text(text) => text.as_str().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::decode;

    #[test]
    fn inputs_are_alike_when_only_their_times_moved_a_little() {
        let slack = SignedDuration::from_secs(2);
        let alike = |a: &str, b: &str| {
            let value = |json: &str| decode(json).unwrap_or_default();
            super::alike(&value(a), &value(b), slack)
        };
        assert!(alike(r#"{"a": [1, "2022-06-01T14:00:00Z"]}"#, r#"{"a": [1, "2022-06-01 14:00:01.5+00:00"]}"#));
        assert!(alike("1654092000000", "1654092001000"));
        assert!(!alike(r#"{"a": "2022-06-01T14:00:00Z"}"#, r#"{"a": "2022-06-01T15:00:00Z"}"#));
        assert!(!alike("[1]", "[2]") && !alike("[1]", "[1, 1]") && !alike(r#"{"a": 1}"#, r#"{"b": 1}"#));
    }
}
