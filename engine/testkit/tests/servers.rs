//! The real servers, spoken to over plain sockets.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::time::Duration;

use wf_testkit::{NatsConfig, NatsServer, Protocol, RedisConfig, RedisServer, Server, StartError};

/// A line-based conversation.
struct Talk {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Talk {
    fn with<P: Protocol>(server: &Server<P>) -> io::Result<Self> {
        let stream = TcpStream::connect(server.address())?;
        stream.set_read_timeout(Some(Duration::from_millis(500)))?;
        Ok(Self { lines: BufReader::new(stream.try_clone()?), stream })
    }

    fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    fn hear(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    fn ask(&mut self, text: &str) -> String {
        self.say(text);
        self.hear().unwrap()
    }
}

#[test]
fn nats_delivers_a_message() {
    let server = NatsServer::start();
    assert!(server.url().starts_with("nats://127.0.0.1:"));
    let mut talk = Talk::with(&server).unwrap();
    assert!(talk.hear().unwrap().contains("\"jetstream\":true"));
    talk.say("CONNECT {\"verbose\":false}\r\nSUB a 1\r\nPUB a 2\r\nhi\r\n");
    assert_eq!(talk.hear().unwrap(), "MSG a 1 2");
    assert_eq!(talk.hear().unwrap(), "hi");
}

#[test]
fn nats_takes_its_settings() {
    let server = NatsServer::start_with(NatsConfig {
        max_payload: Some(4096),
        jetstream: false,
        extra: "authorization { token: secret }".to_owned(),
    });
    let info = Talk::with(&server).unwrap().hear().unwrap();
    assert!(info.contains("\"max_payload\":4096") && info.contains("\"auth_required\":true"), "{info}");
    assert!(!info.contains("\"jetstream\":true"), "{info}");
}

#[test]
fn a_bad_setting_is_reported_with_the_servers_log() {
    let settings = NatsConfig { extra: "max_payload: lots".to_owned(), ..NatsConfig::default() };
    let Err(error) = NatsServer::try_start(settings) else { panic!("the server started") };
    assert!(matches!(error, StartError::Ended { .. }), "{error}");
    assert!(error.to_string().contains("nats.conf:4"), "{error}");
}

#[test]
fn redis_stores_a_value_and_a_restart_forgets_it() {
    let mut server = RedisServer::start();
    assert!(server.url().starts_with("redis://127.0.0.1:"));
    assert_eq!(Talk::with(&server).unwrap().ask("SET k v\r\n"), "+OK");
    assert_eq!(Talk::with(&server).unwrap().ask("EXISTS k\r\n"), ":1");
    server.restart();
    assert_eq!(Talk::with(&server).unwrap().ask("EXISTS k\r\n"), ":0");
}

#[test]
fn durable_redis_remembers_over_a_restart_at_the_same_port() {
    let mut server = RedisServer::start_with(RedisConfig { durable: true, ..RedisConfig::default() });
    let before = server.address();
    assert_eq!(Talk::with(&server).unwrap().ask("SET k v\r\n"), "+OK");
    server.restart();
    assert_eq!(server.address(), before);
    assert_eq!(Talk::with(&server).unwrap().ask("EXISTS k\r\n"), ":1");
}

#[test]
fn a_paused_server_accepts_and_says_nothing_until_it_goes_on() {
    let server = RedisServer::start();
    server.pause();
    let mut talk = Talk::with(&server).unwrap();
    talk.say("PING\r\n");
    let error = talk.hear().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    server.resume();
    assert_eq!(talk.hear().unwrap(), "+PONG");
}

#[test]
fn a_killed_server_refuses_and_comes_back() {
    let mut server = NatsServer::start();
    server.kill();
    let Err(error) = Talk::with(&server) else { panic!("somebody answered") };
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    server.restart();
    assert!(Talk::with(&server).unwrap().hear().unwrap().starts_with("INFO "));
}

#[test]
fn versions_are_those_of_the_servers() {
    let (nats, redis) = (NatsServer::start(), RedisServer::start());
    assert_eq!(redis.version().split('.').count(), 3, "{}", redis.version());
    assert!(Talk::with(&nats).unwrap().hear().unwrap().contains(&format!("\"version\":\"{}\"", nats.version())));
    assert!(nats.log().contains("Server is ready"), "{}", nats.log());
}
