//! A server that talks in lines and does what a script says, for what no real server does when it is asked to.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::ports::free_listener;

/// What is done about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// These bytes are sent.
    Say(String),
    /// Nothing is.
    Silence,
    /// The connection is closed.
    HangUp,
    /// The letter `x`, until the other side has had enough.
    Forever,
}

/// What stands for the line that nobody has said: the connection begins.
pub const GREETING: &str = "\0";

/// Listens until it is dropped; a thread a connection.
#[derive(Debug)]
pub struct LineServer {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl LineServer {
    /// `script` is asked with the number of the connection, from 1, and each line, without its end; with [`GREETING`] when it begins.
    ///
    /// # Panics
    /// When no port is free.
    #[track_caller]
    #[must_use]
    pub fn start(script: impl Fn(usize, &str) -> Turn + Send + Sync + 'static) -> Self {
        let listener = free_listener();
        let address = listener.local_addr().unwrap_or_else(|why| panic!("a listener has no address: {why}"));
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let (script, lines) = (Arc::new(script), heard.clone());
        thread::spawn(move || accept(&listener, &script, &lines));
        Self { address, heard }
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All lines that came, in their order.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().map(|lines| lines.clone()).unwrap_or_default()
    }
}

fn accept<S>(listener: &TcpListener, script: &Arc<S>, lines: &Arc<Mutex<Vec<String>>>)
where
    S: Fn(usize, &str) -> Turn + Send + Sync + 'static,
{
    for (number, stream) in listener.incoming().flatten().enumerate() {
        let (script, lines) = (script.clone(), lines.clone());
        // whoever hangs up ends it
        thread::spawn(move || talk(stream, |line| script(number + 1, line), &lines));
    }
}

fn talk(mut stream: TcpStream, script: impl Fn(&str) -> Turn, lines: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut said = BufReader::new(stream.try_clone()?);
    let mut line = GREETING.to_owned();
    loop {
        match script(line.trim_end()) {
            Turn::Say(words) => stream.write_all(words.as_bytes())?,
            Turn::Silence => {}
            Turn::HangUp => return Ok(()),
            Turn::Forever => loop {
                stream.write_all(&[b'x'; 16 * 1024])?;
            },
        }
        line.clear();
        if said.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if let Ok(mut lines) = lines.lock() {
            lines.push(line.trim_end().to_owned());
        }
    }
}
