//! A connector from its file, against a scripted vendor on a real socket.
#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use wf_check::{Project, check};
use wf_connectors::{ConnectorService, HttpOptions, MemoryClaims, Settings, Sources, Tools};
use wf_host::clock::{RealClock, VirtualClock};
use wf_host::metrics::Metrics;
use wf_host::ports::Clock;
use wf_local::{MemoryBus, MemoryKeys};
use wf_plan::Connector;
use wf_testkit::{Answer, FaultyHttp, Reply};
use wf_value::{Map, Text, Value, decode};

/// A connector that is ready, with what it was given.
pub(crate) struct Desk {
    pub(crate) service: ConnectorService,
    pub(crate) tools: Tools,
}

/// The connector `desk`, checked; a mistake in it fails the test.
pub(crate) fn connector(yaml: &str) -> Arc<Connector> {
    // another transport says so itself
    let transport = if yaml.starts_with("transport:") { "" } else { "transport: http\n" };
    let text = format!("connector: desk\ntitle: A desk\nqueue: desk\n{transport}{yaml}");
    let project: Project = [("connectors/desk/connector.yaml", text.as_str())].into_iter().collect();
    let checked = check(&project);
    let wrong: Vec<String> = checked
        .diagnostics
        .iter()
        .filter(|found| found.is_error())
        .map(|found| {
            let line = text.get(..found.span.start as usize).map_or(0, |before| before.matches('\n').count() + 1);
            format!("line {line}: {}", found.message)
        })
        .collect();
    assert!(wrong.is_empty(), "{text}\n{}", wrong.join("\n"));
    checked.connectors.first().cloned().unwrap_or_else(|| panic!("no connector came of\n{text}"))
}

pub(crate) fn settings(connector: &Connector, given: &[(&str, &str)]) -> Settings {
    let variable = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let file = |path: &str| Err(format!("{path} is not read in tests"));
    let sources = Sources { overrides: &[], variable: &variable, file: &file };
    Settings::read(connector, sources).unwrap_or_else(|why| panic!("{why}"))
}

pub(crate) fn tools(clock: Arc<dyn Clock>) -> Tools {
    Tools {
        bus: Arc::new(MemoryBus::new(clock.clone())),
        metrics: Arc::new(Metrics::new()),
        claims: Arc::new(MemoryClaims::default()),
        keys: Arc::new(MemoryKeys::new(clock.clone())),
        http: HttpOptions { patience: Duration::from_millis(150), ..HttpOptions::default() },
        env: value(r#"{"name":"test"}"#),
        clock,
    }
}

impl Desk {
    /// Asks `url` for its base URL; secrets are `s3cret`.
    pub(crate) fn with(yaml: &str, url: &str, tools: Tools) -> Self {
        let connector = connector(yaml);
        let given =
            [("DESK_BASE_URL", url), ("DESK_USER", "ann"), ("DESK_PASSWORD", "s3cret"), ("DESK_KEY", "s3cret-key")];
        let settings = settings(&connector, &given);
        let service = ConnectorService::new(connector, &settings, tools.clone()).unwrap_or_else(|why| panic!("{why}"));
        Self { service, tools }
    }

    /// With `key` as the secret of that name.
    pub(crate) fn with_key(yaml: &str, key: &str, tools: Tools) -> Self {
        let connector = connector(yaml);
        let settings = settings(&connector, &[("DESK_KEY", key)]);
        let service = ConnectorService::new(connector, &settings, tools.clone()).unwrap_or_else(|why| panic!("{why}"));
        Self { service, tools }
    }

    pub(crate) fn new(yaml: &str, vendor: &FaultyHttp) -> Self {
        Self::with(yaml, &vendor.url(), tools(Arc::new(RealClock)))
    }

    /// In virtual time, from 2022-06-01T14:00Z.
    pub(crate) fn in_virtual_time(yaml: &str, vendor: &FaultyHttp) -> (Arc<VirtualClock>, Self) {
        let clock = Arc::new(VirtualClock::new(start()));
        (clock.clone(), Self::with(yaml, &vendor.url(), tools(clock)))
    }

    /// The reply to a request without an id: its status, and its body as JSON.
    pub(crate) async fn ask(&self, action: &str, body: &str) -> (u16, String) {
        self.ask_as(action, None, body).await
    }

    pub(crate) async fn ask_as(&self, action: &str, id: Option<&str>, body: &str) -> (u16, String) {
        let body = if body.is_empty() { Value::Null } else { value(body) };
        let work = async {
            let (status, body) = self.service.answer(action, id.map(Value::from), body).await;
            (status, body.encode().unwrap_or_else(|why| panic!("{why}")))
        };
        let answered = wf_host::clock::attend(self.tools.clock.clone(), work);
        tokio::time::timeout(Duration::from_secs(30), answered)
            .await
            .unwrap_or_else(|_| panic!("{action} never replied"))
    }
}

pub(crate) fn start() -> Timestamp {
    "2022-06-01T14:00:00Z".parse().unwrap_or_default()
}

pub(crate) fn value(json: &str) -> Value {
    decode(json).unwrap_or_else(|why| panic!("{json}: {why}"))
}

/// A vendor that gives these answers, one a request.
pub(crate) fn vendor(answers: impl IntoIterator<Item = Answer>) -> FaultyHttp {
    FaultyHttp::script(answers)
}

/// 200 with a JSON body.
pub(crate) fn json(body: &str) -> Answer {
    Reply::json(body).into()
}

pub(crate) fn status(status: u16, body: &str) -> Answer {
    Reply::status(status).header("content-type", "application/json").body(body).into()
}

pub(crate) fn text(status: u16, body: &str) -> Answer {
    Reply::status(status).header("content-type", "text/plain").body(body).into()
}

/// What the vendor was asked: `GET /path?query`.
pub(crate) fn asked(vendor: &FaultyHttp) -> Vec<String> {
    vendor.asked().iter().map(|asked| format!("{} {}", asked.method, asked.target)).collect()
}

pub(crate) fn map<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    pairs.into_iter().map(|(key, value)| (Text::from(key), value)).collect::<Map>().into()
}
