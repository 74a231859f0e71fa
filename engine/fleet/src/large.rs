//! Where payloads lie that the bus does not take.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

/// How long a stored payload lives: it is left to expire, since several receivers may read it.
pub(crate) const LIFE: Duration = Duration::from_secs(300);

/// A store of payloads by key.
#[async_trait]
pub trait LargeStore: Send + Sync {
    /// Keeps a payload for 300 s.
    async fn put(&self, key: &str, payload: Bytes) -> Result<(), StoreError>;

    /// The payload; `None` when it has expired or never was.
    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError>;
}

#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the store of large payloads cannot be used: {0}")]
pub struct StoreError(pub String);
