//! Simulated vendors that speak their real protocols over loopback: HTTP, SMTP for mail, gRPC for a model.
//!
//! One [`Scenario`] (a YAML file that people edit, see `examples/scenarios/README.md`) gives the network, its outages
//! over time, the tickets and the faults. All vendors answer from one model of it, so a note written through one
//! action is seen by the others, and every write stands in the [`Ledger`].
//!
//! This crate knows nothing of the engine, and of its crates only the protocol of gRPC: it is the outside world.

mod bruin;
mod bus;
mod chart;
mod chat;
mod clock;
mod digi;
mod json;
mod ledger;
mod mail;
mod model;
mod objects;
mod sandbox;
mod scenario;
mod server;
mod t7;
mod time;
mod velocloud;
mod world;

pub use bus::SUBJECTS;
pub use clock::{Clock, real_clock};
pub use ledger::{Entry, Ledger};
pub use sandbox::{Options, Running, Sandbox};
pub use scenario::{Scenario, ScenarioError};
