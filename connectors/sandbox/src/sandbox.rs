//! Starting the vendors, where they listen, and stopping them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Json, Router, extract::State, middleware::from_fn_with_state, routing::get};
use serde_json::Value;
use tokio::{sync::watch, task::JoinHandle, time::timeout};

use crate::{
    bruin, bus, chart, chat,
    clock::{Clock, real_clock},
    digi,
    ledger::Ledger,
    mail, objects,
    scenario::{Scenario, ScenarioError},
    server::{
        exchange::{Exchange, exchange},
        listener::{Door, Fate, Refuses},
        vendor::Vendor,
    },
    t7, velocloud,
    world::World,
};

/// How long open connections may take to end when the sandbox stops.
const PATIENCE: Duration = Duration::from_secs(2);

/// How a sandbox is started. The default: free ports, and the scenario's own clock.
#[derive(Default)]
pub struct Options {
    /// Instead of the real clock, offset to the scenario's `now` and as fast as its `speed`.
    pub clock: Option<Clock>,
    /// Ports on 127.0.0.1; 0 picks a free one.
    pub velocloud_port: u16,
    pub bruin_port: u16,
    pub slack_port: u16,
    pub digi_port: u16,
    pub mail_port: u16,
    pub s3_port: u16,
    pub t7_port: u16,
}

/// The way to start simulated vendors.
pub struct Sandbox;

/// Vendors that listen. Dropping it ends them at once, [`Running::stop`] lets answers finish.
pub struct Running {
    /// All orchestrators; told apart by the `Host` header.
    pub velocloud_addr: SocketAddr,
    pub bruin_addr: SocketAddr,
    pub slack_addr: SocketAddr,
    pub digi_addr: SocketAddr,
    /// SMTP, without encryption.
    pub mail_addr: SocketAddr,
    pub s3_addr: SocketAddr,
    /// gRPC, without encryption.
    pub t7_addr: SocketAddr,
    world: Arc<World>,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

impl Sandbox {
    /// Builds the world of a scenario and opens one port for each vendor. Must be called within a tokio runtime.
    pub fn start(scenario: &Scenario, options: Options) -> Result<Running, ScenarioError> {
        let start = scenario.start()?;
        let clock = options.clock.unwrap_or_else(|| real_clock(start, scenario.speed.unwrap_or(1.0)));
        let world = Arc::new(World::build(scenario, start, clock)?);
        let (stop, stopping) = watch::channel(false);
        let mut servers = Vec::new();
        let mut open = |vendor: Vendor, port: u16, routes: Router<Arc<World>>| {
            let door =
                Door::bind(port, refuses(&world, vendor)).map_err(|source| ScenarioError::Listen { port, source })?;
            let addr = door.addr();
            let exchange_state = Exchange { world: world.clone(), vendor, stopping: stopping.clone() };
            let app = routes
                .merge(own_routes())
                .layer(from_fn_with_state(exchange_state, exchange))
                .with_state(world.clone())
                .into_make_service_with_connect_info::<Fate>();
            let mut stopping = stopping.clone();
            let server = axum::serve(door, app).with_graceful_shutdown(async move {
                let _ = stopping.wait_for(|stopping| *stopping).await;
            });
            servers.push(tokio::spawn(async move {
                if let Err(error) = server.await {
                    tracing::warn!(%error, vendor = vendor.name(), "the vendor ended");
                }
            }));
            Ok::<SocketAddr, ScenarioError>(addr)
        };
        let velocloud_addr = open(Vendor::Velocloud, options.velocloud_port, velocloud::routes())?;
        let bruin_addr = open(Vendor::Bruin, options.bruin_port, bruin::routes(&world))?;
        let slack_addr = open(Vendor::Slack, options.slack_port, chat::routes())?;
        let digi_addr = open(Vendor::Digi, options.digi_port, digi::routes(&world))?;
        let s3_addr = open(Vendor::S3, options.s3_port, objects::routes())?;
        let door = |vendor, port| {
            Door::bind(port, refuses(&world, vendor)).map_err(|source| ScenarioError::Listen { port, source })
        };
        let (mail, model) = (door(Vendor::Mail, options.mail_port)?, door(Vendor::T7, options.t7_port)?);
        let (mail_addr, t7_addr) = (mail.addr(), model.addr());
        servers.push(tokio::spawn(mail::serve(mail, world.clone(), stopping.clone())));
        servers.push(tokio::spawn(t7::serve(model, world.clone(), stopping)));
        Ok(Running {
            velocloud_addr,
            bruin_addr,
            slack_addr,
            digi_addr,
            mail_addr,
            s3_addr,
            t7_addr,
            world,
            stop,
            servers,
        })
    }
}

impl Running {
    /// What the connectors must be told: connector, config key, value. Secrets among them are the scenario's.
    #[must_use]
    pub fn settings(&self) -> Vec<(&'static str, &'static str, String)> {
        let bruin = format!("http://{}", self.bruin_addr);
        let accounts: Vec<String> = self
            .world
            .network
            .hosts
            .iter()
            .map(|host| format!("{}+{}+{}", host.name, host.user, host.password))
            .collect();
        vec![
            ("bruin", "base_url", bruin.clone()),
            ("bruin", "login_url", bruin),
            ("bruin", "client_id", self.world.client_id.clone()),
            ("bruin", "client_secret", self.world.client_secret.clone()),
            ("bruin", "ipa_username", self.world.desk().user.clone()),
            ("velocloud", "hosts", accounts.join(";")),
            ("notifier", "slack.webhook", self.slack_url()),
            ("notifier", "smtp.host", self.mail_addr.to_string()),
            ("notifier", "smtp.username", self.world.mail_account.0.clone()),
            ("notifier", "smtp.password", self.world.mail_account.1.clone()),
            ("t7", "kre.base_url", self.t7_addr.to_string()),
            ("t7", "kre.tls", "false".to_owned()),
            ("digi", "base_url", format!("http://{}", self.digi_addr)),
            ("digi", "client_id", self.world.digi_account.0.clone()),
            ("digi", "client_secret", self.world.digi_account.1.clone()),
            ("s3", "endpoint", format!("http://{}", self.s3_addr)),
            ("s3", "access_key", self.world.objects_account.0.clone()),
            ("s3", "secret_key", self.world.objects_account.1.clone()),
        ]
    }

