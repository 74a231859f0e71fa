//! Calls: what is sent, and the wait for the answer.

use std::sync::Arc;

use wf_plan::{Action, Address, Answered, Call, Step, Verb};
use wf_source::Span;
use wf_value::{Text, Unknown, Value};

use crate::answers::{self, Verdict};
use crate::blocks::surely_not_acted;
use crate::effect::Effect;
use crate::ended::SentKind;
use crate::failure::Failure;
use crate::frames::{Doing, FrameId, StepRef};
use crate::parcels::Parcel;
use crate::retries::Tries;
use crate::run::Waker;
use crate::trace::Decision;
use crate::turn::{Next, Turn};

/// A call that was sent. Every try sends the same under the same id.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) request_id: String,
    pub(crate) body: Value,
    timeout_ms: i64,
    tries: Tries,
    /// Its place among what is reported as sent: writes and tells.
    sent: Option<usize>,
}

impl Turn<'_, '_> {
    pub(crate) fn call_step(&mut self, id: FrameId, here: &StepRef, call: &Call) -> Next {
        let address = self.address(id);
        let body = match self.parcel(id, &address, &call.action, &call.with) {
            Parcel::Goes(body) => body,
            Parcel::Held(body) => return self.held_call(id, &address, &call.action, &body),
            Parcel::Unknown(why) => return self.not_sent(id, here, &call.action, why),
            Parcel::Refused(reason) => {
                let name = call.action.full_name();
                let mut failure = Failure::new(address, name.clone(), format!("{name} was not called: {reason}"));
                failure.cause = Some(reason);
                return self.failed(id, here, failure);
            }
        };
        let timeout_ms = match self.timeout(id, &address, call) {
            Ok(timeout_ms) => timeout_ms,
            Err(why) => return self.undecided(id, here, why),
        };
        let sent = self.note_sent(&address, &call.action, &body, call.about.as_deref(), false);
        let asked = Asked {
            request_id: wf_plan::request_id(self.run.start.run, &address),
            body,
            timeout_ms,
            tries: self.first_try(),
            sent,
        };
        self.send(id, &address, &call.action, asked);
        Next::Wait
    }

