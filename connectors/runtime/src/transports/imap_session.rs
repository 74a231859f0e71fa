//! A session with a mailbox: commands, and how each of them ended.

use bytes::{Buf, BytesMut};
use imap_proto::parser::parse_response;
use imap_proto::types::{AttributeValue, MailboxDatum, Response, ResponseCode, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::connection::Wire;

/// Who answers, and what was read of him that nobody has looked at.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) wire: Box<dyn Wire>,
    unread: BytesMut,
    commands: u32,
    /// Bytes that all answers to one command may have.
    most: usize,
}

/// A mail as it came.
pub(crate) struct Fetched {
    pub(crate) uid: u32,
    pub(crate) source: Vec<u8>,
}

/// What untagged answers told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) uids: Vec<u32>,
    pub(crate) mails: Vec<Fetched>,
    /// Of a folder that was selected: another number, and uids mean other mails.
    pub(crate) numbering: Option<u32>,
    /// The server waits for the rest of a command.
    goes_on: bool,
}

/// A command, cut where the server has to say that it goes on: each piece but the last ends with `{bytes}`, and these begin the next one.
pub(crate) type Pieces = Vec<String>;

/// Why a command did not succeed; never with what was sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// `NO` or `BAD`, and what the server says.
    #[error("{0}")]
    Refused(String),
    #[error("the session broke off: {0}")]
    Broken(String),
    #[error("what the server says is no IMAP")]
    Unreadable,
    #[error("the answer is longer than it may be")]
    TooLong,
}

impl Session {
    pub(crate) fn new(wire: Box<dyn Wire>, most: usize) -> Self {
        Self { wire, unread: BytesMut::with_capacity(8 * 1024), commands: 0, most }
    }

    /// Waits for the greeting.
    pub(crate) async fn greeted(&mut self) -> Result<(), Failed> {
        let mut told = Told::default();
        match self.answer("", &mut told).await? {
            (Status::Ok | Status::PreAuth, _) => Ok(()),
            (_, said) => Err(Failed::Refused(said)),
        }
    }

    /// Sends a command and reads until it has ended.
    pub(crate) async fn command(&mut self, command: &str) -> Result<Told, Failed> {
        self.pieces(&[command.to_owned()]).await
    }

    /// The same of one that holds more than a line can.
    pub(crate) async fn pieces(&mut self, pieces: &[String]) -> Result<Told, Failed> {
        self.commands += 1;
        let tag = format!("w{}", self.commands);
        let mut told = Told::default();
        let mut line = format!("{tag} ");
        for (number, piece) in pieces.iter().enumerate() {
            line.push_str(piece);
            line.push_str("\r\n");
            let broken = |why: std::io::Error| Failed::Broken(why.to_string());
            self.wire.write_all(line.as_bytes()).await.map_err(broken)?;
            self.wire.flush().await.map_err(broken)?;
            line.clear();
            if number + 1 < pieces.len() {
                told.goes_on = false;
                match self.heard_until(&tag, &mut told, |told| told.goes_on).await? {
                    None => {}
                    Some((Status::Bye, said)) => return Err(Failed::Broken(said)),
                    Some((_, said)) => return Err(Failed::Refused(said)),
                }
            }
        }
        match self.answer(&tag, &mut told).await? {
            (Status::Ok, _) => Ok(told),
            // whoever says goodbye takes no further command
            (Status::Bye, said) => Err(Failed::Broken(said)),
            (_, said) => Err(Failed::Refused(said)),
        }
    }

    /// Reads until the answer with that tag; without one until the first that says how it goes.
    async fn answer(&mut self, tag: &str, told: &mut Told) -> Result<(Status, String), Failed> {
        let ended = self.heard_until(tag, told, |_| false).await?;
        ended.ok_or_else(|| Failed::Broken("it has not ended".to_owned()))
    }

    /// Reads until the end of the command, or until `enough` was told: then `None`.
    async fn heard_until(
        &mut self,
        tag: &str,
        told: &mut Told,
        enough: impl Fn(&Told) -> bool,
    ) -> Result<Option<(Status, String)>, Failed> {
        let mut read = 0;
        loop {
            let ended = match parse_response(&self.unread) {
                Ok((rest, response)) => {
                    let taken = self.unread.len() - rest.len();
                    let ended = heard(response, tag, told);
                    self.unread.advance(taken);
                    ended
                }
                Err(nom::Err::Incomplete(_)) => {
                    let more = self.wire.read_buf(&mut self.unread).await;
                    let more = more.map_err(|why| Failed::Broken(why.to_string()))?;
                    if more == 0 {
                        return Err(Failed::Broken("the server closed it".to_owned()));
                    }
                    read += more;
                    if read > self.most.saturating_add(64 * 1024) {
                        return Err(Failed::TooLong);
                    }
                    None
                }
                Err(_) => return Err(Failed::Unreadable),
            };
            if ended.is_some() || enough(told) {
                return Ok(ended);
            }
        }
    }
}

/// Keeps what an answer tells; the end of the command, when it is one.
fn heard(response: Response<'_>, tag: &str, told: &mut Told) -> Option<(Status, String)> {
    let said = |information: Option<std::borrow::Cow<'_, str>>| information.unwrap_or_default().into_owned();
    match response {
        Response::Done { tag: of, status, information, .. } if of.0 == tag => return Some((status, said(information))),
        Response::Continue { .. } => told.goes_on = true,
        Response::Data { code: Some(ResponseCode::UidValidity(numbering)), .. } => told.numbering = Some(numbering),
        Response::Data { status: Status::Bye, information, .. } => return Some((Status::Bye, said(information))),
        Response::Data { status, information, .. } if tag.is_empty() => return Some((status, said(information))),
        Response::MailboxData(MailboxDatum::Search(uids)) => told.uids.extend(uids),
        Response::Fetch(_, attributes) => {
            let (mut uid, mut source) = (None, None);
            for attribute in attributes {
                match attribute {
                    AttributeValue::Uid(of) => uid = Some(of),
                    AttributeValue::BodySection { section: None, data, .. } => {
                        source = Some(data.unwrap_or_default().into_owned());
                    }
                    _ => {}
                }
            }
            // one without the other tells of a flag that somebody else has set
            if let (Some(uid), Some(source)) = (uid, source) {
                told.mails.push(Fetched { uid, source });
            }
        }
        _ => {}
    }
    None
}

/// A text in quotes. `None`: it holds what no quotes can hold.
pub(crate) fn quoted(text: &str) -> Option<String> {
    let fits = text.chars().all(|c| c.is_ascii() && !matches!(c, '\r' | '\n' | '\0'));
    fits.then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}
