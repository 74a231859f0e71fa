//! Sources and what is said about them: files, places in them, and the one `Diagnostic` that every part of the engine reports with.
//!
//! This crate knows nothing of YAML, values or workflows. A place is a [`Span`] of bytes in a [`SourceFile`]; text that was decoded from a
//! scalar (quoted, folded, escaped) finds its way back through a [`ScalarMap`].

mod diagnostic;
mod files;
mod nearest;
pub mod render;
mod rule;
mod scalar;
mod span;

pub use diagnostic::{Diagnostic, Fix, Note, Severity};
pub use files::{Files, Place, SourceFile};
pub use nearest::{equally_near, nearest, one_of, slip};
pub use rule::Rule;
pub use scalar::{ScalarMap, ScalarMapBuilder};
pub use span::{FileId, Span};
