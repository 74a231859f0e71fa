//! The ports of a fleet: NATS as the bus, Redis for payloads that are over its limit and for records by key. Both speak the wire contract, so that services of
//! the old system stand on the same bus.

mod keys;
mod large;
mod nats;
mod redis_store;
mod token;

pub use keys::RedisKeys;
pub use large::{LargeStore, StoreError};
pub use nats::{ConnectError, NatsBus, NatsSettings};
pub use redis_store::RedisStore;
pub use token::{Arrived, TokenFormat};
