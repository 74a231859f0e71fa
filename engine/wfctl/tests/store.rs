//! One store, several programs: nothing runs twice unsaid, and a store that cannot be written is found before anything begins.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use wf_testkit::{Answer, FaultyHttp, Reply, free_port};

const CONNECTOR: &str = "
connector: desk
title: A desk
transport: http
config:
  base_url: {type: url, example: 'http://127.0.0.1:1', doc: Where it answers}
base_url: =config.base_url
expects: json
limits: {timeout: 30s}
reads:
  list_rows: {request: GET /rows, reply: =answer.body, output: list of integer}
writes:
  add_note: {about: [row], input: {row: integer}, request: POST /notes, json: {row: =row}, output: any}
";

const WORKFLOW: &str = "
workflow: watch
title: Notes every row
triggers:
  - {every: 1h}
steps:
  - {id: rows, call: desk.list_rows}
  - for: row
    in: rows.body
    steps:
      - {call: desk.add_note, with: {row: =row}}
";

/// A project whose vendor is a peer of the test.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(vendor: &FaultyHttp) -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        let project = Self { folder };
        project.write("connectors/desk/connector.yaml", CONNECTOR);
        project.write("workflows/watch/workflow.yaml", WORKFLOW);
        let environment = format!("{{writes: on, connectors: {{desk: {{base_url: '{}'}}}}}}", vendor.url());
        project.write("environments/here.yaml", &environment);
        project
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&path)).unwrap_or_else(|e| panic!("{e}"));
        std::fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }

    fn wfctl(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wfctl"));
        command.current_dir(self.path()).args(args).stdin(Stdio::null());
        for name in ["WFCTL_NATS", "WFCTL_REDIS", "WFCTL_STORE", "WFCTL_LOG"] {
            command.env_remove(name);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, more: &[&str]) -> Command {
        let mut command = self.wfctl(&["run", "watch", "--env", "here"]);
        command.args(more);
        command
    }

    fn serve(&self) -> Command {
        let (health, metrics) = (free_port(), free_port());
        let (health, metrics) = (format!("127.0.0.1:{health}"), format!("127.0.0.1:{metrics}"));
        self.wfctl(&["serve", "--env", "here", "--health", &health, "--metrics", &metrics])
    }
}

/// A program that is ended with the test.
struct Going(Child);

