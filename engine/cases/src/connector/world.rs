//! What a connector case runs in: the connector with its settings, its vendor, its clock.

use std::sync::Arc;
use std::time::Duration;

use wf_connectors::{ConnectorService, HttpOptions, MemoryClaims, Serving, Settings, Sources, StartError, Tools};
use wf_expr::WrittenKind;
use wf_host::clock::VirtualClock;
use wf_host::metrics::Metrics;
use wf_local::MemoryKeys;
use wf_plan::{Action, Connector, Face, Transport};
use wf_syntax::ast::ConnectorCase;
use wf_value::Value;

use super::settings::{SECRETS, environment, overrides};
use super::switchboard::Switchboard;
use crate::stop::{Stop, moment};
use crate::vendor::{Act, Calls, ExpectedRequest, Logins, Mailbox, Script, Server};

/// The connector of a case, served.
pub(crate) struct World {
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) bus: Arc<Switchboard>,
    pub(crate) vendor: Server,
    /// What each step lists.
    pub(crate) requests: Vec<Vec<ExpectedRequest>>,
    _serving: Serving,
}

/// Real time that a vendor has to answer before virtual time goes on: no case but one of silence comes near it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The same in a case whose vendor is silent somewhere, which has to wait that long.
const SHORT_PATIENCE: Duration = Duration::from_secs(1);

impl World {
    pub(crate) async fn make(connector: &Arc<Connector>, case: &ConnectorCase) -> Result<Self, Stop> {
        let actions = actions(connector, case)?;
        let clock = Arc::new(VirtualClock::new(moment(case.now.as_ref())?));
        let mailbox = Mailbox::read(case.mailbox.as_ref(), SECRETS[0]);
        let mailbox = mailbox.map_err(|(why, span)| Stop::broken(why, Some(span)))?;
        let started = Server::start(Script::new(Logins::of(connector)), connector, mailbox).await;
        let no_server = |e: std::io::Error| Stop::broken(format!("the vendor cannot be started: {e}"), None);
        let vendor = started.map_err(no_server)?;
        let requests = requests(case, &vendor.base(), &Calls::of(connector))?;
        vendor.script().lists(requests.iter().flatten());

        let overrides = overrides(connector, &case.config, &vendor.base())?;
        let nothing = |_: &str| None;
        let no_file = |_: &str| Err("a case reads no files".to_owned());
        let sources = Sources { overrides: &overrides, variable: &nothing, file: &no_file };
        let names: Vec<&str> = actions.iter().map(|a| a.name.as_str()).collect();
        let settings = Settings::read_for(connector, &names, sources)
            .map_err(|e| Stop::broken(format!("settings are missing, or do not fit:\n{e}"), None))?;

        let bus = Arc::new(Switchboard::default());
        let silent = requests.iter().flatten().any(|r| r.act == Act::Silence);
        let tools = Tools {
            bus: bus.clone(),
            clock: clock.clone(),
            metrics: Arc::new(Metrics::new()),
            claims: Arc::new(MemoryClaims::default()),
            keys: Arc::new(MemoryKeys::new(clock.clone())),
            http: HttpOptions {
                router: Some(vendor.router().map_err(no_server)?),
                patience: if silent { SHORT_PATIENCE } else { PATIENCE },
                ..HttpOptions::default()
            },
            env: environment(&case.config),
        };
        let service = ConnectorService::new(connector.clone(), &settings, tools).map_err(not_started)?;
        let serving = service.serve().await.map_err(not_started)?;
        Ok(Self { clock, bus, vendor, requests, _serving: serving })
    }
}

fn not_started(error: StartError) -> Stop {
    match error {
        StartError::Transport { .. } => Stop::Skipped(error.to_string()),
        other => Stop::broken(format!("the connector cannot be served: {other}"), None),
    }
}

fn requests(case: &ConnectorCase, base: &str, calls: &Calls) -> Result<Vec<Vec<ExpectedRequest>>, Stop> {
    let of_step = |step: &wf_syntax::ast::CaseStep| {
        let listed = step.vendor.iter().chain(&step.unordered).flatten();
        listed.map(|call| ExpectedRequest::read(call, base, calls)).collect::<Result<Vec<_>, _>>()
    };
    case.steps.iter().map(of_step).collect::<Result<_, _>>().map_err(|(why, span)| Stop::broken(why, Some(span)))
}

/// The actions that the case asks for, all of a transport that is spoken here.
fn actions<'a>(connector: &'a Connector, case: &ConnectorCase) -> Result<Vec<&'a Action>, Stop> {
    let mut found: Vec<&Action> = Vec::new();
    for subject in case.steps.iter().filter_map(|step| step.request.as_ref()?.subject.as_ref()) {
        let all = || {
            connector.actions().filter_map(|(face, action)| Some((face, &*action.contract, fixed(&action.contract)?)))
        };
        let asked = all().find(|(_, _, known)| *known == subject.as_str());
        let known = all().map(|(_, _, known)| known);
        let (face, action, _) = asked.ok_or_else(|| Stop::unknown("action with the subject", subject, known))?;
        if let Some(word) = unspoken(face) {
            return Err(Stop::Skipped(format!("cases have no server of the transport `{word}` yet")));
        }
        found.push(action);
    }
    Ok(found)
}

/// The subject of an action, where it has no fields in it.
fn fixed(action: &Action) -> Option<&str> {
    match &action.subject.kind {
        WrittenKind::Literal { value: Value::Text(text), .. } => Some(text.as_str()),
        _ => None,
    }
}

/// The transport of a face that cases cannot be run against.
fn unspoken(face: &Face) -> Option<&'static str> {
    match face.transport {
        Transport::Http | Transport::Grpc | Transport::Smtp | Transport::Imap | Transport::Keys => None,
        Transport::Documents => Some("documents"),
        Transport::Objects => Some("objects"),
        Transport::Bus => Some("bus"),
    }
}
