//! gRPC, from its files to a real server that another hand wrote.

mod support;

use std::sync::Arc;

use support::{settings, tools};
use wf_check::Project;
use wf_connectors::ConnectorService;
use wf_host::clock::RealClock;
use wf_testkit::{GrpcConfig, GrpcServer, free_port};
use wf_value::decode;

const PROTO: &str = r#"
syntax = "proto3";
package model;
import "google/protobuf/timestamp.proto";
service Model { rpc Guess(Query) returns (Answer); rpc Learn(Query) returns (Answer); }
enum Color { NONE = 0; RED = 1; }
message Row { string name = 1; int64 number = 2; float share = 3; Color color = 4; }
message Query { int64 id = 1; repeated Row rows = 2; map<string, string> sites = 3; google.protobuf.Timestamp at = 4; }
message Answer { repeated Row rows = 1; string said = 2; bytes data = 3; Row best = 4; }
"#;

const FILE: &str = r#"connector: desk
title: A model
transport: grpc
queue: desk
proto: model.proto
config: {base_url: text, key: secret}
target: =config.base_url
TLS
auth: {api_key: {header: x-api-key, value: =config.key}}
messages: {unknown_fields: MODE, defaults: DEFAULTS}
limits: {timeout: 2s, bytes: BYTES}
answers:
  - {is: INVALID_ARGUMENT, status: 400}
  - {is: [no_answer, unusable], status: 500, body: =answer.message}
reads:
  guess:
    input: {id: any, rows: optional list of any, sites: optional map of text, at: optional text}
    request: model.Model/Guess
    message: {id: =id, rows: =rows, sites: =sites, at: =at}
    output: any
  best:
    input: {id: any}
    request: model.Model/Guess
    message: {id: =id}
    retry: {when: [UNAVAILABLE], attempts: 3, wait: 1ms}
    reply: "=answer.body.rows.map(r, r.name.orElse('nobody'))"
    output: list of text
writes:
  learn:
    input: {id: any}
    request: model.Model/Learn
    message: {id: =id}
    doubt: report
    output: any
"#;

struct Model {
    tls: String,
    mode: &'static str,
    defaults: &'static str,
    bytes: &'static str,
}

impl Model {
    fn plain() -> Self {
        Self { tls: "tls: {enabled: false}".into(), mode: "ignore", defaults: "omit", bytes: "1MB" }
    }

    async fn ask(&self, address: &str, action: &str, body: &str) -> (u16, String) {
        let text = FILE.replace("TLS", &self.tls).replace("MODE", self.mode);
        let text = text.replace("DEFAULTS", self.defaults).replace("BYTES", self.bytes);
        let files = [("connectors/desk/connector.yaml", text.as_str()), ("connectors/desk/model.proto", PROTO)];
        let checked = wf_check::check(&files.into_iter().collect::<Project>());
        let connector = checked.connectors.first().cloned().unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
        let settings = settings(&connector, &[("DESK_BASE_URL", address), ("DESK_KEY", "s3cret")]);
        let tools = tools(Arc::new(RealClock));
        let service = ConnectorService::new(connector, &settings, tools).unwrap_or_else(|why| panic!("{why}"));
        let body = decode(body).unwrap_or_else(|why| panic!("{why}"));
        let (status, body) = service.answer(action, Some("r-1".into()), body).await;
        (status, body.encode().unwrap_or_default())
    }
}

fn server(answers: &str, tls: bool) -> GrpcServer {
    GrpcServer::start_with(GrpcConfig { proto: PROTO.into(), answers: answers.into(), tls })
}

fn at(server: &GrpcServer) -> String {
    server.address().to_string()
}