impl Going {
    fn start(mut command: Command) -> Self {
        Self(command.spawn().unwrap_or_else(|e| panic!("{e}")))
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.0.id()).ok().and_then(rustix::process::Pid::from_raw);
        let sent = pid.map(|pid| rustix::process::kill_process(pid, signal));
        assert!(matches!(sent, Some(Ok(()))), "{signal:?} could not be sent");
    }

    /// Its end, with what it said.
    fn ended(mut self) -> (Option<i32>, String, String) {
        let read = |from: Option<Box<dyn std::io::Read>>| {
            let mut text = String::new();
            from.map(|mut from| from.read_to_string(&mut text));
            text
        };
        let out = read(self.0.stdout.take().map(|out| Box::new(out) as _));
        let err = read(self.0.stderr.take().map(|err| Box::new(err) as _));
        (self.0.wait().ok().and_then(|status| status.code()), out, err)
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn done(mut command: Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap_or_else(|e| panic!("{e}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}

/// Two rows; a note takes a while.
fn vendor(note: Duration) -> FaultyHttp {
    FaultyHttp::start(move |asked| match asked.path() {
        "/rows" => Reply::json("[1, 2]").into(),
        _ => Answer::from(Reply::json("1")).late(note),
    })
}

const LONG: Duration = Duration::from_secs(20);

#[test]
fn a_second_engine_on_a_store_is_refused_until_the_first_is_gone() {
    let project = Project::new(&vendor(Duration::ZERO));
    let mut first = Going::start(project.serve());
    let turns = project.path().join(".wfctl/runs.db.turns/serve");
    let end = Instant::now() + LONG;
    while std::fs::read_to_string(&turns).unwrap_or_default().is_empty() {
        assert!(Instant::now() < end && first.0.try_wait().is_ok_and(|ended| ended.is_none()), "it does not serve");
        std::thread::sleep(Duration::from_millis(50));
    }
    let (code, _, said) = done(project.serve());
    assert_eq!(code, Some(1), "{said}");
    let holder = format!("wfctl serve --env here, process {}, since 2", first.0.id());
    for words in ["another engine serves .wfctl/runs.db", &holder, "nothing was begun", "--store"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // the kernel frees what a killed engine had
    first.signal(rustix::process::Signal::KILL);
    drop(first);
    let again = Going::start(project.serve());
    std::thread::sleep(Duration::from_millis(1500));
    again.signal(rustix::process::Signal::TERM);
    let (code, _, said) = again.ended();
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_run_beside_a_run_is_refused_unless_it_is_wanted() {
    let vendor = vendor(Duration::from_secs(4));
    let project = Project::new(&vendor);
    let first = Going::start(project.run(&[]));
    vendor.wait_for(2, LONG);
    let (code, _, said) = done(project.run(&[]));
    assert_eq!(code, Some(1), "{said}");
    let holder = format!("watch runs already, begun by hand, process {}, since 2", first.0.id());
    assert!(said.contains(&holder) && said.contains("nothing was begun") && said.contains("--beside"), "{said}");
    assert_eq!(vendor.asked().len(), 2, "the second one asked for nothing");
    // who changes nothing disturbs nobody
    let (code, out, said) = done(project.run(&["--dry-run"]));
    assert_eq!(code, Some(0), "{out}{said}");
    let (code, out, said) = done(project.run(&["--beside"]));
    assert_eq!(code, Some(0), "{out}{said}");
    let (code, out, said) = first.ended();
    assert_eq!(code, Some(0), "{out}{said}");
    let (code, out, said) = done(project.run(&["--dry-run"]));
    assert_eq!(code, Some(0), "{out}{said}");
}

#[test]
fn a_run_that_is_stopped_tells_what_it_had_written() {
    let vendor = FaultyHttp::start(|asked| match (asked.path(), asked.text().contains('2')) {
        ("/rows", _) => Reply::json("[1, 2]").into(),
        (_, true) => Answer::from(Reply::json("1")).late(Duration::from_secs(2)),
        _ => Reply::json("1").into(),
    });
    let project = Project::new(&vendor);
    let going = Going::start(project.run(&[]));
    vendor.wait_for(3, LONG);
    going.signal(rustix::process::Signal::INT);
    let (code, out, said) = going.ended();
    assert_eq!(code, Some(1), "{out}{said}");
    assert!(out.contains("watch: STOPPED: the engine stopped before the run had ended"), "{out}");
    assert!(out.contains("written: 2\n  desk.add_note 1 → 200\n  desk.add_note 2 → 200"), "{out}");
    assert!(said.contains("stopping: writes under way are waited for"), "{said}");
}

#[test]
fn what_cannot_be_written_is_found_before_anything_begins() {
    let vendor = vendor(Duration::ZERO);
    let project = Project::new(&vendor);
    let (code, out, said) = done(project.run(&[]));
    assert_eq!(code, Some(0), "{out}{said}");
    let asked = vendor.asked().len();
    let store = project.path().join(".wfctl/runs.db");
    let (code, _, said) = done(as_somebody_else(project.run(&[]), &project));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("runs.db cannot be written") && said.contains("--store"), "{said}");
    assert_eq!(vendor.asked().len(), asked, "nothing was asked");
    // looking at it needs no more than reading
    let (code, out, said) = done(as_somebody_else(project.wfctl(&["runs"]), &project));
    assert_eq!(code, Some(0), "{out}{said}");
    assert!(out.contains("watch"), "{out}");
    assert!(store.exists());

    project.write("world.yaml", "{title: Nothing, now: 2022-06-01T14:00:00Z}");
    let ledger = ["--sandbox", "world.yaml", "--ledger", "nowhere/ledger.jsonl"];
    let (code, _, said) = done(project.run(&ledger));
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("--ledger nowhere/ledger.jsonl: it cannot be written") && said.contains("nothing was begun"),
        "{said}"
    );
}

/// The project's store may be read and not written by who runs this.
fn as_somebody_else(mut command: Command, project: &Project) -> Command {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let allow = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap_or_else(|e| panic!("{e}"));
    };
    allow(project.path(), 0o755);
    allow(&project.path().join(".wfctl/runs.db"), 0o444);
    // for root no file is read-only
    if rustix::process::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
    }
    command
}

#[test]
fn a_change_while_an_engine_starts_is_taken_over() {
    let vendor = vendor(Duration::ZERO);
    let project = Project::new(&vendor);
    let nats = wf_testkit::NatsServer::start();
    nats.pause();
    let metrics = free_port();
    let (health, url) = (format!("127.0.0.1:{}", free_port()), nats.url());
    let mut serve =
        project.wfctl(&["serve", "--env", "here", "--health", &health, "--with-connectors", "--nats", &url]);
    serve.args(["--metrics", &format!("127.0.0.1:{metrics}")]);
    let going = Going::start(serve);
    let turns = project.path().join(".wfctl/runs.db");
    let end = Instant::now() + LONG;
    while !turns.exists() {
        assert!(Instant::now() < end, "it does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    project.write("workflows/watch/workflow.yaml", &WORKFLOW.replace("Notes every row", "Notes each of the rows"));
    nats.resume();
    let taken = || {
        let text = get(metrics, "/metrics").unwrap_or_default();
        let line =
            text.lines().find_map(|line| line.strip_prefix("wf_reloads_total{outcome=\"taken\"}")?.trim().parse().ok());
        line.unwrap_or(0.0)
    };
    let end = Instant::now() + LONG;
    while taken() < 1.5 {
        assert!(Instant::now() < end, "the change is not taken over: {}", taken());
        std::thread::sleep(Duration::from_millis(100));
    }
    going.signal(rustix::process::Signal::TERM);
    let (code, _, said) = going.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("changed files are taken over"), "{said}");
}

fn get(port: u16, path: &str) -> Option<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

#[test]
fn a_signal_before_anything_began_says_so() {
    let vendor = vendor(Duration::ZERO);
    let project = Project::new(&vendor);
    // a server that accepts and never speaks: it is still waited for
    let silent = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|e| panic!("{e}"));
    let url = silent.local_addr().map(|at| format!("nats://{at}")).unwrap_or_default();
    let going = Going::start(project.run(&["--nats", &url]));
    assert!(silent.accept().is_ok());
    going.signal(rustix::process::Signal::INT);
    let (code, _, said) = going.ended();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("stopped before it began; nothing was run"), "{said}");
}

#[test]
fn an_address_that_nobody_serves_is_said() {
    let project = Project::new(&vendor(Duration::ZERO));
    project.write(
        "workflows/watch/workflow.yaml",
        &WORKFLOW.replace("- {every: 1h}", "- {every: 1h}\n  - {http: POST /rows}"),
    );
    let going = Going::start(project.serve());
    std::thread::sleep(Duration::from_millis(2500));
    going.signal(rustix::process::Signal::TERM);
    let (code, _, said) = going.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("watch: nobody answers at POST /rows"), "{said}");
}
