//! The checked form of what people write: immutable, compiled, addressed. The machine runs it, the checker made it, `explain` reads it.
//!
//! A [`Module`] is everything that can be executed of a workflow (with the library parts it reaches) or of a connector file: flows, steps,
//! expressions. A [`Plan`] is a workflow: a module with triggers, params and the actions it calls. A [`Connector`] is a module with actions.
//! Numbers of steps are stable: a run is pinned to the plan it began with.

mod action;
mod address;
mod connector;
mod contract;
mod cron;
mod environment;
mod id;
pub mod mailbox;
mod module;
mod params;
mod request;
mod retry;
mod status;
mod step;
mod trigger;
mod walk;

pub use action::{About, Action, Answered, Doubt, Effect, Envelope, FullName, Look, Outcome};
pub use address::{Address, Part};
pub use connector::{Auth, AuthKind, Connector, ConnectorAction, Cookies, Face, Limits, Setting, Transport};
pub use cron::{Cron, CronError};
pub use environment::{Environment, Instance, Override, WorkflowSettings};
pub use id::{RunId, request_id, short_uuid};
pub use module::{Flow, FlowId, Frame, Input, Metric, MetricKind, Module, Plan, Pool, Reporter};
pub use params::{Param, Params, Provenance};
pub use request::{AnswerRow, BodyKind, Cache, Pages, Request, RowTest};
pub use retry::{Retry, Wait};
pub use status::{Status, StatusSet, Word};
pub use step::{
    Accept, Block, Call, Leave, LeaveKind, Loop, LoopBody, LoopError, OnError, Parallel, Reason, Step, StepId,
    TellWhen, Verb,
};
pub use trigger::{AtStart, Overlap, Trigger, TriggerKind};
pub use wf_proto::{Method, Protos};
