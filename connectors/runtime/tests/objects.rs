//! Objects, from their file to a real store that checks signatures, and to a folder.

mod support;

use std::sync::Arc;

use support::{Desk, connector, settings, text, tools, vendor};
use wf_connectors::ConnectorService;
use wf_host::clock::RealClock;
use wf_testkit::{S3Config, S3Server, free_port};

const FILE: &str = r"transport: objects
config: {base_url: text, user: secret, password: secret}
server: =config.base_url
options: {region: us-east-1}
auth: {basic: {user: =config.user, password: =config.password}}
limits: {timeout: 20s}
answers:
  - {is: not_logged_in, status: 401, body: =answer.message}
writes:
  put:
    input: {bucket: text, key: text, data: bytes, content_type: {default: application/octet-stream}}
    request: PUT {{ bucket }}/{{ key }}
    bytes: =data
    content_type: =content_type
    doubt: repeat
    output: any
  note:
    input: {key: text, said: text}
    request: PUT reports/notes/{{ key }}
    text: =said
    doubt: repeat
    output: any
  delete:
    input: {bucket: text, key: text}
    request: DELETE {{ bucket }}/{{ key }}
    doubt: repeat
    output: any
reads:
  text:
    input: {bucket: text, key: text}
    request: GET {{ bucket }}/{{ key }}
    output: any
  bytes:
    input: {bucket: text, key: text}
    request: GET {{ bucket }}/{{ key }}
    vendor: bytes
    output: bytes
";

fn store() -> S3Server {
    S3Server::start_with(S3Config { access_key: "ann".into(), secret_key: "s3cret".into(), bucket: "reports".into() })
}

fn desk(server: &str) -> Desk {
    Desk::with(FILE, server, tools(Arc::new(RealClock)))
}

/// What every store does, whatever stands behind it. `/////fv8=` is no UTF-8.
async fn what_is_put_is_read_again(desk: &Desk) {
    let key = "daily/2022-06-01 ü+&=$~(1).csv";
    let put = format!(r#"{{"bucket":"reports","key":"{key}","data":"YSxiCg==","content_type":"text/csv"}}"#);
    let (status, said) = desk.ask("put", &put).await;
    assert_eq!((status, said.as_str()), (200, r#""""#));
    let place = format!(r#"{{"bucket":"reports","key":"{key}"}}"#);
    assert_eq!(desk.ask("text", &place).await, (200, r#""a,b\n""#.to_owned()));
    assert_eq!(desk.ask("bytes", &place).await, (200, r#""YSxiCg==""#.to_owned()));
    let (status, _) = desk.ask("put", r#"{"bucket":"reports","key":"raw","data":"/////fv8="}"#).await;
    assert_eq!(status, 400, "that is no base64");
    let (status, said) = desk.ask("put", r#"{"bucket":"reports","key":"raw","data":"/////fv8"}"#).await;
    assert_eq!(status, 200, "{said}");
    assert_eq!(desk.ask("bytes", r#"{"bucket":"reports","key":"raw"}"#).await, (200, r#""/////fv8""#.to_owned()));
    assert_eq!(desk.ask("note", r#"{"key":"n","said":"hé"}"#).await.0, 200);
    assert_eq!(desk.ask("text", r#"{"bucket":"reports","key":"notes/n"}"#).await, (200, r#""h\u00e9""#.to_owned()));
    assert_eq!(desk.ask("delete", &place).await.0, 204);
    assert_eq!(desk.ask("delete", &place).await.0, 204, "what is not there is deleted");
    assert_eq!(desk.ask("text", &place).await.0, 404);
    for key in ["../x", "a/../../x", "."] {
        let (status, said) = desk.ask("text", &format!(r#"{{"bucket":"reports","key":"{key}"}}"#)).await;
        assert!(status == 400 && said.contains("no name of one thing"), "{key}: {status} {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_takes_what_is_signed() {
    let store = store();
    what_is_put_is_read_again(&desk(&store.url())).await;
    let (status, said) = desk(&store.url()).ask("put", r#"{"bucket":"nobodys","key":"k","data":""}"#).await;
    assert!(status == 404 && said.contains("NoSuchBucket"), "{status} {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_a_store() {
    let folder = tempfile::tempdir().unwrap_or_else(|why| panic!("{why}"));
    let desk = desk(&format!("file:{}", folder.path().display()));
    what_is_put_is_read_again(&desk).await;
    let note = folder.path().join("reports/notes/n");
    assert_eq!(std::fs::read_to_string(&note).ok().as_deref(), Some("hé"));
    let inside = std::fs::read_dir(folder.path().join("reports")).map(|files| files.count());
    assert_eq!(inside.ok(), Some(3), "daily, notes, raw: nothing half written is left");
    let (status, said) = desk.ask("text", r#"{"bucket":"reports","key":"a//b"}"#).await;
    assert!(status == 400 && said.contains("no name of a file"), "{status} {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_and_no_store_are_told_apart_and_no_secret_is() {
    let other = S3Config { access_key: "ann".into(), secret_key: "another".into(), bucket: "reports".into() };
    let store = S3Server::start_with(other);
    let put = r#"{"bucket":"reports","key":"k","data":"YQ=="}"#;
    let (status, said) = desk(&store.url()).ask("put", put).await;
    assert!(status == 401 && said.contains("SignatureDoesNotMatch") && !said.contains("s3cret"), "{status} {said}");
    let (status, said) = desk(&format!("http://127.0.0.1:{}", free_port())).ask("put", put).await;
    assert!(status == 500 && said.contains("no connection"), "{status} {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_by_its_code_and_a_page_is_no_receipt() {
    let xml = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    let vendor = vendor([text(403, xml), text(200, "<html>please log in</html>"), text(200, "")]);
    let desk = desk(&vendor.url());
    let put = async || desk.ask("note", r#"{"key":"a","said":"b"}"#).await;
    assert_eq!(put().await, (403, r#""AccessDenied: Access Denied""#.to_owned()));
    let (status, said) = put().await;
    assert!(status == 502 && said.contains("as no store of objects does"), "{status} {said}");
    assert_eq!(put().await.0, 200);
}

#[test]
fn what_is_no_store_is_refused_at_the_start() {
    for (server, why) in [("ftp://store.example", "neither http:// or https://"), ("file:", "names no folder")] {
        let connector = connector(FILE);
        let given = [("DESK_BASE_URL", server), ("DESK_USER", "u"), ("DESK_PASSWORD", "s3cret")];
        let settings = settings(&connector, &given);
        let refused = ConnectorService::new(connector, &settings, tools(Arc::new(RealClock))).err();
        let said = refused.map(|why| why.to_string()).unwrap_or_default();
        assert!(said.contains(why), "{server}: {said}");
    }
}
