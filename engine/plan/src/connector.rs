//! A connector: the folder of one capability.

use std::sync::Arc;

use wf_expr::{Code, Written};
use wf_proto::Protos;
use wf_source::{Files, Span};
use wf_value::Text;

use crate::{Action, AnswerRow, FlowId, Module, Param, Request, Retry};

/// One file of a connector's folder: one transport, its settings, its actions.
#[derive(Debug)]
pub struct Face {
    pub file: Text,
    pub transport: Transport,
    pub queue: Option<Text>,
    /// Settings; in expressions `config.x`, by number of [`Module::params`].
    pub config: Vec<Setting>,
    /// Flows of its actions, defines, tables.
    pub module: Module,
    /// Sees settings and constants only.
    pub verify_tls: Option<Written>,
    /// `target`, `server`, `database`, `options.x`, `tls`, … of other transports, by name; they see settings and constants only. The base URL,
    /// headers, login and retry of the file stand in each [`Request`], where they see the names of its step.
    pub settings: Vec<(Text, Written)>,
    pub limits: Limits,
    /// The messages of grpc.
    pub protos: Option<Protos>,
    pub actions: Vec<ConnectorAction>,
}

/// A setting of a connector and the environment variable that gives it.
#[derive(Debug)]
pub struct Setting {
    pub param: Param,
    /// `CRM_BASE_URL`, or what `env` names.
    pub variable: Text,
    /// Turns the variable's `text` (slot 0) into the typed value.
    pub parse: Option<Code>,
}

/// How a file of a connector talks; which of them are spoken is the runtime's affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    Http,
    Grpc,
    Smtp,
    Imap,
    Keys,
    Documents,
    Objects,
    Bus,
}

/// `limits` of a file or a request. `None`: what stands around it says, else the engine.
#[derive(Debug, Default)]
pub struct Limits {
    /// Of one vendor call, a duration.
    pub timeout: Option<Written>,
    /// Requests of one subject at a time.
    pub concurrency: Option<Written>,
    /// Calls a second, per host.
    pub rate: Option<Written>,
    /// Of one list.
    pub pages: Option<Written>,
    /// Of one answer, in bytes.
    pub bytes: Option<Written>,
}

/// How to log in (`connectors.md` §5).
#[derive(Debug)]
pub struct Auth {
    pub kind: AuthKind,
    pub max_age: Option<Written>,
    pub lasts: Option<Written>,
    /// Default: status 401.
    pub expired: Option<Code>,
    /// How often a request is sent again after a new login; default 1.
    pub repeat: u32,
    /// The same, where a setting says it: it wins.
    pub computed_repeat: Option<Written>,
    pub pace: Option<Written>,
    pub send_anyway: bool,
}

/// What a login is: something sent with each request, or a request that gives a session.
#[derive(Debug)]
pub enum AuthKind {
    Basic {
        user: Written,
        password: Written,
    },
    Bearer(Written),
    ApiKey {
        header: Option<Text>,
        query: Option<Text>,
        value: Written,
    },
    Hmac {
        header: Text,
        key: Written,
    },
    /// Any request, in the scope of the action that needs it, and what of its answer is the session: named values, and cookies.
    Login {
        request: Box<Request>,
        session: Vec<(Text, Written)>,
        cookies: Cookies,
        retry: Option<Retry>,
    },
    OAuth2 {
        token_url: Written,
        client_id: Written,
        client_secret: Written,
        scope: Option<Written>,
    },
}

/// Which cookies of a login's answer are the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cookies {
    #[default]
    None,
    /// The one of this name, which must be set.
    One(Text),
    /// All that are set, at least one.
    All,
}

/// An action with what it does. It is a flow of its face's module: either one request step, or its `steps`. The flow has an input for each
/// field, then `input` (all that came) and `request_id`.
#[derive(Debug)]
pub struct ConnectorAction {
    pub contract: Arc<Action>,
    pub flow: FlowId,
    /// Rows for what no request of it answered: `bad_input`, and `unusable` where its steps cannot be decided. The action's
    /// own, then the file's.
    pub answers: Vec<AnswerRow>,
    /// Slot of its flow's frame in which these rows find `answer`.
    pub answer: u16,
    pub span: Span,
}

/// A capability: all files of its folder.
#[derive(Debug)]
pub struct Connector {
    pub name: Text,
    pub title: Text,
    pub faces: Vec<Face>,
    pub files: Files,
}

impl Connector {
    /// All actions, with their face.
    pub fn actions(&self) -> impl Iterator<Item = (&Face, &ConnectorAction)> {
        self.faces.iter().flat_map(|face| face.actions.iter().map(move |action| (face, action)))
    }
}
