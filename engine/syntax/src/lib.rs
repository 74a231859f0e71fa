//! YAML text → spanned tree → typed AST of every file kind, with all errors, under budgets.
//!
//! [`tree`] holds what YAML says, with the place of everything; [`ast`] what the files mean. [`read`] does both.

pub mod ast;
mod file;
mod keys;
mod read;
pub mod tree;
pub mod units;

pub use file::{File, FileKind, ReadFile, case, connector, connector_case, environment, read, workflow};
