//! The gRPC side of a vendor: messages by the connector's `.proto` files.

use std::sync::{Arc, Mutex};

use tokio::net::{TcpListener, TcpStream};
use wf_grpc::{Call, Code, Reply, Status, serve};
use wf_plan::{Connector, Method, Protos};
use wf_proto::{Defaults, Unlisted};
use wf_syntax::tree::Node;
use wf_value::{Map, Text, Value};

use super::answer::{Act, word};
use super::asked::Asked;
use super::script::Script;
use super::server::lock;
use crate::data;
use crate::expected::Expected;

/// The calls that a connector may make.
#[derive(Clone, Debug, Default)]
pub struct Calls(Vec<Protos>);

impl Calls {
    #[must_use]
    pub fn of(connector: &Connector) -> Self {
        Self(connector.faces.iter().filter_map(|face| face.protos.clone()).collect())
    }

    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// # Errors
    /// No file has such a call; a sentence.
    pub(super) fn find(&self, name: &str) -> Result<Method, String> {
        let mut why = format!("`{name}` is no call of gRPC: the connector names no `.proto` file");
        for protos in &self.0 {
            match protos.method(name) {
                Ok(method) => return Ok(method),
                Err(error) => why = error.to_string(),
            }
        }
        Err(why)
    }

    /// A call as it came: the message in JSON.
    fn read(&self, call: &Call) -> Result<Asked, String> {
        let method = self.find(&call.method)?;
        let message = method.input.read(&call.message, Defaults::Omit, &Text::default()).map_err(|e| e.to_string())?;
        let body = message.encode().map_err(|e| e.to_string())?.into_bytes();
        let host = [("host".to_owned(), call.authority.clone())];
        let headers = host.into_iter().chain(call.headers.iter().cloned()).collect();
        Ok(Asked { method: String::new(), path: call.method.clone(), headers, body, ..Asked::default() })
    }
}

/// The message that a case expects, with what proto3 makes of it: a 0 that is written is none.
pub(super) fn expected(node: &Node, method: &Method) -> Expected {
    let built = method.input.build(&data::value(node), Unlisted::Refuse);
    let read = built.ok().and_then(|bytes| method.input.read(&bytes, Defaults::Omit, &Text::default()).ok());
    // matchers are no messages
    read.map_or_else(|| Expected::read(node), |value| Expected::of(&value, node.span))
}

impl Act {
    /// `{message}` or `{code, details}`, `refused`, `silence` or `cut`.
    pub(super) fn read_grpc(node: &Node, method: &Method) -> Result<Self, String> {
        if let Some(word) = node.as_text() {
            return self::word(word).ok_or_else(|| format!("a vendor of gRPC does not answer `{word}`"));
        }
        if let Some(code) = node.get("code") {
            let written = data::value(code);
            let code = match written.as_int().and_then(|n| u16::try_from(n).ok()) {
                Some(number) => Code::new(number),
                None => Code::from_name(written.as_str().unwrap_or_default()),
            };
            let code = code.ok_or_else(|| format!("`{}` is no code of gRPC", written.print_lenient()))?;
            let details = node.get("details").map(data::value).unwrap_or_default();
            let message = if details.is_null() { String::new() } else { details.print_lenient().to_string() };
            return Ok(Self::Code(Status { code, message }));
        }
        let message = node.get("message").ok_or("a vendor of gRPC answers with a message or a code")?;
        let value = match data::value(message) {
            Value::Null => Map::default().into(),
            value => value,
        };
        let built = method.output.build(&value, Unlisted::Refuse);
        built.map(Self::Message).map_err(|why| format!("its message cannot be sent: {why}"))
    }
}

/// Takes calls until it is dropped.
pub(super) async fn listen(listener: TcpListener, calls: Calls, script: Arc<Mutex<Script>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream, calls.clone(), script.clone()));
    }
}

async fn answer(stream: TcpStream, calls: Calls, script: Arc<Mutex<Script>>) {
    let handler = move |call: Call| {
        let (calls, script) = (calls.clone(), script.clone());
        async move {
            let act = match calls.read(&call) {
                Ok(asked) => lock(&script).answer(&asked),
                Err(why) => {
                    lock(&script).unreadable(&format!("{}: {why}", call.method));
                    Act::Code(Status { code: Code::INTERNAL, message: why })
                }
            };
            match act {
                Act::Message(message) => Reply::Message(message),
                Act::Code(status) => Reply::Status(status),
                Act::Cut => Reply::Cut,
                Act::Silence => std::future::pending().await,
                Act::Refused => Reply::HangUp,
                Act::Answer { .. } | Act::Accepted { .. } | Act::Said { .. } => {
                    Reply::Status(Status { code: Code::UNKNOWN, message: "no case data".to_owned() })
                }
            }
        }
    };
    serve(stream, handler).await;
}
