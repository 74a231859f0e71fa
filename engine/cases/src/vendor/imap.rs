//! The IMAP server of a case: what a client needs to search, read and flag one mailbox.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::mailbox::{Mail, Mailbox};

/// The longest line that is read, bytes.
const LINE: u64 = 65_536;

type Wire = BufReader<TcpStream>;
type Shared = Arc<Mutex<Mailbox>>;

/// Takes sessions until it is dropped.
pub(super) async fn listen(listener: TcpListener, mailbox: Shared) {
    while let Ok((stream, _)) = listener.accept().await {
        let mailbox = mailbox.clone();
        // whoever hangs up has nothing more to say
        tokio::spawn(async move { session(BufReader::new(stream), &mailbox).await.unwrap_or_default() });
    }
}

pub(super) fn open(mailbox: &Mutex<Mailbox>) -> MutexGuard<'_, Mailbox> {
    mailbox.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Unknown,
    Known,
    Selected,
}

async fn session(mut wire: Wire, mailbox: &Mutex<Mailbox>) -> io::Result<()> {
    let mut stage = Stage::Unknown;
    wire.write_all(b"* OK case IMAP4rev1\r\n").await?;
    loop {
        let mut line = Vec::new();
        if (&mut wire).take(LINE).read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let Some((tag, command)) = line.split_once(' ') else {
            wire.write_all(b"* BAD no command\r\n").await?;
            continue;
        };
        let words = words(command);
        let (untagged, ended) = answer(&words, &mut stage, &mut open(mailbox));
        wire.write_all(&untagged).await?;
        wire.write_all(format!("{tag} {ended}\r\n").as_bytes()).await?;
        wire.flush().await?;
        if words.first().is_some_and(|word| word.eq_ignore_ascii_case("LOGOUT")) {
            return Ok(());
        }
    }
}

/// What is told, and how the command ended.
fn answer(words: &[String], stage: &mut Stage, mailbox: &mut Mailbox) -> (Vec<u8>, String) {
    let upper: Vec<String> = words.iter().take(2).map(|word| word.to_ascii_uppercase()).collect();
    let upper: Vec<&str> = upper.iter().map(String::as_str).collect();
    let said = |ended: &str| (Vec::new(), ended.to_owned());
    let argument = |at: usize| words.get(at).map_or("", String::as_str);
    match upper.as_slice() {
        ["CAPABILITY", ..] => (b"* CAPABILITY IMAP4rev1\r\n".to_vec(), "OK done".to_owned()),
        ["NOOP", ..] => said("OK done"),
        ["LOGOUT", ..] => (b"* BYE case\r\n".to_vec(), "OK done".to_owned()),
        ["LOGIN", ..] => {
            let known =
                !mailbox.account.is_empty() && argument(1) == mailbox.account && argument(2) == mailbox.password;
            if !known {
                return said("NO [AUTHENTICATIONFAILED] Invalid credentials");
            }
            *stage = Stage::Known;
            said("OK welcome")
        }
        _ if *stage == Stage::Unknown => said("BAD say first who you are"),
        ["SELECT" | "EXAMINE", ..] => {
            *stage = Stage::Known;
            if argument(1) != mailbox.folder {
                return said("NO [NONEXISTENT] Unknown Mailbox");
            }
            *stage = Stage::Selected;
            let untagged = format!(
                "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n* {} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] ok\r\n",
                mailbox.mails.len()
            );
            (untagged.into_bytes(), "OK [READ-WRITE] selected".to_owned())
        }
        _ if *stage != Stage::Selected => said("BAD select a folder first"),
        ["UID", "SEARCH"] => match search(&mailbox.mails, words.get(2..).unwrap_or_default()) {
            Ok(uids) => {
                let uids: String = uids.iter().map(|uid| format!(" {uid}")).collect();
                (format!("* SEARCH{uids}\r\n").into_bytes(), "OK found".to_owned())
            }
            Err(why) => said(&format!("BAD {why}")),
        },
        ["UID", "FETCH"] => fetch(mailbox, argument(2), &words.get(3..).unwrap_or_default().join(" ")),
        ["UID", "STORE"] => store(mailbox, argument(2), argument(3), words.get(4..).unwrap_or_default()),
        _ => said("BAD that is no command here"),
    }
}

fn fetch(mailbox: &mut Mailbox, set: &str, what: &str) -> (Vec<u8>, String) {
    let what = what.to_ascii_uppercase();
    let Some(set) = uid_set(set) else { return (Vec::new(), "BAD no uids".to_owned()) };
    let mut told = Vec::new();
    for (at, mail) in mailbox.mails.iter_mut().enumerate().filter(|(_, mail)| holds(&set, mail.uid)) {
        told.extend(format!("* {} FETCH (UID {} BODY[] {{{}}}\r\n", at + 1, mail.uid, mail.source.len()).into_bytes());
        told.extend_from_slice(&mail.source);
        told.extend_from_slice(b")\r\n");
        if !what.contains("PEEK") {
            mail.flags.insert("\\Seen".to_owned());
        }
    }
    (told, "OK fetched".to_owned())
}

