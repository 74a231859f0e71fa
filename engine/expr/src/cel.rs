//! CEL as it is written: text to tree, tree to text.

pub mod ast;
mod cursor;
mod lexer;
mod literal;
mod operators;
mod parser;
mod print;
mod recovery;
pub mod rules;
mod spoken;
mod token;

#[cfg(test)]
mod tests;

pub use parser::{MAX_DEPTH, MAX_SIZE, Parsed, parse};
pub use print::{format, print};
