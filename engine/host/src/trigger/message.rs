//! A workflow as a replier.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;
use wf_plan::Overlap;
use wf_value::{Map, Text, Value};

use super::bound::{Bound, BoundKind};
use super::gate::Gate;
use super::reply::{Reply as Answer, inputs, reply_of};
use crate::engine::{Begin, Engine};
use crate::envelope::{read_request, write_reply, write_unsent};
use crate::ports::{BusError, Incoming, Replier, Reply};

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
        let answer = self.engine.answer(&bound, &self.gate, request.body.as_ref(), trigger.into()).await;
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

impl Engine {
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
