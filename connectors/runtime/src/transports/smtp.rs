//! Mail: a session for each one (`connectors.md` §3).

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use wf_plan::{AuthKind, Word};
use wf_value::Value;

use super::bounded::Bounded;
use super::connection::{Address, Peer};
use super::mail::{Mail, mail};
use super::{Transport, extra};
use crate::build::credential;
use crate::error::StartError;
use crate::http::Allowance;
use crate::live_face::{Ask, FaceSettings};
use crate::outgoing::NotBuilt;
use crate::received::{Lost, Received};

/// The mail server of one file.
pub(crate) struct Smtp {
    peer: Peer,
    security: Security,
    verify: bool,
    ca_file: Option<PathBuf>,
}

/// When the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    Never,
    /// When the server offers it.
    Offered,
    /// Before anything is said; a server on this machine that does not offer it is asked all the same.
    StartTls,
    /// From the first byte.
    Always,
}

/// A mail and who sends it.
pub(crate) struct Call {
    login: Option<(String, String)>,
    mail: Mail,
}

/// How long a server may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// Where mail is handed in when no port is said.
const SUBMISSION: u16 = 587;

impl Smtp {
    pub(crate) fn open(settings: &FaceSettings<'_>) -> Result<Self, StartError> {
        let server = settings.server()?.ok_or_else(|| settings.unusable("it is null"))?;
        let address = Address::read(&server, SUBMISSION).map_err(|why| settings.unusable(why))?;
        let security = match (settings.get("tls").as_str(), settings.get("tls.enabled")) {
            (Some("always"), _) => Security::Always,
            (Some(_), _) | (None, Value::Bool(true)) => Security::StartTls,
            (None, Value::Bool(false)) => Security::Never,
            (None, _) => Security::Offered,
        };
        let peer = Peer::new(settings, "smtp", address, security == Security::Always, None)?;
        Ok(Self { peer, security, verify: settings.verifies(), ca_file: settings.ca_file() })
    }

    fn is_here(&self) -> bool {
        let host = &self.peer.address.host;
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    fn tls(&self) -> Result<TlsParameters, Lost> {
        let failed = |why: String| Lost::new(Word::NoConnection, format!("TLS: {why}"));
        let mut tls =
            TlsParameters::builder(self.peer.address.host.clone()).dangerous_accept_invalid_certs(!self.verify);
        if let Some(file) = &self.ca_file {
            let pem = std::fs::read(file).map_err(|why| failed(format!("{}: {why}", file.display())))?;
            tls = tls.add_root_certificate(Certificate::from_pem(&pem).map_err(|why| failed(sentence(&why)))?);
        }
        tls.build_rustls().map_err(|why| failed(sentence(&why)))
    }

    /// A session in which somebody may say who he is.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Lost> {
        let lost = |why: &Error| Lost::new(Word::NoConnection, format!("no connection: {}", sentence(why)));
        let hello = ClientId::default();
        let (stream, instead) = self.peer.reach("SEND", "").await?;
        // where it is sent elsewhere nothing has to be encrypted
        let security = if instead { Security::Offered } else { self.security };
        let peer = stream.peer_addr().map_err(|why| Lost::new(Word::NoConnection, format!("no connection: {why}")))?;
        let wire = if security == Security::Always { self.peer.encrypt(stream).await? } else { Box::new(stream) };
        let wire = Box::new(Bounded::new(wire, peer));
        let connected = AsyncSmtpConnection::connect_with_transport(wire, &hello).await;
        let mut session = connected.map_err(|why| lost(&why))?;
        let wanted = match security {
            Security::Never | Security::Always => false,
            Security::Offered => session.can_starttls(),
            Security::StartTls => session.can_starttls() || !self.is_here(),
        };
        if wanted {
            session.starttls(self.tls()?, &hello).await.map_err(|why| lost(&why))?;
        }
        Ok(session)
    }
}

impl Transport for Smtp {
    type Call = Call;

    fn host(&self) -> &str {
        &self.peer.address.host
    }

    fn build(&self, ask: &Ask<'_>) -> Result<Call, NotBuilt> {
        let (request, scene) = (ask.request, &ask.scene);
        let login = match request.auth.as_deref().map(|auth| &auth.kind) {
            Some(AuthKind::Basic { user, password }) => {
                let of = |written, what| credential(written, what, scene, &self.peer.address.host);
                Some((of(user, "user")?, of(password, "password")?))
            }
            _ => None,
        };
        let mail = mail(&extra(request, "mail", scene)?, scene.now, &ask.request_id, scene.seed)?;
        Ok(Call { login, mail })
    }

    async fn send(&self, Call { login, mail }: Call, _: Allowance) -> Result<Received, Lost> {
        let mut session = self.connect().await?;
        let sent = hand_in(&mut session, login, &mail).await;
        // what was said is said: how the session ends changes nothing, and nobody waits for it
        tokio::spawn(async move { tokio::time::timeout(GOODBYE, session.abort()).await });
        sent
    }
}

/// Logs in and hands the mail over. Recipients that the server refuses are left out; all refused is a refused mail.
async fn hand_in(
    session: &mut AsyncSmtpConnection,
    login: Option<(String, String)>,
    mail: &Mail,
) -> Result<Received, Lost> {
    if let Some((user, password)) = login {
        let credentials = Credentials::new(user, password);
        let known = session.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
        known.map_err(|why| {
            let refused = why.is_permanent() || why.is_transient() || why.is_client();
            let word = if refused { Word::NotLoggedIn } else { Word::NoConnection };
            Lost::new(word, format!("the login failed: {}", sentence(&why)))
        })?;
    }
    let mut parameters = Vec::new();
    if !mail.source.is_ascii() && session.server_info().supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    // until the last line nothing has happened
    let step = |why: Error| match why.status() {
        Some(_) => Ok(Received::text(500, &sentence(&why))),
        None => Err(Lost::new(Word::NoConnection, format!("the session broke off: {}", sentence(&why)))),
    };
    if let Err(why) = session.command(MailFrom::new(Some(mail.from.clone()), parameters)).await {
        return step(why);
    }
    let mut refused = None;
    let mut taken = 0;
    for to in &mail.to {
        match session.command(Rcpt::new(to.clone(), Vec::new())).await {
            Ok(_) => taken += 1,
            Err(why) if why.status().is_some() => {
                tracing::warn!(recipient = %to, why = sentence(&why), "a recipient is refused, and left out");
                refused = Some(why);
            }
            Err(why) => return step(why),
        }
    }
    if let Some(why) = refused.filter(|_| taken == 0) {
        return step(why);
    }
    if let Err(why) = session.command(Data).await {
        return step(why);
    }
    match session.message(&mail.source).await {
        Ok(response) => Ok(Received::text(200, &response.message().collect::<Vec<_>>().join(" "))),
        Err(why) if why.status().is_some() => step(why),
        Err(why) => Err(Lost::new(Word::NoAnswer, format!("nobody knows whether it was taken: {}", sentence(&why)))),
    }
}

/// The server's words or the innermost cause.
fn sentence(error: &Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    match error.status() {
        Some(code) => format!("{code} {words}"),
        None => words,
    }
}
