//! The one model of state that all simulated vendors answer from.

pub(crate) mod degraded;
pub(crate) mod desk;
pub(crate) mod expand;
pub(crate) mod network;
pub(crate) mod opening;
pub(crate) mod recovery;
pub(crate) mod ticket;
pub(crate) mod timeline;
