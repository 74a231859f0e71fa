//! Everything between the machine and the world that is the same on one laptop and in a fleet: the driver of runs, clocks, triggers,
//! and the ports through which the rest is reached.

pub mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod driver;
pub mod envelope;
pub mod metrics;
pub mod ports;
pub mod record;
pub mod replay;
mod workflow;

pub use workflow::Workflow;
