//! An old service in Python that knows nothing but the wire contract (`examples/old-service`): as a caller of our connectors, and in
//! their place. The server takes so little that most messages are too large for it.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use wf_testkit::{NatsConfig, NatsServer, RedisServer, free_port};

const SCENARIO: &str = "examples/old-service/scenario.yaml";

/// A process that is ended when the test is.
struct Process(Child);

impl Process {
    fn spawn(command: &mut Command) -> Self {
        Self(command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}")))
    }

    fn output(&mut self) -> BufReader<ChildStdout> {
        BufReader::new(self.0.stdout.take().unwrap_or_else(|| panic!("its output is read already")))
    }

    /// SIGTERM, and what it thought of it.
    fn terminate(&mut self) {
        let sent = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        assert!(sent.is_ok_and(|s| s.success()), "SIGTERM could not be sent");
        let ended = self.0.wait().unwrap_or_else(|e| panic!("{e}"));
        assert!(ended.success(), "it did not end well after SIGTERM: {ended}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A bus, its store, and a folder for what is written.
struct World {
    nats: NatsServer,
    redis: RedisServer,
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        Self {
            nats: NatsServer::start_with(NatsConfig { max_payload: Some(8192), ..NatsConfig::default() }),
            redis: RedisServer::start(),
            folder: tempfile::tempdir().unwrap_or_else(|e| panic!("{e}")),
        }
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(root()).stdin(Stdio::null());
        for name in ["WFCTL_STORE", "WFCTL_LOG"] {
            command.env_remove(name);
        }
        command
    }

    fn joined(&self, mut command: Command) -> Command {
        command.args(["--nats", &self.nats.url(), "--redis", &self.redis.url()]);
        command
    }

    fn python(&self, script: &str, arguments: &[&str]) -> Command {
        let tools = Path::new(env!("CARGO_BIN_EXE_wfctl")).ancestors().nth(2).map(|target| target.join("tools/python"));
        let tools = tools.filter(|t| t.is_dir());
        let tools = tools
            .unwrap_or_else(|| panic!("Python's clients of NATS and Redis are missing: scripts/install-test-servers"));
        let mut command = self.command("python3");
        command
            .env("PYTHONPATH", tools)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(format!("examples/old-service/{script}"));
        command.args(arguments);
        self.joined(command)
    }

    /// Our connectors, of these names, on the simulated vendors; their ledger is written when they end.
    fn connectors(&self, names: &[&str]) -> (Process, PathBuf) {
        let ledger = self.folder.path().join("ledger.jsonl");
        let health = format!("127.0.0.1:{}", free_port());
        let mut command = self.command(env!("CARGO_BIN_EXE_wfctl"));
        command.args(["connectors", "serve"]).args(names).args(["--env", "sandbox", "--sandbox", SCENARIO]);
        command.args(["--health", &health, "--metrics", "127.0.0.1:0"]).arg("--ledger").arg(&ledger);
        let process = Process::spawn(&mut self.joined(command));
        let end = Instant::now() + Duration::from_secs(60);
        while std::net::TcpStream::connect(&health).is_err() {
            assert!(Instant::now() < end, "the connectors do not listen on {health}");
            std::thread::sleep(Duration::from_millis(50));
        }
        (process, ledger)
    }

    /// The old replier in place of the subjects that begin so, and its output after the first line: it serves.
    fn replier(&self, only: &str, layout: &str, tokens: &str) -> (Process, BufReader<ChildStdout>) {
        let mut command = self.python(
            "replier.py",
            &[
                "examples/old-service/answers.json",
                "--only",
                only,
                "--layout",
                layout,
                "--tokens",
                tokens,
                "--padding",
                "100",
            ],
        );
        let mut process = Process::spawn(command.stdout(Stdio::piped()));
        let mut output = process.output();
        let mut line = String::new();
        output.read_line(&mut line).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(line, "serving\n");
        (process, output)
    }

    /// One run of the monitor over the bus; its report.
    fn run(&self) -> String {
        let mut command = self.command(env!("CARGO_BIN_EXE_wfctl"));
        command.args(["run", "triage", "--env", "sandbox", "--now", "2022-06-01T14:00:00Z"]);
        command.arg("--store").arg(self.folder.path().join("runs.db"));
        let done = self.joined(command).output().unwrap_or_else(|e| panic!("{e}"));
        format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The messages that the replier got; none may be against the contract.
fn messages(mut output: impl Read) -> Vec<Value> {
    let mut text = String::new();
    output.read_to_string(&mut text).unwrap_or_else(|e| panic!("{e}"));
    let messages: Vec<Value> =
        text.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{l}: {e}"))).collect();
    for message in &messages {
        assert_eq!(message["wrong"], Value::Null, "{message}");
    }
    messages
}

fn bodies<'a>(messages: &'a [Value], subject: &str) -> Vec<&'a Value> {
    messages.iter().filter(|m| m["subject"] == subject).map(|m| &m["body"]).collect()
}

#[test]
fn an_old_caller_gets_right_answers_from_our_connectors() {
    let world = World::new();
    let (mut connectors, ledger) = world.connectors(&["bruin", "velocloud", "notifier.chat"]);
    for tokens in ["legacy", "prefix"] {
        let asked = world.python("client.py", &["--tokens", tokens]).output().unwrap_or_else(|e| panic!("{e}"));
        let (said, errors) = (String::from_utf8_lossy(&asked.stdout), String::from_utf8_lossy(&asked.stderr));
        assert!(asked.status.success() && said.lines().count() > 30, "{said}{errors}");
    }
    connectors.terminate();
    let ledger = std::fs::read_to_string(ledger).unwrap_or_else(|e| panic!("{e}"));
    // each message arrived: published in both layouts, asked for in the older one, and too large for the bus
    for (message, times) in
        [("published, newest", 2), ("published, 2022", 2), ("asked, 2022", 2), ("asked, newest", 2), ("long long", 2)]
    {
        assert_eq!(ledger.lines().filter(|l| l.contains(message)).count(), times, "{message}: {ledger}");
    }
}

#[test]
fn old_repliers_stand_in_place_of_all_our_connectors() {
    for (layout, tokens) in [("newest", "legacy"), ("2022", "prefix")] {
        let world = World::new();
        let (mut replier, output) = world.replier("", layout, tokens);
        let report = world.run();
        replier.terminate();
        let messages = messages(output);
        assert!(messages.iter().any(|m| m["replied"] == tokens), "no reply was too large: {messages:?}");

        let notes = bodies(&messages, "bruin.ticket.note.append.request");
        assert_eq!(notes.len(), 1, "{report}");
        assert_eq!((&notes[0]["ticket_id"], &notes[0]["service_numbers"][0]), (&700_001.into(), &"VC5000001".into()));
        let note = notes[0]["note"].as_str().unwrap_or_default();
        assert!(note.contains("Outage Type: Hard Down (no HA)") && note.contains("Label: Fiber, Zürich"), "{note}");

        // what the repliers refused, sent as no JSON, as a token that had run out, or with no status is told, and holds nothing up
        let chat: Vec<String> =
            bodies(&messages, "notification.slack.request").iter().map(|b| b["message"].to_string()).collect();
        assert_eq!(chat.len(), 5, "{chat:?}");
        for told in [
            ["metvco02", "500"],
            ["700003", "500"],
            ["700004", "JSON"],
            ["700005", "expired"],
            ["get edge events", "status"],
        ] {
            assert!(chat.iter().any(|m| told.iter().all(|part| m.contains(part))), "{told:?}: {chat:?}");
        }
    }
}

#[test]
fn an_old_replier_stands_beside_our_other_connectors() {
    let world = World::new();
    let (mut connectors, ledger) = world.connectors(&["bruin", "notifier.chat"]);
    let (mut replier, output) = world.replier("get.,request.,alert.", "newest", "legacy");
    let report = world.run();
    replier.terminate();
    connectors.terminate();
    assert_eq!(bodies(&messages(output), "alert.request.event.edge").len(), 1, "{report}");
    let ledger = std::fs::read_to_string(ledger).unwrap_or_else(|e| panic!("{e}"));
    let notes: Vec<&str> = ledger.lines().filter(|l| l.contains("/api/Ticket/700001/notes")).collect();
    assert!(notes.len() == 1 && notes[0].contains("Fiber, Zürich"), "{ledger}{report}");
}