    /// Where requests to a named host must go instead: every orchestrator's name with the address of its listener,
    /// which speaks plain HTTP and wants the name in the `Host` header.
    #[must_use]
    pub fn routes(&self) -> Vec<(String, SocketAddr)> {
        self.world.network.hosts.iter().map(|host| (host.name.clone(), self.velocloud_addr)).collect()
    }

    /// The chat's webhook.
    #[must_use]
    pub fn slack_url(&self) -> String {
        format!("http://{}{}", self.slack_addr, self.world.webhook)
    }

    /// The reply to a request on the bus, for subjects that the sandbox stands in for (`customer.cache.get`): status
    /// and body. `body` is the envelope's, null when it has none. `None`: not such a subject.
    #[must_use]
    pub fn answer(&self, subject: &str, body: &Value) -> Option<(u16, Value)> {
        bus::answer(&self.world, subject, body)
    }

    /// Everything written so far; stays readable after the sandbox has stopped.
    #[must_use]
    pub fn ledger(&self) -> Arc<Ledger> {
        self.world.ledger.clone()
    }

    /// The state of edges and tickets, as `GET /sandbox/state` shows it.
    #[must_use]
    pub fn state(&self) -> Value {
        self.world.to_json()
    }

    /// A picture (SVG) of the time since the scenario's start: outages, open tickets, and what was written when.
    #[must_use]
    pub fn chart(&self) -> String {
        chart::draw(&self.world)
    }

    /// The present moment of the simulated world, ms since the epoch.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.world.now()
    }

    /// Takes no more connections, lets answers finish for a moment, ends silent ones.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        for mut server in self.servers.drain(..) {
            if timeout(PATIENCE, &mut server).await.is_err() {
                server.abort();
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        for server in &self.servers {
            server.abort();
        }
    }
}

fn refuses(world: &Arc<World>, vendor: Vendor) -> Option<Refuses> {
    let world = world.clone();
    world.faults.may_refuse(vendor).then(|| Box::new(move || world.faults.refuses(vendor, world.now())) as Refuses)
}

/// What people and tests look at, on every port.
fn own_routes() -> Router<Arc<World>> {
    async fn ledger(State(world): State<Arc<World>>) -> Json<Value> {
        Json(world.ledger.to_json())
    }
    async fn state(State(world): State<Arc<World>>) -> Json<Value> {
        Json(world.to_json())
    }
    Router::new().route("/sandbox/ledger", get(ledger)).route("/sandbox/state", get(state))
}
