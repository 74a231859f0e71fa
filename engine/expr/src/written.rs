//! A value place: what a file writes where a value is wanted.

mod compile;
mod literal;
mod named;
mod source;

pub use compile::Place;
pub use literal::read;
pub use source::{Scalar, Source};

use wf_source::Span;
use wf_value::{Text, Value};

use crate::{Code, Kind, Members};

/// A value as a file writes it, compiled.
#[derive(Debug)]
pub struct Written {
    pub kind: WrittenKind,
    pub span: Span,
}

#[derive(Debug)]
pub enum WrittenKind {
    /// Nothing in it is computed. `raw` is how it is written when it is neither quoted nor a block: where the place wants another type
    /// than the one it seems to have (`no`, `30m`, `2xx`), that is [`read`] again.
    Literal {
        value: Value,
        raw: Option<Text>,
    },
    /// `=expr`, or bare where only an expression makes sense.
    Code(Code),
    /// `$.edges[*].serial`
    Path(crate::path::Path),
    /// A text with `{{ holes }}`.
    Text(crate::template::Template),
    List(Vec<Written>),
    Map(Members<Entry>),
}

/// A member of a written mapping.
#[derive(Debug)]
pub struct Entry {
    pub key: Key,
    pub key_span: Span,
    pub value: Written,
}

#[derive(Debug)]
pub enum Key {
    Text(Text),
    /// A key with holes.
    Holes(crate::template::Template),
}

impl Written {
    /// Whether it is `keep(x)` as a whole: then its null is sent, where other nulls are left out.
    #[must_use]
    pub fn keeps_null(&self) -> bool {
        match &self.kind {
            WrittenKind::Code(code) => matches!(&code.kind, Kind::Call { function, .. } if function.name == "keep"),
            _ => false,
        }
    }
}
