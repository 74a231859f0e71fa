//! How results look on a terminal.

mod progress;
mod report;

pub use progress::watch;
pub use report::report;
