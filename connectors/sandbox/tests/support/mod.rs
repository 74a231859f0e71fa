//! A sandbox with clients that are logged in, for the tests over real HTTP.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};
use wf_sandbox::{Options, Running, Sandbox, Scenario};

/// 2022-06-01T14:00:00Z
pub(crate) const START: i64 = 1_654_092_000_000;
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOST: &str = "vco1.example.com";

/// Two orchestrators, four edges, one pair, two tickets.
pub(crate) const SMALL: &str = "
now: 2022-06-01T14:00:00Z
hosts:
  - {name: vco1.example.com, user: u, password: p, gateways: [{id: 1, name: vcg-1, metrics: {tunnelCount: 30}}, {id: 2, name: vcg-2, state: OFFLINE}]}
  - {name: vco2.example.com, user: u, password: other}
clients:
  - id: 5
    name: Acme
    host: vco1.example.com
    enterprise: 100
    contacts: [{first_name: Dana, email: dana@acme.example}, {email: kim@acme.example}]
    edges:
      - {serial: VC1, count: 2, name: 'ACME-{n}'}
      - {serial: VC8, ha_serial: VC9, name: ACME-HA}
  - {id: 6, name: Bolt, host: vco2.example.com, enterprise: 200, edges: [{serial: VD1, state: NEVER_ACTIVATED}]}
outages:
  - {edges: VC1, links: [GE2], from: -2h}
  - {edges: VC2, from: -3h, until: -1h}
  - {edges: VC8, half: standby, from: -1h, until: +10m}
tickets:
  - {id: 100, for_each: VC1, notes: [{text: 'first note', at: -1h}]}
  - {id: 101, for_each: VC8, status: New, tasks: [{serial: '{serial}'}, {serial: '{ha_serial}'}]}
";

pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) http: Client,
    now: Arc<AtomicI64>,
}

impl World {
    pub(crate) fn small(more: &str) -> World {
        World::start(&Scenario::from_yaml("small", &format!("{SMALL}{more}")).unwrap())
    }

    pub(crate) fn example(name: &str) -> World {
        World::start(&Scenario::from_path(&example(name)).unwrap())
    }

    /// With a clock that stands still until it is moved.
    pub(crate) fn start(scenario: &Scenario) -> World {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let now = Arc::new(AtomicI64::new(START));
        let clock = now.clone();
        let options = Options { clock: Some(Arc::new(move || clock.load(Ordering::Relaxed))), ..Options::default() };
        let running = Sandbox::start(scenario, options).unwrap();
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        World { running, http, now }
    }

    pub(crate) fn pass(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::Relaxed);
    }

    pub(crate) fn setting(&self, connector: &str, key: &str) -> String {
        let all = self.running.settings();
        all.into_iter().find(|(c, k, _)| *c == connector && *k == key).map(|(_, _, value)| value).unwrap()
    }

    pub(crate) fn velocloud(&self, host: &str, path: &str) -> RequestBuilder {
        let url = format!("http://{}/portal/rest/{path}", self.running.velocloud_addr);
        self.http.post(url).header("host", host)
    }

    pub(crate) async fn session(&self, host: &str) -> String {
        let accounts = self.setting("velocloud", "hosts");
        let account: Vec<&str> =
            accounts.split(';').map(|a| a.split('+').collect()).find(|a: &Vec<&str>| a[0] == host).unwrap();
        let body = json!({"username": account[1], "password": account[2]});
        let answer = self.velocloud(host, "login/operatorLogin").json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Logs in and asks.
    pub(crate) async fn ask(&self, host: &str, path: &str, body: Value) -> (u16, Value) {
        let session = self.session(host).await;
        read(self.velocloud(host, path).header("cookie", session).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn token(&self) -> String {
        let answer = self
            .http
            .post(format!("{}/identity/connect/token", self.setting("bruin", "login_url")))
            .basic_auth(self.setting("bruin", "client_id"), Some(self.setting("bruin", "client_secret")))
            .form(&[("grant_type", "client_credentials"), ("scope", "public_api")])
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["expires_in"], 3600);
        body["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn bruin(&self, method: &str, path: &str, token: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.setting("bruin", "base_url"));
        self.http.request(method.parse().unwrap(), url).bearer_auth(token)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let token = self.token().await;
        read(self.bruin("GET", path, &token).send().await.unwrap()).await
    }

    pub(crate) async fn write(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let token = self.token().await;
        let request = self
            .bruin(method, path, &token)
            .header("content-type", "application/json-patch+json")
            .header("x-request-id", "r-1")
            .body(body.to_string());
        read(request.send().await.unwrap()).await
    }
}

pub(crate) fn example(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/scenarios").join(name)
}

/// Status and body; a body that is no JSON as text.
pub(crate) async fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub(crate) fn rows(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}
