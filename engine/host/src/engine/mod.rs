//! The engine: which workflows run here, what starts them, and every run that goes on.

mod answering;
mod core;
mod deploy;
mod ids;
mod left;
mod once;
mod registry;
mod runs;
mod status;
mod tick;

pub use core::{Engine, Settings};
pub use deploy::{DeployError, Schedules};
pub use ids::Ids;
pub use once::{Finished, Once};
pub use status::{RunStatus, TriggerStatus};

pub use left::{Left, LeftRun, NotTakenUp, Plans};
pub(crate) use runs::Begin;
