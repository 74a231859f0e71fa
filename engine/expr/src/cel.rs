//! CEL as it is written: text to tree, tree to text.

pub mod ast;
mod lexer;
mod literal;
mod operators;
mod parser;
pub mod rules;
mod token;

pub use parser::{MAX_DEPTH, MAX_SIZE, Parsed, parse};
