//! YAML text → spanned tree → typed AST of every file kind, with all errors, under budgets.
//!
//! [`tree`] holds what YAML says, with the place of everything; [`ast`] what the files mean. [`read`] does both.

pub mod ast;
mod file;
mod format;
mod keys;
mod read;
mod schema;
pub mod tree;

pub use schema::{SCHEMAS, schema};

/// All rules of this crate: about YAML, then about the structure of files.
pub fn rules() -> impl Iterator<Item = &'static wf_source::Rule> {
    tree::rules::ALL.iter().chain(ast::rules::ALL).copied()
}

pub use format::format;

pub use file::{File, FileKind, ReadFile, case, connector, connector_case, environment, read, workflow};
