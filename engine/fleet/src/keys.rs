//! Redis as the store of records by key.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, ErrorKind, ExistenceCheck, RedisError, SetExpiry, SetOptions};
use tokio::sync::OnceCell;
use wf_host::ports::{KeyError, KeyStore, KeyStores};

/// The Redis servers that connectors name; each is reached by one connection, made on first use and again whenever it breaks.
#[derive(Default)]
pub struct RedisKeys {
    servers: Mutex<HashMap<String, Arc<RedisServer>>>,
}

/// Keys that one round of a scan looks at.
const SCANNED: usize = 1_000;

/// One command may take so long; the connector's own limit is usually shorter.
const PATIENCE: Duration = Duration::from_secs(60);

impl KeyStores for RedisKeys {
    fn open(&self, server: &str) -> Result<Arc<dyn KeyStore>, KeyError> {
        let url = if server.contains("://") { server.to_owned() } else { format!("redis://{server}") };
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = servers.get(&url) {
            return Ok(known.clone());
        }
        if url.starts_with("rediss:") {
            return Err(KeyError::Refused(
                "encrypted connections (rediss:) to Redis are not there yet: write redis:".to_owned(),
            ));
        }
        // the URL may hold a password: what is wrong with it is told without it
        let client = Client::open(url.as_str())
            .map_err(|e| KeyError::Refused(format!("the server's URL cannot be read: {}", e.category())))?;
        let opened = Arc::new(RedisServer { client, connection: OnceCell::new() });
        servers.insert(url, opened.clone());
        Ok(opened)
    }
}

struct RedisServer {
    client: Client,
    connection: OnceCell<ConnectionManager>,
}

impl RedisServer {
    async fn connection(&self) -> Result<ConnectionManager, KeyError> {
        let connect = async || {
            let config = ConnectionManagerConfig::new()
                .set_connection_timeout(Some(Duration::from_secs(5)))
                .set_response_timeout(Some(PATIENCE))
                // whoever asks has a retry of his own
                .set_number_of_retries(1);
            self.client.get_connection_manager_with_config(config).await
        };
        let made = self.connection.get_or_try_init(connect).await;
        made.cloned().map_err(|why| KeyError::NoConnection(why.to_string()))
    }
}

#[async_trait]
impl KeyStore for RedisServer {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, KeyError> {
        let found: Option<Vec<u8>> = self.connection().await?.get(key).await.map_err(failed)?;
        Ok(found.map(Bytes::from))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<(String, Bytes)>, KeyError> {
        let mut connection = self.connection().await?;
        let pattern = format!("{}*", literal(prefix));
        let mut keys: Vec<String> = Vec::new();
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(SCANNED);
            let (next, found): (u64, Vec<String>) = scan.query_async(&mut connection).await.map_err(failed)?;
            keys.extend(found);
            cursor = next;
            if cursor == 0 {
                break;
            }
        }
        // a scan may show a key twice
        keys.sort_unstable();
        keys.dedup();
        let mut records = Vec::with_capacity(keys.len());
        for keys in keys.chunks(SCANNED) {
            let values: Vec<Option<Vec<u8>>> = connection.mget(keys).await.map_err(failed)?;
            // one that ended meanwhile is not there
            let there = keys.iter().zip(values).filter_map(|(key, value)| Some((key.clone(), Bytes::from(value?))));
            records.extend(there);
        }
        Ok(records)
    }

    async fn set(&self, key: &str, value: Bytes, ttl: Option<Duration>, only_new: bool) -> Result<bool, KeyError> {
        let mut options = SetOptions::default();
        if let Some(ttl) = ttl {
            options = options.with_expiration(SetExpiry::PX(milliseconds(ttl)));
        }
        if only_new {
            options = options.conditional_set(ExistenceCheck::NX);
        }
        let set: Option<String> =
            self.connection().await?.set_options(key, &value[..], options).await.map_err(failed)?;
        Ok(set.is_some())
    }

    async fn delete(&self, key: &str) -> Result<bool, KeyError> {
        self.connection().await?.del(key).await.map_err(failed)
    }

    async fn expire(&self, key: &str, ttl: Duration) -> Result<bool, KeyError> {
        let ttl = i64::try_from(milliseconds(ttl)).unwrap_or(i64::MAX);
        self.connection().await?.pexpire(key, ttl).await.map_err(failed)
    }

    async fn rename(&self, key: &str, to: &str) -> Result<bool, KeyError> {
        let renamed: Result<(), RedisError> = self.connection().await?.rename(key, to).await;
        match renamed {
            Ok(()) => Ok(true),
            Err(why) if why.detail().unwrap_or_default().contains("no such key") => Ok(false),
            Err(why) => Err(failed(why)),
        }
    }

    async fn add(&self, key: &str, by: i64, ttl: Option<Duration>) -> Result<i64, KeyError> {
        let mut connection = self.connection().await?;
        let Some(ttl) = ttl else { return connection.incr(key, by).await.map_err(failed) };
        let ttl = i64::try_from(milliseconds(ttl)).unwrap_or(i64::MAX);
        let mut both = redis::pipe();
        both.atomic().incr(key, by).pexpire(key, ttl).ignore();
        let (sum,): (i64,) = both.query_async(&mut connection).await.map_err(failed)?;
        Ok(sum)
    }
}

/// At least one: Redis takes no end that is now.
fn milliseconds(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).clamp(1, i64::MAX as u64 / 2)
}

/// A text that matches only itself.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '\\' | '^') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

fn failed(why: RedisError) -> KeyError {
    if why.is_connection_refusal() {
        KeyError::NoConnection(why.to_string())
    } else if why.is_io_error() || why.is_timeout() || why.is_connection_dropped() {
        KeyError::NoAnswer(why.to_string())
    } else if why.kind() == ErrorKind::AuthenticationFailed {
        KeyError::Refused("the server refuses the login".to_owned())
    } else {
        KeyError::Refused(why.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_literal_and_urls_are_not_told() {
        assert_eq!(literal("a*b[c]"), "a\\*b\\[c\\]");
        let refused = RedisKeys::default().open("redis://user:s3cret@host:port-is-none").err();
        assert!(refused.is_some_and(|why| !why.to_string().contains("s3cret")));
    }
}
