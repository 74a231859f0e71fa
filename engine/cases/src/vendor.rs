//! The vendor of a connector case: real servers on loopback (HTTP, gRPC, SMTP, IMAP) that expect what the case lists and answer as it says.

mod answer;
mod asked;
mod expected;
mod grpc;
mod imap;
mod logins;
mod mail;
mod mailbox;
mod script;
mod server;
mod smtp;

pub use answer::Act;
pub use asked::Asked;
pub use expected::ExpectedRequest;
pub use grpc::Calls;
pub use logins::Logins;
pub use mailbox::Mailbox;
pub use script::Script;
pub use server::Server;
