//! Mail, from its file to a real mail server.

mod support;

use std::sync::Arc;

use support::{Desk, connector, settings, tools};
use wf_connectors::ConnectorService;
use wf_host::clock::RealClock;
use wf_testkit::{GREETING, LineServer, SmtpConfig, SmtpServer, Turn, free_port};

const FILE: &str = r#"transport: smtp
config: {base_url: text, user: secret, password: secret}
server: =config.base_url
TLS
auth: {basic: {user: =config.user, password: =config.password}}
limits: {timeout: 10s}
answers:
  - {is: not_logged_in, status: 401, body: =answer.message}
writes:
  send:
    input: {to: text, images: optional list of file, files: optional list of file}
    request: SEND
    mail:
      from: Desk <desk@a.example>
      to: =to
      subject: Grüße
      text: plain words
      html: "<p>rich <b>words</b></p>"
      images: =images
      attachments: =files
      attachment_type: text/csv; charset=utf-8
    doubt: report
    output: any
shapes: {file: {name: text, data: bytes}}
"#;

/// User and password of the connector.
fn login() -> Option<(String, String)> {
    Some(("ann".into(), "s3cret".into()))
}

fn desk(tls: &str, server: &str) -> Desk {
    Desk::with(&FILE.replace("TLS", tls), server, tools(Arc::new(RealClock)))
}

