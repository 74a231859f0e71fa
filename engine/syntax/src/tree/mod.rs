//! YAML text → spanned tree.

mod node;

pub use node::{Entry, Key, Kind, Node, Scalar, Style};
