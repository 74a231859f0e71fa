//! The neighbours of a case: a bus on which every subject answers what the case says, and that keeps what was written.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use wf_host::envelope;
use wf_host::ports::{Bus, BusError, Replier, Subscription};
use wf_plan::{Effect, Envelope};
use wf_syntax::ast::Given;
use wf_syntax::tree::Node;
use wf_value::{Text, Value};

use crate::data;
use crate::expected::{Expected, Mode};
use crate::writes::Sent;

/// What the workflow's actions say about a subject.
#[derive(Clone, Debug)]
pub struct Known {
    pub subject: Text,
    pub effect: Effect,
    pub envelope: Envelope,
    /// The first field of the input: where `notify` finds its payload.
    pub first: Option<Text>,
}

/// The bus of a case.
pub struct Neighbours {
    /// Carries what the workflows of the case send each other.
    own: Arc<dyn Bus>,
    /// Subjects that they listen to: what goes there stays among them, and is no write to the outside.
    heard: Mutex<BTreeSet<String>>,
    known: Vec<Known>,
    given: Vec<Entry>,
    sent: Mutex<Vec<Sent>>,
}

struct Entry {
    subject: Text,
    body: Option<Expected>,
    replies: Vec<GivenReply>,
    /// How often it was asked.
    asked: Mutex<usize>,
}

#[derive(Clone, Debug)]
enum GivenReply {
    Timeout,
    Answer { status: u16, body: Value },
}

impl Neighbours {
    /// The neighbours that `given` describes. Triggers of the engine subscribe on `own`.
    #[must_use]
    pub fn new(own: Arc<dyn Bus>, known: Vec<Known>, given: &[Given]) -> Self {
        let given = given
            .iter()
            .filter_map(|g| {
                Some(Entry {
                    subject: g.subject.as_ref()?.as_str().into(),
                    body: g.body.as_ref().map(Expected::read),
                    replies: g.replies.iter().map(reply).collect(),
                    asked: Mutex::new(0),
                })
            })
            .collect();
        Self { own, heard: Mutex::default(), known, given, sent: Mutex::new(Vec::new()) }
    }

    /// Everything that was written or told, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn known(&self, subject: &str) -> (Effect, Envelope, Option<&str>) {
        // a subject that no action declares is one with fields in it: a notice to another service
        let known = self.known.iter().find(|k| k.subject.as_str() == subject);
        known.map_or((Effect::Write, Envelope::None, None), |k| (k.effect, k.envelope, k.first.as_deref()))
    }

    fn is_heard(&self, subject: &str) -> bool {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).contains(subject)
    }

    fn is_given(&self, subject: &str) -> bool {
        self.given.iter().any(|entry| entry.subject.as_str() == subject)
    }

    /// The body of a message, noted down when it is not a read.
    fn take(&self, subject: &str, payload: &[u8]) -> (Effect, Envelope, Value) {
        let (effect, envelope, first) = self.known(subject);
        let body = envelope::read_request(envelope, first, payload).and_then(|r| r.body).unwrap_or(Value::Null);
        if effect != Effect::Read {
            let sent = Sent { subject: subject.into(), body: body.clone() };
            self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
        }
        (effect, envelope, body)
    }

    fn answer(&self, subject: &str, body: &Value) -> Option<GivenReply> {
        let fits =
            |e: &&Entry| e.subject.as_str() == subject && e.body.as_ref().is_none_or(|b| b.holds(body, Mode::Subset));
        let entry = self.given.iter().find(fits)?;
        let mut asked = entry.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let reply = entry.replies.get(*asked).or_else(|| entry.replies.last()).cloned();
        *asked += 1;
        reply
    }
}

fn reply(node: &Node) -> GivenReply {
    if node.as_scalar().is_some() {
        return GivenReply::Timeout;
    }
    let status = node.get("status").map(data::value).and_then(|s| s.as_int()).and_then(|n| u16::try_from(n).ok());
    GivenReply::Answer { status: status.unwrap_or(200), body: node.get("body").map(data::value).unwrap_or_default() }
}

#[async_trait]
impl Bus for Neighbours {
    async fn request(&self, subject: &str, payload: Bytes, timeout: Duration) -> Result<Bytes, BusError> {
        if self.is_heard(subject) && !self.is_given(subject) {
            return self.own.request(subject, payload, timeout).await;
        }
        let (effect, envelope, body) = self.take(subject, &payload);
        let reply = self.answer(subject, &body).unwrap_or(match effect {
            Effect::Read => GivenReply::Answer { status: 404, body: "no case data".into() },
            Effect::Write | Effect::Tell => GivenReply::Answer { status: 200, body: "ok".into() },
        });
        match reply {
            GivenReply::Timeout => Err(BusError::Timeout(timeout)),
            GivenReply::Answer { status, body } => envelope::write_reply(envelope, None, status, &body)
                .map_err(|e| BusError::Connection(format!("the case's reply cannot be sent: {e}"))),
        }
    }

    async fn publish(&self, subject: &str, payload: Bytes) -> Result<(), BusError> {
        if self.is_heard(subject) {
            return self.own.publish(subject, payload).await;
        }
        self.take(subject, &payload);
        Ok(())
    }

    async fn subscribe(
        &self,
        subject: &str,
        queue: Option<&str>,
        replier: Arc<dyn Replier>,
    ) -> Result<Subscription, BusError> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(subject.to_owned());
        self.own.subscribe(subject, queue, replier).await
    }

    fn is_connected(&self) -> bool {
        true
    }
}
