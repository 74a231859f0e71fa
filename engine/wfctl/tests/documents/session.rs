//! A reader who follows a page in a folder of their own.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::page::{self, Block, Output};
use crate::{project, transcript, vendor};

/// Where the vendor listens for people; here it takes a free port.
const VENDOR: &str = "127.0.0.1:8099";
/// Where `serve` answers for people is taken on the machine of tests.
const FREE_PORTS: [&str; 4] = ["--health", "127.0.0.1:0", "--metrics", "127.0.0.1:0"];
/// A command that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(180);
/// How often is looked whether something happened.
const BEAT: Duration = Duration::from_millis(20);

pub struct Session {
    folder: TempDir,
    vendor: Option<(String, Arc<Mutex<Vec<String>>>)>,
}

impl Session {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), vendor: None }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the vendor of the tutorial; it ends with the process.
    pub fn start_vendor(&mut self, weather: &Path) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        self.vendor = Some((listener.local_addr().unwrap().to_string(), said.clone()));
        let weather = weather.to_path_buf();
        std::thread::spawn(move || {
            vendor::serve(&listener, &weather, |line| said.lock().unwrap().push(line.to_owned()))
        });
    }

    /// Does what a page says, and panics where something else happens.
    pub fn follow(&mut self, path: &Path) {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut differences = Vec::new();
        for (line, block) in page::read(&text) {
            let place = format!("{}:{}", path.display(), line + 1);
            match block {
                Block::File { path, text } => self.write(&path, &text),
                Block::Excerpt(text) => {
                    let files = project::files(self.folder(), &["connectors", "workflows", "environments"]);
                    assert!(
                        files.iter().any(|(_, file)| file.contains(&text)),
                        "{place}: this stands in no file:\n{text}"
                    );
                }
                Block::Change { path, lines } => {
                    let before = fs::read_to_string(self.folder().join(&path))
                        .unwrap_or_else(|e| panic!("{place}: {path}: {e}"));
                    let after = project::change(&self.printed(&before), &lines)
                        .unwrap_or_else(|e| panic!("{place}: {path}: {e}"));
                    self.write(&path, &after);
                }
                Block::Console(commands) => {
                    for command in commands {
                        let printed = self.run(&command.line, &command.output.lines);
                        compare(&format!("{place}: wfctl {}", command.line), command.output, printed, &mut differences);
                    }
                }
                Block::Vendor(output) => {
                    let (_, said) = self.vendor.as_ref().unwrap_or_else(|| panic!("{place}: no vendor runs"));
                    let said = std::mem::take(&mut *said.lock().unwrap());
                    compare(&format!("{place}: the vendor"), output, said, &mut differences);
                }
            }
        }
        if differences.is_empty() {
            return;
        }
        if std::env::var_os("WF_DOCUMENTS").is_some_and(|v| v == "write") {
            rewrite(path, &text, &differences);
        }
        let all: Vec<&str> = differences.iter().map(|d| d.said.as_str()).collect();
        panic!("{}", all.join("\n"));
    }

    /// A text as the page has it: with the vendor's usual address.
    pub fn printed(&self, text: &str) -> String {
        match &self.vendor {
            Some((address, _)) => text.replace(address, VENDOR),
            None => text.to_owned(),
        }
    }

    fn write(&self, path: &str, text: &str) {
        let text = match &self.vendor {
            Some((address, _)) => text.replace(VENDOR, address),
            None => text.to_owned(),
        };
        let file = self.folder().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// What a command prints on both its outputs. Where `^C` is shown, it is interrupted there, once the vendor was asked and all is quiet.
    fn run(&self, line: &str, shown: &[String]) -> Vec<String> {
        let beside = TempDir::new().unwrap();
        let log = beside.path().join("log");
        let file = File::create(&log).unwrap();
        let ports = if line.starts_with("serve") { &FREE_PORTS[..] } else { &[] };
        let mut child = Process::new(env!("CARGO_BIN_EXE_wfctl"))
            .args(words(line))
            .args(ports)
            .current_dir(self.folder())
            .env_remove("WFCTL_STORE")
            .env_remove("WFCTL_LOG")
            .env_remove("WFCTL_NATS")
            .env_remove("WFCTL_REDIS")
            .env_remove("COLUMNS")
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        let read =
            || -> Vec<String> { self.printed(&fs::read_to_string(&log).unwrap()).lines().map(str::to_owned).collect() };
        let mut interrupted = None;
        if let Some(at) = shown.iter().position(|l| l == "^C") {
            let asked = self.asked();
            let until = Instant::now() + LONGEST;
            let over = |child: &mut Child| child.try_wait().unwrap().is_some() || Instant::now() > until;
            while !transcript::begins(&shown[..at], &read()) && !over(&mut child) {
                std::thread::sleep(BEAT);
            }
            while self.asked() == asked && self.vendor.is_some() && !over(&mut child) {
                std::thread::sleep(BEAT);
            }
            self.until_nobody_asks();
            interrupted = Some(read().len());
            let process = rustix::process::Pid::from_child(&child);
            let _ = rustix::process::kill_process(process, rustix::process::Signal::INT);
        }
        if !ends(&mut child) {
            return [read(), vec![format!("(did not end within {LONGEST:?})")]].concat();
        }
        let mut printed = read();
        if let Some(at) = interrupted {
            printed.insert(at, "^C".to_owned());
        }
        printed
    }

    /// How often the vendor was asked since its lines were looked at.
    fn asked(&self) -> usize {
        self.vendor.as_ref().map_or(0, |(_, said)| said.lock().unwrap().len())
    }

    /// Whoever watches the vendor waits until nothing more comes.
    fn until_nobody_asks(&self) {
        let mut asked = None;
        while asked != Some(self.asked()) {
            asked = Some(self.asked());
            std::thread::sleep(BEAT * 25);
        }
    }
}

fn ends(child: &mut Child) -> bool {
    let until = Instant::now() + LONGEST;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            let _ = child.kill();
            let _ = child.wait();
            return false;
        }
        std::thread::sleep(BEAT);
    }
    true
}

/// The words of a command line; single quotes hold some together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

struct Difference {
    said: String,
    output: Output,
    printed: Vec<String>,
}

fn compare(what: &str, output: Output, printed: Vec<String>, differences: &mut Vec<Difference>) {
    if let Some(difference) = transcript::difference(&output.lines, &printed) {
        differences.push(Difference { said: format!("\n{what}\n{difference}"), output, printed });
    }
}

fn rewrite(path: &Path, text: &str, differences: &[Difference]) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for difference in differences.iter().rev() {
        lines.splice(difference.output.place.clone(), difference.printed.iter().cloned());
    }
    fs::write(path, lines.join("\n") + "\n").unwrap();
}
