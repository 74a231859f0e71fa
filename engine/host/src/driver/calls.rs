//! Calls on the bus: sent, waited for, read. Those that may change something leave only when the journal says so.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::{AbortHandle, BoxFuture, abortable, poll_immediate};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use rustc_hash::FxHashMap;
use wf_plan::{Action, Address, Answered, Effect, Word};
use wf_value::Text;

use super::Shared;
use super::journal::{self, Durable};
use crate::envelope;
use crate::metrics::names;
use crate::ports::{Answer, AppendError};

/// Something that was sent is over.
pub(super) enum Arrived {
    Answered {
        address: Address,
        answer: Answer,
        answered: Answered,
        of: Of,
    },
    /// What nobody answers has left, or why it did not.
    Published {
        address: Address,
        left: Result<(), String>,
    },
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Read,
    /// A write or a tell.
    Write,
    /// Something that the engine does itself.
    Engine,
}

/// A message, ready to leave.
pub(super) struct Outgoing {
    pub(super) address: Address,
    pub(super) action: Arc<Action>,
    pub(super) subject: String,
    pub(super) payload: Bytes,
    /// Of what may change something.
    pub(super) durable: Option<Durable>,
}

/// The calls of one run that are under way. They go on while [`Self::next`] is awaited, on the thread of their run: handing each to a thread
/// of its own would cost more than most of them. Dropped, it ends them all.
pub(super) struct Calls {
    shared: Arc<Shared>,
    workflow: Arc<str>,
    /// Each gives what arrived; nothing when nobody waits for it any more, or when the run is stopped anyhow.
    going: FuturesUnordered<BoxFuture<'static, Option<Arrived>>>,
    /// What arrived without having been under way.
    arrived: VecDeque<Arrived>,
    /// Reads, which may be forgotten.
    reads: FxHashMap<Address, AbortHandle>,
    /// Reads whose answers are among those that arrived.
    at_once: usize,
    /// Writes and tells, which are seen through to their end.
    outgoing: usize,
    /// Answers of the engine itself that have not arrived.
    own: usize,
    answered: u64,
}

impl Calls {
    pub(super) fn new(shared: Arc<Shared>, workflow: &str) -> Self {
        Self {
            shared,
            workflow: workflow.into(),
            going: FuturesUnordered::new(),
            arrived: VecDeque::new(),
            reads: FxHashMap::default(),
            at_once: 0,
            outgoing: 0,
            own: 0,
            answered: 0,
        }
    }

    /// What arrives next; never comes while nothing is under way.
    pub(super) async fn next(&mut self) -> Arrived {
        loop {
            if let Some(arrived) = self.arrived.pop_front() {
                return arrived;
            }
            match self.going.next().await {
                Some(Some(arrived)) => return arrived,
                Some(None) => {}
                None => std::future::pending().await,
            }
        }
    }

    /// Sends and waits for the reply.
    pub(super) async fn call(&mut self, outgoing: Outgoing, timeout: Duration) {
        let (shared, workflow) = (self.shared.clone(), self.workflow.clone());
        let address = outgoing.address.clone();
        let of = if outgoing.action.effect == Effect::Read { Of::Read } else { Of::Write };
        let call = async move {
            let address = outgoing.address.clone();
            let asked = AssertUnwindSafe(ask(&shared, &workflow, outgoing, timeout)).catch_unwind().await;
            let (answer, answered) = match asked {
                Ok(Ok(asked)) => asked,
                // The run is stopped by whoever saw the journal fail.
                Ok(Err(_)) => return None,
                Err(_) => none(Word::Unusable, "the call broke off inside the engine".into()),
            };
            Some(Arrived::Answered { address, answer, answered, of })
        };
        let mut call = call.boxed();
        match of {
            Of::Read => match poll_immediate(&mut call).await {
                // what is answered at once needs no place among those that are waited for
                Some(arrived) => {
                    self.at_once += usize::from(arrived.is_some());
                    self.arrived.extend(arrived);
                }
                None => {
                    let (call, handle) = abortable(call);
                    self.reads.insert(address, handle);
                    self.going.push(call.map(|arrived| arrived.ok().flatten()).boxed());
                }
            },
            Of::Write | Of::Engine => {
                self.outgoing += 1;
                self.going.push(call);
            }
        }
    }

    /// What the engine did itself is answered like everything else.
    pub(super) fn answer(&mut self, address: Address, answer: Answer, answered: Answered) {
        self.own += 1;
        self.arrived.push_back(Arrived::Answered { address, answer, answered, of: Of::Engine });
    }

