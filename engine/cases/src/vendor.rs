//! The vendor of a connector case: real servers on loopback (HTTP, gRPC, mail) that expect what the case lists and answer as it says.

mod answer;
mod asked;
mod expected;
mod grpc;
mod logins;
mod mail;
mod script;
mod server;
mod smtp;

pub use answer::Act;
pub use asked::Asked;
pub use expected::ExpectedRequest;
pub use grpc::Calls;
pub use logins::Logins;
pub use script::Script;
pub use server::Server;
