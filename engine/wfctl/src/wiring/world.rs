//! The ports of an engine: where messages travel, where runs are written down, what time it is.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use wf_connectors::{Claims, KeptClaims, MemoryClaims};
use wf_fleet::{LargeStore, NatsBus, NatsSettings, RedisKeys, RedisStore};
use wf_host::clock::RealClock;
use wf_host::ports::{Clock, EMBEDDED, KeyStore, Ports};
use wf_local::{in_memory, on_disk};

use super::keys::NamedStores;
use super::scenario::{Pace, Simulated};
use super::shifted::ShiftedClock;
use crate::args::BusArgs;
use crate::exit::Refusal;

/// The ports, with the simulated vendors that share their clock.
pub struct World {
    pub ports: Ports,
    pub simulated: Option<Simulated>,
    /// Which writes the connectors of this process asked a vendor for.
    pub claims: Arc<dyn Claims>,
    /// Whether messages leave this process.
    pub shared_bus: bool,
}

impl World {
    /// Opens the store, connects to the bus, starts the scenario. Without a store everything is in memory.
    pub async fn open(
        bus: &BusArgs,
        store: Option<&Path>,
        scenario: Option<&Path>,
        now: Option<Timestamp>,
    ) -> Result<Self, Refusal> {
        let simulated = scenario.map(|path| Simulated::start(path, Pace::Real)).transpose()?;
        let clock: Arc<dyn Clock> = match (&simulated, now) {
            (Some(simulated), _) => simulated.clock.clone(),
            (None, Some(now)) => Arc::new(ShiftedClock::showing(now)),
            (None, None) => Arc::new(RealClock),
        };
        let mut ports = match store {
            Some(path) => stored(clock.clone(), path)?,
            None => in_memory(clock.clone()),
        };
        ports = match &simulated {
            // a simulated world begins without records and without anything that is due, and ends with them
            Some(_) => Ports { journal: ports.journal, turns: ports.turns, ..in_memory(clock) },
            None => Ports { keys: Arc::new(NamedStores { own: ports.keys, redis: RedisKeys::default() }), ..ports },
        };
        let shared_bus = bus.nats.is_some();
        if let Some(url) = &bus.nats {
            ports.bus = Arc::new(connect(url, bus.redis.as_deref()).await?);
        }
        let claims: Arc<dyn Claims> = match &simulated {
            // vendors that end with this process know of none that it asked before
            Some(_) => Arc::new(MemoryClaims::default()),
            None => Arc::new(KeptClaims::new(claims_in(&ports, bus)?)),
        };
        Ok(Self { ports, simulated, claims, shared_bus })
    }

    /// A world whose time jumps: whatever somebody waits for comes at once. Runs are written down in the store; what is booked, kept and due
    /// in that world begins and ends with it.
    pub fn of_jumps(scenario: &Path, store: &Path) -> Result<Self, Refusal> {
        let simulated = Simulated::start(scenario, Pace::Jumps)?;
        let clock = simulated.clock.clone();
        let ports = Ports { journal: stored(clock.clone(), store)?.journal, ..in_memory(clock) };
        Ok(Self { ports, simulated: Some(simulated), claims: Arc::new(MemoryClaims::default()), shared_bus: false })
    }
}

/// Where replicas of a connector find each other's claims: in the Redis of their bus, else in the store of this process.
pub fn claims_in(ports: &Ports, bus: &BusArgs) -> Result<Arc<dyn KeyStore>, Refusal> {
    let server = bus.redis.as_deref().unwrap_or(EMBEDDED);
    ports.keys.open(server).map_err(|e| Refusal::wrong(format!("claims of request ids cannot be kept: {e}")))
}

fn stored(clock: Arc<dyn Clock>, path: &Path) -> Result<Ports, Refusal> {
    make_folder(path)?;
    on_disk(clock, path).map_err(|e| Refusal::failed(format!("nothing was begun: {e}; --store names another file")))
}

async fn connect(url: &str, redis: Option<&str>) -> Result<NatsBus, Refusal> {
    let store: Option<Arc<dyn LargeStore>> = match redis {
        Some(url) => Some(Arc::new(RedisStore::connect(url).await.map_err(|e| Refusal::failed(e.to_string()))?)),
        None => None,
    };
    let settings = NatsSettings { url: url.to_owned(), ..NatsSettings::default() };
    NatsBus::connect(settings, store).await.map_err(|e| Refusal::failed(e.to_string()))
}

fn make_folder(path: &Path) -> Result<(), Refusal> {
    let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|e| {
        Refusal::failed(format!("the folder {} cannot be made: {e}; --store names another file", folder.display()))
    })
}
