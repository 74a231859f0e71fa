//! `wfctl serve`: it ticks, says how it is, takes right changes over, refuses wrong ones and goes on, and stops when it is told to.

mod support;

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use support::Tree;
use wf_testkit::free_port;

const WORLD: &str = "
title: One ticket
now: 2022-06-01T14:00:00Z
hosts: [{name: one.example, user: operator, password: hidden-password}]
bruin: {client_id: client, client_secret: hidden-secret}
slack: {path: /services/hidden-webhook}
clients: [{id: 1, name: One, host: one.example, enterprise: 11, edges: {serial: VC1000, count: 2, name: 'A{n}'}}]
outages: [{edges: VC1000, links: [GE2], from: -2h}]
tickets: [{id: 100, for_each: VC1000}]
";

const HURRY: &str = "{like: sandbox.yaml, writes: on, params: {triage: {hosts: [one.example], interval: 1s}}}";

/// An engine that serves; it is ended with the test.
struct Engine {
    tree: Tree,
    child: Child,
    health: u16,
    metrics: u16,
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Engine {
    fn start(faults: &str) -> Self {
        let tree = Tree::new(HURRY);
        // no monitor needs to look so often: its own bound allows a minute at least
        let workflow = tree.read(WORKFLOW).replace("default: 10m, min: 1m", "default: 10m, min: 1s");
        tree.write(WORKFLOW, &workflow);
        tree.write("world.yaml", &format!("{WORLD}\n{faults}"));
        let (health, metrics) = (free_port(), free_port());
        let child = Self::command(&tree, health, metrics).spawn().unwrap_or_else(|e| panic!("{e}"));
        let engine = Self { tree, child, health, metrics };
        engine.until("it serves", || engine.get(health, "/_ready").is_some_and(|r| r.starts_with("HTTP/1.1 200")));
        engine
    }

    fn command(tree: &Tree, health: u16, metrics: u16) -> std::process::Command {
        let mut command = tree.wfctl(&["serve", "triage", "--env", "hurry", "--sandbox", "world.yaml"]);
        let said = File::create(tree.path("said.txt")).unwrap_or_else(|e| panic!("{e}"));
        command.args(["--health", &format!("127.0.0.1:{health}"), "--metrics", &format!("127.0.0.1:{metrics}")]);
        command.stderr(said);
        command
    }

    /// What it said on standard error.
    fn said(&self) -> String {
        self.tree.read("said.txt")
    }

    /// The whole answer of a port, `None` when nobody answers there.
    fn get(&self, port: u16, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    fn metrics(&self) -> String {
        self.get(self.metrics, "/metrics").unwrap_or_default()
    }

    /// The value of a series as it is printed; 0 when there is none.
    fn metric(&self, series: &str) -> f64 {
        let text = self.metrics();
        let line = text.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok());
        line.unwrap_or_default()
    }

    fn runs_ended(&self) -> f64 {
        self.metric("wf_runs_ended_total{how=\"well\",workflow=\"triage\"}")
    }

    #[track_caller]
    fn until(&self, what: &str, mut is: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !is() {
            assert!(Instant::now() < end, "not within 20 s: {what}\n{}\n{}", self.said(), self.metrics());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Further runs end well.
    #[track_caller]
    fn goes_on(&self) {
        let before = self.runs_ended();
        self.until("it ticks", || self.runs_ended() >= before + 2.0);
    }

    fn stop(&mut self) -> ExitStatus {
        let pid = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        let sent = pid.map(|pid| rustix::process::kill_process(pid, rustix::process::Signal::TERM));
        assert!(matches!(sent, Some(Ok(()))), "SIGTERM could not be sent");
        self.child.wait().unwrap_or_else(|e| panic!("{e}"))
    }
}

const WORKFLOW: &str = "workflows/triage/workflow.yaml";
const LIBRARY: &str = "workflows/lib/sdwan.yaml";

#[test]
fn it_ticks_tells_how_it_is_and_stops_when_it_is_told() {
    let mut engine = Engine::start("");
    engine.goes_on();
    let health = engine.get(engine.health, "/_health").unwrap_or_default();
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    // one note in all these runs: what is written once is not written again
    let notes = "bruin_api_usage_total{endpoint_=\"/api/Ticket/{id}/notes\",method=\"POST\",response_status=\"200\"}";
    assert!((engine.metric(notes) - 1.0).abs() < f64::EPSILON, "{}", engine.metrics());
    for text in [engine.metrics(), engine.said()] {
        assert!(!text.contains("hidden"), "{text}");
    }
    let ended = engine.stop();
    assert_eq!(ended.code(), Some(0), "{}", engine.said());
    assert!(engine.said().contains("stopping: no new work"), "{}", engine.said());
    assert!(!engine.said().contains("panicked"), "{}", engine.said());
    assert_eq!(engine.get(engine.health, "/_health"), None);
}

#[test]
fn what_goes_on_ends_before_it_stops() {
    let mut engine = Engine::start("faults: [{fault: delay, vendor: bruin, path: '*/notes', delay: 2s}]");
    engine.until("a run begins", || engine.metric("wf_runs_going{workflow=\"triage\"}") > 0.0);
    let ended = engine.stop();
    assert_eq!(ended.code(), Some(0), "{}", engine.said());
    let runs = engine.tree.wfctl(&["runs", "--output", "json"]).output().unwrap_or_else(|e| panic!("{e}"));
    let runs = String::from_utf8_lossy(&runs.stdout).into_owned();
    let runs: serde_json::Value = serde_json::from_str(&runs).unwrap_or_else(|e| panic!("{e}: {runs}"));
    let all = runs.as_array().cloned().unwrap_or_default();
    assert!(!all.is_empty() && all.iter().all(|run| run["how"] == "well"), "{runs}");
}

#[test]
fn a_wrong_change_is_refused_with_its_place_and_a_right_one_is_taken() {
    let mut engine = Engine::start("");
    engine.goes_on();
    let (workflow, library) = (engine.tree.read(WORKFLOW), engine.tree.read(LIBRARY));
    let refusals = |engine: &Engine| engine.metric("wf_reloads_total{outcome=\"refused\"}");
    let takings = |engine: &Engine| engine.metric("wf_reloads_total{outcome=\"taken\"}");

    // a wrong name, half a file, no text, a library that its workflow does not fit: one after the other, nothing right in between
    let half = format!("{}: [", &workflow[..workflow.len() / 2]);
    let mistakes = [
        (WORKFLOW, workflow.replace("newest.createdDate", "newest.createDate"), "did you mean `createdDate`?"),
        (WORKFLOW, half, WORKFLOW),
        (WORKFLOW, "\u{0}".into(), WORKFLOW),
        (LIBRARY, library.replace("  outage_type:", "  outage_kind:"), "outage_type"),
    ];
    let took = takings(&engine);
    for (count, (file, text, words)) in mistakes.into_iter().enumerate() {
        let (before, said) = (refusals(&engine), engine.said().len());
        engine.tree.write(WORKFLOW, &workflow);
        engine.tree.write(file, &text);
        engine.until("it refuses", || refusals(&engine) > before);
        let said = engine.said().split_off(said);
        assert!(said.contains(words), "mistake {count}: {said}");
    }
    std::fs::remove_file(engine.tree.path(WORKFLOW)).unwrap_or_else(|e| panic!("{e}"));
    let before = refusals(&engine);
    engine.until("it refuses", || refusals(&engine) > before);
    engine.goes_on();
    assert!((takings(&engine) - took).abs() < f64::EPSILON, "{}", engine.said());
    engine.tree.write(LIBRARY, &library);
    engine.tree.write(WORKFLOW, &workflow);
    engine.until("it takes the right ones over", || takings(&engine) > took);

    // a number that can be seen: nothing is left to do when no host is looked at
    let before = takings(&engine);
    engine.tree.write("environments/hurry.yaml", &HURRY.replace("[one.example]", "[]"));
    engine.until("it takes another environment over", || takings(&engine) > before);
    engine.goes_on();
    let links = "velocloud_api_usage_total{endpoint_=\"/monitoring/getEnterpriseEdgeLinkStatus\",method=\"POST\",response_status=\"200\"}";
    let asked = engine.metric(links);
    engine.goes_on();
    assert!((engine.metric(links) - asked).abs() < f64::EPSILON, "the old environment is still at work");
    assert_eq!(engine.stop().code(), Some(0), "{}", engine.said());
    assert!(!engine.said().contains("panicked"), "{}", engine.said());
}

#[test]
fn a_port_that_is_taken_is_named() {
    let engine = Engine::start("");
    let other = Tree::new(HURRY);
    other.write(WORKFLOW, &engine.tree.read(WORKFLOW));
    other.write("world.yaml", WORLD);
    for (health, metrics) in [(engine.health, free_port()), (free_port(), engine.metrics)] {
        let ended = Engine::command(&other, health, metrics).status().unwrap_or_else(|e| panic!("{e}"));
        let said = other.read("said.txt");
        assert_eq!(ended.code(), Some(1), "{said}");
        let port = if health == engine.health { health } else { metrics };
        assert!(said.contains(&format!("127.0.0.1:{port}")), "{said}");
    }
}
