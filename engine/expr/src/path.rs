//! JSONPath: `$.edges[?@.state == 'OFFLINE'].serial`.
//!
//! The `jsonpath-rust` crate reads the text (RFC 9535). What it gives is compiled into [`Path`], whose beginning is an expression over the
//! names in scope, and whose rest is evaluated here: over our own values, so that fields are read as their types say, and what is unknown sets
//! an element aside instead of making the list shorter.

mod compare;
mod compile;
mod filter;
mod query;
pub mod rules;
mod select;
#[cfg(test)]
mod tests;
mod tokens;

pub use query::{Comparison, Filter, Function, Operand, Path, Query, Segment, Selector, SelectorKind};
