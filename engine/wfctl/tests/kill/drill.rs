//! A project with one workflow that does all that can be cut off, its vendors, and an engine that can be killed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use wf_host::ports::{Bookings, Journal, Tasks};
use wf_local::SqliteStore;
use wf_sandbox::{Options, Running, Sandbox, Scenario};

const WORKFLOW: &str = include_str!("drill.yaml");

/// Some notes are taken and answered late, some are taken and never answered.
const WORLD: &str = "
title: One ticket
now: 2022-06-01T14:00:00Z
hosts: [{name: one.example, user: operator, password: hidden-password}]
bruin: {client_id: client, client_secret: hidden-secret}
slack: {path: /services/hidden-webhook}
clients: [{id: 1, name: One, host: one.example, enterprise: 11, edges: {serial: VC1000, count: 1, name: 'A{n}'}}]
outages: [{edges: VC1000, links: [GE2], from: -2h}]
tickets: [{id: 100, for_each: VC1000}]
faults:
  - {fault: silence, acted: true, vendor: bruin, path: '*/notes', skip: 2, every: 11}
  - {fault: delay, vendor: bruin, path: '*/notes', delay: 60ms}
  - {fault: delay, vendor: bruin, method: GET, delay: 250ms}
";

/// Nobody waits longer than that for a vendor.
const TIMEOUT: &str = "1s";

pub(crate) struct Drill {
    folder: tempfile::TempDir,
    pub(crate) runtime: tokio::runtime::Runtime,
    pub(crate) vendors: Running,
}

/// An engine that serves.
pub(crate) struct Engine(Child);

impl Drill {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for connector in ["bruin", "notifier"] {
            let to = folder.path().join("connectors").join(connector);
            fs::create_dir_all(&to).unwrap_or_else(|e| panic!("{e}"));
            let from = project.join("connectors").join(connector);
            for file in fs::read_dir(&from).unwrap_or_else(|e| panic!("{e}")).flatten() {
                if file.path().is_file() {
                    fs::copy(file.path(), to.join(file.file_name())).unwrap_or_else(|e| panic!("{e}"));
                }
            }
        }
        let runtime = tokio::runtime::Runtime::new().unwrap_or_else(|e| panic!("{e}"));
        let vendors = {
            let _context = runtime.enter();
            let scenario = Scenario::from_yaml("world.yaml", WORLD).unwrap_or_else(|e| panic!("{e}"));
            Sandbox::start(&scenario, Options::default()).unwrap_or_else(|e| panic!("{e}"))
        };
        let drill = Self { folder, runtime, vendors };
        drill.write("workflows/drill/workflow.yaml", WORKFLOW);
        let environment = |interval: &str| {
            format!(
                "{{writes: on, connectors: {{bruin: {{timeout: {TIMEOUT}}}}}, params: {{drill: {{interval: {interval}}}}}}}"
            )
        };
        drill.write("environments/drill.yaml", &environment("1s"));
        drill.write("environments/quiet.yaml", &environment("24h"));
        drill
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        let folder = path.parent().map(fs::create_dir_all).transpose();
        folder.unwrap_or_else(|e| panic!("{e}"));
        fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }

    /// `wfctl` in this project, with vendors that live here.
    pub(crate) fn wfctl(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wfctl"));
        command.current_dir(self.folder.path()).args(args).stdin(Stdio::null());
        for name in ["WFCTL_NATS", "WFCTL_REDIS", "WFCTL_STORE", "WFCTL_LOG"] {
            command.env_remove(name);
        }
        for (connector, key, value) in self.vendors.settings() {
            let variable = match key {
                "ipa_username" => "IPA_SYSTEM_USERNAME_IN_BRUIN".to_owned(),
                key => format!("{connector}_{key}").to_uppercase().replace('.', "_"),
            };
            command.env(variable, value);
        }
        command
    }

    pub(crate) fn serve(&self, environment: &str) -> Engine {
        let said = File::options().create(true).append(true).open(self.path("said.txt"));
        let mut command = self.wfctl(&["serve", "--env", environment]);
        command.args(["--health", "127.0.0.1:0", "--metrics", "127.0.0.1:0"]);
        command.stdout(Stdio::null()).stderr(said.unwrap_or_else(|e| panic!("{e}")));
        Engine(command.spawn().unwrap_or_else(|e| panic!("{e}")))
    }

    /// An engine whose standard error nobody reads any more.
    pub(crate) fn serve_unheard(&self, environment: &str) -> Engine {
        let mut command = self.wfctl(&["serve", "--env", environment]);
        command.args(["--health", "127.0.0.1:0", "--metrics", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap_or_else(|e| panic!("{e}"));
        drop(child.stderr.take());
        Engine(child)
    }

    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.path("said.txt")).unwrap_or_default()
    }

    /// The store, while nobody writes to it; `None`: there is none yet.
    pub(crate) fn store(&self) -> Option<SqliteStore> {
        let path = self.path(".wfctl/runs.db");
        path.exists().then(|| SqliteStore::open_to_read(&path).ok()).flatten()
    }

    /// Waits until no run, no recheck and no task is left.
    pub(crate) fn until_nothing_is_left(&self, engine: &Engine) {
        let end = Instant::now() + Duration::from_secs(120);
        loop {
            std::thread::sleep(Duration::from_millis(500));
            let left = self.store().map(|store| {
                self.runtime.block_on(async {
                    let runs = store.unfinished().await.map_or(99, |runs| runs.len());
                    let rechecks = store.waiting_rechecks().await + store.taken_rechecks().await;
                    let tasks = Tasks::waiting(&store).await.map_or(99, |tasks| tasks.len());
                    (runs, rechecks, tasks)
                })
            });
            if left == Some((0, 0, 0)) {
                return;
            }
            assert!(
                Instant::now() < end,
                "it does not end, {left:?} (runs, rechecks, tasks) are left: {}",
                self.said()
            );
            assert!(engine.is_alive(), "the engine ended by itself: {}", self.said());
        }
    }
}

trait Rechecks {
    async fn waiting_rechecks(&self) -> usize;
    async fn taken_rechecks(&self) -> usize;
}

impl Rechecks for SqliteStore {
    async fn waiting_rechecks(&self) -> usize {
        Bookings::waiting(self).await.map_or(99, |waiting| waiting.len())
    }

    async fn taken_rechecks(&self) -> usize {
        Bookings::taken(self).await.map_or(99, |taken| taken.len())
    }
}

impl Engine {
    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        let sent = pid.map(|pid| kill_process(pid, signal));
        assert!(matches!(sent, Some(Ok(()))), "{signal:?} could not be sent");
    }

    fn is_alive(&self) -> bool {
        let pid = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        pid.is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
    }

    /// From outside, without a warning.
    pub(crate) fn kill(mut self) {
        self.signal(Signal::KILL);
        let ended = self.0.wait().unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(ended.code(), None, "it ended by itself before it was killed");
    }

    pub(crate) fn stop(mut self) {
        self.signal(Signal::TERM);
        let ended = self.0.wait().unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(ended.code(), Some(0));
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
