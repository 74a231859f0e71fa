//! Connectors with their settings, served on the bus.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use wf_check::Checked;
use wf_connectors::{ConnectorService, HttpOptions, Serving, Settings, Sources, Tools, not_built};
use wf_host::Workflow;
use wf_host::ports::EMBEDDED;
use wf_plan::{Connector, Environment, Override, Transport};
use wf_value::{Map, Text, Value};

use super::World;
use super::scenario::Simulated;
use crate::exit::Refusal;
use crate::output;

/// A connector, and which of its actions are to be served: who only writes to the chat needs no mail account.
pub struct Needed {
    pub connector: Arc<Connector>,
    actions: BTreeSet<String>,
}

/// What these workflows call. What other services answer (`transport: bus`) is not among it.
pub fn called_by(checked: &Checked, workflows: &[Arc<Workflow>]) -> Vec<Needed> {
    let mut needed: Vec<Needed> = Vec::new();
    for action in workflows.iter().flat_map(|w| &w.plan.actions) {
        let Some(connector) = checked.connector(&action.connector).filter(|c| is_ours(c)) else { continue };
        let place = needed.iter().position(|n| n.connector.name == connector.name).unwrap_or_else(|| {
            needed.push(Needed { connector: connector.clone(), actions: BTreeSet::new() });
            needed.len() - 1
        });
        needed[place].actions.insert(action.name.to_string());
    }
    needed
}

/// Why these workflows cannot run here, a sentence for each connector that cannot be served for them; none: they can.
pub fn missing(
    checked: &Checked,
    workflow: &Arc<Workflow>,
    environment: Option<&Environment>,
    simulated: Option<&Simulated>,
) -> Vec<String> {
    let mut why = Vec::new();
    for needed in called_by(checked, std::slice::from_ref(workflow)) {
        let faces = needed.connector.faces.iter();
        let used = faces.filter(|f| f.actions.iter().any(|a| needed.actions.contains(a.contract.name.as_str())));
        let unbuilt: Vec<String> = used
            .filter_map(|f| not_built(f.transport))
            .map(|transport| {
                format!("{} needs the transport {transport}, which is not built yet", needed.connector.name)
            })
            .collect();
        if unbuilt.is_empty() {
            why.extend(settings(&needed, environment, simulated).err());
        }
        why.extend(unbuilt);
    }
    why
}

/// All that a connector has, but for files of transports that are not built yet: these are said.
fn whole(connector: &Arc<Connector>) -> Needed {
    let mut actions = BTreeSet::new();
    for face in &connector.faces {
        match not_built(face.transport) {
            Some(transport) => {
                output::say(&format!("{} is not served: the transport {transport} is not built yet", face.file))
            }
            None => actions.extend(face.actions.iter().map(|a| a.contract.name.to_string())),
        }
    }
    Needed { connector: connector.clone(), actions }
}

/// Those named, or all. `connector.action` serves only the files that this action needs.
pub fn named(checked: &Checked, names: &[String]) -> Result<Vec<Needed>, Refusal> {
    if names.is_empty() {
        return Ok(checked.connectors.iter().filter(|c| is_ours(c)).map(whole).collect());
    }
    names.iter().map(|name| one(checked, name)).collect()
}

/// By the name of its folder.
pub fn connector<'a>(checked: &'a Checked, name: &str) -> Result<&'a Arc<Connector>, Refusal> {
    checked.connector(name).ok_or_else(|| {
        let all = || checked.connectors.iter().map(|connector| connector.name.as_str());
        Refusal::wrong(match wf_source::nearest(name, all()) {
            Some(near) => format!("there is no connector {name}; did you mean {near}?"),
            None => format!("there is no connector {name}: there is {}", wf_source::one_of(all(), 12)),
        })
    })
}

fn one(checked: &Checked, name: &str) -> Result<Needed, Refusal> {
    let (folder, action) = name.split_once('.').map_or((name, None), |(folder, action)| (folder, Some(action)));
    let connector = connector(checked, folder)?;
    let Some(action) = action else { return Ok(whole(connector)) };
    let mut all = connector.actions().map(|(_, a)| a.contract.name.as_str());
    if !all.any(|a| a == action) {
        let all = connector.actions().map(|(_, a)| a.contract.name.as_str());
        let near = wf_source::nearest(action, all).map(|n| format!("; did you mean {folder}.{n}?")).unwrap_or_default();
        return Err(Refusal::wrong(format!("{folder} has no action {action}{near}")));
    }
    Ok(Needed { connector: connector.clone(), actions: [action.to_owned()].into() })
}

