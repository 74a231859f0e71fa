//! Claims in a store of records, so that they outlive their process, and replicas on one store share them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use wf_host::ports::{KeyError, KeyStore};

use crate::claims::{Claim, Claims, ClaimsError, KEPT};

/// What the keys of claims begin with: no connector's own record has such a key.
const PREFIX: &str = "wf.claims/";

/// What the value of a claim begins with that was given a reply: the reply follows.
const REPLIED: u8 = b'=';

/// Claims in a store that whoever shares them has, too. Its clock ends them.
#[derive(Clone)]
pub struct KeptClaims {
    store: Arc<dyn KeyStore>,
}

/// A request of which nobody knows whether it was carried out: claimed, and no reply was ever remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubtful {
    /// `crm.append_note`
    pub action: String,
    pub request_id: String,
    pub since: Timestamp,
}

impl KeptClaims {
    #[must_use]
    pub fn new(store: Arc<dyn KeyStore>) -> Self {
        Self { store }
    }

    /// Claims without a reply, by action. Those whose requests are under way are among them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn doubtful(&self) -> Result<Vec<Doubtful>, ClaimsError> {
        let all = self.store.list(PREFIX).await.map_err(unusable)?;
        let doubtful = all.into_iter().filter_map(|(key, value)| {
            let (action, request_id) = key.strip_prefix(PREFIX)?.split_once(' ')?;
            let Claim::Doubt { since } = read(&value)? else { return None };
            Some(Doubtful { action: action.to_owned(), request_id: request_id.to_owned(), since })
        });
        Ok(doubtful.collect())
    }
}

#[async_trait]
impl Claims for KeptClaims {
    async fn claim(&self, subject: &str, request_id: &str, now: Timestamp) -> Result<Claim, ClaimsError> {
        let key = key(subject, request_id);
        loop {
            let since = Bytes::from(now.to_string());
            if self.store.set(&key, since, Some(kept()), true).await.map_err(unusable)? {
                return Ok(Claim::New);
            }
            // else it ended just now
            if let Some(value) = self.store.get(&key).await.map_err(unusable)? {
                return read(&value).ok_or_else(|| ClaimsError(format!("the claim {key} is damaged")));
            }
        }
    }

    async fn remember(&self, subject: &str, request_id: &str, reply: Bytes, _: Timestamp) -> Result<(), ClaimsError> {
        let value = [&[REPLIED], &reply[..]].concat();
        let kept = self.store.set(&key(subject, request_id), value.into(), Some(kept()), false).await;
        kept.map(drop).map_err(unusable)
    }

    async fn release(&self, subject: &str, request_id: &str) -> Result<(), ClaimsError> {
        self.store.delete(&key(subject, request_id)).await.map(drop).map_err(unusable)
    }
}

/// Names of actions hold no blank.
fn key(subject: &str, request_id: &str) -> String {
    format!("{PREFIX}{subject} {request_id}")
}

fn kept() -> Duration {
    KEPT.unsigned_abs()
}

fn read(value: &Bytes) -> Option<Claim> {
    match value.split_first() {
        Some((&REPLIED, _)) => Some(Claim::Replied(value.slice(1..))),
        _ => Some(Claim::Doubt { since: std::str::from_utf8(value).ok()?.parse().ok()? }),
    }
}

fn unusable(error: KeyError) -> ClaimsError {
    ClaimsError(error.to_string())
}
