//! What an expression is, before it runs: types of all its parts, and what is wrong with them.
//!
//! Checking is abstract execution over [`wf_value::Type`]s: a text literal is the set of just this text, branches are joined, a define is
//! looked at once for each tuple of types it is called with ([`Instances`]). `Any` absorbs: whatever was reported once is `Any` from there on.

mod bounds;
mod call;
mod compare;
mod env;
mod fields;
pub mod findings;
mod fingers;
mod fits;
mod infer;
mod instances;
pub mod join;
mod members;
mod narrow;
mod operators;
mod path;
mod place;
pub mod rules;
mod sets;
mod table;
#[cfg(test)]
mod tests;
pub mod words;
mod written;

pub use call::{Takes, TypeCall};
pub use compare::can_be;
pub use env::{Site, Subject, TypeEnv};
pub use fits::fits;
pub use infer::{condition, infer};
pub use instances::{Body, Called, Handed, Instances, Told};
pub use members::suggest;
pub use narrow::{Fact, Root, facts};
pub use place::{check, check_named};
pub use written::{infer_path, infer_template, infer_written};
