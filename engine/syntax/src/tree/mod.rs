//! YAML text → spanned tree: values with their places, raw scalars with their way back to the file, and all that is wrong with the YAML.

mod budget;
mod build;
mod node;
mod parse;
pub(crate) mod repair;
pub mod rules;
mod scalar_map;
mod syntax;
mod torn;
pub(crate) mod traps;

pub use budget::{MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_TOLD};
pub use node::{Entry, Key, Kind, Node, Scalar, Style};
pub use parse::{Parsed, Remark, parse};
