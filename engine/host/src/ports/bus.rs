//! Request and reply, publish and subscribe, over bytes in the wire's normal form. Payloads over the bus's limit are the port's business.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

/// A message bus: NATS, or the one inside the process.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Waits at most `timeout` of the engine's clock for one reply.
    async fn request(&self, subject: &str, payload: Bytes, timeout: Duration) -> Result<Bytes, BusError>;

    /// Comes when the bus has the message, so that it outlives this process. Whether anybody hears it nobody knows.
    async fn publish(&self, subject: &str, payload: Bytes) -> Result<(), BusError>;

    /// Hands every message of the subject to `replier`; subscribers of one queue group share them. Ends when the subscription is dropped
    /// or drained.
    async fn subscribe(
        &self,
        subject: &str,
        queue: Option<&str>,
        replier: Arc<dyn Replier>,
    ) -> Result<Subscription, BusError>;

    /// Whether the bus can be reached now; for readiness.
    fn is_connected(&self) -> bool;
}

/// Somebody who answers. Messages come concurrently.
#[async_trait]
pub trait Replier: Send + Sync {
    async fn handle(&self, message: Incoming) -> Reply;

    /// What is replied instead when the reply is over the bus's limit and could not be stored: short, so that the requester knows at once.
    /// `None`: silence.
    fn unsent(&self, _request: &Incoming, _why: &BusError) -> Reply {
        None
    }
}

/// A message as it came, in its envelope ([`crate::envelope::read_request`]).
#[derive(Clone, Debug)]
pub struct Incoming {
    pub subject: String,
    /// Already fetched from the store when it was over the limit.
    pub payload: Bytes,
    /// Whether somebody waits for a reply.
    pub wants_reply: bool,
}

/// What a replier gives back: `None` is silence, the requester runs into its timeout.
pub type Reply = Option<Bytes>;

/// Keeps a subscription alive. Dropping it ends it; [`Subscription::drain`] also waits for messages under way.
pub struct Subscription {
    end: Option<Box<dyn FnOnce() -> futures::future::BoxFuture<'static, ()> + Send + Sync>>,
}

impl Subscription {
    /// `end` unsubscribes and completes when running handlers are done.
    pub fn new(end: impl FnOnce() -> futures::future::BoxFuture<'static, ()> + Send + Sync + 'static) -> Self {
        Self { end: Some(Box::new(end)) }
    }

    /// Takes no new messages and waits until those under way are answered.
    pub async fn drain(mut self) {
        if let Some(end) = self.end.take() {
            end().await;
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let Some(end) = self.end.take() else { return };
        let ending = end();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(ending);
        }
    }
}

/// Why no reply came. All of them are status 503 with this as cause (wire contract 2.4).
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum BusError {
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    #[error("nobody listens on {0}")]
    NoResponders(String),
    #[error("the bus cannot be reached: {0}")]
    Connection(String),
    /// It was handed over, and the bus did not say that it has it.
    #[error("the bus did not confirm it within {0:?}: it may still arrive, or not")]
    Unconfirmed(Duration),
    /// The payload is over the limit and the store for it failed.
    #[error("the payload of {size} bytes is over the bus's limit and could not be stored: {why}")]
    Store { size: usize, why: String },
    /// The reply named a stored payload that is gone or unreadable.
    #[error("its payload was in the store and could not be read: {0}")]
    Lost(String),
}
