//! Cases of connectors: a connector served over a real vendor, what arrives for it and what goes back.

mod message;
mod settings;
mod switchboard;
mod world;

mod run;

pub(crate) use run::run;
