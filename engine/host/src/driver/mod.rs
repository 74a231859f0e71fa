//! A run's driver: it brings everything that happens into one order, feeds the machine, and carries out what that asks for.

mod calls;
mod drive;
mod job;
mod journal;
mod later;
mod progress;
mod reach;
mod resume;
mod shared;
mod summary;
mod timers;

pub use drive::drive;
pub(crate) use drive::message_again;
pub use job::{Again, Control, CutShort, Driven, From, Job, Stopped, TakenUp};
pub use journal::Keep;
pub use progress::{LoopProgress, Progress};
pub use reach::only_reads;
pub use shared::{Shared, TaskInputs};
pub(crate) use summary::reason;
pub use summary::{how, report_value, so_far_value};
