//! NATS as the bus: core request and reply, queue groups, no headers, no JetStream (wire contract 1 and 2).

use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, ConnectOptions, Event, RequestErrorKind, ServerAddr};
use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use tokio::sync::{Semaphore, oneshot};
use wf_host::ports::{Bus, BusError, Incoming, Replier, Subscription};

use crate::large::LargeStore;
use crate::token::{Arrived, TokenFormat};

/// How to reach the server.
#[derive(Clone, Debug)]
pub struct NatsSettings {
    /// `nats://host:4222`; several of a cluster, divided by commas. User and password may stand in it.
    pub url: String,
    /// What the server's monitoring shows of this client.
    pub name: String,
    /// How long to try at start before giving up.
    pub patience: Duration,
    /// How long the server may take to confirm a message that nobody answers; it may be restarting.
    pub confirm: Duration,
    /// Messages of one subject handled at a time; others wait.
    pub concurrency: usize,
    /// How keys of stored payloads are sent. Both are understood.
    pub token: TokenFormat,
}

impl Default for NatsSettings {
    fn default() -> Self {
        Self {
            url: "nats://127.0.0.1:4222".into(),
            name: "wfctl".into(),
            patience: Duration::from_secs(120),
            confirm: Duration::from_secs(30),
            concurrency: 256,
            token: TokenFormat::Legacy,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the NATS server's URL cannot be read: {0}")]
    Url(String),
    #[error("no NATS server at {at} answered within {within:?}: {why}")]
    Unreachable { at: String, within: Duration, why: String },
}

/// A connection to NATS. Once it stood it is made again for ever, with waits of up to 10 s; meanwhile [`Bus::is_connected`] is false.
#[derive(Clone)]
pub struct NatsBus {
    client: Client,
    store: Option<Arc<dyn LargeStore>>,
    settings: Arc<NatsSettings>,
}

impl NatsBus {
    /// Connects, trying again until `settings.patience` is over.
    ///
    /// # Errors
    /// No server answered in that time, or the URL is none. The message never holds a password.
    pub async fn connect(settings: NatsSettings, store: Option<Arc<dyn LargeStore>>) -> Result<Self, ConnectError> {
        let addresses: Result<Vec<ServerAddr>, _> = settings.url.split(',').map(|url| url.trim().parse()).collect();
        let addresses = addresses.map_err(|e: std::io::Error| ConnectError::Url(e.to_string()))?;
        let end = tokio::time::Instant::now() + settings.patience;
        let mut wait = Duration::from_millis(100);
        loop {
            match options(&settings.name).connect(&addresses[..]).await {
                Ok(client) => return Ok(Self { client, store, settings: Arc::new(settings) }),
                Err(e) if tokio::time::Instant::now() + wait >= end => {
                    let at = addresses.iter().map(|a| format!("{}:{}", a.host(), a.port())).collect::<Vec<_>>();
                    let (at, within, why) = (at.join(", "), settings.patience, e.to_string());
                    return Err(ConnectError::Unreachable { at, within, why });
                }
                Err(e) => {
                    tracing::info!(error = %e, host = addresses.first().map(ServerAddr::host), "no NATS server yet")
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(Duration::from_secs(2));
        }
    }

    /// The payload itself, or the message that names it in the store when it is over the server's limit.
    async fn outgoing(&self, payload: Bytes) -> Result<Bytes, BusError> {
        let limit = self.client.server_info().max_payload;
        if payload.len() <= limit {
            return Ok(payload);
        }
        let size = payload.len();
        let refused = |why: String| BusError::Store { size, why };
        let store = self.store.as_ref().ok_or_else(|| refused("no store is set: name a Redis".into()))?;
        let (key, message) = self.settings.token.token();
        store.put(&key, payload).await.map_err(|e| refused(e.to_string()))?;
        Ok(message)
    }

    async fn incoming(&self, payload: Bytes) -> Result<Bytes, BusError> {
        let Arrived::Stored(key) = Arrived::test(&payload) else { return Ok(payload) };
        let store = self.store.as_ref().ok_or_else(|| BusError::Lost("no store is set: name a Redis".into()))?;
        let found = store.get(&key).await.map_err(|e| BusError::Lost(e.to_string()))?;
        found.ok_or_else(|| BusError::Lost("it has expired".into()))
    }

    /// Comes when the server has everything that was published before. The protocol confirms no message; but the server takes what comes
    /// over one connection in its order, and says at once that nobody listens on a subject that nobody can know.
    async fn confirmed(&self) -> Result<(), BusError> {
        let within = self.settings.confirm;
        let request = async_nats::Request::new().timeout(Some(within));
        match self.client.send_request(self.client.new_inbox(), request).await {
            Ok(_) => Ok(()),
            Err(e) => match e.kind() {
                RequestErrorKind::NoResponders => Ok(()),
                RequestErrorKind::TimedOut => Err(BusError::Unconfirmed(within)),
                _ => Err(BusError::Connection(e.to_string())),
            },
        }
    }

    async fn handle(&self, message: async_nats::Message, replier: Arc<dyn Replier>) {
        let subject = message.subject.to_string();
        let payload = match self.incoming(message.payload).await {
            Ok(payload) => payload,
            Err(e) => return tracing::warn!(%subject, error = %e, "a message is dropped"),
        };
        let incoming = Incoming { subject: subject.clone(), payload, wants_reply: message.reply.is_some() };
        let (Some(reply), Some(inbox)) = (replier.handle(incoming.clone()).await, message.reply) else { return };
        let reply = match self.outgoing(reply).await {
            Ok(reply) => Some(reply),
            Err(e) => {
                tracing::error!(%subject, error = %e, "a reply could not be sent");
                replier.unsent(&incoming, &e)
            }
        };
        let Some(reply) = reply else { return };
        if let Err(e) = self.client.publish(inbox, reply).await {
            tracing::error!(%subject, error = %e, "a reply could not be sent: its requester runs into its timeout");
        }
    }
}

fn options(name: &str) -> ConnectOptions {
    ConnectOptions::new()
        .name(name)
        .connection_timeout(Duration::from_secs(2))
        .ping_interval(Duration::from_secs(30))
        // without end: a fleet outlives its broker's restart
        .max_reconnects(None)
        .reconnect_delay_callback(|tries| {
            let tries = u32::try_from(tries).unwrap_or(u32::MAX).min(7);
            Duration::from_millis(100).saturating_mul(1 << tries).min(Duration::from_secs(10))
        })
        // the subscription's own limit; beyond it the newest messages are dropped, and the event below says so
        .subscription_capacity(65_536)
        .event_callback(|event| async move {
            match event {
                Event::Connected => tracing::info!("connected to NATS"),
                Event::Disconnected => tracing::warn!("the connection to NATS is lost; trying again"),
                Event::SlowConsumer(_) => tracing::error!("messages are dropped: too many are waiting to be handled"),
                other => tracing::debug!(event = %other, "NATS"),
            }
        })
}

#[async_trait]
impl Bus for NatsBus {
    async fn request(&self, subject: &str, payload: Bytes, timeout: Duration) -> Result<Bytes, BusError> {
        let payload = self.outgoing(payload).await?;
        let request = async_nats::Request::new().payload(payload).timeout(Some(timeout));
        let reply = self.client.send_request(subject.to_owned(), request).await.map_err(|e| match e.kind() {
            RequestErrorKind::TimedOut => BusError::Timeout(timeout),
            RequestErrorKind::NoResponders => BusError::NoResponders(subject.to_owned()),
            _ => BusError::Connection(e.to_string()),
        })?;
        self.incoming(reply.payload).await
    }

    async fn publish(&self, subject: &str, payload: Bytes) -> Result<(), BusError> {
        let payload = self.outgoing(payload).await?;
        self.client.publish(subject.to_owned(), payload).await.map_err(|e| BusError::Connection(e.to_string()))?;
        self.confirmed().await
    }

    async fn subscribe(
        &self,
        subject: &str,
        queue: Option<&str>,
        replier: Arc<dyn Replier>,
    ) -> Result<Subscription, BusError> {
        let failed = |e: async_nats::SubscribeError| BusError::Connection(e.to_string());
        let mut messages = match queue {
            Some(queue) => self.client.queue_subscribe(subject.to_owned(), queue.to_owned()).await.map_err(failed)?,
            None => self.client.subscribe(subject.to_owned()).await.map_err(failed)?,
        };
        // a request that comes right after this must find the subscription
        self.client.flush().await.map_err(|e| BusError::Connection(e.to_string()))?;
        let places = Arc::new(Semaphore::new(self.settings.concurrency));
        let (stop, mut stopped) = oneshot::channel::<()>();
        let bus = self.clone();
        let all = u32::try_from(self.settings.concurrency).unwrap_or(u32::MAX);
        let task = tokio::spawn(async move {
            let mut draining = false;
            loop {
                let message = tokio::select! {
                    message = messages.next() => message,
                    _ = &mut stopped, if !draining => {
                        draining = true;
                        // what the server sent already still comes
                        if messages.drain().await.is_err() { break }
                        continue;
                    }
                };
                let Some(message) = message else { break };
                let Ok(place) = places.clone().acquire_owned().await else { break };
                let (bus, replier) = (bus.clone(), replier.clone());
                tokio::spawn(async move {
                    bus.handle(message, replier).await;
                    drop(place);
                });
            }
            // those under way
            let _ = places.acquire_many(all).await;
        });
        Ok(Subscription::new(move || {
            // an error says that the task is over already
            let _ = stop.send(());
            Box::pin(async move {
                let _ = task.await;
            })
        }))
    }

    fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }
}
