//! `docker-compose.yml` against the program: every command of it starts on real servers and ends on SIGTERM; its paths, ports, variables
//! and versions are those of this repository. Only the images themselves are not built.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_yaml::Value;
use wf_testkit::{NatsServer, RedisServer, free_port};

/// What the file `production.env` of the compose file has to hold.
const SECRETS: [(&str, &str); 7] = [
    ("BRUIN_CLIENT_ID", "id"),
    ("BRUIN_CLIENT_SECRET", "secret"),
    ("DIGI_CLIENT_ID", "id"),
    ("DIGI_CLIENT_SECRET", "secret"),
    ("IPA_SYSTEM_USERNAME_IN_BRUIN", "IPA System"),
    ("SLACK_WEBHOOK", "http://127.0.0.1:9/hook"),
    ("VELOCLOUD_CREDENTIALS", "mettel.velocloud.net+user+password"),
];

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

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn compose() -> Value {
    let mut file: Value = serde_yaml::from_str(&read("docker-compose.yml")).unwrap_or_else(|e| panic!("{e}"));
    file.apply_merge().unwrap_or_else(|e| panic!("{e}"));
    file
}

/// The services that run this program, with the words of their commands.
fn services(file: &Value) -> Vec<(String, Value, Vec<String>)> {
    let all = file["services"].as_mapping().unwrap_or_else(|| panic!("no services"));
    let ours = all.iter().filter(|(_, service)| service["image"] == "wfctl").map(|(name, service)| {
        let words = service["command"].as_str().unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        (name.as_str().unwrap_or_default().to_owned(), service.clone(), words)
    });
    ours.collect()
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_sequence().into_iter().flatten().filter_map(Value::as_str)
}

#[test]
fn paths_ports_variables_and_versions_are_those_of_the_repository() {
    let file = compose();
    let help =
        Command::new(env!("CARGO_BIN_EXE_wfctl")).args(["serve", "--help"]).output().unwrap_or_else(|e| panic!("{e}"));
    let help = String::from_utf8_lossy(&help.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(services(&file).len(), 3);
    for (name, service, words) in services(&file) {
        for volume in texts(&service["volumes"]) {
            let (from, to) = volume.split_once(':').unwrap_or_else(|| panic!("{name}: {volume}"));
            let folder = from.strip_prefix("./");
            assert!(
                folder.map_or(file["volumes"].get(from).is_some(), |f| root().join(f).is_dir()),
                "{name}: {volume}"
            );
            assert!(folder.is_none_or(|f| to == format!("/project/{f}:ro")), "{name}: {volume}");
        }
        for word in words.iter().filter(|w| w.contains('/')) {
            let mounted = word
                .split('/')
                .next()
                .is_some_and(|f| texts(&service["volumes"]).any(|v| v.starts_with(&format!("./{f}:"))));
            assert!(mounted && root().join(word).is_file(), "{name}: {word}");
        }
        for port in texts(&service["ports"]) {
            let inside = port.rsplit(':').next().unwrap_or_default();
            assert!(words.iter().any(|w| *w == format!("0.0.0.0:{inside}")), "{name}: nothing listens on {inside}");
        }
        for variable in service["environment"].as_mapping().into_iter().flat_map(|m| m.keys()).filter_map(Value::as_str)
        {
            assert!(help.contains(&format!("[env: {variable}")), "{name}: serve does not know {variable}");
        }
        for server in service["depends_on"].as_mapping().into_iter().flat_map(|m| m.keys()).filter_map(Value::as_str) {
            assert!(!file["services"][server]["healthcheck"].is_null(), "{name}: {server} has no healthcheck");
        }
    }
    let recipe = file["x-wfctl"]["build"]["dockerfile_inline"].as_str().unwrap_or_default().to_owned();
    let toolchain = read("rust-toolchain.toml");
    let version = toolchain.lines().find_map(|l| l.strip_prefix("channel = ")).map(|v| v.trim_matches('"').to_owned());
    let version = version.unwrap_or_default();
    let tag = recipe.split_whitespace().find_map(|w| w.strip_prefix("rust:")).unwrap_or_default().to_owned();
    assert!(
        !version.is_empty() && version.starts_with(tag.split('-').next().unwrap_or("-")),
        "rust:{tag} is not {version}"
    );
}

#[test]
fn every_command_starts_is_ready_and_ends() {
    let (nats, redis) = (NatsServer::start(), RedisServer::start());
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    for (name, service, words) in services(&compose()) {
        let health = format!("127.0.0.1:{}", free_port());
        let words = words.iter().map(|w| match w.as_str() {
            "0.0.0.0:5000" => health.clone(),
            "0.0.0.0:9090" => "127.0.0.1:0".to_owned(),
            _ => w.clone(),
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_wfctl"));
        command.current_dir(root()).args(words).stdin(Stdio::null());
        for (variable, value) in service["environment"].as_mapping().into_iter().flatten() {
            let value = value.as_str().unwrap_or_default();
            let value = value.replace("nats://nats:4222", &nats.url()).replace("redis://redis:6379", &redis.url());
            let value = value.replace("/runs/", &format!("{}/{name}-", folder.path().display()));
            command.env(variable.as_str().unwrap_or_default(), value);
        }
        if service["env_file"].is_sequence() {
            command.envs(SECRETS);
        }
        let mut process = Process(command.spawn().unwrap_or_else(|e| panic!("{name}: {e}")));
        ready(&name, &health, &mut process.0);
        let sent = Command::new("kill").args(["-TERM", &process.0.id().to_string()]).status();
        assert!(sent.is_ok_and(|s| s.success()), "SIGTERM could not be sent");
        let ended = process.0.wait().unwrap_or_else(|e| panic!("{e}"));
        assert!(ended.success(), "{name}: {ended}");
    }
}

fn ready(name: &str, health: &str, child: &mut Child) {
    let end = Instant::now() + Duration::from_secs(60);
    while !answers(health) {
        let ended = child.try_wait().unwrap_or_else(|e| panic!("{e}"));
        assert!(ended.is_none() && Instant::now() < end, "{name} is not ready at {health}: {ended:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whether `/_ready` says 200.
fn answers(health: &str) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect(health) else { return false };
    let mut answer = String::new();
    let asked =
        stream.write_all(format!("GET /_ready HTTP/1.1\r\nHost: {health}\r\nConnection: close\r\n\r\n").as_bytes());
    asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
}
