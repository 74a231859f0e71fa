//! Redis as the store of large payloads.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use redis::AsyncCommands;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use crate::large::{LIFE, LargeStore, StoreError};

/// A connection to one Redis, made again whenever it breaks.
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
}

/// One command may take so long; 30 MB on a slow network need seconds.
const PATIENCE: Duration = Duration::from_secs(10);

impl RedisStore {
    /// Connects to `redis://host:port/db`.
    ///
    /// # Errors
    /// The URL cannot be read, or the server does not answer. The message never holds a password.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let client =
            redis::Client::open(url).map_err(|e| StoreError(format!("its URL cannot be read: {}", e.category())))?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(5)))
            .set_response_timeout(Some(PATIENCE));
        let connection = client.get_connection_manager_with_config(config).await;
        let connection =
            connection.map_err(|e| StoreError(format!("Redis at {}: {e}", client.get_connection_info().addr())))?;
        Ok(Self { connection })
    }
}

#[async_trait]
impl LargeStore for RedisStore {
    async fn put(&self, key: &str, payload: Bytes) -> Result<(), StoreError> {
        self.connection.clone().set_ex(key, &payload[..], LIFE.as_secs()).await.map_err(failed)
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError> {
        let found: Option<Vec<u8>> = self.connection.clone().get(key).await.map_err(failed)?;
        Ok(found.map(Bytes::from))
    }
}

fn failed(error: redis::RedisError) -> StoreError {
    StoreError(error.to_string())
}
