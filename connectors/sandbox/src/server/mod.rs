//! What all simulated vendors share as HTTP servers: the listener that can fail like a real one, faults, sessions.

pub(crate) mod answer;
pub(crate) mod exchange;
pub(crate) mod faults;
pub(crate) mod listener;
pub(crate) mod query;
pub(crate) mod sessions;
pub(crate) mod vendor;
