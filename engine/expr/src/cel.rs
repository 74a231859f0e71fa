//! CEL as it is written: text to tree, tree to text.

pub mod ast;
