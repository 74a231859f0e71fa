//! Steps, one after the other.

use wf_expr::{Slot, Truth, Written};
use wf_plan::{Verb, Word};
use wf_value::{Unknown, UnknownKind, Value};

use crate::frames::{Doing, FrameId, Role};
use crate::holes;
use crate::scope::Asks;
use crate::trace::Decision;
use crate::turn::{Next, Turn};

impl Turn<'_, '_> {
    /// Does the step that the frame stands at, or what comes behind the last one.
    pub(crate) fn step(&mut self, id: FrameId) -> Next {
        let Some(frame) = self.frame(id) else { return Next::Wait };
        match &frame.doing {
            Doing::Steps => {}
            Doing::Loop(_) => return self.loop_on(id),
            _ => return Next::Wait,
        }
        let Some(cursor) = frame.cursors.last().cloned() else { return Next::Wait };
        let here = cursor.here;
        let Some(step) = here.get() else {
            return if cursor.handles { self.handled(id) } else { self.body_done(id) };
        };
        if let Some(code) = &step.condition {
            let address = self.address(id);
            match self.truth(self.at(id, &address), Asks { code, what: "if", step: step.number, reason: None }) {
                Truth::Yes => {}
                Truth::No => return self.passed(id),
                Truth::Unknown(why) => return self.undecided(id, &here, why),
            }
        }
        match &step.verb {
            Verb::Call(call) => self.call_step(id, &here, call),
            Verb::Publish(call) => self.publish_step(id, &here, call),
            Verb::Run { flow, with } => {
                let tries = self.first_try();
                self.run_step(id, *flow, with, tries)
            }
            Verb::Let(names) => self.let_step(id, names),
            Verb::For(each) => self.for_step(id, &here, each),
            Verb::Leave(leave) => self.leave(id, &here, step.number, leave),
            Verb::Return(value) => self.returns(id, value.as_ref()),
            Verb::Metric { metric, labels, value, rows } => {
                self.metric_step(id, &here, *metric, labels.as_ref(), value.as_ref(), rows.as_ref())
            }
            Verb::Set(names) => self.set_step(id, names),
            Verb::Recheck { flow, list, by, item: _, after, with } => {
                self.recheck_step(id, &here, *flow, list, by.as_ref(), after, with)
            }
            Verb::Defer { task, key, after, at, with } => {
                self.defer_step(id, &here, task, key, after.as_ref().or(at.as_ref()), with)
            }
            Verb::Cancel { task, key } => self.cancel_step(id, &here, task, key),
            Verb::Request(_) => self.request_step(id),
        }
    }

    /// The step was done with this result: the next one.
    pub(crate) fn done(&mut self, id: FrameId, result: Value) -> Next {
        let Some(frame) = self.frame_mut(id) else { return Next::Wait };
        if let Some(slot) = frame.step().as_ref().and_then(|here| here.get()).and_then(|step| step.id) {
            frame.set(slot, result);
        }
        self.passed(id)
    }

    /// The next step, whatever became of this one.
    pub(crate) fn passed(&mut self, id: FrameId) -> Next {
        let Some(frame) = self.frame_mut(id) else { return Next::Wait };
        frame.doing = Doing::Steps;
        frame.advance();
        Next::Go
    }

    /// An `on_error` block is over: the step behind the one that failed.
    fn handled(&mut self, id: FrameId) -> Next {
        if let Some(frame) = self.frame_mut(id) {
            frame.cursors.pop();
        }
        self.passed(id)
    }

    fn body_done(&mut self, id: FrameId) -> Next {
        match self.frame(id).map(|frame| frame.role) {
            Some(Role::Item { around, .. }) => self.item_body_done(id, around),
            Some(_) => self.end(id, crate::leaving::End::Done(None)),
            None => Next::Wait,
        }
    }

    fn let_step(&mut self, id: FrameId, names: &[(u16, Written)]) -> Next {
        let address = self.address(id);
        for (slot, written) in names {
            let value = self.value(self.at(id, &address), written);
            if self.tracer.is_some() {
                let name = self.slot_name(id, *slot);
                let value = value.clone();
                self.tell(|| Decision::Let { address: address.clone(), span: written.span, name, value });
            }
            if let Some(frame) = self.frame_mut(id) {
                frame.set(*slot, value);
            }
        }
        self.passed(id)
    }

    /// `state` and `set`: values that a sequential loop carries along.
    fn set_step(&mut self, id: FrameId, names: &[(Slot, Written)]) -> Next {
        let address = self.address(id);
        for (slot, written) in names {
            let mut value = self.value(self.at(id, &address), written);
            if holes::is_too_deep(&value) {
                let why = Unknown::new(UnknownKind::Limit, "lists and maps stand too deep in one another");
                value = why.at(Some(written.span)).into();
            }
            let mut at = Some(id);
            for _ in 0..slot.up {
                at = at.and_then(|id| self.frame(id)).and_then(|frame| frame.scope);
            }
            if let Some(frame) = at.and_then(|id| self.frame_mut(id)) {
                frame.set(slot.index, value);
            }
        }
        self.passed(id)
    }
}

/// Whether a write surely did not act, so that it may be tried again.
pub(crate) fn surely_not_acted(status: Option<u16>, why: Option<Word>) -> bool {
    why == Some(Word::NoConnection) || (why.is_none() && matches!(status, Some(429 | 401)))
}
