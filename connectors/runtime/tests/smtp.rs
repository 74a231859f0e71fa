//! Mail, from its file to a real mail server.

mod support;

use std::sync::Arc;

use support::{Desk, connector, settings, tools};
use wf_connectors::ConnectorService;
use wf_host::clock::RealClock;
use wf_testkit::{SmtpConfig, SmtpServer, free_port};

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

#[test]
fn a_server_that_is_none_is_refused_at_the_start() {
    let connector = connector(&FILE.replace("TLS", ""));
    let given = [("DESK_BASE_URL", "mail:port"), ("DESK_USER", "u"), ("DESK_PASSWORD", "s3cret")];
    let settings = settings(&connector, &given);
    let refused = ConnectorService::new(connector, &settings, tools(Arc::new(RealClock))).err();
    let why = refused.map(|why| why.to_string()).unwrap_or_default();
    assert!(why.contains("its port is no number"), "{why}");
}
