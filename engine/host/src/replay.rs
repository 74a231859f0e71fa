//! A run made again from its journal: to explain it, to look where it stands, to go on with it.

use std::collections::HashMap;
use std::sync::Arc;

use wf_machine::{Effect, Ended, Event, Run, Tracer, Unit, What};
use wf_plan::{Address, Answered, Envelope, Plan, RunId};
use wf_value::Text;

use crate::driver::message_again;
use crate::envelope::{Way, read_reply};
use crate::ports::{Answer, Journal, JournalError, Kind, Record};
use crate::record::{SEMANTICS, read_start};

/// A run as far as its journal goes.
pub struct Replayed {
    pub run: Run,
    /// `None`: it has not ended, or its records stop before.
    pub ended: Option<Box<Ended>>,
    /// What the machine asked for and no record answers, in the order in which it asked: calls and messages under way, timers, bookings.
    pub open: Vec<Open>,
    pub records: usize,
}

/// Something that was asked for, of which no record says what came of it.
#[derive(Clone, Debug)]
pub struct Open {
    pub effect: Effect,
    /// A message that may change something and was written down as about to leave: nobody knows whether it did.
    pub in_doubt: bool,
}

#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReplayError {
    #[error("run {0} is not in the journal")]
    NoRun(RunId),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("run {0} left only a summary: it could do nothing but read")]
    Summary(RunId),
    #[error("the run has plan {recorded}, not {given}")]
    Plan { recorded: String, given: String },
    #[error("the run was recorded with semantics {recorded}; this program knows {SEMANTICS}")]
    Semantics { recorded: u32 },
    #[error("what the run began with does not fit its plan")]
    Start,
    #[error("the run goes another way than it was recorded: at {address} {what}")]
    Diverged { address: String, what: String },
}

/// Replays a run with its plan; `tracer` hears every decision.
///
/// # Errors
/// There is no such run, its records cannot be read, or they do not belong to this plan.
pub async fn replay(
    journal: &dyn Journal,
    run: RunId,
    plan: Arc<Plan>,
    tracer: Option<&mut (dyn Tracer + Send)>,
) -> Result<Replayed, ReplayError> {
    let records = journal.read(run, 1).await?;
    let tracer = tracer.map(|t| t as &mut dyn Tracer);
    replay_records(&records, run, plan, tracer)
}

/// [`replay`] of records that were read already.
///
/// # Errors
/// As [`replay`].
pub fn replay_records(
    records: &[Record],
    id: RunId,
    plan: Arc<Plan>,
    tracer: Option<&mut dyn Tracer>,
) -> Result<Replayed, ReplayError> {
    replay_observed(records, id, plan, tracer, &mut |_| {})
}

/// [`replay_records`], where `observe` hears everything that the machine asks for.
pub(crate) fn replay_observed(
    records: &[Record],
    id: RunId,
    plan: Arc<Plan>,
    mut tracer: Option<&mut dyn Tracer>,
    observe: &mut dyn FnMut(&Effect),
) -> Result<Replayed, ReplayError> {
    let Some((first, rest)) = records.split_first() else { return Err(ReplayError::NoRun(id)) };
    let Kind::Started { plan: recorded, start, semantics, .. } = &first.kind else { return Err(ReplayError::Start) };
    if *recorded != plan.hash.as_str() {
        return Err(ReplayError::Plan { recorded: recorded.clone(), given: plan.hash.to_string() });
    }
    if *semantics != SEMANTICS {
        return Err(ReplayError::Semantics { recorded: *semantics });
    }
    let start = read_start(start, id, &plan).ok_or(ReplayError::Start)?;
    let (run, effects) = Run::start(Unit::Plan(plan), start, tracer.as_deref_mut().map(|t| t as _));
    let mut replay = Replay { run, asked: HashMap::new(), sent: HashMap::new(), ended: None, asked_so_far: 0 };
    effects.iter().for_each(&mut *observe);
    replay.take(effects);
    for record in rest {
        let Some(what) = replay.event(&record.kind)? else { continue };
        let effects = replay.run.feed(Event { at: record.at, what }, tracer.as_deref_mut().map(|t| t as _));
        effects.iter().for_each(&mut *observe);
        replay.take(effects);
    }
    replay.finish(id, records)
}

struct Replay {
    run: Run,
    /// What was asked for and is not answered, with its place in the order of asking.
    asked: HashMap<Address, (usize, Effect)>,
    asked_so_far: usize,
    /// Messages that the machine has sent, whose record has not come.
    sent: HashMap<Address, Message>,
    ended: Option<Box<Ended>>,
}

struct Message {
    request_id: String,
    hash: Option<String>,
}

