//! gRPC: one message out, one back, both known by the `.proto` file (`connectors.md` §3).

use wf_grpc::{Asked, CallError, call};
use wf_plan::{AuthKind, Method, Word};
use wf_proto::{Defaults, Unlisted};
use wf_value::{Text, Value};

use super::connection::{Address, Peer};
use super::{Transport, extra};
use crate::build::{Built, Header, headers, sign};
use crate::error::StartError;
use crate::http::Allowance;
use crate::live_face::{Ask, FaceSettings};
use crate::outgoing::{NotBuilt, plain};
use crate::received::{Lost, Received};

/// The server of one file.
pub(crate) struct Grpc {
    peer: Peer,
    unlisted: Unlisted,
    defaults: Defaults,
}

/// A message that is ready to leave.
pub(crate) struct Call {
    method: Method,
    /// The action that asks: where lists of the answer come from.
    action: Text,
    headers: Vec<Header>,
    message: Vec<u8>,
}

const SECURE_PORT: u16 = 443;
const PLAIN_PORT: u16 = 80;

impl Grpc {
    pub(crate) fn open(settings: &FaceSettings<'_>) -> Result<Self, StartError> {
        let target = match settings.get("target") {
            Value::Unknown(why) => return Err(settings.unusable(why.sentence())),
            value => plain(&value).ok_or_else(|| settings.unusable(format!("`target` is {}", value.kind())))?,
        };
        let encrypted = settings.get("tls.enabled") != Value::Bool(false);
        let address = Address::read(&target, if encrypted { SECURE_PORT } else { PLAIN_PORT });
        let address = address.map_err(|why| settings.unusable(why))?;
        let is = |name: &str, word: &str| settings.get(name).as_str() == Some(word);
        Ok(Self {
            peer: Peer::new(settings, "grpc", address, encrypted, Some(b"h2"))?,
            unlisted: if is("unknown_fields", "refuse") { Unlisted::Refuse } else { Unlisted::Ignore },
            defaults: if is("message_defaults", "include") { Defaults::Include } else { Defaults::Omit },
        })
    }

    /// Headers of the file and the action, and the login where it is something that is sent along.
    fn metadata(&self, ask: &Ask<'_>) -> Result<Vec<Header>, NotBuilt> {
        let headers = headers(ask.request, &ask.scene)?;
        let mut built = Built { headers, ..Built::at("http://localhost")? };
        ask.name(self.peer.names_requests(), &mut built);
        let Some(auth) = ask.request.auth.as_deref() else { return Ok(built.headers) };
        if matches!(auth.kind, AuthKind::Login { .. } | AuthKind::OAuth2 { .. }) {
            return Err(NotBuilt::Unusable("a call of gRPC has no login of its own".to_owned()));
        }
        sign(&mut built, auth, &ask.scene, &self.peer.address.host)?;
        Ok(built.headers)
    }
}

impl Transport for Grpc {
    type Call = Call;

    fn host(&self) -> &str {
        &self.peer.address.host
    }

    fn build(&self, ask: &Ask<'_>) -> Result<Call, NotBuilt> {
        let method = ask.request.method.clone();
        let method = method.ok_or_else(|| NotBuilt::Unusable("the request names no call".to_owned()))?;
        let value = match extra(ask.request, "message", &ask.scene)? {
            Value::Null => wf_value::Map::default().into(),
            value => value,
        };
        let message = method.input.build(&value, self.unlisted).map_err(|why| NotBuilt::Unusable(why.to_string()))?;
        Ok(Call { headers: self.metadata(ask)?, method, action: ask.call.clone(), message })
    }

    async fn send(&self, call_: Call, allowance: Allowance) -> Result<Received, Lost> {
        let Call { method, action, headers, message } = call_;
        let path = format!("/{}", method.name);
        let (stream, secure) = self.peer.connect("CALL", &path).await?;
        let asked = Asked {
            secure,
            authority: self.peer.address.to_string(),
            path,
            headers: headers.into_iter().map(|header| (header.name, header.value)).collect(),
            message,
            timeout: allowance.timeout,
            most: allowance.bytes,
        };
        let answer = match call(stream, asked).await {
            Ok(Ok(answer)) => method.output.read(&answer, self.defaults, &action).map_err(|why| why.to_string()),
            Ok(Err(status)) => return Ok(Received::code(status.code.number(), status.code.name(), &status.message)),
            Err(why @ CallError::Request(_)) => return Err(Lost::new(Word::Unusable, why.to_string())),
            Err(why @ CallError::NotSent(_)) => return Err(Lost::new(Word::NoConnection, why.to_string())),
            Err(why @ CallError::Broken(_)) => return Err(Lost::new(Word::NoAnswer, why.to_string())),
            Err(why @ (CallError::Unreadable(_) | CallError::TooLong)) => Err(why.to_string()),
        };
        Ok(match answer {
            Ok(value) => Received::value(value),
            Err(why) => Received { broken: Some(why), ..Received::text(200, "") },
        })
    }
}
