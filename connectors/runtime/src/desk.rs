//! One face of a connector at work: its client, its sessions, its limits.

use std::sync::Arc;
use std::time::Duration;

use wf_expr::Ctx;
use wf_host::ports::Clock;
use wf_machine::Scope;
use wf_plan::{Connector, Face, Module, Params, Request};
use wf_value::{Text, Value};

use crate::cache::Cache;
use crate::error::StartError;
use crate::http::{Allowance, HttpClient, HttpOptions};
use crate::limits::Rates;
use crate::scene::Scene;
use crate::sessions::Sessions;
use crate::usage::Usage;

/// What every request of a face shares.
pub(crate) struct Desk {
    pub(crate) connector: Arc<Connector>,
    /// Its number in the connector.
    pub(crate) number: usize,
    pub(crate) params: Arc<Params>,
    pub(crate) env: Value,
    pub(crate) http: HttpClient,
    pub(crate) sessions: Sessions,
    pub(crate) rates: Rates,
    pub(crate) cache: Cache,
    pub(crate) usage: Arc<Usage>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// One request step that is to be carried out.
pub(crate) struct Ask<'a> {
    pub(crate) request: &'a Request,
    /// `tickets.find`: the action that asks.
    pub(crate) call: Text,
    /// Distinguishes the requests of one action.
    pub(crate) step: u32,
    /// Whether it may change something at the vendor's.
    pub(crate) changes: bool,
    pub(crate) scene: Scene<'a>,
}

impl Desk {
    pub(crate) fn new(
        connector: &Arc<Connector>,
        number: usize,
        params: Arc<Params>,
        env: Value,
        options: HttpOptions,
        usage: Arc<Usage>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let (verify, ca_file) = match connector.faces.get(number) {
            Some(face) => tls(face, &params, &env, &*clock),
            None => (true, None),
        };
        let http = HttpClient::new(verify, ca_file.as_deref().map(std::path::Path::new), options, clock.clone())?;
        Ok(Self {
            connector: connector.clone(),
            number,
            params,
            env,
            http,
            sessions: Sessions::default(),
            rates: Rates::default(),
            cache: Cache::default(),
            usage,
            clock,
        })
    }

    pub(crate) fn face(&self) -> Option<&Face> {
        self.connector.faces.get(self.number)
    }

    pub(crate) fn module(&self) -> Option<&Module> {
        self.face().map(|face| &face.module)
    }

    /// What expressions see in `scope` now.
    pub(crate) fn scene<'a>(&'a self, module: &'a Module, scope: Scope, seed: u128) -> Scene<'a> {
        let (params, env, now) = (self.params.clone(), self.env.clone(), self.clock.now());
        Scene { program: &module.program, params, env, now, seed, scope }
    }

    /// What one call to the vendor may take.
    pub(crate) fn allowance(&self, request: &Request, scene: &Scene<'_>) -> Allowance {
        let limits = self.face().map(|face| &face.limits);
        let said = scene.duration(request.limits.timeout.as_ref());
        let said = said.or_else(|| scene.duration(limits?.timeout.as_ref()));
        let timeout = said.and_then(|timeout| Duration::try_from(timeout).ok()).filter(|timeout| !timeout.is_zero());
        let bytes = scene.count(request.limits.bytes.as_ref()).or_else(|| scene.count(limits?.bytes.as_ref()));
        Allowance { timeout: timeout.unwrap_or(TIMEOUT), bytes: bytes.unwrap_or(BYTES) }
    }

    pub(crate) fn rate(&self, request: &Request, scene: &Scene<'_>) -> Option<f64> {
        scene.number(request.limits.rate.as_ref()).or_else(|| scene.number(self.face()?.limits.rate.as_ref()))
    }

    /// Pages that one list may have.
    pub(crate) fn most_pages(&self, request: &Request, scene: &Scene<'_>) -> usize {
        let said =
            scene.count(request.limits.pages.as_ref()).or_else(|| scene.count(self.face()?.limits.pages.as_ref()));
        said.unwrap_or(PAGES)
    }

    /// Requests of one subject at a time.
    pub(crate) fn concurrency(&self) -> usize {
        let Some(face) = self.face() else { return CONCURRENCY };
        let scene = self.scene(&face.module, Scope::default(), 0);
        scene.count(face.limits.concurrency.as_ref()).filter(|n| *n > 0).unwrap_or(CONCURRENCY)
    }
}

const TIMEOUT: Duration = Duration::from_secs(60);
const BYTES: usize = 64_000_000;
const PAGES: usize = 1_000;
const CONCURRENCY: usize = 20;

/// Whether certificates are checked (yes, unless `false` is said), and whose are trusted beside the system's.
fn tls(face: &Face, params: &Params, env: &Value, clock: &dyn Clock) -> (bool, Option<String>) {
    let nothing = Scope::default();
    let ctx = Ctx::new(&face.module.program, &nothing, &params.values, env, clock.now());
    let verify = face.verify_tls.as_ref().map(|written| written.value(&ctx));
    let ca_file =
        face.settings.iter().find(|(name, _)| name.as_str() == "tls.ca_file").map(|(_, written)| written.value(&ctx));
    let ca_file = ca_file.and_then(|file| file.as_str().filter(|file| !file.is_empty()).map(str::to_owned));
    (verify != Some(Value::Bool(false)), ca_file)
}
