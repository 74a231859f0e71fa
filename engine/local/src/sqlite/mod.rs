//! Everything in one SQLite file: one thread writes, and commits in groups what has come meanwhile.

mod asked;
mod batch;
mod blobs;
mod bookings;
mod journal;
mod keys;
mod plans;
mod prune;
mod schema;
mod segment;
mod store;
mod tasks;
mod ticks;
mod time;

pub use keys::SqliteKeys;
pub use prune::Pruned;
pub use schema::StoreError;
pub use store::SqliteStore;
