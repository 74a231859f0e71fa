//! How records are written in stores: compact, versioned, without loss.

mod bytes;
mod codec;
mod start;
mod value;

pub use codec::{Blobs, FORMAT, FormatError, Found, decode, encode};
pub use start::{Origin, SEMANTICS, read_origin, read_start, write_start};
pub use value::{read_value, write_value};
