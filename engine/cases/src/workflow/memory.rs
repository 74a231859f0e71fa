//! The memory of the workflows of a case: their `keys` connectors, served over one store that lives in virtual time.

use std::sync::Arc;

use bytes::Bytes;
use wf_check::Checked;
use wf_connectors::{ConnectorService, HttpOptions, MemoryClaims, Serving, Settings, Sources, StartError, Tools};
use wf_host::metrics::Metrics;
use wf_host::ports::{Bus, Clock, EMBEDDED, KeyError, KeyStores};
use wf_local::MemoryKeys;
use wf_plan::{Connector, Face, Override, Plan, Transport};
use wf_syntax::ast::Binding;
use wf_value::{Value, decode};

use crate::data;
use crate::expected::{Difference, Expected, Mode};
use crate::stop::Stop;

/// What workflows keep by key.
pub(crate) struct Memory {
    store: MemoryKeys,
    _serving: Vec<Serving>,
}

impl Memory {
    /// A store that holds `state`, and on the bus of the case the `keys` connectors that these plans call.
    pub(crate) async fn serve(
        checked: &Checked,
        plans: &[&Arc<Plan>],
        state: &[&Binding],
        (bus, clock): (Arc<dyn Bus>, Arc<dyn Clock>),
        env: Value,
    ) -> Result<Self, Stop> {
        let store = MemoryKeys::new(clock.clone());
        let records = store.open(EMBEDDED).map_err(lost)?;
        for binding in state {
            records
                .set(binding.name.as_str(), stored(&data::value(&binding.value)), None, false)
                .await
                .map_err(lost)?;
        }
        let tools = Tools {
            bus,
            clock,
            metrics: Arc::new(Metrics::new()),
            claims: Arc::new(MemoryClaims::default()),
            http: HttpOptions::default(),
            keys: Arc::new(store.clone()),
            env,
        };
        let mut serving = Vec::new();
        for connector in &checked.connectors {
            let names = called(connector, plans);
            if !names.is_empty() {
                serving.push(served(connector, &names, tools.clone()).await?);
            }
        }
        Ok(Self { store, _serving: serving })
    }

    /// All that is kept, by key.
    pub(crate) fn kept(&self) -> Vec<(String, Bytes)> {
        self.store.all()
    }
}

async fn served(connector: &Arc<Connector>, names: &[&str], tools: Tools) -> Result<Serving, Stop> {
    let overrides = overrides(connector);
    let no_variable = |_: &str| None;
    let no_file = |_: &str| Err("a case reads no files".to_owned());
    let sources = Sources { overrides: &overrides, variable: &no_variable, file: &no_file };
    let settings = Settings::read_for(connector, names, sources)
        .map_err(|e| Stop::broken(format!("settings are missing, or do not fit:\n{e}"), None))?;
    let not_served = |e: StartError| Stop::broken(format!("{} cannot be served: {e}", connector.name), None);
    let service = ConnectorService::new(connector.clone(), &settings, tools).map_err(not_served)?;
    service.serve().await.map_err(not_served)
}

fn keys(connector: &Connector) -> impl Iterator<Item = &Face> {
    connector.faces.iter().filter(|face| face.transport == Transport::Keys)
}

/// The operations on records that the plans call.
fn called<'a>(connector: &'a Connector, plans: &[&Arc<Plan>]) -> Vec<&'a str> {
    let asked = |name: &str| {
        let mut actions = plans.iter().flat_map(|plan| &plan.actions);
        actions.any(|action| action.connector == connector.name && action.name.as_str() == name)
    };
    let actions = keys(connector).flat_map(|face| &face.actions).map(|action| action.contract.name.as_str());
    actions.filter(|name| asked(name)).collect()
}

/// Whatever must be set says where the store is.
fn overrides(connector: &Connector) -> Vec<Override> {
    let needed = keys(connector).flat_map(|face| &face.config);
    let needed = needed.filter(|setting| setting.param.default.is_none() && !setting.param.ty.is_optional());
    let embedded = |setting: &wf_plan::Setting| Override {
        name: setting.param.name.clone(),
        value: EMBEDDED.into(),
        span: setting.param.span,
        place: "".into(),
    };
    needed.map(embedded).collect()
}

/// A text stands as it is, anything else as JSON.
fn stored(value: &Value) -> Bytes {
    match value.as_str() {
        Some(text) => Bytes::copy_from_slice(text.as_bytes()),
        None => value.encode().unwrap_or_default().into(),
    }
}

/// How what is kept differs from what the case expects; null: there is no such key.
pub(crate) fn differences(expected: &[&Binding], kept: &[(String, Bytes)]) -> Vec<Difference> {
    let of = |binding: &&Binding| {
        let key = binding.name.as_str();
        let bytes = kept.iter().find(|(known, _)| known == key).map(|(_, bytes)| bytes);
        let is_text = data::value(&binding.value).as_str().is_some();
        let actual = bytes.map_or(Value::Null, |bytes| read(bytes, is_text));
        let found = Expected::read(&binding.value).differences(&actual, Mode::Exact);
        let inside = |d: Difference| Difference { path: format!("{key} {}", d.path).trim_end().to_owned(), ..d };
        found.into_iter().map(inside).collect::<Vec<_>>()
    };
    expected.iter().flat_map(of).collect()
}

fn read(bytes: &[u8], is_text: bool) -> Value {
    let json = if is_text { None } else { decode(bytes).ok() };
    json.unwrap_or_else(|| Value::text(&*String::from_utf8_lossy(bytes)))
}

fn lost(error: KeyError) -> Stop {
    Stop::broken(error.to_string(), None)
}
