//! Mailboxes: one session for all requests of an action (`connectors.md` §3).

use std::sync::Arc;

use tokio::sync::Mutex;
use wf_plan::{AuthKind, Word};
use wf_value::{List, Map, Text, Value};

use super::connection::{Address, Peer};
use super::imap_query::{flags, folder, is_among, search, uids};
use super::imap_session::{Failed, Pieces, Session, quoted};
use super::received_mail;
use super::{Transport, extra};
use crate::build::credential;
use crate::error::StartError;
use crate::http::Allowance;
use crate::live_face::{Ask, FaceSettings};
use crate::outgoing::{Bad, NotBuilt};
use crate::received::{Lost, Received};

/// The server of one file.
pub(crate) struct Imap {
    peer: Arc<Peer>,
    /// The session begins without encryption, and says nothing before it has one.
    starttls: bool,
}

/// What an action keeps between its requests.
#[derive(Clone, Default)]
pub(crate) struct Held(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    session: Option<Session>,
    /// A session that is lost is begun anew there.
    folder: Option<Folder>,
}

/// A folder that is selected.
struct Folder {
    /// In quotes.
    name: String,
    numbering: Option<u32>,
}

/// One request in a session.
pub(crate) struct Call {
    login: (String, String),
    step: Step,
    held: Held,
    /// The action that asks: where lists of the answer come from.
    action: Text,
}

enum Step {
    Select(String),
    Search(Pieces),
    Fetch { uids: String, body: &'static str },
    Store(Vec<String>),
}

const SECURE_PORT: u16 = 993;
const PLAIN_PORT: u16 = 143;

impl Imap {
    pub(crate) fn open(settings: &FaceSettings<'_>) -> Result<Self, StartError> {
        let server = settings.server()?.ok_or_else(|| settings.unusable("it is null"))?;
        let starttls = settings.get("tls").as_str() == Some("starttls");
        let encrypted = settings.get("tls.enabled") != Value::Bool(false);
        let address = Address::read(&server, if encrypted && !starttls { SECURE_PORT } else { PLAIN_PORT });
        let address = address.map_err(|why| settings.unusable(why))?;
        Ok(Self { peer: Arc::new(Peer::new(settings, "imap", address, encrypted, None)?), starttls })
    }

    /// A session for a request: in the folder where the one before was lost.
    async fn begin(&self, call: &Call, folder: &Option<Folder>, most: usize) -> Result<Session, Lost> {
        let mut session = self.log_in(&call.login, most).await?;
        let Some(Folder { name, numbering }) = folder.as_ref().filter(|_| !matches!(call.step, Step::Select(_))) else {
            return Ok(session);
        };
        let selected = session.command(&format!("SELECT {name}")).await;
        let selected = selected.map_err(|why| Lost::new(Word::NoConnection, why.to_string()))?;
        if selected.numbering != *numbering {
            return Err(Lost::new(Word::NoAnswer, "the session was lost, and the folder has been numbered anew since"));
        }
        Ok(session)
    }

    /// A session in which somebody is known.
    async fn log_in(&self, login: &(String, String), most: usize) -> Result<Session, Lost> {
        let lost = |why: Failed| Lost::new(Word::NoConnection, why.to_string());
        let mut session = match self.starttls {
            false => Session::new(self.peer.connect("LOGIN", "").await?.0, most),
            true => {
                let (wire, instead) = self.peer.reach("LOGIN", "").await?;
                let mut session = Session::new(Box::new(wire), most);
                session.greeted().await.map_err(lost)?;
                if !instead {
                    session.command("STARTTLS").await.map_err(lost)?;
                    session = Session::new(self.peer.encrypt(session.wire).await?, most);
                }
                return known(session, login).await;
            }
        };
        session.greeted().await.map_err(lost)?;
        known(session, login).await
    }
}

async fn known(mut session: Session, (user, password): &(String, String)) -> Result<Session, Lost> {
    let quoted = quoted(user).zip(quoted(password));
    let (user, password) =
        quoted.ok_or_else(|| Lost::new(Word::NotLoggedIn, "the login holds what no login can hold"))?;
    match session.command(&format!("LOGIN {user} {password}")).await {
        Ok(_) => Ok(session),
        Err(Failed::Refused(said)) => Err(Lost::new(Word::NotLoggedIn, format!("the login was refused: {said}"))),
        Err(why) => Err(Lost::new(Word::NoConnection, why.to_string())),
    }
}

impl Transport for Imap {
    type Call = Call;

