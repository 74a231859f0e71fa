//! JSON into values, in one pass: shapes are shared, texts are slices of the reply, whole numbers are exact.

mod decoder;
mod error;
mod number;
mod parser;
mod shapes;
mod skim;
mod string;

pub use decoder::{Decoder, decode};
pub use error::DecodeError;
pub(crate) use skim::scalar;
