//! Requests of a connector's action to its vendor.

use wf_plan::{Answered, Step, Verb};
use wf_value::{Map, Text, Value};

use crate::answers::Verdict;
use crate::effect::{Effect, RequestRef, Scope};
use crate::frames::{Doing, Frame, FrameId};
use crate::run::Waker;
use crate::trace::Decision;
use crate::turn::{Next, Turn};

impl Turn<'_, '_> {
    pub(crate) fn request_step(&mut self, id: FrameId) -> Next {
        let address = self.address(id);
        let Some(frame) = self.frame(id) else { return Next::Wait };
        let Some(here) = frame.step() else { return Next::Wait };
        let Some(step) = here.get() else { return Next::Wait };
        let request = RequestRef { unit: self.unit.clone(), flow: frame.flow, step: step.number };
        let scope = self.scope_of(id);
        let what = self.step_name(step);
        self.tell(|| Decision::Called {
            address: address.clone(),
            span: step.span,
            action: what.clone(),
            body: Value::Null,
        });
        self.run.waiting.insert(address.clone(), Waker::Answer { frame: id, what });
        self.effects.push(Effect::Request { address, request, scope });
        if let Some(frame) = self.frame_mut(id) {
            frame.doing = Doing::Request;
        }
        Next::Wait
    }

    /// The frames that a step sees, innermost first.
    fn scope_of(&self, id: FrameId) -> Scope {
        let mut frames = Vec::new();
        let mut at = Some(id);
        while let Some(frame) = at.and_then(|id| self.frame(id)) {
            frames.push(frame.slots.clone());
            at = frame.scope;
        }
        Scope { frames }
    }

    /// What came of a request, judged and mapped: `{status, body}` is what the action replies when nothing follows.
    pub(crate) fn replied(&mut self, id: FrameId, answered: Answered) {
        let Some(here) = self.frame(id).and_then(Frame::step) else { return };
        let Some(step) = here.get() else { return };
        let Step { verb: Verb::Request(request), .. } = step else { return };
        let address = self.address(id);
        let reply = reply(&answered);
        let name = self.step_name(step);
        let verdict = Verdict::of_request(name, request, answered);
        self.tell(|| Decision::Answered {
            address: address.clone(),
            span: step.span,
            action: verdict.call.clone(),
            status: verdict.status,
            outcome: None,
            body: verdict.raw.clone(),
            cause: verdict.cause.clone(),
        });
        self.run.last_reply = Some(reply.clone());
        let next = if verdict.ok {
            self.done(id, verdict.result())
        } else {
            let mut failure = verdict.failure(address);
            failure.reply = Some(reply);
            self.failed(id, &here, failure)
        };
        self.resume(id, next);
    }
}

/// `{status, body}`
fn reply(answered: &Answered) -> Value {
    let status = Value::Int(answered.status.into());
    [(Text::from("status"), status), (Text::from("body"), answered.body.clone())].into_iter().collect::<Map>().into()
}
