//! Everything between the machine and the world that is the same on one laptop and in a fleet: the driver of runs, clocks, triggers,
//! and the ports through which the rest is reached.
//!
//! From the outside in: an [`engine::Engine`] has workflows and keeps their triggers (`trigger`, [`schedule`]); what these start is a
//! run, which a driver ([`driver`]) feeds and whose effects it carries out over the [`ports`]. [`replay`] makes a run again.

mod cancel;
pub mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod doubts;
pub mod driver;
pub mod engine;
pub mod envelope;
pub mod metrics;
pub mod otherwise;
pub mod ports;
pub mod record;
pub mod replay;
pub mod schedule;
pub mod trigger;
mod workflow;

pub use cancel::{CancelError, cancel};
pub use workflow::Workflow;
