//! The bus of a connector case: a message goes straight to who answers it, and silence is known at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use wf_host::ports::{Bus, BusError, Incoming, Replier, Subscription};

type Repliers = Mutex<BTreeMap<String, Arc<dyn Replier>>>;

/// One replier a subject.
#[derive(Default)]
pub(crate) struct Switchboard {
    repliers: Arc<Repliers>,
}

impl Switchboard {
    /// What is replied; `Ok(None)`: nothing.
    pub(crate) async fn ask(&self, subject: &str, payload: Bytes) -> Result<Option<Bytes>, BusError> {
        let replier = self.repliers.lock().unwrap_or_else(PoisonError::into_inner).get(subject).cloned();
        let replier = replier.ok_or_else(|| BusError::NoResponders(subject.to_owned()))?;
        Ok(replier.handle(Incoming { subject: subject.to_owned(), payload, wants_reply: true }).await)
    }
}

#[async_trait]
impl Bus for Switchboard {
    async fn request(&self, subject: &str, payload: Bytes, timeout: Duration) -> Result<Bytes, BusError> {
        self.ask(subject, payload).await?.ok_or(BusError::Timeout(timeout))
    }

    async fn publish(&self, subject: &str, payload: Bytes) -> Result<(), BusError> {
        // that nobody listens is no mistake of who publishes
        self.ask(subject, payload).await.map(drop).or(Ok(()))
    }

    async fn subscribe(
        &self,
        subject: &str,
        _queue: Option<&str>,
        replier: Arc<dyn Replier>,
    ) -> Result<Subscription, BusError> {
        let repliers = self.repliers.clone();
        repliers.lock().unwrap_or_else(PoisonError::into_inner).insert(subject.to_owned(), replier);
        let subject = subject.to_owned();
        Ok(Subscription::new(move || {
            repliers.lock().unwrap_or_else(PoisonError::into_inner).remove(&subject);
            async {}.boxed()
        }))
    }

    fn is_connected(&self) -> bool {
        true
    }
}
