//! How results look on a terminal.

mod ending;
mod progress;
mod report;

pub use ending::{Ending, losses};
pub use progress::watch;
pub use report::{report, so_far};
