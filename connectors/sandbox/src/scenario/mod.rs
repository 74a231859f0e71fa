//! The scenario file: what people write, as they write it. What it means is decided in `model`.

mod bounds;
mod degraded;
mod faults;
mod file;
mod network;
mod others;
mod outages;
mod select;
mod tickets;

pub(crate) use bounds::{Flag, Size, Span, When};
pub(crate) use degraded::DegradedSpec;
pub(crate) use faults::{FaultKind, FaultSpec};
pub(crate) use file::Reopens;
pub use file::{Scenario, ScenarioError};
pub(crate) use network::{ClientSpec, ContactSpec, EdgeSpec, GatewaySpec, HostSpec, LinkSpec};
pub(crate) use others::{DigiSpec, MailSpec, S3Spec, T7Spec};
pub(crate) use outages::{EventSpec, Half, OutageSpec};
pub(crate) use select::Select;
pub(crate) use tickets::{NoteSpec, QueueSpec, TaskSpec, TicketSpec};