impl Replay {
    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match &effect {
                Effect::Call { address, request_id, action, body, .. } => {
                    self.message(address, action, Way::Call, request_id, body);
                    self.ask(address.clone(), effect);
                }
                Effect::Publish { address, request_id, action, body } => {
                    self.message(address, action, Way::Publish, request_id, body);
                    self.ask(address.clone(), effect);
                }
                Effect::Timer { address, .. }
                | Effect::Recheck { address, .. }
                | Effect::Defer { address, .. }
                | Effect::Cancel { address, .. } => self.ask(address.clone(), effect),
                Effect::Forget { address } => drop(self.asked.remove(address)),
                Effect::Request { .. } | Effect::Metric { .. } | Effect::Gauges { .. } => {}
                Effect::Ended(ended) => self.ended = Some(ended.clone()),
            }
        }
    }

    fn ask(&mut self, address: Address, effect: Effect) {
        self.asked_so_far += 1;
        self.asked.insert(address, (self.asked_so_far, effect));
    }

    fn message(&mut self, address: &Address, action: &wf_plan::Action, way: Way, id: &str, body: &wf_value::Value) {
        if action.effect != wf_plan::Effect::Read {
            let hash = message_again(action.envelope, way, id, body);
            self.sent.insert(address.clone(), Message { request_id: id.to_owned(), hash });
        }
    }

    /// What is fed to the machine of a record.
    fn event(&mut self, kind: &Kind) -> Result<Option<What>, ReplayError> {
        Ok(match kind {
            Kind::Answered { address, answer } => {
                let answered = self.read(address, answer);
                self.ended.iter_mut().for_each(|ended| ended.report.settle(address, answered.status));
                Some(What::Answered { address: address.clone(), answered })
            }
            Kind::Due { address } => {
                self.asked.remove(address);
                Some(What::Due { address: address.clone() })
            }
            Kind::Lost { address, cause } => {
                self.asked.remove(address);
                let cause = Text::from(cause.as_str());
                // what was under way when the run ended is known only after its end
                self.ended.iter_mut().for_each(|ended| ended.report.lose(address, cause.clone()));
                Some(What::Lost { address: address.clone(), cause })
            }
            Kind::Cancelled { reason } => Some(What::Cancelled { reason: reason.as_str().into() }),
            Kind::Sent { address, request_id, hash } => {
                self.compare(address, request_id, hash)?;
                None
            }
            Kind::Published { address } | Kind::Booked { address, .. } => {
                self.asked.remove(address);
                None
            }
            Kind::Started { .. } | Kind::Timer { .. } | Kind::Taken | Kind::Again { .. } | Kind::Ended { .. } => None,
        })
    }

    /// An answer as it was read when it came.
    fn read(&mut self, address: &Address, answer: &Answer) -> Answered {
        let asked = self.asked.remove(address);
        match answer {
            Answer::None { why, cause } => Answered::lost(*why, Text::from(cause.as_str())),
            Answer::Reply(reply) => match asked {
                Some((_, Effect::Call { action, .. })) => read_reply(action.envelope, action.full_name(), reply),
                _ => read_reply(Envelope::Body, "", reply),
            },
        }
    }

    fn compare(&mut self, address: &Address, request_id: &str, hash: &str) -> Result<(), ReplayError> {
        let diverged = |what: &str| ReplayError::Diverged { address: address.to_string(), what: what.to_owned() };
        let Some(message) = self.sent.remove(address) else { return Err(diverged("nothing is sent")) };
        if message.request_id != request_id {
            return Err(diverged("the message has another id"));
        }
        if message.hash.as_deref() != Some(hash) {
            return Err(diverged("something else is sent"));
        }
        Ok(())
    }

    fn finish(self, id: RunId, records: &[Record]) -> Result<Replayed, ReplayError> {
        let recorded_end = records.iter().any(|r| matches!(r.kind, Kind::Ended { .. }));
        let around =
            |kind: &Kind| matches!(kind, Kind::Started { .. } | Kind::Again { .. } | Kind::Ended { .. } | Kind::Taken);
        let nothing_between = records.iter().all(|r| around(&r.kind));
        if recorded_end && self.ended.is_none() {
            if nothing_between {
                return Err(ReplayError::Summary(id));
            }
            let what = "it goes on, where it ended".to_owned();
            return Err(ReplayError::Diverged { address: String::new(), what });
        }
        let Self { run, asked, sent, ended, .. } = self;
        let mut open: Vec<_> = asked.into_iter().collect();
        open.sort_unstable_by_key(|(_, (place, _))| *place);
        let doubted = |address: &Address, effect: &Effect| match effect {
            Effect::Call { action, .. } | Effect::Publish { action, .. } => {
                action.effect != wf_plan::Effect::Read && !sent.contains_key(address)
            }
            _ => false,
        };
        let open = open.into_iter().map(|(address, (_, effect))| Open { in_doubt: doubted(&address, &effect), effect });
        Ok(Replayed { open: open.collect(), run, ended, records: records.len() })
    }
}
