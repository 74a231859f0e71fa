//! Abstract execution over types: every step of a plan and of a connector is walked with types instead of values, each flow once for each
//! tuple of types that it is called with.
//!
//! `walk` holds the types of names, `steps` goes through blocks, `settle` decides where a finger points when a constant, a param or a shape
//! is what is wrong, `coverage` looks at decision tables.

mod actions;
mod at;
mod calls;
mod check;
mod coverage;
mod effects;
mod flows;
mod hints;
mod later;
mod loops;
mod nulls;
mod replies;
mod requests;
mod results;
pub(crate) mod rules;
mod secrets;
mod settle;
mod statuses;
mod steps;
mod triggers;
mod walk;

pub use at::TypesAt;
pub(crate) use check::{Seen, check};