fn at(server: &SmtpServer) -> String {
    server.address().to_string()
}

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_arrives_whole() {
    let server = SmtpServer::start_with(SmtpConfig { login: login(), ..SmtpConfig::default() });
    let body = format!(
        r#"{{"to":"x@b.example, Why <y@b.example>","images":[{{"name":"logo","data":"{PNG}"}}],"files":[{{"name":"t.csv","data":"YSxiCg=="}}]}}"#
    );
    let (status, said) = desk("", &at(&server)).ask("send", &body).await;
    assert_eq!((status, said.as_str()), (200, r#""2.0.0 taken""#));
    let mails = server.mails();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    for part in [
        r#""from": "desk@a.example""#,
        r#""to": ["x@b.example", "y@b.example"]"#,
        r#""user": "ann""#,
        "Subject: =?utf-8?b?R3LDvMOfZQ==?=",
        "plain words",
        "<p>rich <b>words</b></p>",
        "Content-ID: <logo>",
        "image/png",
        "text/csv; charset=utf-8",
        "YSxiCg==",
    ] {
        assert!(mail.contains(part), "{part}\n{mail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_encrypted_before_the_login() {
    let server = SmtpServer::start_with(SmtpConfig { login: login(), tls: true, ..SmtpConfig::default() });
    let certificate = server.certificate();
    let trusted = format!("tls: {{enabled: true, ca_file: {}}}", certificate.display());
    for tls in [trusted.as_str(), "tls: {verify: false}"] {
        let (status, said) = desk(tls, &at(&server)).ask("send", r#"{"to":"x@b.example"}"#).await;
        assert_eq!(status, 200, "{tls}: {said}");
    }
    assert!(server.mails().iter().all(|mail| mail.contains(r#""encrypted": true"#)));
    let (status, said) = desk("tls: starttls", &at(&server)).ask("send", r#"{"to":"x@b.example"}"#).await;
    assert!(status == 500 && said.contains("certificate"), "nobody vouches for it: {status} {said}");
    assert_eq!(server.mails().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refuses_is_told() {
    let refused_recipients = vec!["gone@b.example".to_owned()];
    let server = SmtpServer::start_with(SmtpConfig { login: login(), refused_recipients, ..SmtpConfig::default() });
    let desk = desk("", &at(&server));
    let (status, _) = desk.ask("send", r#"{"to":"gone@b.example, x@b.example"}"#).await;
    assert_eq!(status, 200, "the others get it");
    let mails = server.mails();
    assert!(mails.len() == 1 && mails[0].contains(r#""to": ["x@b.example"]"#), "{mails:?}");
    let (status, said) = desk.ask("send", r#"{"to":"gone@b.example"}"#).await;
    assert!(status == 500 && said.contains("550") && said.contains("no such mailbox"), "{status} {said}");
    let (status, said) = desk.ask("send", r#"{"to":"nobody"}"#).await;
    assert!(status == 400 && said.contains("`to`"), "{status} {said}");
    assert_eq!(server.mails().len(), 1);

    let server =
        SmtpServer::start_with(SmtpConfig { refuses: Some("554 5.7.1 rejected".into()), ..SmtpConfig::default() });
    let yaml = FILE.replace("TLS", "").replace("auth: {basic: {user: =config.user, password: =config.password}}\n", "");
    let yaml = yaml.replace(", user: secret, password: secret", "");
    let yaml = yaml.replace("answers:\n  - {is: not_logged_in, status: 401, body: =answer.message}\n", "");
    let open = Desk::with(&yaml, &at(&server), tools(Arc::new(RealClock)));
    let (status, said) = open.ask("send", r#"{"to":"x@b.example"}"#).await;
    assert!(status == 500 && said.contains("554"), "{status} {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_and_no_server_are_told_apart_and_no_password_is() {
    let other = Some(("ann".to_owned(), "other".to_owned()));
    let server = SmtpServer::start_with(SmtpConfig { login: other, ..SmtpConfig::default() });
    let (status, said) = desk("", &at(&server)).ask("send", r#"{"to":"x@b.example"}"#).await;
    assert!(status == 401 && said.contains("535") && !said.contains("s3cret"), "{status} {said}");
    let (status, said) = desk("", &format!("127.0.0.1:{}", free_port())).ask("send", r#"{"to":"x@b.example"}"#).await;
    assert!(status == 500 && said.contains("no connection"), "{status} {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_asked_for_twice_is_sent_once() {
    let server = SmtpServer::start_with(SmtpConfig { login: login(), ..SmtpConfig::default() });
    let desk = desk("", &at(&server));
    for _ in 0..2 {
        assert_eq!(desk.ask_as("send", Some("id-1"), r#"{"to":"x@b.example"}"#).await.0, 200);
    }
    assert_eq!(server.mails().len(), 1);
}

/// A server that takes everything, but for the line that begins so.
fn odd(beginning: &'static str, turn: Turn) -> LineServer {
    LineServer::start(move |_, line| match line {
        _ if line.starts_with(beginning) => turn.clone(),
        GREETING => Turn::Say("220 here\r\n".into()),
        _ if line.starts_with("EHLO") => Turn::Say("250-here\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n".into()),
        _ if line.starts_with("AUTH") => Turn::Say("235 known\r\n".into()),
        "DATA" => Turn::Say("354 go on\r\n".into()),
        "." => Turn::Say("250 taken\r\n".into()),
        _ if line.starts_with("MAIL") || line.starts_with("RCPT") || line == "QUIT" => Turn::Say("250 ok\r\n".into()),
        _ => Turn::Silence,
    })
}

async fn sent(server: &LineServer) -> (u16, String) {
    desk("tls: {enabled: false}", &server.address().to_string()).ask("send", r#"{"to":"x@b.example"}"#).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_taken_is_sent_though_the_server_never_says_goodbye() {
    let begun = std::time::Instant::now();
    assert_eq!(sent(&odd("QUIT", Turn::Silence)).await, (200, r#""taken""#.to_owned()));
    let refuses = LineServer::start(|_, line| match line {
        GREETING => Turn::Say("220 here\r\n".into()),
        _ if line.starts_with("EHLO") => Turn::Say("250-here\r\n250 AUTH PLAIN\r\n".into()),
        _ if line.starts_with("AUTH") => Turn::Say("235 known\r\n".into()),
        _ if line.starts_with("MAIL") => Turn::Say("552 too much\r\n".into()),
        _ => Turn::Silence,
    });
    let (status, said) = sent(&refuses).await;
    assert!(status == 500 && said.contains("552 too much"), "{status} {said}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "nobody waits for a goodbye");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_talks_without_end_is_cut_off() {
    for line in [GREETING, "RCPT"] {
        let (status, said) = sent(&odd(line, Turn::Forever)).await;
        assert!(status == 500 && said.contains("without end"), "{line}: {status} {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_the_server_repeats_is_blotted_out() {
    let echo = odd("AUTH", Turn::Say("535 you said AUTH PLAIN AGFubgBzM2NyZXQ=, that is s3cret\r\n".into()));
    let (status, said) = sent(&echo).await;
    assert_eq!((status, said.as_str()), (401, r#""the login failed: 535 you said AUTH PLAIN ***, that is ***""#));
    assert!(echo.heard().iter().any(|line| line == "AUTH PLAIN AGFubgBzM2NyZXQ="), "{:?}", echo.heard());
}

#[test]
fn a_server_that_is_none_is_refused_at_the_start() {
    let connector = connector(&FILE.replace("TLS", ""));
    let given = [("DESK_BASE_URL", "mail:port"), ("DESK_USER", "u"), ("DESK_PASSWORD", "s3cret")];
    let settings = settings(&connector, &given);
    let refused = ConnectorService::new(connector, &settings, tools(Arc::new(RealClock))).err();
    let why = refused.map(|why| why.to_string()).unwrap_or_default();
    assert!(why.contains("its port is no number"), "{why}");
}