    /// Sends; nothing is expected.
    pub(super) fn publish(&mut self, outgoing: Outgoing) {
        let (shared, workflow) = (self.shared.clone(), self.workflow.clone());
        self.outgoing += 1;
        let send = async move {
            let Outgoing { address, action, subject, payload, durable } = outgoing;
            if let Some(durable) = durable
                && journal::wait(durable).await.is_err()
            {
                return None;
            }
            let sent = AssertUnwindSafe(shared.ports.bus.publish(&subject, payload)).catch_unwind().await;
            let left = match sent {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("it broke off inside the engine".to_owned()),
            };
            let status = if left.is_ok() { "sent" } else { "lost" };
            if let Err(why) = &left {
                tracing::error!(action = action.full_name().as_str(), why, "a message could not be sent");
            }
            count(&shared, &workflow, &action, status);
            Some(Arrived::Published { address, left })
        };
        self.going.push(send.boxed());
    }

    /// A message that cannot even be written: said in its turn, like the end of every other.
    pub(super) fn lost(&mut self, address: Address, cause: String) {
        self.outgoing += 1;
        self.arrived.push_back(Arrived::Published { address, left: Err(cause) });
    }

    /// Nobody waits for the answer any more. A write goes on: what became of it must be known.
    pub(super) fn forget(&mut self, address: &Address) {
        match self.reads.remove(address) {
            Some(task) => task.abort(),
            None => self.drop_arrived(|of| of == address),
        }
    }

    /// Drops answers to reads that arrived and were not looked at yet.
    fn drop_arrived(&mut self, dropped: impl Fn(&Address) -> bool) {
        let before = self.arrived.len();
        self.arrived.retain(|arrived| match arrived {
            Arrived::Answered { address, of: Of::Read, .. } => !dropped(address),
            _ => true,
        });
        self.at_once -= before - self.arrived.len();
    }

    /// Nothing that was read matters any more.
    pub(super) fn forget_reads(&mut self) {
        self.reads.drain().for_each(|(_, task)| task.abort());
        self.drop_arrived(|_| true);
    }

    /// Takes note of what arrived.
    pub(super) fn arrived(&mut self, arrived: &Arrived) {
        match arrived {
            Arrived::Answered { of: Of::Engine, .. } => self.own = self.own.saturating_sub(1),
            Arrived::Answered { address, of, .. } => {
                self.answered += 1;
                match of {
                    Of::Read if self.reads.remove(address).is_some() => {}
                    Of::Read => self.at_once = self.at_once.saturating_sub(1),
                    Of::Write | Of::Engine => self.outgoing = self.outgoing.saturating_sub(1),
                }
            }
            Arrived::Published { .. } => self.outgoing = self.outgoing.saturating_sub(1),
        }
    }

    /// Writes and tells whose end is not known yet.
    pub(super) fn outgoing(&self) -> usize {
        self.outgoing
    }

    /// Everything that will still arrive.
    pub(super) fn going(&self) -> u64 {
        (self.reads.len() + self.at_once + self.outgoing + self.own) as u64
    }

    pub(super) fn answered(&self) -> u64 {
        self.answered
    }
}

/// No usable answer.
pub(super) fn none(why: Word, cause: String) -> (Answer, Answered) {
    let answered = Answered::lost(why, Text::from(cause.as_str()));
    (Answer::None { why, cause }, answered)
}

async fn ask(
    shared: &Shared,
    workflow: &str,
    outgoing: Outgoing,
    timeout: Duration,
) -> Result<(Answer, Answered), AppendError> {
    let Outgoing { action, subject, payload, durable, .. } = outgoing;
    let _slot = shared.calls.acquire().await;
    if let Some(durable) = durable {
        journal::wait(durable).await?;
    }
    let (metrics, clock) = (&shared.ports.metrics, &shared.ports.clock);
    let begun = clock.now();
    metrics.shift(names::CALLS_GOING, &[], 1.0);
    let reply = shared.ports.bus.request(&subject, payload, timeout).await;
    metrics.shift(names::CALLS_GOING, &[], -1.0);
    let name = action.full_name();
    metrics.observe(names::CALL_SECONDS, &[("action", name)], clock.now().duration_since(begun).as_secs_f64());
    let (answer, answered) = match reply {
        Ok(reply) => {
            let answered = envelope::read_reply(action.envelope, name, &reply);
            (Answer::Reply(reply), answered)
        }
        Err(error) => {
            tracing::warn!(action = name.as_str(), %error, "a call got no answer");
            let (why, cause) = envelope::lost(&error);
            none(why, cause)
        }
    };
    let status = answered.status.to_string();
    metrics.count(names::CALLS, &[("action", name), ("status", &status), ("workflow", workflow)]);
    count(shared, workflow, &action, &status);
    Ok((answer, answered))
}

/// Counts a write or tell that went out.
fn count(shared: &Shared, workflow: &str, action: &Action, status: &str) {
    if action.effect != Effect::Read {
        let labels = [("action", action.full_name().as_str()), ("status", status), ("workflow", workflow)];
        shared.ports.metrics.count(names::WRITES, &labels);
    }
}
