//! One session: who it is, from whom, to whom, and the mail itself.

use std::io;

use base64::{Engine, prelude::BASE64_STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    sync::watch,
    time::sleep,
};

use super::message;
use crate::{
    ledger::Entry,
    scenario::FaultKind,
    server::{
        faults::{Asked, Fault},
        listener::Wire,
        vendor::Vendor,
    },
    world::World,
};

/// The longest line and the largest mail that are read, bytes.
const LINE: u64 = 4_096;
const MAIL: usize = 30_000_000;

/// What was said so far.
#[derive(Default)]
struct Said {
    is_known: bool,
    from: Option<String>,
    to: Vec<String>,
}

pub(crate) async fn session(wire: Wire, world: &World, mut stopping: watch::Receiver<bool>) -> io::Result<()> {
    let mut wire = BufReader::new(wire);
    let mut said = Said::default();
    answer(&mut wire, "220 sandbox ESMTP").await?;
    loop {
        let line = tokio::select! {
            line = line(&mut wire) => line?,
            () = stopped(&mut stopping) => return answer(&mut wire, "421 4.3.2 stopping").await,
        };
        let Some(line) = line else { return Ok(()) };
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let reply = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-sandbox\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN".to_owned(),
            "HELO" | "NOOP" => "250 2.0.0 ok".to_owned(),
            "RSET" => {
                said = Said { is_known: said.is_known, ..Said::default() };
                "250 2.0.0 ok".to_owned()
            }
            "AUTH" => match login(&mut wire, rest).await? {
                Some(login) if login == world.mail_account => {
                    said.is_known = true;
                    "235 2.7.0 welcome".to_owned()
                }
                Some(_) => "535 5.7.8 Username and Password not accepted".to_owned(),
                None => "504 5.5.4 no such way to log in".to_owned(),
            },
            "MAIL" if !said.is_known => "530 5.7.0 Authentication Required".to_owned(),
            "MAIL" => {
                said.from = address(rest);
                "250 2.1.0 ok".to_owned()
            }
            "RCPT" if said.from.is_none() => "503 5.5.1 MAIL first".to_owned(),
            "RCPT" => match address(rest) {
                Some(to) if world.unknown_mailboxes.iter().any(|known| known.eq_ignore_ascii_case(&to)) => {
                    format!("550 5.1.1 {to} does not exist")
                }
                Some(to) => {
                    said.to.push(to);
                    "250 2.1.5 ok".to_owned()
                }
                None => "501 5.1.3 that is no address".to_owned(),
            },
            "DATA" if said.to.is_empty() => "503 5.5.1 RCPT first".to_owned(),
            "DATA" => {
                answer(&mut wire, "354 go ahead").await?;
                let Some(source) = data(&mut wire).await? else { return Ok(()) };
                let taken = std::mem::take(&mut said);
                said.is_known = taken.is_known;
                match take(world, &taken, &source, &mut stopping).await {
                    Some(reply) => reply,
                    None => return Ok(()),
                }
            }
            "QUIT" => return answer(&mut wire, "221 2.0.0 bye").await,
            _ => "500 5.5.1 unknown command".to_owned(),
        };
        answer(&mut wire, &reply).await?;
    }
}

/// Takes a mail, or does what a fault says; `None`: the session breaks off.
async fn take(world: &World, said: &Said, source: &[u8], stopping: &mut watch::Receiver<bool>) -> Option<String> {
    let at = world.now();
    let (method, path) = ("SEND".to_owned(), said.to.join(", "));
    let asked = Asked { vendor: Vendor::Mail, host: "", method: &method, path: &path, now: at };
    let fault = world.faults.strike(&asked);
    if let Some(delay) = fault.and_then(Fault::delay) {
        sleep(delay).await;
    }
    let acted = fault.is_none_or(|fault| fault.acted() || fault.kind() == FaultKind::Delay);
    let reply = match fault.map(|fault| (fault.kind(), fault)) {
        None | Some((FaultKind::Delay | FaultKind::Large | FaultKind::Expired, _)) => {
            Some("250 2.0.0 taken".to_owned())
        }
        Some((FaultKind::Status, fault)) => {
            let words = fault.body().and_then(|body| body.as_str()).unwrap_or("5.7.1 the mail is refused");
            Some(format!("{} {words}", fault.status()))
        }
        Some((FaultKind::Garbage, _)) => Some("<html>502</html>".to_owned()),
        Some((FaultKind::Refuse | FaultKind::HangUp | FaultKind::Cut | FaultKind::Silence, _)) => None,
    };
    let (request_id, body) = message::readable(said.from.as_deref(), &said.to, source);
    world.ledger.add(Entry {
        vendor: Vendor::Mail.name(),
        method,
        path,
        at,
        body,
        status: reply.as_ref().and_then(|reply| reply.get(..3)?.parse().ok()),
        acted,
        request_id,
    });
    if fault.is_some_and(|fault| fault.kind() == FaultKind::Silence) {
        stopped(stopping).await;
    }
    reply
}

/// User and password; `None`: a way to say them that is not known here.
async fn login(wire: &mut BufReader<Wire>, rest: &str) -> io::Result<Option<(String, String)>> {
    let (way, first) = rest.split_once(' ').map_or((rest, None), |(way, first)| (way, Some(first.to_owned())));
    let decoded =
        |text: &str| String::from_utf8(BASE64_STANDARD.decode(text.trim()).unwrap_or_default()).unwrap_or_default();
    match way.to_ascii_uppercase().as_str() {
        "PLAIN" => {
            let said = match first {
                Some(first) => first,
                None => asked(wire, "").await?,
            };
            let said = decoded(&said);
            let mut parts = said.split('\0').skip(1).map(str::to_owned);
            Ok(Some((parts.next().unwrap_or_default(), parts.next().unwrap_or_default())))
        }
        "LOGIN" => {
            let user = match first {
                Some(first) => first,
                None => asked(wire, "Username:").await?,
            };
            let password = asked(wire, "Password:").await?;
            Ok(Some((decoded(&user), decoded(&password))))
        }
        _ => Ok(None),
    }
}

async fn asked(wire: &mut BufReader<Wire>, what: &str) -> io::Result<String> {
    answer(wire, &format!("334 {}", BASE64_STANDARD.encode(what))).await?;
    Ok(line(wire).await?.unwrap_or_default())
}

/// The lines up to the dot; `None`: the mail is too large, or ends with its session.
async fn data(wire: &mut BufReader<Wire>) -> io::Result<Option<Vec<u8>>> {
    let mut source = Vec::new();
    loop {
        let begin = source.len();
        if wire.read_until(b'\n', &mut source).await? == 0 || source.len() > MAIL {
            return Ok(None);
        }
        match &source[begin..] {
            b".\r\n" | b".\n" => {
                source.truncate(begin);
                return Ok(Some(source));
            }
            // a dot at the beginning of a line is doubled on the way
            [b'.', ..] => drop(source.remove(begin)),
            _ => {}
        }
    }
}

/// `FROM:<a@b> BODY=8BITMIME`: the address.
fn address(rest: &str) -> Option<String> {
    let inside = rest.split_once('<')?.1.split_once('>')?.0;
    inside.contains('@').then(|| inside.to_owned())
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

async fn line(wire: &mut BufReader<Wire>) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = (&mut *wire).take(LINE).read_until(b'\n', &mut line).await?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned()))
}

async fn answer(wire: &mut BufReader<Wire>, text: &str) -> io::Result<()> {
    wire.write_all(format!("{text}\r\n").as_bytes()).await?;
    wire.flush().await
}
