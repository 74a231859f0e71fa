//! Records by key, some of them for a while: what connectors with `transport: keys` keep. Times are of the store's own clock.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

/// One store of records. Every operation is atomic.
#[async_trait]
pub trait KeyStore: Send + Sync {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, KeyError>;

    /// All records whose key begins so, in the order of their keys.
    async fn list(&self, prefix: &str) -> Result<Vec<(String, Bytes)>, KeyError>;

    /// Keeps a value, for ever or as long as `ttl`; what was there goes, with its end. With `only_new` nothing is done when something is
    /// there. Gives whether it is kept.
    async fn set(&self, key: &str, value: Bytes, ttl: Option<Duration>, only_new: bool) -> Result<bool, KeyError>;

    /// Gives whether something was there.
    async fn delete(&self, key: &str) -> Result<bool, KeyError>;

    /// What is there ends after `ttl`. Gives whether something is.
    async fn expire(&self, key: &str, ttl: Duration) -> Result<bool, KeyError>;

    /// With its end; what was at `to` goes. Gives whether something was there.
    async fn rename(&self, key: &str, to: &str) -> Result<bool, KeyError>;

    /// Adds to a whole number, of what is not there to 0, and gives the sum. With `ttl` it ends so long after this.
    async fn add(&self, key: &str, by: i64, ttl: Option<Duration>) -> Result<i64, KeyError>;
}

/// Who finds the store that a connector names.
pub trait KeyStores: Send + Sync {
    /// `host:port`, `redis://…`; [`EMBEDDED`]: the engine's own. Asks nobody yet.
    ///
    /// # Errors
    /// There is no such kind of store. The message holds no password.
    fn open(&self, server: &str) -> Result<Arc<dyn KeyStore>, KeyError>;
}

/// The server that stands for the engine's own store.
pub const EMBEDDED: &str = "embedded";

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    /// It surely did nothing.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// Nobody knows what it did.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// It answered, and refused.
    #[error("{0}")]
    Refused(String),
}
