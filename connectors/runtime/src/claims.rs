//! Who may ask the vendor for a write, and what was replied to it: `request_id` is claimed before the vendor is asked (`connectors.md` §7).

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

/// What becomes of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody had it: the vendor may be asked.
    New,
    /// The reply that was given to it.
    Replied(Bytes),
    /// It was claimed at that time and no reply was ever remembered: it may have happened.
    Doubt { since: Timestamp },
}

/// A store of claims; one that replicas share keeps them from writing twice. What is kept is forgotten after [`KEPT`].
#[async_trait]
pub trait Claims: Send + Sync {
    /// Claims the id for the subject, when it is free.
    async fn claim(&self, subject: &str, request_id: &str, now: Timestamp) -> Result<Claim, ClaimsError>;

    /// Remembers what is replied.
    async fn remember(&self, subject: &str, request_id: &str, reply: Bytes, now: Timestamp) -> Result<(), ClaimsError>;

    /// Gives the claim up: nothing was changed.
    async fn release(&self, subject: &str, request_id: &str) -> Result<(), ClaimsError>;
}

/// How long replies and claims are kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the store of claims cannot be used: {0}")]
pub struct ClaimsError(pub String);

/// Claims of one process.
#[derive(Debug, Default)]
pub struct MemoryClaims {
    state: Mutex<State>,
}

type Key = (String, String);

#[derive(Debug, Default)]
struct State {
    held: HashMap<Key, Held>,
    /// In the order in which they end.
    ends: VecDeque<(Timestamp, Key)>,
}

#[derive(Debug)]
struct Held {
    since: Timestamp,
    reply: Option<Bytes>,
}

impl MemoryClaims {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Claims for MemoryClaims {
    async fn claim(&self, subject: &str, request_id: &str, now: Timestamp) -> Result<Claim, ClaimsError> {
        let mut state = self.lock();
        state.forget(now);
        let key = (subject.to_owned(), request_id.to_owned());
        if let Some(held) = state.held.get(&key) {
            return Ok(match &held.reply {
                Some(reply) => Claim::Replied(reply.clone()),
                None => Claim::Doubt { since: held.since },
            });
        }
        state.held.insert(key.clone(), Held { since: now, reply: None });
        state.ends.push_back((now, key));
        Ok(Claim::New)
    }

    async fn remember(&self, subject: &str, request_id: &str, reply: Bytes, now: Timestamp) -> Result<(), ClaimsError> {
        let mut state = self.lock();
        let key = (subject.to_owned(), request_id.to_owned());
        let since = state.held.get(&key).map_or(now, |held| held.since);
        state.held.insert(key, Held { since, reply: Some(reply) });
        Ok(())
    }

    async fn release(&self, subject: &str, request_id: &str) -> Result<(), ClaimsError> {
        self.lock().held.remove(&(subject.to_owned(), request_id.to_owned()));
        Ok(())
    }
}

impl State {
    fn forget(&mut self, now: Timestamp) {
        while let Some((since, key)) = self.ends.front() {
            if now.duration_since(*since) < KEPT {
                return;
            }
            // claimed again since: that one has an end of its own
            if self.held.get(key).is_some_and(|held| held.since <= *since) {
                self.held.remove(key);
            }
            self.ends.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::UNIX_EPOCH;

    #[tokio::test]
    async fn what_is_released_is_free_and_what_is_old_is_forgotten() {
        let claims = MemoryClaims::default();
        assert_eq!(claims.claim("s", "1", NOON).await, Ok(Claim::New));
        assert_eq!(claims.release("s", "1").await, Ok(()));
        let later = NOON + SignedDuration::from_hours(1);
        assert_eq!(claims.claim("s", "1", later).await, Ok(Claim::New));
        // the end of the first claim does not end the second
        assert_eq!(claims.claim("s", "2", NOON + KEPT).await, Ok(Claim::New));
        assert_eq!(claims.claim("s", "1", NOON + KEPT).await, Ok(Claim::Doubt { since: later }));
        assert_eq!(claims.claim("s", "1", later + KEPT).await, Ok(Claim::New));
        assert_eq!(claims.lock().held.len(), 2);
    }
}
