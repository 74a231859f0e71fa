//! One face of a connector at work: its client, its sessions, its limits.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use wf_expr::{Ctx, Written};
use wf_host::ports::Clock;
use wf_machine::Scope;
use wf_plan::{Connector, Face, Module, Params, Request, Transport};
use wf_value::{Text, Value};

use crate::blot::Blotter;
use crate::cache::Cache;
use crate::error::StartError;
use crate::http::{Allowance, HttpClient};
use crate::limits::Rates;
use crate::metrics::Usage;
use crate::outgoing::plain;
use crate::scene::Scene;
use crate::service::{Tools, not_built};
use crate::sessions::Sessions;
use crate::transports::bucket::Bucket;
use crate::transports::folder::Folder;
use crate::transports::grpc::Grpc;
use crate::transports::imap::{Held, Imap};
use crate::transports::keys::Keys;
use crate::transports::objects::FOLDER;
use crate::transports::smtp::Smtp;

/// What every request of a face shares.
pub(crate) struct LiveFace {
    pub(crate) connector: Arc<Connector>,
    /// Its number in the connector.
    pub(crate) number: usize,
    pub(crate) params: Arc<Params>,
    pub(crate) env: Value,
    pub(crate) client: Client,
    /// On a virtual clock: how much real time a vendor has to answer.
    pub(crate) patience: Duration,
    pub(crate) sessions: Sessions,
    pub(crate) rates: Rates,
    pub(crate) cache: Cache,
    pub(crate) usage: Arc<Usage>,
    /// Of the secrets in its settings.
    pub(crate) blotter: Blotter,
    pub(crate) clock: Arc<dyn Clock>,
}

/// How the face talks.
pub(crate) enum Client {
    Http(HttpClient),
    Grpc(Grpc),
    Keys(Keys),
    Imap(Imap),
    Smtp(Smtp),
    Bucket(Bucket),
    Folder(Folder),
}

/// One request step that is to be carried out.
pub(crate) struct Ask<'a> {
    pub(crate) request: &'a Request,
    /// `tickets.find`: the action that asks.
    pub(crate) call: Text,
    /// Of the message that asks for it.
    pub(crate) request_id: Value,
    /// Distinguishes the requests of one action.
    pub(crate) step: u32,
    /// Whether it may change something at the vendor's.
    pub(crate) changes: bool,
    pub(crate) scene: Scene<'a>,
    /// What the action keeps between its requests.
    pub(crate) held: Held,
}

impl LiveFace {
    pub(crate) fn new(
        connector: &Arc<Connector>,
        number: usize,
        params: Arc<Params>,
        usage: Arc<Usage>,
        tools: &Tools,
    ) -> Result<Self, StartError> {
        let (env, clock) = (tools.env.clone(), tools.clock.clone());
        let client = match connector.faces.get(number) {
            Some(face) => Client::new(&FaceSettings { face, params: &params, tools })?,
            None => {
                return Err(StartError::Server {
                    file: connector.name.to_string(),
                    why: "there is no such file".into(),
                });
            }
        };
        Ok(Self {
            connector: connector.clone(),
            number,
            blotter: Blotter::of(&params.values),
            params,
            env,
            client,
            patience: tools.http.patience,
            sessions: Sessions::default(),
            rates: Rates::default(),
            cache: Cache::default(),
            usage,
            clock,
        })
    }

    pub(crate) fn file(&self) -> Option<&Face> {
        self.connector.faces.get(self.number)
    }

    pub(crate) fn module(&self) -> Option<&Module> {
        self.file().map(|face| &face.module)
    }

    /// What expressions see in `scope` now.
    pub(crate) fn scene<'a>(&'a self, module: &'a Module, scope: Scope, seed: u128) -> Scene<'a> {
        let (params, env, now) = (self.params.clone(), self.env.clone(), self.clock.now());
        Scene { program: &module.program, params, env, now, seed, scope }
    }

    /// What one call to the vendor may take.
    pub(crate) fn allowance(&self, request: &Request, scene: &Scene<'_>) -> Allowance {
        let limits = self.file().map(|face| &face.limits);
        let said = scene.duration(request.limits.timeout.as_ref());
        let said = said.or_else(|| scene.duration(limits?.timeout.as_ref()));
        let timeout = said.and_then(|timeout| Duration::try_from(timeout).ok()).filter(|timeout| !timeout.is_zero());
        let bytes = scene.count(request.limits.bytes.as_ref()).or_else(|| scene.count(limits?.bytes.as_ref()));
        Allowance { timeout: timeout.unwrap_or(TIMEOUT), bytes: bytes.unwrap_or(BYTES) }
    }

