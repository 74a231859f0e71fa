//! When schedules are due: pure arithmetic over instants and wall clocks.

mod timing;

pub use timing::{DEFAULT_GRACE, Due, LATE, Timing};
