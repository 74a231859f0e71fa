//! Cases of workflows: what the neighbours answer, what happens, and what must follow.

mod drive;
mod judge;
mod memory;
mod params;
mod run;
mod tasks;

pub(crate) use run::run;
