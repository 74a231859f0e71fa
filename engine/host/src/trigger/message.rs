//! A workflow as a replier.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;
use tokio::sync::watch;
use wf_plan::Overlap;
use wf_value::{Map, Text, Value};

use super::bound::{Bound, BoundKind};
use super::gate::Gate;
use super::reply::{Reply as Answer, inputs, reply_again, reply_of};
use crate::driver::only_reads;
use crate::engine::{Begin, Engine};
use crate::envelope::{read_request, write_reply, write_unsent};
use crate::ports::{BusError, Incoming, JournalError, Kind, Replier, Reply};

/// How long an id stands for the run that it began: as long as connectors remember what they replied.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// How often, and how many times, is looked whether such a run is over.
const LOOK: Duration = Duration::from_millis(200);
const LOOKS: u32 = 3_000;

/// Every message is a run of its own; they run at the same time unless the trigger says `overlap: queue`.
pub(crate) struct MessageReplier {
    pub(crate) engine: Engine,
    /// What answers now: a reload changes it.
    pub(crate) bound: watch::Receiver<Arc<Bound>>,
    pub(crate) gate: Gate,
}

#[async_trait]
impl Replier for MessageReplier {
    async fn handle(&self, message: Incoming) -> Reply {
        let bound = self.bound.borrow().clone();
        let BoundKind::Message { subject, envelope, .. } = &bound.kind else { return None };
        let first = bound.inputs().and_then(|spec| spec.fields.first()).map(|f| f.name.as_str());
        let Some(request) = read_request(*envelope, first, &message.payload) else {
            tracing::warn!(subject, "a message that is no request was dropped");
            return None;
        };
        let facts = [
            ("kind", Value::from("message")),
            ("subject", subject.clone().into()),
            ("request_id", request.request_id.clone().unwrap_or_default()),
            ("body", request.body.clone().unwrap_or_default()),
        ];
        let trigger: Map = facts.into_iter().map(|(key, value)| (Text::from(key), value)).collect();
        // Only with `queue` one waits for the other; nobody who asks is turned away because somebody else asked before.
        let id = request.request_id.as_ref().and_then(Value::as_str);
        let before = match id.filter(|_| writes(&bound)) {
            Some(id) => self.engine.answered_before(subject, id).await,
            None => None,
        };
        let answer = match before {
            Some(answer) => answer,
            None => self.engine.answer(&bound, &self.gate, request.body.as_ref(), trigger.into()).await,
        };
        if !message.wants_reply {
            return None;
        }
        let written =
            write_reply(*envelope, request.request_id.as_ref(), answer.status, &answer.body).or_else(|error| {
                tracing::error!(subject, %error, "a reply could not be sent");
                write_reply(*envelope, request.request_id.as_ref(), 500, &error.to_string().into())
            });
        written.ok()
    }

    fn unsent(&self, request: &Incoming, why: &BusError) -> Reply {
        let bound = self.bound.borrow().clone();
        let BoundKind::Message { envelope, .. } = &bound.kind else { return None };
        let first = bound.inputs().and_then(|spec| spec.fields.first()).map(|f| f.name.as_str());
        write_unsent(*envelope, first, &request.payload, why)
    }
}

/// Whether what the message asks for may change something: then the same id asks for it once.
fn writes(bound: &Bound) -> bool {
    bound.trigger().is_some_and(|trigger| !only_reads(&bound.workflow.plan.module, trigger.flow))
}

impl Engine {
    /// The answer to a message whose id began a run before: whoever calls a workflow calls it again after a kill. It waits while that run
    /// goes on. `None`: there is no such run, or it is so old that ids may be used again.
    async fn answered_before(&self, subject: &str, id: &str) -> Option<Answer> {
        let busy = self.ports().clock.busy();
        let journal = &self.ports().journal;
        let failed = |error: JournalError| Answer::new(503, error.to_string());
        let first = match journal.asked(subject, id).await {
            Ok(run) => run?,
            Err(error) => return Some(failed(error)),
        };
        drop(busy);
        for _ in 0..LOOKS {
            let last = match self.last_try(first).await {
                Ok(last) => last?,
                Err(error) => return Some(failed(error)),
            };
            if self.ports().clock.now().duration_since(last.started) > REMEMBERED {
                return None;
            }
            if let Some(how) = last.ended.filter(|_| last.again.is_none()) {
                if ["failed", "undecided", "cancelled"].contains(&how.as_str()) {
                    // whoever asks again after that wants another try
                    return None;
                }
                let records = journal.read(last.run, last.last).await;
                let report = records.ok().and_then(|records| match records.into_iter().next_back()?.kind {
                    Kind::Ended { report, .. } => Some(report),
                    _ => None,
                });
                return Some(reply_again(&how, &report.unwrap_or_default()));
            }
            // it goes on here, or is about to be taken up
            self.ports().clock.sleep(LOOK).await;
        }
        Some(Answer::new(503, "a run that this message began before has not ended"))
    }

    /// Runs the flow of a message or http trigger with a body from outside, and gives the reply: 400 when it does not fit.
    pub(crate) async fn answer(&self, bound: &Arc<Bound>, gate: &Gate, body: Option<&Value>, trigger: Value) -> Answer {
        let Some(of) = bound.trigger() else { return Answer::new(404, "there is no such trigger") };
        let mut inputs = match inputs(bound.inputs(), body) {
            Ok(inputs) => inputs,
            Err(refusal) => return Answer::new(400, refusal),
        };
        inputs.extend(bound.entry.iter().cloned());
        let name = bound.workflow.name();
        let unavailable = |refused: super::Refused| {
            self.inner.refuse(&name, refused);
            Answer::new(503, refused.why())
        };
        if let Err(refused) = self.admit() {
            return unavailable(refused);
        }
        let overlap = if of.overlap == Overlap::Queue { Overlap::Queue } else { Overlap::Allow };
        let _pass = match self.enter(gate, &bound.workflow, &bound.name, overlap).await {
            Ok(pass) => pass,
            Err(refused) => return unavailable(refused),
        };
        let begin = Begin {
            workflow: bound.workflow.clone(),
            flow: of.flow,
            inputs,
            trigger,
            by: bound.name.clone(),
            progress: None,
            of: Some(bound.index),
        };
        let (_, ended) = self.run_tries(self.new_run(), begin).await;
        reply_of(&ended)
    }
}
