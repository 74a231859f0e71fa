//! What is counted: by workflows' `metric` steps and by the engine itself. The console renders it.

mod families;
pub mod names;

pub use families::{BUCKETS, Family, Histogram, Labels, Metrics, Point, Series};
