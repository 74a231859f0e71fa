//! The engine's parts.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, Semaphore, watch};
use wf_machine::Limits;
use wf_plan::RunId;

use super::deploy::Running;
use super::ids::Ids;
use super::registry::Registry;
use super::runs::Going;
use crate::driver::Shared;
use crate::ports::Ports;
use crate::trigger::Gate;

/// What an engine is made of. Everything has a default that suits one machine.
#[derive(Debug)]
pub struct Settings {
    /// Calls under way at once; others wait.
    pub calls: usize,
    /// Runs at once; more are refused and counted.
    pub runs: usize,
    pub limits: Limits,
    pub ids: Ids,
    /// Whether also runs that can only read are written down whole: for `explain`, and for tests.
    pub keep_reads: bool,
    /// Whether the next engine on the store takes up what this one leaves unfinished.
    pub durable: bool,
    /// Whether only rechecks are taken up that runs of this engine have booked: for one that works for a while beside another on its store.
    pub own_rechecks: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            calls: 256,
            runs: 1_000,
            limits: Limits::default(),
            ids: Ids::default(),
            keep_reads: false,
            durable: false,
            own_rechecks: false,
        }
    }
}

/// Cheap to clone; all clones are one engine.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) shared: Arc<Shared>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) settings: Settings,
    pub(crate) going: Mutex<HashMap<RunId, Going>>,
    /// All runs that were begun, with `own_rechecks`.
    pub(crate) own: Mutex<BTreeSet<RunId>>,
    /// Told whenever a run ends, and when the engine begins to stop.
    pub(crate) changed: Notify,
    /// Runs, with the waits between their tries, that triggers have begun.
    pub(crate) begun: watch::Sender<usize>,
    pub(crate) draining: AtomicBool,
    pub(crate) running: tokio::sync::Mutex<Running>,
    /// By the names of triggers.
    gates: Mutex<HashMap<String, Gate>>,
}

impl Engine {
    #[must_use]
    pub fn new(ports: Ports, settings: Settings) -> Self {
        let registry = Arc::new(Registry::default());
        let calls = Arc::new(Semaphore::new(settings.calls.clamp(1, Semaphore::MAX_PERMITS)));
        let shared = Arc::new(Shared { ports, calls, tasks: registry.clone(), booked: Notify::new() });
        let inner = Inner {
            shared,
            registry,
            settings,
            going: Mutex::default(),
            own: Mutex::default(),
            changed: Notify::new(),
            begun: watch::Sender::new(0),
            draining: AtomicBool::new(false),
            running: tokio::sync::Mutex::default(),
            gates: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The gate of a trigger: the same for all that ever has this name.
    pub(crate) fn gate(&self, trigger: &str) -> Gate {
        let mut gates = self.inner.gates.lock().unwrap_or_else(PoisonError::into_inner);
        gates.entry(trigger.to_owned()).or_insert_with(Gate::new).clone()
    }

    #[must_use]
    pub fn ports(&self) -> &Ports {
        &self.inner.shared.ports
    }
}