    pub(crate) fn rate(&self, request: &Request, scene: &Scene<'_>) -> Option<f64> {
        scene.number(request.limits.rate.as_ref()).or_else(|| scene.number(self.file()?.limits.rate.as_ref()))
    }

    /// Pages that one list may have.
    pub(crate) fn most_pages(&self, request: &Request, scene: &Scene<'_>) -> usize {
        let said =
            scene.count(request.limits.pages.as_ref()).or_else(|| scene.count(self.file()?.limits.pages.as_ref()));
        said.unwrap_or(PAGES)
    }

    /// Requests of one subject at a time.
    pub(crate) fn concurrency(&self) -> usize {
        let Some(face) = self.file() else { return CONCURRENCY };
        let scene = self.scene(&face.module, Scope::default(), 0);
        scene.count(face.limits.concurrency.as_ref()).filter(|n| *n > 0).unwrap_or(CONCURRENCY)
    }
}

const TIMEOUT: Duration = Duration::from_secs(60);
const BYTES: usize = 64_000_000;
const PAGES: usize = 1_000;
const CONCURRENCY: usize = 20;

/// What a file says once for all of its requests: it sees settings and constants only.
pub(crate) struct FaceSettings<'a> {
    pub(crate) face: &'a Face,
    params: &'a Params,
    pub(crate) tools: &'a Tools,
}

impl FaceSettings<'_> {
    /// The value of one of them; null where it is not said.
    pub(crate) fn get(&self, name: &str) -> Value {
        let written = self.face.settings.iter().find(|(known, _)| known.as_str() == name).map(|(_, written)| written);
        written.map_or(Value::Null, |written| self.value(written))
    }

    fn value(&self, written: &Written) -> Value {
        let nothing = Scope::default();
        let (params, now) = (&self.params.values, self.tools.clock.now());
        written.value(&Ctx::new(&self.face.module.program, &nothing, params, &self.tools.env, now))
    }

    /// Whether certificates are checked: yes, unless `false` is said.
    pub(crate) fn verifies(&self) -> bool {
        self.face.verify_tls.as_ref().map(|written| self.value(written)) != Some(Value::Bool(false))
    }

    /// Whose certificates are trusted beside the system's.
    pub(crate) fn ca_file(&self) -> Option<PathBuf> {
        self.get("tls.ca_file").as_str().filter(|file| !file.is_empty()).map(PathBuf::from)
    }

    /// A text of it, a secret laid open: whom to ask.
    pub(crate) fn server(&self) -> Result<Option<String>, StartError> {
        let value = self.get("server");
        let why = match &value {
            Value::Null => return Ok(None),
            Value::Unknown(why) => why.sentence(),
            value => match plain(value) {
                Some(server) => return Ok(Some(server).filter(|server| !server.is_empty())),
                None => format!("it is {}, it should be a text", value.kind()),
            },
        };
        Err(self.unusable(why))
    }

    pub(crate) fn unusable(&self, why: impl Into<String>) -> StartError {
        StartError::Server { file: self.face.file.to_string(), why: why.into() }
    }
}

impl Client {
    fn new(settings: &FaceSettings<'_>) -> Result<Self, StartError> {
        let tools = settings.tools;
        if let Some(transport) = not_built(settings.face.transport) {
            return Err(StartError::Transport { file: settings.face.file.to_string(), transport });
        }
        Ok(match settings.face.transport {
            Transport::Grpc => Self::Grpc(Grpc::open(settings)?),
            Transport::Imap => Self::Imap(Imap::open(settings)?),
            Transport::Keys => Self::Keys(Keys::open(settings)?),
            Transport::Smtp => Self::Smtp(Smtp::open(settings)?),
            Transport::Objects => {
                let server = settings.server()?;
                match server.as_deref().and_then(|server| server.strip_prefix(FOLDER)) {
                    Some(folder) => match folder.trim_start_matches("//") {
                        "" => return Err(settings.unusable("`file:` names no folder")),
                        folder => Self::Folder(Folder::new(folder)),
                    },
                    None => Self::Bucket(Bucket::open(server, settings)?),
                }
            }
            _ => {
                let (verify, ca_file) = (settings.verifies(), settings.ca_file());
                Self::Http(HttpClient::new(verify, ca_file.as_deref(), tools.http.clone(), tools.clock.clone())?)
            }
        })
    }
}
