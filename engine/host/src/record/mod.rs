//! How records are written in stores: compact, versioned, without loss.

mod bytes;
mod codec;
mod value;

pub use codec::{Blobs, FORMAT, Found, FormatError, decode, encode};
pub use value::{read_value, write_value};
