//! How results look on a terminal.

mod ending;
mod progress;
mod report;
mod together;

pub use ending::{Ending, losses};
pub use progress::watch;
pub use report::{report, so_far};
pub use together::{LeftOut, Together};
