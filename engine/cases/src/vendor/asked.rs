//! A request as it came: read from the socket, and in parts that can be compared.

use std::io;

use bytes::{Buf, BytesMut};
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncRead, AsyncReadExt};
use wf_value::{Map, MapBuilder, Text, Value};

/// More than any connector sends.
const MOST_HEAD: usize = 256 * 1024;
const MOST_BODY: usize = 256 * 1024 * 1024;

/// A request: of HTTP, or of another transport in its parts. Of gRPC it has no method, and the message as JSON; of a mail server the
/// mail's headers, and what a case says of it as JSON.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub method: String,
    /// Percent-decoded.
    pub path: String,
    /// As it was sent.
    pub query: String,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    /// Reads one; `None`: the connection was closed before it was whole.
    ///
    /// # Errors
    /// The connection broke, or what came is no HTTP/1.1 request.
    pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut buffer = BytesMut::with_capacity(8 * 1024);
        let end = loop {
            if let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break end;
            }
            if buffer.len() > MOST_HEAD {
                return Err(bad("its head has no end"));
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(None);
            }
        };
        let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
        buffer.advance(end + 4);
        let mut asked = Self::of_head(&head).ok_or_else(|| bad("its first line is no request"))?;
        let chunked = asked.header("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked"));
        if chunked {
            let Some(body) = chunks(stream, &mut buffer).await? else { return Ok(None) };
            asked.body = body;
        } else {
            let length = asked.header("content-length").map_or(Ok(0), str::parse::<usize>);
            let length = length.ok().filter(|l| *l <= MOST_BODY).ok_or_else(|| bad("its length is none"))?;
            while buffer.len() < length {
                if stream.read_buf(&mut buffer).await? == 0 {
                    return Ok(None);
                }
            }
            asked.body = buffer[..length].to_vec();
        }
        Ok(Some(asked))
    }

    fn of_head(head: &str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = lines.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        });
        Some(Self {
            method,
            path: decoded(path, false),
            query: query.to_owned(),
            headers: headers.collect(),
            body: vec![],
        })
    }

    /// `GET /path`, `package.Service/Method`, `SMTP`
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path).trim().to_owned()
    }

    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// All headers by name; those that came several times in one, as HTTP allows.
    #[must_use]
    pub fn headers(&self) -> Value {
        let mut all: Vec<(Text, String)> = Vec::new();
        for (name, value) in &self.headers {
            match all.iter_mut().find(|(n, _)| n.as_str() == name) {
                Some((_, before)) => *before = format!("{before}, {value}"),
                None => all.push((name.as_str().into(), value.clone())),
            }
        }
        all.into_iter().map(|(name, value)| (name, Value::text(value.as_str()))).collect::<Map>().into()
    }

    /// Every parameter with the list of its values, in order.
    #[must_use]
    pub fn query(&self) -> Value {
        let of = |(name, values): (Text, Vec<Value>)| (name, Value::from(values));
        grouped(&self.query).into_iter().map(of).collect::<Map>().into()
    }

    /// Fields of a form; one that came several times is a list.
    #[must_use]
    pub fn form(&self) -> Value {
        let of = |(name, mut values): (Text, Vec<Value>)| match values.len() {
            1 => (name, values.remove(0)),
            _ => (name, Value::from(values)),
        };
        grouped(&self.text()).into_iter().map(of).collect::<Map>().into()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// It is none; a sentence.
    pub fn json(&self) -> Result<Value, String> {
        wf_value::decode(self.text()).map_err(|e| format!("no JSON ({e}): {:?}", self.text()))
    }

    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Parts of a multipart form: name → value, of files `{filename, content_type, size}`.
    ///
    /// # Errors
    /// It is none; a sentence.
    pub fn multipart(&self) -> Result<Value, String> {
        let kind = self.header("content-type").unwrap_or_default();
        let boundary = kind.split(';').find_map(|p| p.trim().strip_prefix("boundary=")).map(|b| b.trim_matches('"'));
        let boundary = boundary.filter(|_| kind.starts_with("multipart/"));
        let boundary = boundary.ok_or_else(|| format!("no multipart form, its content type is {kind:?}"))?;
        let mut parts = MapBuilder::default();
        for part in split(&self.body, format!("--{boundary}").as_bytes()).into_iter().skip(1) {
            let Some(part) = part.strip_prefix(b"\r\n".as_slice()) else { break };
            let part = part.strip_suffix(b"\r\n".as_slice()).unwrap_or(part);
            let Some(end) = part.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&part[..end]).into_owned();
            let (name, value) = one_part(&head, &part[end + 4..]);
            parts.insert(name, value);
        }
        Ok(Value::Map(parts.finish()))
    }
}

fn bad(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a request cannot be read: {why}"))
}

