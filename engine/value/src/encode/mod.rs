//! Values into JSON: the wire's normal form, what a hole prints, what is hashed.

mod error;
mod float;
mod text;
mod writer;

pub use error::{EncodeError, Refused};
pub(crate) use float::{plain, python};
pub use writer::Expose;
pub(crate) use writer::{Style, write};

use crate::Value;

impl Value {
    /// The wire's normal form: JSON without blanks, everything beyond ASCII as `\uXXXX`, members in their order and as they came.
    ///
    /// Whole numbers are exact; others shortest and recognisable as such (`2.0`, `1e-05`), as the old system wrote them. A time goes
    /// out as it was written, a computed one as ISO in UTC; a duration as `1h30m`, bytes as base64, an id as it came.
    ///
    /// # Errors
    /// Something unknown, a partial list, a secret or a number that JSON cannot write stands in it; with the path.
    pub fn encode(&self) -> Result<String, EncodeError> {
        self.encode_with(Expose::No)
    }

    /// [`Self::encode`] of an object that has these members, which is not made for it.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn encode_members<'v>(members: impl IntoIterator<Item = (&'v str, &'v Self)>) -> Result<String, EncodeError> {
        writer::write_members(members, Style { ascii: true, canonical: false, lenient: false, secrets: Expose::No })
    }

    /// [`Self::encode`], with secrets laid open where `secrets` says so: only for what goes to the vendor whose secrets they are.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn encode_with(&self, secrets: Expose) -> Result<String, EncodeError> {
        write(self, Style { ascii: true, canonical: false, lenient: false, secrets })
    }

    /// JSON that is the same for equal values, to be hashed: keys sorted, whole numbers without fraction, ids as texts, times in UTC.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn canonical(&self, secrets: Expose) -> Result<String, EncodeError> {
        write(self, Style { ascii: true, canonical: true, lenient: false, secrets })
    }
}
