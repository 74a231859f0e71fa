//! A file as everybody writes it: `wfctl fmt`.
//!
//! One pass after the other, each on the text that the last one left. A pass moves blanks or drops a mark that says nothing; what the
//! file says stays the same, and is compared after each of them.

mod edits;
mod indent;
mod lines;
mod marks;
mod rows;
mod spacing;
mod whole;

pub use whole::format;
