//! `wfctl test`: cases of workflows and connectors, run on the machine and host of production with virtual time.
//!
//! [`discover`] says which files are cases, [`suite`] runs them and [`report`] tells what came of it. A workflow case is an engine among
//! [`neighbours`] that answer what the case says; a connector case is a connector before a [`vendor`] on a real socket. What they expect is
//! literal [`data`] with matchers ([`expected`], [`writes`]).

mod connector;
pub mod data;
pub mod discover;
pub mod expected;
mod logs;
pub mod neighbours;
pub mod report;
mod stop;
pub mod suite;
pub mod vendor;
mod workflow;
pub mod writes;
