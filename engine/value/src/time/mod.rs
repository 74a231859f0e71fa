//! Moments, and how vendors write them.

mod format;
mod iso;
mod moment;
mod pattern;
mod print;
mod read;
mod zone;

pub use format::{TimeFormat, TimeFormatError};
pub use moment::Time;
pub use pattern::{Pattern, PatternError};
pub use zone::{is_zone, zone, zone_names, zone_of};
