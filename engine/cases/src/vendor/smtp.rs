//! The mail server of a case: takes what the script says it takes.

use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::answer::Act;
use super::asked::Asked;
use super::mail;
use super::script::Script;
use super::server::lock;

/// The longest line and the largest mail that are read, bytes.
const LINE: u64 = 16_384;
const MAIL: usize = 256 * 1024 * 1024;

type Wire = BufReader<TcpStream>;

/// Takes sessions until it is dropped.
pub(super) async fn listen(listener: TcpListener, script: Arc<Mutex<Script>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let script = script.clone();
        // whoever hangs up has nothing more to say
        tokio::spawn(async move { session(BufReader::new(stream), &script).await.unwrap_or_default() });
    }
}

/// One session: who it is, from whom, to whom, and the mail itself.
async fn session(mut wire: Wire, script: &Mutex<Script>) -> io::Result<()> {
    let (mut from, mut to) = (String::new(), Vec::new());
    say(&mut wire, "220 case ESMTP").await?;
    while let Some(line) = line(&mut wire).await? {
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let reply = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-case\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN".to_owned(),
            "HELO" | "NOOP" | "RSET" => "250 2.0.0 ok".to_owned(),
            "AUTH" => {
                login(&mut wire, rest).await?;
                let asked = Asked { method: "SMTP".to_owned(), path: "LOGIN".to_owned(), ..Asked::default() };
                let act = lock(script).answer_listed(&asked);
                match act.unwrap_or(Act::Accepted { refused: Vec::new() }) {
                    Act::Accepted { .. } => "235 2.7.0 welcome".to_owned(),
                    act => match end(&mut wire, act).await? {
                        Some(reply) => reply,
                        None => return Ok(()),
                    },
                }
            }
            "MAIL" => {
                from = address(rest);
                "250 2.1.0 ok".to_owned()
            }
            "RCPT" => {
                let address = address(rest);
                let refused = lock(script).refused_recipient(&address);
                match refused {
                    Some((code, text)) => format!("{code} {text}"),
                    None => {
                        to.push(address);
                        "250 2.1.5 ok".to_owned()
                    }
                }
            }
            "DATA" => {
                say(&mut wire, "354 go ahead").await?;
                let Some(source) = data(&mut wire).await? else { return Ok(()) };
                let act = match mail::asked(&std::mem::take(&mut from), &std::mem::take(&mut to), &source) {
                    Ok(asked) => lock(script).answer(&asked),
                    Err(why) => {
                        lock(script).unreadable(&why);
                        Act::Said { code: 554, text: "5.6.0 that is no mail".to_owned() }
                    }
                };
                match end(&mut wire, act).await? {
                    Some(reply) => reply,
                    None => return Ok(()),
                }
            }
            "QUIT" => return say(&mut wire, "221 2.0.0 bye").await,
            _ => "500 5.5.1 unknown command".to_owned(),
        };
        say(&mut wire, &reply).await?;
    }
    Ok(())
}

/// What is said; `None`: nothing, and the session is over.
async fn end(wire: &mut Wire, act: Act) -> io::Result<Option<String>> {
    Ok(match act {
        Act::Accepted { .. } => Some("250 2.0.0 taken".to_owned()),
        Act::Said { code, text } => Some(format!("{code} {text}")),
        Act::Silence => {
            // until whoever asked goes away
            while line(wire).await?.is_some() {}
            None
        }
        Act::Cut => {
            wire.write_all(b"25").await?;
            None
        }
        Act::Refused => None,
        Act::Answer { .. } | Act::Message(_) | Act::Code(_) => Some("554 5.0.0 no case data".to_owned()),
    })
}

/// Hears out who it is: anybody is known.
async fn login(wire: &mut Wire, rest: &str) -> io::Result<()> {
    let (way, first) = rest.split_once(' ').map_or((rest, None), |(way, first)| (way, Some(first)));
    let questions = match (way.to_ascii_uppercase().as_str(), first) {
        ("LOGIN", None) => 2,
        ("LOGIN", Some(_)) | (_, None) => 1,
        (_, Some(_)) => 0,
    };
    for _ in 0..questions {
        say(wire, "334 ").await?;
        line(wire).await?;
    }
    Ok(())
}

/// The lines up to the dot; `None`: the mail is too large, or ends with its session.
async fn data(wire: &mut Wire) -> io::Result<Option<Vec<u8>>> {
    let mut source = Vec::new();
    loop {
        let begin = source.len();
        if wire.read_until(b'\n', &mut source).await? == 0 || source.len() > MAIL {
            return Ok(None);
        }
        match source.get(begin..) {
            Some(b".\r\n" | b".\n") => {
                source.truncate(begin);
                return Ok(Some(source));
            }
            // a dot at the beginning of a line is doubled on the way
            Some([b'.', ..]) => drop(source.remove(begin)),
            _ => {}
        }
    }
}

/// `FROM:<a@b> BODY=8BITMIME`: the address.
fn address(rest: &str) -> String {
    let inside = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or(rest, |(address, _)| address).to_owned()
}

async fn line(wire: &mut Wire) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = (&mut *wire).take(LINE).read_until(b'\n', &mut line).await?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned()))
}

async fn say(wire: &mut Wire, text: &str) -> io::Result<()> {
    wire.write_all(format!("{text}\r\n").as_bytes()).await?;
    wire.flush().await
}
