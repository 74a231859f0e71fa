//! Everything in one SQLite file: one thread writes, and commits in groups what has come meanwhile.

mod asked;
mod batch;
mod blobs;
mod bookings;
mod journal;
mod keys;
mod plans;
mod schema;
mod segment;
mod store;
mod tasks;
mod ticks;
mod time;

pub use keys::SqliteKeys;
pub use schema::StoreError;
pub use store::SqliteStore;
