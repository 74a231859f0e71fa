//! `wfctl serve` when whole workflows vanish: what is no longer served is said, and a folder that is away for a moment stops nothing.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wf_testkit::free_port;

/// An engine with two workflows that tick each second; it is ended with the test.
struct Engine {
    folder: tempfile::TempDir,
    child: Child,
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    let made = path.parent().map(fs::create_dir_all).transpose();
    made.and_then(|_| fs::write(&path, text)).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

impl Engine {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        for name in ["tick", "tock"] {
            let text = format!(
                "workflow: {name}\ntitle: Counts\ntriggers: [{{every: 1s, at_start: true}}]\nsteps:\n  - skip: {{it is {name}: size(env.name) > 0}}\n"
            );
            write(folder.path(), &format!("workflows/{name}/workflow.yaml"), &text);
        }
        write(folder.path(), "environments/here.yaml", "writes: off\n");
        fs::create_dir_all(folder.path().join("connectors")).unwrap_or_else(|e| panic!("{e}"));
        let said = fs::File::create(folder.path().join("said.txt")).unwrap_or_else(|e| panic!("{e}"));
        let at = |port: u16| format!("127.0.0.1:{port}");
        let child = Command::new(env!("CARGO_BIN_EXE_wfctl"))
            .current_dir(folder.path())
            .args(["serve", "--env", "here", "--health", &at(free_port()), "--metrics", &at(free_port())])
            .env_remove("WFCTL_LOG")
            .stdin(Stdio::null())
            .stderr(said)
            .spawn()
            .unwrap_or_else(|e| panic!("{e}"));
        Self { folder, child }
    }

    fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("said.txt")).unwrap_or_default()
    }

    #[track_caller]
    fn until(&self, what: &str, is: impl Fn(&str) -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        while !is(&self.said()) {
            assert!(Instant::now() < end, "not within 30 s: {what}\n{}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The workflow is run again.
    #[track_caller]
    fn goes_on(&self, name: &str) {
        let begun = |line: &&str| line.contains("a run begins") && line.contains(&format!("workflow=\"{name}\""));
        let runs = |said: &str| said.lines().filter(begun).count();
        let before = runs(&self.said());
        self.until(&format!("{name} goes on"), |said| runs(said) >= before + 2);
    }

    fn rename(&self, from: &str, to: &str) {
        let at = |name: &str| self.folder.path().join(name);
        fs::rename(at(from), at(to)).unwrap_or_else(|e| panic!("{from}: {e}"));
    }
}

#[test]
fn what_vanishes_is_said_and_a_folder_that_is_away_stops_nothing() {
    let engine = Engine::start();
    engine.goes_on("tock");
    engine.rename("workflows/tock", "away");
    engine.until("it is no longer served", |said| said.contains("no longer served: tock"));
    engine.goes_on("tick");
    engine.rename("workflows", "elsewhere");
    engine.until("nothing would be left", |said| said.contains("no workflow is left: tick would end"));
    engine.goes_on("tick");
    engine.rename("elsewhere", "workflows");
    engine.rename("away", "workflows/tock");
    engine.until("it is served again", |said| said.matches("changed files are taken over").count() >= 2);
    engine.goes_on("tock");
}
