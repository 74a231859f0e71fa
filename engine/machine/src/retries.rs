//! Trying again: when, and how long to wait. Waits take virtual time, so a test sees what production does.

use jiff::Timestamp;
use uuid::Uuid;
use wf_plan::{Address, Retry};
use wf_value::Value;

use crate::effect::Effect;
use crate::failure::Failure;
use crate::frames::FrameId;
use crate::run::Waker;
use crate::scope::At;
use crate::trace::Decision;
use crate::turn::Turn;

/// The try that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tries {
    /// From 1.
    pub(crate) attempt: u32,
    /// When the first one began.
    pub(crate) first: Timestamp,
}

impl Failure {
    /// Whether `when` of a retry names such a failure.
    pub(crate) fn is_met_by(&self, retry: &Retry) -> bool {
        if self.unknown.is_some() {
            return retry.undecided;
        }
        retry.failed || retry.names(self.status, self.outcome.as_deref(), self.why)
    }
}

impl Turn<'_, '_> {
    /// When the next try begins; `None`: the failure is final. What cannot be decided about it makes it final.
    /// `address`: of what is tried again, the step of the frame or an item of it.
    pub(crate) fn next_try(
        &mut self,
        id: FrameId,
        address: &Address,
        retry: &Retry,
        tries: Tries,
    ) -> Option<Timestamp> {
        let at = At::frame(id, address);
        let next = self.with_attempt(id, tries.attempt, |turn| turn.next_time(at, retry, tries));
        if let Some(at) = next {
            let span = self.step_span(id);
            self.tell(|| Decision::Again { address: address.clone(), span, attempt: tries.attempt + 1, at });
        }
        next
    }

    /// Does something while `attempt` is that of a step of the frame.
    pub(crate) fn with_attempt<R>(&mut self, id: FrameId, attempt: u32, work: impl FnOnce(&mut Self) -> R) -> R {
        self.set_attempt(id, attempt);
        let result = work(self);
        let own = self.frame(id).map_or(1, |frame| frame.attempt);
        self.set_attempt(id, own);
        result
    }

    fn set_attempt(&mut self, id: FrameId, attempt: u32) {
        if let Some(frame) = self.frame_mut(id)
            && let Some(slot) = frame.attempt_slot
        {
            frame.set(slot, Value::Int(attempt.into()));
        }
    }

    fn next_time(&mut self, at: At<'_>, retry: &Retry, tries: Tries) -> Option<Timestamp> {
        let now = self.now();
        let chance = self.chance(at.address, tries.attempt);
        let elapsed = now.duration_since(tries.first);
        let wait = retry.wait(tries.attempt, elapsed, chance, |written| self.value(at, written))?;
        Some(now.checked_add(wait).unwrap_or(Timestamp::MAX))
    }

    /// A number that looks random and is the same whenever the run is played again.
    fn chance(&self, address: &Address, attempt: u32) -> u64 {
        let name = format!("{address} wait {attempt}");
        Uuid::new_v5(&self.run.start.run.0, name.as_bytes()).as_u64_pair().0
    }

    /// Has the frame wait for that time, at the address of its step.
    pub(crate) fn sleep(&mut self, id: FrameId, at: Timestamp) {
        let address = self.address(id);
        self.run.waiting.insert(address.clone(), Waker::Timer { frame: id, at });
        self.effects.push(Effect::Timer { address, at });
    }

    /// Has an item of a loop wait, at its own address.
    pub(crate) fn sleep_item(&mut self, around: FrameId, index: u32, address: Address, at: Timestamp) {
        self.run.waiting.insert(address.clone(), Waker::Item { around, index, at });
        self.effects.push(Effect::Timer { address, at });
    }
}
