//! What the peer answers, well or badly.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

/// A well-formed answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Sent as they are, besides `content-length` or `transfer-encoding`, which the peer writes.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the body goes out in chunks, its length unsaid.
    pub chunked: bool,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), chunked: false }
    }

    /// Status 200 with a JSON body.
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200).header("content-type", "application/json").body(body)
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} scripted\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.chunked {
            head.push_str("transfer-encoding: chunked\r\n");
        } else if self.status >= 200 && self.status != 204 && self.status != 304 {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    /// The body's bytes as they go over the wire.
    fn framed_body(&self) -> Vec<u8> {
        if !self.chunked {
            return self.body.clone();
        }
        let mut framed = Vec::with_capacity(self.body.len() + 64);
        for chunk in self.body.chunks(8 * 1024) {
            framed.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            framed.extend_from_slice(chunk);
            framed.extend_from_slice(b"\r\n");
        }
        framed.extend_from_slice(b"0\r\n\r\n");
        framed
    }
}

/// What the peer does once it has read a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Reply(Reply),
    /// Waits, then does the other thing.
    Late(Duration, Box<Answer>),
    /// Never answers; the connection stays open until the asker or the peer goes away.
    Silence,
    /// Closes the connection without a word.
    Close,
    /// Breaks the connection with a TCP reset.
    Reset,
    /// Announces the whole reply, sends this many bytes of the body as it goes over the wire, and closes.
    CutBody(Reply, usize),
    /// Sends the body piece by piece.
    Drip {
        reply: Reply,
        bytes: usize,
        every: Duration,
    },
    /// Sends these bytes, whatever they mean, and closes.
    Garbage(Vec<u8>),
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

impl Answer {
    /// A reply of status 200 with so many bytes of text.
    pub fn large(bytes: usize) -> Self {
        Self::Reply(Reply::status(200).body(vec![b'x'; bytes]))
    }

    #[must_use]
    pub fn late(self, wait: Duration) -> Self {
        Self::Late(wait, Box::new(self))
    }

    /// Carries the answer out. Gives whether the connection can serve another request. `bodiless` is for answers to
    /// HEAD, which announce a body and send none.
    pub(super) fn send(&self, mut stream: &TcpStream, bodiless: bool) -> io::Result<bool> {
        match self {
            Self::Reply(reply) => {
                stream.write_all(&reply.head())?;
                if !bodiless {
                    stream.write_all(&reply.framed_body())?;
                }
                Ok(true)
            }
            Self::Late(wait, then) => {
                thread::sleep(*wait);
                then.send(stream, bodiless)
            }
            Self::Silence => {
                io::copy(&mut stream, &mut io::sink())?;
                Ok(false)
            }
            Self::Close => close(stream),
            Self::Reset => {
                set_socket_linger(stream, Some(Duration::ZERO))?;
                Ok(false)
            }
            Self::CutBody(reply, bytes) => {
                stream.write_all(&reply.head())?;
                let body = reply.framed_body();
                stream.write_all(body.get(..*bytes).unwrap_or(&body))?;
                close(stream)
            }
            Self::Drip { reply, bytes, every } => {
                stream.write_all(&reply.head())?;
                for piece in reply.framed_body().chunks((*bytes).max(1)) {
                    stream.write_all(piece)?;
                    thread::sleep(*every);
                }
                Ok(true)
            }
            Self::Garbage(bytes) => {
                stream.write_all(bytes)?;
                close(stream)
            }
        }
    }
}

fn close(stream: &TcpStream) -> io::Result<bool> {
    stream.shutdown(Shutdown::Both)?;
    Ok(false)
}
