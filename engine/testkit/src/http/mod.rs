//! An HTTP peer on a real socket whose answers are scripted, the broken ones too.

mod answer;
mod peer;
mod request;

pub use answer::{Answer, Reply};
pub use peer::FaultyHttp;
pub use request::Asked;
