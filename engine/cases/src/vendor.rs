//! The vendor of a connector case: a real HTTP server on loopback that expects what the case lists and answers as it says.

mod answer;
mod asked;
mod expected;
mod logins;
mod script;
mod server;

pub use answer::Act;
pub use asked::Asked;
pub use expected::ExpectedRequest;
pub use logins::Logins;
pub use script::Script;
pub use server::Server;
