//! Clocks: the one of the machine, and one that jumps.

mod attend;
mod real;
mod virtual_clock;

pub use attend::{Attended, attend};
pub use real::RealClock;
pub use virtual_clock::VirtualClock;