fn is_ours(connector: &Connector) -> bool {
    connector.faces.iter().any(|f| f.transport != Transport::Bus)
}

/// Serves them. All settings that are missing are named at once.
pub async fn serve(
    connectors: &[Needed],
    World { ports, simulated, claims, .. }: &World,
    environment: Option<&Environment>,
) -> Result<Vec<Serving>, Refusal> {
    let simulated = simulated.as_ref();
    let tools = Tools {
        bus: ports.bus.clone(),
        clock: ports.clock.clone(),
        metrics: ports.metrics.clone(),
        claims: claims.clone(),
        http: simulated.map(http_of).unwrap_or_default(),
        keys: ports.keys.clone(),
        env: env(environment),
    };
    let mut missing = Vec::new();
    let mut ready = Vec::new();
    for needed in connectors {
        match settings(needed, environment, simulated) {
            Ok(settings) => ready.push((&needed.connector, settings)),
            Err(why) => missing.push(why),
        }
    }
    if !missing.is_empty() {
        let hint = "\nset them, or try simulated vendors: --sandbox SCENARIO, a file of examples/scenarios/";
        let hint = if simulated.is_some() { "" } else { hint };
        return Err(Refusal::wrong(format!("settings are missing:\n{}{hint}", missing.join("\n"))));
    }
    let mut serving = Vec::new();
    for (connector, settings) in ready {
        let failed =
            |e: wf_connectors::StartError| Refusal::failed(format!("{} cannot be served: {e}", connector.name));
        let service = ConnectorService::new(connector.clone(), &settings, tools.clone()).map_err(failed)?;
        serving.push(service.serve().await.map_err(failed)?);
    }
    Ok(serving)
}

/// Simulated hosts answer where they listen; any other host is down: nobody who tries something reaches a real one.
fn http_of(simulated: &Simulated) -> HttpOptions {
    const NOBODY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9);
    HttpOptions {
        routes: simulated.routes(),
        route_all_hosts_to: Some(NOBODY),
        name_requests: true,
        ..HttpOptions::default()
    }
}

/// What a simulated vendor says of itself wins over the environment, that over variables.
fn settings(
    Needed { connector, actions }: &Needed,
    environment: Option<&Environment>,
    simulated: Option<&Simulated>,
) -> Result<Settings, String> {
    let of_vendor = simulated.map(|s| s.settings(&connector.name)).unwrap_or_default();
    let overrides = environment.and_then(|e| e.connectors.iter().find(|(name, _)| *name == connector.name));
    let overrides: Vec<Override> = overrides
        .into_iter()
        .flat_map(|(_, all)| all.iter())
        .filter(|o| !of_vendor.iter().any(|(key, _)| o.name.as_str() == key))
        .cloned()
        .collect();
    let variable = |name: &str| {
        let mut settings = connector.faces.iter().flat_map(|f| f.config.iter().map(move |s| (f, s)));
        // none: a name that an environment gives, `env:NAME`
        let of_setting = settings.find(|(_, s)| s.variable.as_str() == name);
        let said = of_setting.and_then(|(_, setting)| {
            of_vendor.iter().find(|(key, _)| setting.param.name.as_str() == key).map(|(_, value)| value.clone())
        });
        // with simulated vendors there is one store of records, whatever its server is called
        let is_keys = of_setting.is_some_and(|(face, _)| face.transport == Transport::Keys);
        let own = || simulated.filter(|_| is_keys).map(|_| EMBEDDED.to_owned());
        said.or_else(own).or_else(|| std::env::var(name).ok())
    };
    let file = |path: &str| match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.trim_end_matches(['\n', '\r']).to_owned()),
        Err(e) => Err(e.to_string()),
    };
    let sources = Sources { overrides: &overrides, variable: &variable, file: &file };
    let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
    Settings::read_for(connector, &actions, sources).map_err(|e| e.to_string())
}

fn env(environment: Option<&Environment>) -> Value {
    let name = environment.map_or("none", |e| e.name.as_str());
    [(Text::from("name"), Value::from(name))].into_iter().collect::<Map>().into()
}
