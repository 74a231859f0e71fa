//! gRPC's unary calls over one HTTP/2 connection: [`call`] for who asks, [`serve`] for who answers.
//!
//! A message is bytes here: what stands in it is known by its `.proto` file, of which this crate knows nothing. Connections are made, and
//! encrypted, by whoever calls; times are kept there, too: dropping the future of a call ends it.

mod client;
mod frame;
mod server;
mod status;

pub use client::{Asked, CallError, call};
pub use server::{Call, Reply, serve};
pub use status::Status;
pub use wf_proto::Code;