const ROWS: &str = r#"{"model.Model/Guess": {"message": {"rows": [{"name": "a", "number": "9007199254740993", "share": 0.94843847,
    "color": "RED"}, {"share": 0.5}], "said": "über", "data": "+/8=", "best": {}}}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_arrives_whole_and_its_answer_is_read() {
    let server = server(ROWS, false);
    let body = r#"{"id":"77","rows":[{"name":"x","number":7.0,"color":"RED","share":null,"other":1}],"sites":{"a":"1"},"at":"2022-06-01T12:00:00Z"}"#;
    let (status, body) = Model::plain().ask(&at(&server), "guess", body).await;
    assert_eq!(
        (status, body.as_str()),
        (
            200,
            r#"{"rows":[{"name":"a","number":"9007199254740993","share":0.94843847,"color":"RED"},{"share":0.5}],"said":"\u00fcber","data":"+/8=","best":{}}"#
        )
    );
    let calls = server.calls();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    let call = decode(call.as_str()).unwrap_or_default();
    let part = |name: &str| call.as_map().map(|map| map.get(name)).unwrap_or_default();
    assert_eq!(
        part("message").encode().unwrap_or_default(),
        r#"{"id":"77","rows":[{"name":"x","number":"7","color":"RED"}],"sites":{"a":"1"},"at":"2022-06-01T12:00:00Z"}"#
    );
    let metadata = part("metadata");
    assert_eq!(metadata.as_map().and_then(|map| map.raw("x-api-key")?.as_str()), Some("s3cret"));
    // the server is told how much time it has
    let left = part("time_left");
    assert!(matches!(left, wf_value::Value::Float(left) if left > 0.0 && left <= 2.0), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_are_made_of_answers_with_or_without_defaults() {
    let server = server(r#"{"model.Model/Guess": {"message": {"rows": [{"name": "a"}, {"number": 1}]}}}"#, false);
    let (status, body) = Model::plain().ask(&at(&server), "best", r#"{"id":1}"#).await;
    assert_eq!((status, body.as_str()), (200, r#"["a","nobody"]"#));
    let whole = Model { defaults: "include", ..Model::plain() };
    let (status, body) = whole.ask(&at(&server), "guess", r#"{"id":1}"#).await;
    let rows =
        r#"[{"name":"a","number":"0","share":0.0,"color":"NONE"},{"name":"","number":"1","share":0.0,"color":"NONE"}]"#;
    assert_eq!((status, body), (200, format!(r#"{{"rows":{rows},"said":"","data":""}}"#)));
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_answers_and_reads_are_tried_again() {
    let refused = server(
        r#"{"model.Model/Guess": {"code": "INVALID_ARGUMENT", "details": "schlechte Zeile ü"}, "model.Model/Learn": {"code": "UNAVAILABLE"}}"#,
        false,
    );
    let (status, body) = Model::plain().ask(&at(&refused), "guess", r#"{"id":1}"#).await;
    assert_eq!((status, body.as_str()), (400, r#""schlechte Zeile \u00fc""#));
    // without a row: the text that came
    let (status, body) = Model::plain().ask(&at(&refused), "learn", r#"{"id":1}"#).await;
    assert_eq!((status, body.as_str()), (500, r#""""#));
    assert_eq!(refused.calls().len(), 2);
    let busy = server(r#"{"model.Model/Guess": {"code": "UNAVAILABLE", "details": "restarting"}}"#, false);
    let (status, body) = Model::plain().ask(&at(&busy), "best", r#"{"id":1}"#).await;
    assert_eq!((status, body.as_str()), (500, r#""restarting""#));
    assert_eq!(busy.calls().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_never_sent_and_what_is_too_long_not_read() {
    let server = server(ROWS, false);
    let (status, body) = Model::plain().ask(&at(&server), "guess", r#"{"id":"s3cret"}"#).await;
    assert_eq!(status, 500);
    assert!(body.contains("`id` is a text, it should be a whole number") && !body.contains("s3cret"), "{body}");
    let strict = Model { mode: "refuse", ..Model::plain() };
    let (status, body) = strict.ask(&at(&server), "guess", r#"{"id":1,"rows":[{"nme":"x"}]}"#).await;
    assert!(status == 500 && body.contains("`rows[0]` has no field `nme`"), "{status} {body}");
    assert_eq!(server.calls().len(), 0);
    let short = Model { bytes: "10B", ..Model::plain() };
    let (status, body) = short.ask(&at(&server), "guess", r#"{"id":1}"#).await;
    assert!(status == 500 && body.contains("longer than it may be"), "{status} {body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_ends_and_who_is_not_there_was_not_asked() {
    let slow = server(r#"{"model.Model/Guess": {"sleep": 10}}"#, false);
    let (status, body) = Model::plain().ask(&at(&slow), "guess", r#"{"id":1}"#).await;
    // the server, which is told the deadline, or our own clock: whoever is first
    assert!(status == 500 && (body.contains("no answer within 2 s") || body.contains("Deadline")), "{status} {body}");
    let (status, body) = Model::plain().ask(&format!("127.0.0.1:{}", free_port()), "guess", r#"{"id":1}"#).await;
    assert!(status == 500 && body.contains("no connection"), "{status} {body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_encrypted_and_certificates_checked() {
    let server = server(ROWS, true);
    let certificate = server.server_certificate();
    let trusted = format!("tls: {{ca_file: {}}}", certificate.display());
    for tls in [trusted.as_str(), "tls: {verify: false}"] {
        let model = Model { tls: tls.into(), ..Model::plain() };
        let (status, body) = model.ask(&at(&server), "guess", r#"{"id":1}"#).await;
        assert_eq!(status, 200, "{tls}: {body}");
    }
    let unknown = Model { tls: String::new(), ..Model::plain() };
    let (status, body) = unknown.ask(&at(&server), "guess", r#"{"id":1}"#).await;
    assert!(status == 500 && body.contains("certificate"), "nobody vouches for it: {status} {body}");
}