async fn chunks(stream: &mut (impl AsyncRead + Unpin), buffer: &mut BytesMut) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let line_end = loop {
            if let Some(end) = buffer.windows(2).position(|w| w == b"\r\n") {
                break end;
            }
            if stream.read_buf(buffer).await? == 0 {
                return Ok(None);
            }
        };
        let size = String::from_utf8_lossy(&buffer[..line_end]).into_owned();
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16);
        let size = size.ok().filter(|s| body.len() + s <= MOST_BODY).ok_or_else(|| bad("a chunk has no size"))?;
        buffer.advance(line_end + 2);
        while buffer.len() < size + 2 {
            if stream.read_buf(buffer).await? == 0 {
                return Ok(None);
            }
        }
        body.extend_from_slice(&buffer[..size]);
        buffer.advance(size + 2);
        if size == 0 {
            return Ok(Some(body));
        }
    }
}

/// `a=1&b=2&a=3` by name, in order of first appearance.
fn grouped(encoded: &str) -> Vec<(Text, Vec<Value>)> {
    let mut all: Vec<(Text, Vec<Value>)> = Vec::new();
    for pair in encoded.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name, true), Value::text(decoded(value, true).as_str()));
        match all.iter_mut().find(|(n, _)| n.as_str() == name) {
            Some((_, values)) => values.push(value),
            None => all.push((name.as_str().into(), vec![value])),
        }
    }
    all
}

/// Percent-decoded; in queries and forms a plus is a space.
pub(crate) fn decoded(text: &str, plus: bool) -> String {
    let spaced = if plus { text.replace('+', " ") } else { text.to_owned() };
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

fn split<'a>(mut bytes: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = bytes.windows(by.len()).position(|w| w == by) {
        parts.push(&bytes[..at]);
        bytes = &bytes[at + by.len()..];
    }
    parts.push(bytes);
    parts
}

fn one_part(head: &str, content: &[u8]) -> (Text, Value) {
    let line = |name: &str| {
        head.split("\r\n")
            .filter_map(|l| l.split_once(':'))
            .find(|(n, _)| n.trim().eq_ignore_ascii_case(name))
            .map(|(_, v)| v.trim().to_owned())
    };
    let disposition = line("content-disposition").unwrap_or_default();
    let said = |name: &str| {
        let of = |p: &str| p.trim().strip_prefix(name)?.strip_prefix('=').map(|v| v.trim_matches('"').to_owned());
        disposition.split(';').find_map(of)
    };
    let name = said("name").unwrap_or_default().as_str().into();
    let Some(filename) = said("filename") else {
        return (name, Value::text(String::from_utf8_lossy(content).as_ref()));
    };
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let mut file = MapBuilder::default();
    file.insert("filename".into(), Value::text(filename.as_str()));
    file.insert("content_type".into(), line("content-type").map_or(Value::Null, |t| Value::text(t.as_str())));
    file.insert("size".into(), Value::Int(size));
    (name, Value::Map(file.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(text: &str) -> Asked {
        Asked::read(&mut text.as_bytes()).await.ok().flatten().unwrap_or_default()
    }

    #[tokio::test]
    async fn a_request_is_read_whole() {
        let asked =
            read("POST /a%20b/c?x=1&y=a+b&x=%C3%BC HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n{\"a\"extra").await;
        assert_eq!(asked.line(), "POST /a b/c");
        assert_eq!(asked.query().encode().unwrap_or_default(), r#"{"x":["1","\u00fc"],"y":["a b"]}"#);
        assert_eq!((asked.header("host"), asked.text().as_str()), (Some("h"), "{\"a\"e"));
    }

    #[tokio::test]
    async fn chunks_are_put_together() {
        let asked =
            read("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\n\r\n").await;
        assert_eq!(asked.json().map(|v| v.encode().unwrap_or_default()), Ok(r#"{"a":1}"#.to_owned()));
    }

    #[tokio::test]
    async fn what_is_no_request_is_an_error_and_what_ends_early_is_none() {
        assert!(Asked::read(&mut b"x\r\n\r\n".as_slice()).await.is_err());
        assert!(Asked::read(&mut b"GET / HTTP/1.1\r\nCont".as_slice()).await.is_ok_and(|a| a.is_none()));
        let short = b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\n123".as_slice();
        assert!(Asked::read(&mut { short }).await.is_ok_and(|a| a.is_none()));
    }

    #[tokio::test]
    async fn a_multipart_form_is_taken_apart() {
        let body = "--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--B\r\nContent-Disposition: form-data; \
                    name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n1,2\r\n--B--\r\n";
        let head = format!(
            "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=B\r\ncontent-length: {}",
            body.len()
        );
        let asked = read(&format!("{head}\r\n\r\n{body}")).await;
        assert_eq!(
            asked.multipart().map(|v| v.encode().unwrap_or_default()),
            Ok(r#"{"note":"hello","file":{"filename":"a.csv","content_type":"text/csv","size":3}}"#.to_owned())
        );
    }
}
