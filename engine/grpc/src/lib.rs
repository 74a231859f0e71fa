//! gRPC's unary calls over one HTTP/2 connection: [`call`] for who asks, [`serve`] for who answers.
//!
//! A message is bytes here: what stands in it is known by its `.proto` file, of which this crate knows nothing. Connections are made, and
//! encrypted, by whoever calls; times are kept there, too: dropping the future of a call ends it.

mod client;
mod code;
mod frame;
mod server;

pub use client::{Asked, CallError, call};
pub use code::{Code, Status};
pub use server::{Call, Reply, serve};
