//! A connector on a bus: subjects in, replies out.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use futures::FutureExt;
use tokio::sync::Semaphore;
use wf_host::envelope::{self, Request, Way};
use wf_host::metrics::Metrics;
use wf_host::ports::{Bus, BusError, Clock, Incoming, KeyStores, Replier, Reply as Payload, Subscription};
use wf_plan::{Connector, Envelope, Transport};
use wf_value::Value;

use crate::answers::Reply;
use crate::claims::Claims;
use crate::config::Settings;
use crate::error::StartError;
use crate::http::HttpOptions;
use crate::live_connector::LiveConnector;
use crate::live_face::LiveFace;
use crate::metrics::Usage;
use crate::once::Gates;

/// What a connector is given to work with.
#[derive(Clone)]
pub struct Tools {
    pub bus: Arc<dyn Bus>,
    pub clock: Arc<dyn Clock>,
    pub metrics: Arc<Metrics>,
    pub claims: Arc<dyn Claims>,
    pub http: HttpOptions,
    /// Where records by key are kept.
    pub keys: Arc<dyn KeyStores>,
    /// `{name, …}`: what expressions see as `env`.
    pub env: Value,
}

/// A connector that answers requests. Cheap to clone.
#[derive(Clone)]
pub struct ConnectorService {
    connector: Arc<Connector>,
    live: Arc<LiveConnector>,
    tools: Tools,
}

/// The subscriptions of a connector. Dropping it ends them.
pub struct Serving {
    subscriptions: Vec<Subscription>,
}

impl Serving {
    /// Takes no new requests and waits until those under way are answered.
    pub async fn drain(self) {
        futures::future::join_all(self.subscriptions.into_iter().map(Subscription::drain)).await;
    }

    /// How many subjects are served.
    #[must_use]
    pub fn subjects(&self) -> usize {
        self.subscriptions.len()
    }
}

impl ConnectorService {
    /// Makes everything ready that has settings; asks nobody anything.
    ///
    /// # Errors
    /// A face's transport is not built yet, or its TLS settings cannot be used.
    pub fn new(connector: Arc<Connector>, settings: &Settings, tools: Tools) -> Result<Self, StartError> {
        let usage = Arc::new(Usage::new(&connector.name, tools.metrics.clone()));
        let mut faces = Vec::with_capacity(connector.faces.len());
        let mut actions = HashMap::new();
        for (number, face) in connector.faces.iter().enumerate() {
            let Some(params) = settings.of(number).filter(|_| face.transport != Transport::Bus) else {
                // nobody needs it, or others answer there
                faces.push(None);
                continue;
            };
            faces.push(Some(LiveFace::new(&connector, number, params, usage.clone(), &tools)?));
            for (place, action) in face.actions.iter().enumerate() {
                actions.insert(action.contract.name.clone(), (number, place));
            }
        }
        let live = LiveConnector {
            faces,
            actions,
            bus: tools.bus.clone(),
            claims: tools.claims.clone(),
            gates: Gates::default(),
            nameless: std::sync::atomic::AtomicU64::new(0),
        };
        Ok(Self { connector, live: Arc::new(live), tools })
    }

    /// Subscribes the subject of each action.
    ///
    /// # Errors
    /// The bus refused a subscription; those made before are ended.
    pub async fn serve(&self) -> Result<Serving, StartError> {
        let mut subscriptions = Vec::new();
        for (number, face) in self.connector.faces.iter().enumerate() {
            let Some(live) = self.live.faces.get(number).and_then(Option::as_ref) else { continue };
            let at_a_time = live.concurrency();
            for action in &face.actions {
                let name = action.contract.full_name();
                let subject = action.contract.subject(&Value::Null, self.tools.clock.now());
                let subject = subject.map_err(|why| StartError::Subject { action: name.to_string(), why })?;
                let served = Served {
                    service: self.clone(),
                    name: action.contract.name.to_string(),
                    envelope: action.contract.envelope,
                    first: action.contract.input.fields.first().map(|field| field.name.to_string()),
                    slots: Semaphore::new(at_a_time),
                };
                let queue = action.contract.queue.as_deref().or(face.queue.as_deref());
                let subscription = self.tools.bus.subscribe(&subject, queue, Arc::new(served)).await;
                subscriptions
                    .push(subscription.map_err(|error| StartError::Subscribe { subject: subject.to_string(), error })?);
            }
        }
        Ok(Serving { subscriptions })
    }

    /// The reply to one request for an action, without a bus: status and body.
    pub async fn answer(&self, action: &str, request_id: Option<Value>, body: Value) -> (u16, Value) {
        let handled = AssertUnwindSafe(self.live.perform(action, request_id, body)).catch_unwind().await;
        match handled {
            Ok(performed) => (performed.reply.status, performed.reply.body),
            Err(_) => {
                tracing::error!(connector = self.connector.name.as_str(), action, "the action broke off");
                (500, Value::from(format!("{}.{action} broke off inside the connector", self.connector.name)))
            }
        }
    }
}

/// The word of a transport that nothing here speaks yet.
#[must_use]
pub fn not_built(transport: Transport) -> Option<&'static str> {
    match transport {
        Transport::Http
        | Transport::Grpc
        | Transport::Keys
        | Transport::Smtp
        | Transport::Imap
        | Transport::Objects
        | Transport::Bus => None,
        Transport::Documents => Some("documents"),
    }
}

/// One action on its subject.
struct Served {
    service: ConnectorService,
    name: String,
    envelope: Envelope,
    /// The first field of its input.
    first: Option<String>,
    slots: Semaphore,
}

#[async_trait]
impl Replier for Served {
    async fn handle(&self, message: Incoming) -> Payload {
        let subject = message.subject.as_str();
        let Some(Request { request_id, body, way }) =
            envelope::read_request(self.envelope, self.first.as_deref(), &message.payload)
        else {
            tracing::warn!(subject, bytes = message.payload.len(), "a message that is no request was dropped");
            return None;
        };
        if self.envelope == Envelope::Notify && body.is_none() {
            tracing::warn!(subject, "a message without its payload was dropped");
            return None;
        }
        let _slot = self.slots.acquire().await;
        let (status, body) = self.service.answer(&self.name, request_id.clone(), body.unwrap_or_default()).await;
        if way == Way::Publish {
            if !(200..300).contains(&status) {
                tracing::warn!(subject, status, "a message that nobody waits for was not handed on");
            }
            return None;
        }
        let id = request_id.as_ref();
        let written = envelope::write_reply(self.envelope, id, status, &body).or_else(|why| {
            tracing::error!(subject, %why, "a reply cannot be sent");
            let Reply { status, body, .. } = cannot_be_sent(&why.to_string());
            envelope::write_reply(self.envelope, id, status, &body)
        });
        written.ok()
    }

    fn unsent(&self, request: &Incoming, why: &BusError) -> Payload {
        envelope::write_unsent(self.envelope, self.first.as_deref(), &request.payload, why)
    }
}

fn cannot_be_sent(why: &str) -> Reply {
    Reply { status: 502, body: format!("the reply cannot be sent: {why}").into(), word: None }
}
