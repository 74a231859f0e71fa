//! One set of ports.

use std::sync::Arc;

use super::{Bookings, Bus, Clock, Journal, Tasks, Ticks};
use crate::metrics::Metrics;

/// Everything that an engine is given.
#[derive(Clone)]
pub struct Ports {
    pub bus: Arc<dyn Bus>,
    pub clock: Arc<dyn Clock>,
    pub journal: Arc<dyn Journal>,
    pub bookings: Arc<dyn Bookings>,
    pub tasks: Arc<dyn Tasks>,
    pub ticks: Arc<dyn Ticks>,
    pub metrics: Arc<Metrics>,
}
