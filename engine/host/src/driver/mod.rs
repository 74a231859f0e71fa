//! A run's driver: it brings everything that happens into one order, feeds the machine, and carries out what that asks for.

mod calls;
mod drive;
mod journal;
mod later;
mod progress;
mod reach;
mod shared;
mod summary;
mod timers;

pub(crate) use drive::message_again;
pub use drive::{Control, CutShort, Job, Stopped, drive};
pub use journal::Keep;
pub use progress::{LoopProgress, Progress};
pub use reach::only_reads;
pub use shared::{Shared, TaskInputs};
pub(crate) use summary::reason;
pub use summary::{how, report_value, so_far_value};
