//! Where connectors keep records by key.

use std::sync::Arc;

use wf_fleet::RedisKeys;
use wf_host::ports::{EMBEDDED, KeyError, KeyStore, KeyStores};

/// The engine's own store under its name, a Redis under every other.
pub struct NamedStores {
    pub own: Arc<dyn KeyStores>,
    pub redis: RedisKeys,
}

impl KeyStores for NamedStores {
    fn open(&self, server: &str) -> Result<Arc<dyn KeyStore>, KeyError> {
        if server == EMBEDDED { self.own.open(server) } else { self.redis.open(server) }
    }
}