fn store(mailbox: &mut Mailbox, set: &str, how: &str, flags: &[String]) -> (Vec<u8>, String) {
    let Some(set) = uid_set(set) else { return (Vec::new(), "BAD no uids".to_owned()) };
    let flags: Vec<String> = flags.iter().map(|flag| flag.trim_matches(['(', ')']).to_owned()).collect();
    let mut told = String::new();
    for (at, mail) in mailbox.mails.iter_mut().enumerate().filter(|(_, mail)| holds(&set, mail.uid)) {
        match how.to_ascii_uppercase().as_str() {
            "+FLAGS" | "+FLAGS.SILENT" => mail.flags.extend(flags.iter().cloned()),
            "-FLAGS" | "-FLAGS.SILENT" => mail.flags.retain(|flag| !flags.contains(flag)),
            "FLAGS" | "FLAGS.SILENT" => mail.flags = flags.iter().cloned().collect(),
            _ => return (Vec::new(), "BAD no such way to store".to_owned()),
        }
        let now: Vec<&str> = mail.flags.iter().map(String::as_str).collect();
        told.push_str(&format!("* {} FETCH (UID {} FLAGS ({}))\r\n", at + 1, mail.uid, now.join(" ")));
    }
    (told.into_bytes(), "OK stored".to_owned())
}

/// Uids of the mails for which all criteria hold.
fn search(mails: &[Mail], criteria: &[String]) -> Result<Vec<u32>, String> {
    let mut found: Vec<&Mail> = mails.iter().collect();
    let mut words = criteria.iter();
    while let Some(word) = words.next() {
        let (word, not) = match word.to_ascii_uppercase().as_str() {
            "NOT" => (words.next().ok_or("NOT what?")?.to_ascii_uppercase(), true),
            word => (word.to_owned(), false),
        };
        let mut argument = || words.next().cloned().ok_or_else(|| format!("{word} what?"));
        let holds: Box<dyn Fn(&Mail) -> bool> = match word.as_str() {
            "ALL" => Box::new(|_| true),
            "SEEN" | "ANSWERED" | "FLAGGED" | "DELETED" | "DRAFT" | "UNSEEN" | "UNANSWERED" | "UNFLAGGED"
            | "UNDELETED" => {
                let (flag, set) = word.strip_prefix("UN").map_or((word.as_str(), true), |flag| (flag, false));
                let flag = format!("\\{flag}");
                Box::new(move |mail| mail.flags.iter().any(|known| known.eq_ignore_ascii_case(&flag)) == set)
            }
            "SINCE" | "BEFORE" | "ON" => {
                let text = argument()?;
                let day = Date::strptime("%d-%b-%Y", text.trim_matches('"')).map_err(|_| format!("no day: {text}"))?;
                let order = word.clone();
                Box::new(move |mail| match order.as_str() {
                    "SINCE" => mail.day >= day,
                    "BEFORE" => mail.day < day,
                    _ => mail.day == day,
                })
            }
            "FROM" | "TO" | "CC" | "BCC" | "SUBJECT" => {
                let (header, text) = (word.clone(), argument()?.to_lowercase());
                Box::new(move |mail| mail.header(&header).contains(&text))
            }
            "TEXT" | "BODY" => {
                let text = argument()?.to_lowercase();
                Box::new(move |mail| String::from_utf8_lossy(&mail.source).to_lowercase().contains(&text))
            }
            "LARGER" | "SMALLER" => {
                let size: usize = argument()?.parse().map_err(|_| "no size".to_owned())?;
                let larger = word == "LARGER";
                Box::new(move |mail| if larger { mail.source.len() > size } else { mail.source.len() < size })
            }
            other => return Err(format!("nothing is searched by {other}")),
        };
        found.retain(|mail| holds(mail) != not);
    }
    Ok(found.iter().map(|mail| mail.uid).collect())
}

/// `3,7:9,12:*`
fn uid_set(text: &str) -> Option<Vec<(u32, u32)>> {
    let number = |text: &str| if text == "*" { Some(u32::MAX) } else { text.parse().ok().filter(|n| *n > 0) };
    let range = |part: &str| {
        let (from, to) = part.split_once(':').unwrap_or((part, part));
        let (from, to) = (number(from)?, number(to)?);
        Some((from.min(to), from.max(to)))
    };
    text.split(',').map(range).collect()
}

fn holds(set: &[(u32, u32)], uid: u32) -> bool {
    set.iter().any(|(from, to)| (*from..=*to).contains(&uid))
}

/// The words of a command; quotes hold one together.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = command.chars().peekable();
    while let Some(first) = letters.next() {
        let mut word = String::new();
        match first {
            ' ' => continue,
            '"' => {
                while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                    word.push(if letter == '\\' { letters.next().unwrap_or(letter) } else { letter });
                }
            }
            first => {
                word.push(first);
                while let Some(letter) = letters.next_if(|letter| *letter != ' ') {
                    word.push(letter);
                }
            }
        }
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_taken_apart() {
        assert_eq!(words(r#"LOGIN "a \"b\"" "c\\d" x"#), ["LOGIN", r#"a "b""#, r"c\d", "x"]);
        assert_eq!(words(r#"SELECT """#), ["SELECT", ""]);
        assert_eq!(uid_set("3,9:7,*"), Some(vec![(3, 3), (7, 9), (u32::MAX, u32::MAX)]));
        assert_eq!(uid_set("x"), None);
    }

    #[test]
    fn nobody_searches_without_saying_who_he_is() {
        let (mut stage, mut mailbox) = (Stage::Unknown, Mailbox::default());
        let mut says = |command: &str| answer(&words(command), &mut stage, &mut mailbox).1;
        assert_eq!(says("UID SEARCH ALL"), "BAD say first who you are");
        assert_eq!(says(r#"LOGIN "" """#), "NO [AUTHENTICATIONFAILED] Invalid credentials");
    }
}
