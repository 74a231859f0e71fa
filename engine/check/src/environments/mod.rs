//! Environments: what differs between one place where the engine runs and another, and the params of a run.

mod checks;
mod defaults;
mod load;
mod resolve;
mod stray;

pub(crate) use defaults::misread_defaults;
pub(crate) use load::{environments, of_cases};
pub use resolve::{Given, resolve_params};
