//! A real NATS server.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

use crate::locate::Program;
use crate::server::{Place, ProgramName, Protocol, Server};

/// A real `nats-server`. Which one: the binary that `WF_NATS_SERVER` names, else the system's (Debian 12: 2.9.10), else
/// the current one below `target/tools`.
pub type NatsServer = Server<NatsConfig>;

/// Settings of a NATS server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatsConfig {
    /// Largest message in bytes; the server's own default is 1 MiB.
    pub max_payload: Option<u32>,
    /// Whether streams and key-value buckets are there, stored in the server's folder. They outlive a restart.
    pub jetstream: bool,
    /// Further lines in the server's own configuration language, for example an `authorization` block.
    pub extra: String,
}

impl Default for NatsConfig {
    fn default() -> Self {
        Self { max_payload: None, jetstream: true, extra: String::new() }
    }
}

impl NatsConfig {
    fn file(&self, place: &Place<'_>) -> String {
        let mut text = format!("listen: \"127.0.0.1:{}\"\nserver_name: \"{}\"\n", place.port, place.name);
        if let Some(bytes) = self.max_payload {
            text.push_str(&format!("max_payload: {bytes}\n"));
        }
        if self.jetstream {
            let store = place.folder.join("jetstream");
            text.push_str(&format!("jetstream {{ store_dir: {:?} }}\n", store.display().to_string()));
        }
        text.push_str(&self.extra);
        text.push('\n');
        text
    }
}

impl Protocol for NatsConfig {
    const SCHEME: &'static str = "nats";

    fn program(&self) -> ProgramName {
        ProgramName(Program {
            name: "nats-server",
            variable: "WF_NATS_SERVER",
            tool: Some("tools/nats/bin/nats-server"),
        })
    }

    fn prepare(&self, place: &Place<'_>) -> io::Result<Vec<OsString>> {
        let file = place.folder.join("nats.conf");
        fs::write(&file, self.file(place))?;
        Ok(vec!["--config".into(), file.into()])
    }

    fn greet(&self, mut stream: TcpStream, place: &Place<'_>, _pid: u32) -> io::Result<String> {
        let mut lines = BufReader::new(stream.try_clone()?);
        let mut info = String::new();
        lines.read_line(&mut info)?;
        if !info.starts_with("INFO ") || text_field(&info, "server_name") != Some(place.name) {
            return Err(io::Error::other(format!("unexpected greeting {info:?}")));
        }
        let version = text_field(&info, "version").unwrap_or_default().to_owned();
        // With credentials asked for, the greeting is as far as a stranger gets.
        if !info.contains("\"auth_required\":true") {
            stream.write_all(b"CONNECT {\"verbose\":false}\r\nPING\r\n")?;
            let mut answer = String::new();
            lines.read_line(&mut answer)?;
            if answer.trim_end() != "PONG" {
                return Err(io::Error::other(format!("unexpected answer to PING {answer:?}")));
            }
        }
        Ok(version)
    }
}

/// A text field of the server's one-line JSON, whose values hold no escapes.
fn text_field<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("\"{name}\":\"");
    let (_, rest) = json.split_once(&start)?;
    rest.split_once('"').map(|(value, _)| value)
}
