//! `wfctl test`: cases of workflows and connectors, run on the machine and host of production with virtual time.

pub mod data;
pub mod expected;
pub mod neighbours;
pub mod report;
pub mod vendor;
pub mod writes;
