//! YAML text → spanned tree → typed AST of every file kind, with all errors, under budgets.
//!
//! [`tree`] holds what YAML says, with the place of everything; [`ast`] what the files mean.

pub mod ast;
pub mod tree;
pub mod units;
