//! Transports beside HTTP. Each makes a call from a request and carries it out; limits, retries, rows, claims and metrics are not its affair.

mod bounded;
pub(crate) mod bucket;
pub(crate) mod connection;
pub(crate) mod folder;
pub(crate) mod grpc;
pub(crate) mod imap;
mod imap_query;
mod imap_session;
pub(crate) mod keys;
mod mail;
pub(crate) mod objects;
mod received_mail;
mod signature;
pub(crate) mod smtp;

use wf_plan::{Request, Word};
use wf_value::Value;

use crate::http::Allowance;
use crate::live_face::{Ask, LiveFace};
use crate::outgoing::NotBuilt;
use crate::received::{Lost, Outcome, Received};
use crate::scene::{Reads, Scene};
use crate::within::within;

/// One way to talk.
pub(crate) trait Transport {
    /// A call that is ready to leave. It may hold secrets.
    type Call;

    /// Whom it goes to, for limits a second.
    fn host(&self) -> &str;

    /// The request in its scene.
    fn build(&self, ask: &Ask<'_>) -> Result<Self::Call, NotBuilt>;

    /// What was answered, or the word for what came instead. Whoever calls keeps the time.
    async fn send(&self, call: Self::Call, allowance: Allowance) -> Result<Received, Lost>;
}

impl LiveFace {
    /// One call: as soon as the limits allow it, no longer than it may take, counted.
    pub(crate) async fn call(&self, transport: &impl Transport, ask: &Ask<'_>) -> Outcome {
        let (request, scene) = (ask.request, &ask.scene);
        let call = match transport.build(ask) {
            Ok(call) => call,
            Err(why) => return why.into(),
        };
        self.rates.wait(transport.host(), self.rate(request, scene), &*self.clock).await;
        let allowance = self.allowance(request, scene);
        let timeout = allowance.timeout;
        let begun = self.clock.now();
        let sent = within(&*self.clock, self.patience, timeout, transport.send(call, allowance)).await;
        let took = self.clock.now().duration_since(begun).as_millis();
        let (action, verb, template) = (ask.call.as_str(), request.verb.as_str(), request.template.as_str());
        let sent = sent.unwrap_or_else(|| {
            let why = format!("no answer within {} s", timeout.as_secs_f64());
            Err(Lost::new(Word::Timeout, why))
        });
        match sent {
            Ok(received) => {
                tracing::debug!(action, verb, status = received.status, took, "answered");
                self.usage.count(verb, template, received.status);
                let received = received.blotted(&self.blotter);
                Outcome::answered(received, request)
            }
            Err(lost) => {
                let lost = Lost::new(lost.word, self.blotter.blot(&lost.message));
                tracing::warn!(action, verb, why = lost.message, took, "not answered");
                lost.into()
            }
        }
    }
}

/// A further key of a request, evaluated, without the nulls that are written: null where it is not written.
pub(crate) fn extra(request: &Request, name: &str, scene: &Scene<'_>) -> Result<Value, NotBuilt> {
    let Some((_, written)) = request.extra.iter().find(|(known, _)| known.as_str() == name) else {
        return Ok(Value::Null);
    };
    let value = scene.with(Reads::Typed, |ctx| written.sent(ctx));
    match value.first_unknown() {
        Some(why) => Err(why.into()),
        None => Ok(value),
    }
}
