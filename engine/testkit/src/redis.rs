//! A real Redis server.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

use crate::locate::Program;
use crate::server::{Place, ProgramName, Protocol, Server};

/// A real `redis-server`: the binary that `WF_REDIS_SERVER` names, else the system's.
pub type RedisServer = Server<RedisConfig>;

/// Settings of a Redis server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RedisConfig {
    /// Whether every write goes to an append-only file at once, so that a restart keeps it. Off: a restart finds an
    /// empty database.
    pub durable: bool,
    /// Memory limit in bytes, above which writes are refused.
    pub max_memory: Option<u64>,
    /// Further command line arguments, for example `["--requirepass", "secret"]`.
    pub extra: Vec<String>,
}

impl Protocol for RedisConfig {
    const SCHEME: &'static str = "redis";

    fn program(&self) -> ProgramName {
        ProgramName(Program { name: "redis-server", variable: "WF_REDIS_SERVER", tool: None })
    }

    fn prepare(&self, place: &Place<'_>) -> io::Result<Vec<OsString>> {
        let port = place.port.to_string();
        let durable = if self.durable { "yes" } else { "no" };
        let memory = self.max_memory.unwrap_or(0).to_string();
        let fixed = [
            ["--port", &port],
            ["--bind", "127.0.0.1"],
            ["--daemonize", "no"],
            ["--save", ""],
            ["--appendonly", durable],
            ["--appendfsync", "always"],
            ["--maxmemory", &memory],
            ["--maxmemory-policy", "noeviction"],
        ];
        let mut arguments: Vec<OsString> = fixed.concat().into_iter().map(OsString::from).collect();
        arguments.extend(["--dir".into(), place.folder.into()]);
        arguments.extend(self.extra.iter().map(OsString::from));
        Ok(arguments)
    }

    fn greet(&self, mut stream: TcpStream, place: &Place<'_>, pid: u32) -> io::Result<String> {
        let mut answers = BufReader::new(stream.try_clone()?);
        stream.write_all(b"PING\r\n")?;
        let mut answer = String::new();
        answers.read_line(&mut answer)?;
        if answer.starts_with("-NOAUTH") {
            // With a password asked for, this is as far as a stranger gets.
            return Ok("unknown".to_owned());
        }
        if answer.trim_end() != "+PONG" {
            return Err(io::Error::other(format!("unexpected answer to PING {answer:?}")));
        }
        stream.write_all(b"INFO server\r\n")?;
        let info = bulk_string(&mut answers)?;
        let field = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        if field("process_id") != Some(&pid.to_string()) {
            return Err(io::Error::other(format!("another redis-server listens at port {}", place.port)));
        }
        Ok(field("redis_version").unwrap_or("unknown").to_owned())
    }
}

/// Reads a RESP bulk string: `$<bytes>\r\n<text>\r\n`.
fn bulk_string(answers: &mut impl BufRead) -> io::Result<String> {
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let length = head
        .trim_end()
        .strip_prefix('$')
        .and_then(|digits| digits.parse::<u16>().ok())
        .ok_or_else(|| io::Error::other(format!("unexpected answer to INFO {head:?}")))?;
    let mut bytes = vec![0; usize::from(length)];
    answers.read_exact(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
