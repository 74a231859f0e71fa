//! Engine and connectors in processes of their own, on a real NATS server and a real Redis: the vendors are asked for the same as in
//! one process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wf_testkit::{NatsServer, RedisServer, free_port};

/// A process that is ended when the test is.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn wfctl() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wfctl"));
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// The ledger of a run in one process.
fn alone(scenario: &str, folder: &Path) -> String {
    let ledger = folder.join("alone.jsonl");
    let done = wfctl()
        .args(["run", "triage", "--env", "sandbox", "--set", "parallel=8", "--sandbox", scenario])
        .arg("--store")
        .arg(folder.join("alone.db"))
        .arg("--ledger")
        .arg(&ledger)
        .output();
    let done = done.unwrap_or_else(|e| panic!("{e}"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    std::fs::read_to_string(&ledger).unwrap_or_else(|e| panic!("{e}"))
}

/// The ledger of a run whose connectors are in another process.
fn apart(scenario: &str, begins: &str, folder: &Path) -> String {
    let (nats, redis) = (NatsServer::start(), RedisServer::start());
    let ledger = folder.join("apart.jsonl");
    let health = format!("127.0.0.1:{}", free_port());
    let connectors = wfctl()
        .args(["connectors", "serve", "bruin", "velocloud", "notifier.chat", "--env", "sandbox", "--sandbox", scenario])
        .args(["--nats", &nats.url(), "--redis", &redis.url()])
        .args(["--health", &health, "--metrics", "127.0.0.1:0"])
        .arg("--ledger")
        .arg(&ledger)
        .spawn();
    let mut connectors = Process(connectors.unwrap_or_else(|e| panic!("{e}")));
    wait_until_listening(&health);
    let done = wfctl()
        .args(["run", "triage", "--env", "sandbox", "--set", "parallel=8", "--now", begins])
        .args(["--nats", &nats.url(), "--redis", &redis.url()])
        .arg("--store")
        .arg(folder.join("apart.db"))
        .output();
    let done = done.unwrap_or_else(|e| panic!("{e}"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    terminate(&connectors.0);
    let ended = connectors.0.wait().unwrap_or_else(|e| panic!("{e}"));
    assert!(ended.success(), "the connectors did not end well after SIGTERM: {ended}");
    std::fs::read_to_string(&ledger).unwrap_or_else(|e| panic!("{e}"))
}

fn wait_until_listening(address: &str) {
    let end = Instant::now() + Duration::from_secs(30);
    while std::net::TcpStream::connect(address).is_err() {
        assert!(Instant::now() < end, "nobody listens on {address}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn terminate(child: &Child) {
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|s| s.success()), "SIGTERM could not be sent");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_ledgers_of_one_and_of_two_processes_are_the_same() {
    let folder = folder();
    let scenario = "examples/scenarios/triage.yaml";
    let alone = alone(scenario, folder.path());
    assert!(alone.lines().filter(|l| l.contains("/notes")).count() > 20, "{alone}");
    assert_eq!(alone, apart(scenario, "2022-06-01T14:00:00Z", folder.path()));
}

#[test]
fn a_cache_of_five_thousand_edges_travels_by_token() {
    let folder = folder();
    let scenario = "examples/scenarios/large.yaml";
    let ledger = apart(scenario, "2022-06-01T14:00:00Z", folder.path());
    assert!(ledger.lines().filter(|l| l.contains("/notes")).count() > 500, "{} lines", ledger.lines().count());
}
