//! What an expression is, before it runs: types of all its parts, and what is wrong with them.
//!
//! Checking is abstract execution over [`wf_value::Type`]s: a text literal is the set of just this text, branches are joined, a define is
//! looked at once for each tuple of types it is called with. `Any` absorbs: whatever was reported once is `Any` from there on.

mod call;
mod env;
mod infer;
pub mod rules;

pub use call::{Takes, TypeCall};
pub use env::{Site, TypeEnv};
pub use infer::infer;
