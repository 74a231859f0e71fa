//! What the vendor does with a request.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wf_grpc::Status;
use wf_syntax::tree::{Kind, Node};
use wf_value::Value;

use crate::data;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// A message of gRPC.
    Message(Vec<u8>),
    /// A code of gRPC that is not `OK`.
    Code(Status),
    /// A mail, or a login at a mail server, but for these recipients: address, code and words.
    Accepted {
        refused: Vec<(String, u16, String)>,
    },
    /// What a mail server says instead of taking one.
    Said {
        code: u16,
        text: String,
    },
    /// Never answers.
    Silence,
    /// Closes the connection in the middle of an answer.
    Cut,
    /// Takes no connection.
    Refused,
}

impl Act {
    /// A text.
    #[must_use]
    pub fn text(status: u16, text: &str) -> Self {
        Self::Answer { status, headers: vec![content_type("text/plain")], body: text.as_bytes().to_vec() }
    }

    #[must_use]
    pub fn json(status: u16, json: &Value) -> Self {
        let body = json.encode().unwrap_or_default().into_bytes();
        Self::Answer { status, headers: vec![content_type("application/json")], body }
    }

    /// `{status, json | text | bytes_base64, headers}`, `refused`, `silence` or `cut`; `{stub}` in texts is `base`.
    ///
    /// # Errors
    /// It is none of these; a sentence.
    pub fn read(node: &Node, base: &str) -> Result<Self, String> {
        if node.as_scalar().is_some() {
            let said = node.as_text().unwrap_or_default();
            return word(said).ok_or_else(|| format!("an HTTP vendor does not answer `{said}`"));
        }
        let status = node.get("status").map(data::value).and_then(|v| v.as_int()).and_then(|n| u16::try_from(n).ok());
        let status = status.filter(|s| (200..1000).contains(s)).ok_or("an HTTP vendor answers with a status")?;
        let text = |node: &Node| data::value(node).print_lenient().replace("{stub}", base);
        let mut headers = Vec::new();
        for entry in node.get("headers").map(Node::entries).unwrap_or_default() {
            let name = entry.key.text().to_ascii_lowercase();
            match &entry.value.kind {
                Kind::Seq(values) => headers.extend(values.iter().map(|v| (name.clone(), text(v)))),
                _ => headers.push((name, text(&entry.value))),
            }
        }
        let mut kind = |name: &str| {
            if !headers.iter().any(|(n, _)| n == "content-type") {
                headers.push(content_type(name));
            }
        };
        let body = if let Some(json) = node.get("json") {
            kind("application/json");
            data::value(json)
                .encode()
                .map_err(|e| format!("its json cannot be sent: {e}"))?
                .replace("{stub}", base)
                .into()
        } else if let Some(said) = node.get("text") {
            kind("text/plain");
            text(said).into_bytes()
        } else if let Some(bytes) = node.get("bytes_base64") {
            STANDARD.decode(text(bytes)).map_err(|e| format!("its bytes_base64 cannot be read: {e}"))?
        } else {
            vec![]
        };
        Ok(Self::Answer { status, headers, body })
    }

    /// Carries it out on a connection, which is then closed: so the next request makes a new one, that can be refused.
    pub(super) async fn carry_out(&self, mut stream: TcpStream, bodiless: bool) -> io::Result<()> {
        match self {
            Self::Answer { status, headers, body } => {
                let mut head = format!("HTTP/1.1 {status} recorded\r\nconnection: close\r\n");
                if *status >= 200 && *status != 204 && *status != 304 {
                    head.push_str(&format!("content-length: {}\r\n", body.len()));
                }
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                head.push_str("\r\n");
                let mut bytes = head.into_bytes();
                if !bodiless {
                    bytes.extend_from_slice(body);
                }
                stream.write_all(&bytes).await?;
                stream.shutdown().await
            }
            Self::Silence => {
                // until whoever asked goes away
                let mut rest = [0; 1024];
                while stream.read(&mut rest).await? > 0 {}
                Ok(())
            }
            Self::Cut => {
                let half = b"HTTP/1.1 200 recorded\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"half\": \"an ans";
                stream.write_all(half).await?;
                stream.shutdown().await
            }
            // only met when the request came another way than the connector's
            Self::Refused | Self::Message(_) | Self::Code(_) | Self::Accepted { .. } | Self::Said { .. } => Ok(()),
        }
    }
}

/// `refused`, `silence`, `cut`: what every vendor can do.
pub(super) fn word(word: &str) -> Option<Act> {
    Some(match word {
        "refused" => Act::Refused,
        "silence" => Act::Silence,
        "cut" => Act::Cut,
        _ => return None,
    })
}

fn content_type(name: &str) -> (String, String) {
    ("content-type".to_owned(), name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::tests::node;

    #[test]
    fn bodies_bring_their_content_type_unless_headers_say_another() {
        let json = Act::read(&node("{status: 201, json: {at: '{stub}/x'}}"), "http://s");
        let expected = Act::Answer {
            status: 201,
            headers: vec![content_type("application/json")],
            body: br#"{"at":"http://s/x"}"#.to_vec(),
        };
        assert_eq!(json, Ok(expected));
        let text = Act::read(
            &node("{status: 200, text: <a/>, headers: {Content-Type: text/xml, set-cookie: [a=1, b=2]}}"),
            "",
        );
        let headers = [("content-type", "text/xml"), ("set-cookie", "a=1"), ("set-cookie", "b=2")];
        let headers = headers.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
        assert_eq!(text, Ok(Act::Answer { status: 200, headers, body: b"<a/>".to_vec() }));
        assert_eq!(
            Act::read(&node("{status: 204}"), ""),
            Ok(Act::Answer { status: 204, headers: vec![], body: vec![] })
        );
    }

    #[test]
    fn what_no_http_vendor_does_is_said() {
        assert_eq!(Act::read(&node("accepted"), ""), Err("an HTTP vendor does not answer `accepted`".to_owned()));
        assert_eq!(Act::read(&node("{code: 5}"), ""), Err("an HTTP vendor answers with a status".to_owned()));
    }
}