    fn host(&self) -> &str {
        &self.peer.address.host
    }

    fn build(&self, ask: &Ask<'_>) -> Result<Call, NotBuilt> {
        let (request, scene) = (ask.request, &ask.scene);
        let Some(AuthKind::Basic { user, password }) = request.auth.as_deref().map(|auth| &auth.kind) else {
            return Err(NotBuilt::Unusable("a mailbox asks for `auth: {basic: …}`".to_owned()));
        };
        let of = |written, what| credential(written, what, scene, &self.peer.address.host);
        let login = (of(user, "user")?, of(password, "password")?);
        let part = |name: &str| extra(request, name, scene);
        let step = match request.verb.as_str() {
            "SELECT" => Step::Select(folder(request.target.as_ref(), scene)?),
            "SEARCH" => Step::Search(search(&part("criteria")?)?),
            "FETCH" => {
                let body = if part("peek")? == Value::Bool(true) { "BODY.PEEK[]" } else { "BODY[]" };
                Step::Fetch { uids: uids(&part("uids")?)?, body }
            }
            "STORE" => {
                let uids = uids(&part("uids")?)?;
                let line = |sign: &str, name: &str| {
                    Ok::<_, NotBuilt>(flags(&part(name)?)?.map(|f| format!("UID STORE {uids} {sign}FLAGS ({f})")))
                };
                let lines = [line("+", "add_flags")?, line("-", "remove_flags")?];
                Step::Store(lines.into_iter().flatten().collect())
            }
            other => {
                let expectation = format!("is `{other}`, it should be SELECT, SEARCH, FETCH or STORE");
                return Err(Bad { place: "request".to_owned(), expectation }.into());
            }
        };
        Ok(Call { login, step, held: ask.held.clone(), action: ask.call.clone() })
    }

    async fn send(&self, call: Call, allowance: Allowance) -> Result<Received, Lost> {
        let mut kept = call.held.0.lock().await;
        // a command that is broken off in the middle takes its session with it
        let mut session = match kept.session.take() {
            Some(session) => session,
            None => self.begin(&call, &kept.folder, allowance.bytes).await?,
        };
        let changes = matches!(call.step, Step::Store(_));
        match carry_out(&mut session, call.step, &call.action, &mut kept.folder).await {
            Ok(value) => {
                kept.session = Some(session);
                Ok(Received::value(value))
            }
            Err(Failed::Refused(said)) => {
                kept.session = Some(session);
                Ok(Received::text(500, &said))
            }
            Err(why @ Failed::TooLong) if !changes => {
                Ok(Received { broken: Some(why.to_string()), ..Received::text(200, "") })
            }
            Err(why) => Err(Lost::new(Word::NoAnswer, why.to_string())),
        }
    }
}

async fn carry_out(
    session: &mut Session,
    step: Step,
    action: &Text,
    selected: &mut Option<Folder>,
) -> Result<Value, Failed> {
    let list = |values: Vec<Value>| {
        let origin = wf_value::Origin { call: action.clone() };
        Value::from(List::received(values, Some(Arc::new(origin))))
    };
    Ok(match step {
        Step::Select(folder) => {
            *selected = None;
            let numbering = session.command(&format!("SELECT {folder}")).await?.numbering;
            *selected = Some(Folder { name: folder, numbering });
            Value::Null
        }
        Step::Search(pieces) => {
            let mut uids = session.pieces(&pieces).await?.uids;
            uids.sort_unstable();
            uids.dedup();
            list(uids.into_iter().map(|uid| Value::Int(uid.into())).collect())
        }
        Step::Fetch { uids, body } => {
            let mut mails = session.command(&format!("UID FETCH {uids} (UID {body})")).await?.mails;
            mails.retain(|mail| is_among(&uids, mail.uid));
            mails.sort_by_key(|mail| mail.uid);
            mails.dedup_by_key(|mail| mail.uid);
            list(mails.iter().map(|mail| received_mail::value(mail.uid, &mail.source)).collect())
        }
        Step::Store(lines) => {
            for line in lines {
                session.command(&line).await?;
            }
            Map::default().into()
        }
    })
}

impl Held {
    /// Says goodbye, as far as anybody listens.
    pub(crate) async fn close(&self) {
        const PATIENCE: std::time::Duration = std::time::Duration::from_secs(1);
        let session = self.0.lock().await.session.take();
        if let Some(mut session) = session {
            let _ = tokio::time::timeout(PATIENCE, session.command("LOGOUT")).await;
        }
    }
}
