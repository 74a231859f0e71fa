//! The typed files: one module a construct, each with its keys, its types and its reader.
//!
//! A reader goes on after a mistake: what could not be read is `None`, empty or a [`Kind::Broken`](crate::tree::Kind::Broken) node, and its
//! diagnostic is given already. Scalars stay raw; what `no`, `2xx` or `"1327"` mean is decided by the type that their place expects, later.

#![expect(
    clippy::large_enum_variant,
    reason = "an AST is read once and thrown away; boxes would stand in every reader's way"
)]

mod actions;
mod answers;
mod auth;
mod calls;
mod case;
mod config;
mod connector;
mod connector_case;
mod defines;
mod effects;
mod environment;
mod flows;
mod guards;
mod http;
mod later;
mod loops;
mod metrics;
mod modifiers;
mod params;
mod records;
mod requests;
pub mod rules;
mod steps;
mod tables;
mod text;
mod triggers;
mod type_words;
mod types;
mod with;
mod workflow;

/// The tables that whole files are read by, for the schemas.
pub(crate) mod tables_of_keys {
    pub(crate) use super::{
        case::CASE,
        connector::CONNECTOR,
        connector_case::CONNECTOR_CASE,
        environment::ENVIRONMENT,
        steps::{CONNECTOR_STEP, STEP},
        types::{ENUM, FIELD},
        workflow::{LIBRARY, WORKFLOW},
    };
}

pub use actions::{Action, Effect, Envelope, Extra, Outcome};
pub use answers::{AnswerRow, AnswerSet, Answers};
pub use auth::{Auth, Login, Session};
pub use calls::{CallRule, Defaults, TellPolicy};
pub use case::{Case, CaseTrigger, Expect, ExpectedMetric, ExpectedTask, ExpectedWrite, Given};
pub use config::{Cache, Limits, Pages, TlsMode};
pub use connector::{Connector, Transport};
pub use connector_case::{CaseRequest, ConnectorCase, Mailbox, Step as CaseStep, VendorCall};
pub use defines::{Define, DefineBody};
pub use effects::{Call, Metric, Publish, Run};
pub use environment::{Environment, Instance, SettingsOf, WorkflowSettings};
pub use flows::{Flow, Inputs};
pub use guards::{Leave, Reason};
pub use http::{ApiKeyGuard, HmacGuard, Http, HttpAuth};
pub use later::{Cancel, Defer, Recheck};
pub use loops::{Body, For, Parallel};
pub use metrics::{MetricDecl, MetricKind, MetricLabels, Metrics};
pub use modifiers::{Accept, Backoff, Doubt, OnError, Retry, Tell};
pub use params::{Grid, Param, ParamEntry};
pub use records::{Record, RecordValue};
pub use requests::{Part, PartKind, Request};
pub use steps::{Modifiers, Step, Verb};
pub use tables::{Row, Table};
pub use text::{Listing, Name, Spanned, Text};
pub use triggers::{Overlap, Trigger, TriggerKind};
pub use type_words::TYPE_WORDS;
pub use types::{Enum, Field, FieldDecl, ShapeDecl, TypeExpr, TypeKind};
pub use with::{Binding, With, WithItem};
pub use workflow::{FileRole, Workflow};
