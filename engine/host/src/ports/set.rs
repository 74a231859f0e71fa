//! One set of ports.

use std::sync::Arc;

use super::{Bookings, Bus, Clock, Journal, KeyStores, Tasks, Ticks, Turns};
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
    /// The engine does not use it itself: connectors do.
    pub keys: Arc<dyn KeyStores>,
    pub turns: Arc<dyn Turns>,
    pub metrics: Arc<Metrics>,
}