    fn timeout(&mut self, id: FrameId, address: &Address, call: &Call) -> Result<i64, Arc<Unknown>> {
        let Some(written) = &call.timeout else { return Ok(call.action.wait_ms) };
        let value = self.value(self.at(id, address), written);
        let reason = match &value {
            Value::Duration(wait) => return Ok(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX).max(0)),
            Value::Unknown(why) => return Err(why.clone()),
            other => match other.as_int() {
                Some(ms) => return Ok(ms.max(0)),
                None => format!("the timeout is {}, it should be a duration", other.kind()),
            },
        };
        Err(Unknown::new(wf_value::UnknownKind::Operand, reason).at(Some(written.span)).into())
    }

    fn send(&mut self, id: FrameId, address: &Address, action: &Arc<Action>, asked: Asked) {
        let span = self.step_span(id);
        self.tell(|| match action.effect {
            wf_plan::Effect::Read => Decision::Called {
                address: address.clone(),
                span,
                action: action.full_name().clone(),
                body: asked.body.clone(),
            },
            _ => Decision::Sent {
                address: address.clone(),
                span,
                action: action.full_name().clone(),
                body: asked.body.clone(),
                held: false,
            },
        });
        self.effects.push(Effect::Call {
            address: address.clone(),
            request_id: asked.request_id.clone(),
            action: action.clone(),
            body: asked.body.clone(),
            timeout_ms: asked.timeout_ms,
        });
        self.run.waiting.insert(address.clone(), Waker::Answer { frame: id, what: action.full_name().clone() });
        if let Some(frame) = self.frame_mut(id) {
            frame.doing = Doing::Call(Box::new(asked));
        }
    }

    /// `publish`: sent, and the steps go on.
    pub(crate) fn publish_step(&mut self, id: FrameId, here: &StepRef, call: &Call) -> Next {
        let address = self.address(id);
        match self.parcel(id, &address, &call.action, &call.with) {
            Parcel::Goes(body) => {
                self.note_sent(&address, &call.action, &body, call.about.as_deref(), false);
                let span = self.step_span(id);
                self.publish(&address, &call.action, body, span);
                self.passed(id)
            }
            Parcel::Held(body) => self.held_call(id, &address, &call.action, &body),
            Parcel::Unknown(why) => self.not_sent(id, here, &call.action, why),
            Parcel::Refused(reason) => {
                let name = call.action.full_name();
                let mut failure = Failure::new(address, name.clone(), format!("{name} was not sent: {reason}"));
                failure.cause = Some(reason);
                self.failed(id, here, failure)
            }
        }
    }

    pub(crate) fn publish(&mut self, address: &Address, action: &Arc<Action>, body: Value, span: Span) {
        self.tell(|| Decision::Sent {
            address: address.clone(),
            span,
            action: action.full_name().clone(),
            body: body.clone(),
            held: false,
        });
        self.effects.push(Effect::Publish {
            address: address.clone(),
            request_id: wf_plan::request_id(self.run.start.run, address),
            action: action.clone(),
            body,
        });
    }

    /// What was held back: its result is unknown, and nothing that follows from it goes out.
    fn held_call(&mut self, id: FrameId, address: &Address, action: &Action, body: &Value) -> Next {
        let name = action.full_name();
        self.note_sent(address, action, body, None, true);
        let span = self.step_span(id);
        self.tell(|| Decision::Sent {
            address: address.clone(),
            span,
            action: name.clone(),
            body: body.clone(),
            held: true,
        });
        let held = crate::held::held_back(name);
        self.hold(id, &held);
        self.done(id, Value::Unknown(held))
    }

    /// Something in it is unknown: it is not sent, and the report names every element that kept it from being sent.
    fn not_sent(&mut self, id: FrameId, here: &StepRef, action: &Action, why: Arc<Unknown>) -> Next {
        if why.kind.is_held() {
            return self.undecided(id, here, why);
        }
        let reason = format!("{} was not sent: {}", action.full_name(), why.reason);
        self.undecided(id, here, Arc::new(Unknown { reason: reason.into(), ..(*why).clone() }))
    }

    /// The answer to what the frame had called.
    pub(crate) fn answered(&mut self, id: FrameId, answered: Answered) {
        let Some(frame) = self.frame_mut(id) else { return };
        let Doing::Call(asked) = std::mem::replace(&mut frame.doing, Doing::Steps) else { return };
        let Some(here) = frame.step() else { return };
        let Some(Step { verb: Verb::Call(call), retry, .. }) = here.get() else { return };
        let address = self.address(id);
        let accept = call.accept.as_ref().or(call.action.accept.as_ref());
        let verdict = self.judge(&call.action, accept, answered);
        self.heard(&address, self.step_span(id), &verdict, asked.sent);

        let again = retry.as_ref().filter(|retry| {
            let met = retry.names(Some(verdict.status), verdict.outcome.as_deref(), verdict.why)
                || (retry.failed && !verdict.ok);
            met && (call.action.effect == wf_plan::Effect::Read || surely_not_acted(Some(verdict.status), verdict.why))
        });
        let again = again.and_then(|retry| self.next_try(id, &address, retry, asked.tries));
        if !verdict.ok {
            let (attempt, last) = (asked.tries.attempt, again.is_none());
            self.with_attempt(id, attempt, |turn| {
                turn.report_call(id, &address, call, &asked.body, &verdict, attempt, last);
            });
        }
        if let Some(at) = again {
            let tries = Tries { attempt: asked.tries.attempt + 1, ..asked.tries };
            if let Some(frame) = self.frame_mut(id) {
                frame.doing = Doing::Call(Box::new(Asked { tries, ..*asked }));
            }
            self.sleep(id, at);
            return;
        }
        let next = if verdict.ok {
            self.done(id, verdict.result())
        } else {
            self.run.report.failed_call(&verdict.call);
            let failure = verdict.failure(address);
            self.failed(id, &here, failure)
        };
        self.resume(id, next);
    }

    /// The wait before the next try of a call is over: the same goes out again, under the same id.
    pub(crate) fn call_again(&mut self, id: FrameId) {
        let Some(frame) = self.frame_mut(id) else { return };
        let Doing::Call(asked) = std::mem::replace(&mut frame.doing, Doing::Steps) else { return };
        let here = frame.step();
        if let Some(Step { verb: Verb::Call(call), .. }) = here.as_ref().and_then(StepRef::get) {
            let address = self.address(id);
            self.send(id, &address, &call.action, *asked);
        }
    }

    fn heard(&mut self, address: &Address, span: Span, verdict: &Verdict, sent: Option<usize>) {
        self.run.report.answered(sent, verdict.status);
        self.tell(|| Decision::Answered {
            address: address.clone(),
            span,
            action: verdict.call.clone(),
            status: verdict.status,
            outcome: verdict.outcome.clone(),
            body: verdict.raw.clone(),
            cause: verdict.cause.clone(),
        });
    }

    /// Writes and tells are reported; gives the place in the report.
    fn note_sent(
        &mut self,
        address: &Address,
        action: &Action,
        body: &Value,
        about: Option<&[wf_plan::About]>,
        held: bool,
    ) -> Option<usize> {
        let kind = match action.effect {
            wf_plan::Effect::Read => return None,
            wf_plan::Effect::Write => SentKind::Write,
            wf_plan::Effect::Tell => SentKind::Tell,
        };
        let about: Text = answers::shown(about.unwrap_or(&action.about), body, self.now());
        Some(self.run.report.sent(address.clone(), kind, action.full_name().clone(), about, held))
    }
}
