//! Puts an engine together: ports, connectors, vendors, workflows.

mod keys;
pub mod scenario;
mod shifted;
pub mod vendors;
pub mod watch;
mod workflows;
mod world;

pub use scenario::Simulated;
pub use workflows::{Chosen, Unfit, Wanted, read_set, workflows};
pub use world::World;
