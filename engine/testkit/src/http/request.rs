//! Reading HTTP/1.1 requests, just enough to record them.

use std::io::{self, BufRead, Read};
use std::time::Instant;

/// Longest request head and longest body that are read.
const MOST_HEAD: u64 = 64 * 1024;
const MOST_BODY: u64 = 64 * 1024 * 1024;

/// One request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// In the order sent.
    pub headers: Vec<(String, String)>,
    /// Without its transfer coding.
    pub body: Vec<u8>,
    /// Number of the connection it came in on, from 0.
    pub connection: usize,
    /// When its last byte had come.
    pub at: Instant,
}

impl Asked {
    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text, with replacements for what is no UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The target up to its query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The query, as sent, without its question mark; empty when there is none.
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub(super) fn wants_close(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    /// The next request of a connection, or none at its end.
    pub(super) fn read(stream: &mut impl BufRead, connection: usize) -> io::Result<Option<Self>> {
        let mut head = stream.take(MOST_HEAD);
        let first = line(&mut head)?;
        if first.is_empty() {
            return Ok(None);
        }
        let mut words = first.split(' ');
        let (Some(method), Some(target), Some(version), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(invalid(format!("no request line: {first:?}")));
        };
        if !version.starts_with("HTTP/1.") {
            return Err(invalid(format!("only HTTP/1 is spoken here: {first:?}")));
        }
        let mut headers = Vec::new();
        loop {
            let header = line(&mut head)?;
            if header.is_empty() {
                break;
            }
            let Some((name, value)) = header.split_once(':') else {
                return Err(invalid(format!("no header line: {header:?}")));
            };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let mut asked = Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            body: Vec::new(),
            connection,
            at: Instant::now(),
        };
        asked.body = asked.read_body(stream)?;
        asked.at = Instant::now();
        Ok(Some(asked))
    }

    fn read_body(&self, stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if self.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            loop {
                let size = line(stream)?;
                let digits = size.split(';').next().unwrap_or_default().trim();
                let size = u64::from_str_radix(digits, 16).map_err(|_| invalid(format!("no chunk size: {size:?}")))?;
                read_exactly(stream, size, &mut body)?;
                if size > 0 {
                    line(stream)?;
                    continue;
                }
                while !line(stream)?.is_empty() {}
                return Ok(body);
            }
        }
        if let Some(length) = self.header("content-length") {
            let size = length.parse().map_err(|_| invalid(format!("no content length: {length:?}")))?;
            read_exactly(stream, size, &mut body)?;
        }
        Ok(body)
    }
}

fn read_exactly(stream: &mut impl BufRead, size: u64, into: &mut Vec<u8>) -> io::Result<()> {
    if size > MOST_BODY {
        return Err(invalid(format!("a body of {size} bytes")));
    }
    if stream.take(size).read_to_end(into)? as u64 == size { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The next line without its end; empty at the end of the stream.
fn line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}

fn invalid(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut bytes: &[u8]) -> io::Result<Option<Asked>> {
        Asked::read(&mut bytes, 0)
    }

    #[test]
    fn a_request_with_a_length() {
        let asked = read(b"POST /a/b?c=d HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello").unwrap().unwrap();
        assert_eq!((asked.method.as_str(), asked.path(), asked.query()), ("POST", "/a/b", "c=d"));
        assert_eq!((asked.header("host"), asked.text().as_str()), (Some("h"), "hello"));
    }

    #[test]
    fn a_request_in_chunks() {
        let asked = read(b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
        assert_eq!(asked.unwrap().unwrap().text(), "hello");
    }

    #[test]
    fn the_end_of_a_connection_is_no_error_but_the_middle_of_a_request_is() {
        assert!(read(b"").unwrap().is_none());
        assert!(read(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort").is_err());
        assert!(read(b"\x16\x03\x01\x02\x00 not http\r\n").is_err());
    }
}
