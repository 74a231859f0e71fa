//! Puts an engine together: ports, connectors, vendors, workflows.

mod scenario;
mod shifted;
mod workflows;

pub use scenario::Simulated;
pub use workflows::{Chosen, Unfit, Wanted, workflows};
