//! Puts an engine together: ports, connectors, vendors, workflows.

mod kept;
mod keys;
pub mod scenario;
mod shifted;
pub mod vendors;
pub mod watch;
mod workflows;
mod world;

pub use kept::KeptPlans;
pub use scenario::{Simulated, stands_in_for};
pub use workflows::{Chosen, Unfit, Wanted, environment, plan, read_set, with_called, workflows};
pub use world::World;
