//! Mailboxes: a real server, and what no real one does when it is asked to.

mod support;

use std::sync::Arc;

use support::{Desk, tools};
use wf_host::clock::RealClock;
use wf_testkit::{ImapConfig, ImapServer, LineServer, Turn};

const FILE: &str = r#"transport: imap
config: {base_url: text, user: secret, password: secret}
server: =config.base_url
tls: TLS
auth: {basic: {user: =config.user, password: =config.password}}
limits: {timeout: 10s}
answers:
  - {is: [not_logged_in, no_answer, failure], status: 500, body: =answer.message}
reads:
  unread:
    input: {subject: optional text, from: optional text}
    steps:
      - request: SELECT INBOX
      - {id: found, request: SEARCH, criteria: {unseen: true, subject: =subject, from: =from}}
      - return: {body: []}
        if: empty(found.body)
      - {id: mails, request: FETCH, uids: =found.body, peek: true, retry: {when: [no_answer], attempts: 2, wait: 10ms}}
      - return: {body: =mails.body}
    output: list of mail
writes:
  seen:
    input: {uid: text}
    steps:
      - request: SELECT INBOX
      - {request: STORE, uids: [=uid], add_flags: ['\Seen']}
    doubt: repeat
    output: any
shapes: {mail: {uid: id, raw: text, subject: optional text, text: optional text}}
"#;

fn desk(tls: &str, server: &str) -> Desk {
    Desk::with(&FILE.replace("TLS", tls), server, tools(Arc::new(RealClock)))
}

const PLAIN: &str = "{enabled: false}";

fn mails() -> Vec<String> {
    let head = "From: noc@example.com\r\nContent-Type: text/plain; charset=utf-8\r\n";
    let of = |subject: &str| format!("{head}Subject: {subject}\r\n\r\nGrüße\r\n");
    vec![of("circuit down"), of("=?utf-8?B?w7xiZXI=?= Nacht"), of("=?iso-8859-1?Q?caf=E9?=")]
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_searched_fetched_and_marked_over_every_kind_of_connection() {
    let server = ImapServer::start_with(ImapConfig { mails: mails(), ..ImapConfig::default() });
    let address = |port: u16| format!("localhost:{port}");
    let ca_file = server.authority();
    let trusted = format!("{{enabled: true, ca_file: {}}}", ca_file.display());
    let desks = [
        desk(PLAIN, &address(server.port())),
        desk("{verify: false}", &address(server.secure_port())),
        desk(&trusted, &address(server.secure_port())),
    ];
    for (marked, desk) in desks.iter().enumerate() {
        let (status, said) = desk.ask("unread", "{}").await;
        assert_eq!((status, said.matches(r#""uid""#).count()), (200, 3 - marked), "{said}");
        assert!(said.contains(r"Gr\u00fc\u00dfe") && said.contains(r#""subject":"caf\u00e9""#), "{said}");
        assert_eq!(server.unread_and_read(), (3 - marked, marked), "reading leaves them unread");
        let (status, said) = desk.ask("seen", &format!(r#"{{"uid":"{}"}}"#, marked + 1)).await;
        assert_eq!(status, 200, "{said}");
        assert_eq!(server.unread_and_read(), (2 - marked, marked + 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_vouches_for_is_refused_before_the_login() {
    let server = ImapServer::start();
    for (tls, port) in [("starttls", server.port()), ("always", server.secure_port())] {
        let (status, said) = desk(tls, &format!("localhost:{port}")).ask("unread", "{}").await;
        assert!(status == 500 && said.contains("certificate"), "{tls}: {status} {said}");
    }
    assert!(!server.log().contains("Login: user="), "{}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_searched_for_may_be_written_in_any_script() {
    let server = ImapServer::start_with(ImapConfig { mails: mails(), ..ImapConfig::default() });
    let desk = desk(PLAIN, &server.address().to_string());
    for (wanted, found) in [("über", 1), ("ÜBER", 1), ("café", 1), ("台北", 0), ("circuit", 1)] {
        let (status, said) = desk.ask("unread", &format!(r#"{{"subject":"{wanted}","from":"noc"}}"#)).await;
        assert_eq!((status, said.matches(r#""uid""#).count()), (200, found), "{wanted}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_refused_is_told_without_the_password() {
    let server = ImapServer::start_with(ImapConfig { password: "another".into(), ..ImapConfig::default() });
    let (status, said) = desk(PLAIN, &server.address().to_string()).ask("unread", "{}").await;
    assert!(status == 500 && said.contains("Authentication failed"), "{status} {said}");
    let echo = LineServer::start(|_, line| match line.split_once(' ') {
        Some((tag, said)) => Turn::Say(format!("{tag} NO you said {said}\r\n")),
        None => Turn::Say("* OK hello\r\n".into()),
    });
    let (status, said) = desk(PLAIN, &echo.address().to_string()).ask("unread", "{}").await;
    assert!(status == 500 && said.contains("you said LOGIN") && !said.contains("s3cret"), "{status} {said}");
}

/// A mailbox with one mail, whose first session breaks off at the FETCH; its numbering is that of the session's number.
fn breaks_off(numbering: fn(usize) -> usize) -> LineServer {
    LineServer::start(move |session, line| {
        let Some((tag, command)) = line.split_once(' ') else { return Turn::Say("* OK hello\r\n".into()) };
        let told = match command {
            _ if command.starts_with("SELECT") => format!("* OK [UIDVALIDITY {}] x\r\n", numbering(session)),
            _ if command.starts_with("UID SEARCH") => "* SEARCH 4\r\n".to_owned(),
            _ if command.starts_with("UID FETCH") && session == 1 => return Turn::HangUp,
            // nobody has asked for the second one
            _ if command.starts_with("UID FETCH") => {
                "* 1 FETCH (UID 4 BODY[] {2}\r\nhi)\r\n* 2 FETCH (UID 7 BODY[] {2}\r\nno)\r\n".to_owned()
            }
            _ => String::new(),
        };
        Turn::Say(format!("{told}{tag} OK done\r\n"))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_lost_goes_on_in_the_same_folder() {
    let server = breaks_off(|_| 1);
    let (status, said) = desk(PLAIN, &server.address().to_string()).ask("unread", "{}").await;
    assert_eq!((status, said.matches(r#""uid""#).count()), (200, 1), "{said}");
    let asked: Vec<String> =
        server.heard().iter().filter_map(|line| Some(line.split_once(' ')?.1.split_once(' ')?.0.to_owned())).collect();
    let all = "LOGIN SELECT UID UID LOGIN SELECT UID";
    assert_eq!(asked.join(" "), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn uids_of_another_numbering_are_not_used() {
    let server = breaks_off(|session| session);
    let (status, said) = desk(PLAIN, &server.address().to_string()).ask("unread", "{}").await;
    assert!(status == 500 && said.contains("numbered anew"), "{status} {said}");
}
