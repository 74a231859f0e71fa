//! What becomes of an answer: every row of the tables of `connectors.md` §4 that a vendor on a socket can show.

mod support;

use support::{Desk, asked, json, status, text, vendor};
use wf_testkit::{Answer, FaultyHttp, Reply};

const PLAIN: &str = "
config: {base_url: url}
base_url: =config.base_url
limits: {timeout: 2s}
reads:
  get:
    input: {id: scalar}
    request: GET /things/{{ id }}
    vendor: {name: text, parts: optional list of text}
    reply: =answer.body.name
    output: text
  raw:
    input: {}
    request: GET /raw
    output: any
";

async fn one(yaml: &str, action: &str, body: &str, answer: Answer) -> (u16, String) {
    let vendor = vendor([answer]);
    let reply = Desk::new(yaml, &vendor).ask(action, body).await;
    assert_eq!(vendor.asked().len(), 1);
    reply
}

async fn get(answer: Answer) -> (u16, String) {
    one(PLAIN, "get", r#"{"id":7}"#, answer).await
}

async fn raw(answer: Answer) -> (u16, String) {
    one(PLAIN, "raw", "{}", answer).await
}

#[tokio::test]
async fn without_rows_a_2xx_is_mapped_and_all_else_goes_back_as_it_came() {
    assert_eq!(get(json(r#"{"name":"box"}"#)).await, (200, r#""box""#.into()));
    assert_eq!(get(status(201, r#"{"name":"box"}"#)).await, (201, r#""box""#.into()));
    assert_eq!(get(status(404, r#"{"e":1}"#)).await, (404, r#"{"e":1}"#.into()));
    assert_eq!(get(text(503, "busy")).await, (503, r#""busy""#.into()));
    assert_eq!(get(status(302, "")).await, (302, "null".into()));
}

#[tokio::test]
async fn without_a_reply_the_body_goes_on_as_it_came() {
    assert_eq!(raw(text(200, r#"{"looks":"like json"}"#)).await, (200, r#""{\"looks\":\"like json\"}""#.into()));
    assert_eq!(raw(json("null")).await, (200, "null".into()));
    assert_eq!(raw(json("")).await, (200, "null".into()));
    assert_eq!(raw(Reply::status(204).into()).await, (204, r#""""#.into()));
    let problem = Reply::status(200).header("content-type", "application/vnd.x+json; charset=utf-8").body(r#"{"a":1}"#);
    assert_eq!(raw(problem.into()).await, (200, r#"{"a":1}"#.into()));
}

#[tokio::test]
async fn what_is_not_of_the_outermost_kind_is_unusable_and_what_is_wrong_inside_passes() {
    let (found, body) = get(json("[1]")).await;
    assert_eq!(
        (found, body.as_str()),
        (502, r#""the answer is a list, it should be a {name: text, parts: optional list of text}""#)
    );
    assert_eq!(get(text(200, "no json")).await.0, 502);
    let (found, body) = get(json(r#"{"title":"x"}"#)).await;
    assert_eq!((found, body.contains("`name` is missing")), (502, true), "{body}");
    assert_eq!(get(json(r#"{"name":"x","parts":[{"odd":1}]}"#)).await, (200, r#""x""#.into()));
}

#[tokio::test]
async fn broken_json_is_unusable_whatever_its_status() {
    for code in [200, 404] {
        let (found, body) = get(status(code, r#"{"name":"#)).await;
        assert_eq!((found, body.contains("the answer is no JSON")), (502, true), "{body}");
    }
    let odd = Reply::status(200).header("content-type", "application/json").body(vec![b'"', 0xff, b'"']);
    assert_eq!(get(odd.into()).await.0, 502);
}

const EXPECTS: &str = "
config: {base_url: url}
base_url: =config.base_url
expects: json
reads:
  raw: {input: {}, request: GET /raw, output: any}
";

#[tokio::test]
async fn who_expects_json_takes_nothing_else_but_emptiness() {
    assert_eq!(one(EXPECTS, "raw", "{}", text(200, "hello")).await, (502, r#""the answer is no JSON""#.into()));
    assert_eq!(one(EXPECTS, "raw", "{}", text(200, "")).await, (200, r#""""#.into()));
    assert_eq!(one(EXPECTS, "raw", "{}", text(400, "hello")).await, (400, r#""hello""#.into()));
}

const ROWS: &str = "
config: {base_url: url}
base_url: =config.base_url
limits: {timeout: 1s}
answers:
  - {is: 500..512, status: 500, body: It failed}
  - {is: [no_answer, unusable], status: 599, body: \"No use: {{ answer.message }}\"}
  - {is: failure, body: {code: =answer.status, said: =answer.body.error.text, of: '{{ answer.url }}', was: =id}}
reads:
  get:
    input: {id: scalar}
    request: GET /things/{{ id }}
    vendor: {name: optional text}
    answers:
      - {is: 404, body: \"There is no {{ id }}\"}
      - {if: has(answer.body.error), status: 418, body: =answer.body.error.text}
      - {is: 2xx, if: answer.body.name == 'nobody', status: =answer.body.code, body: null}
      - {if: answer.body.name.size() > 3, status: 299}
    reply: =answer.body.name
    output: optional text
";

async fn rows(answer: Answer) -> (u16, String) {
    one(ROWS, "get", r#"{"id":7}"#, answer).await
}

#[tokio::test]
async fn the_first_row_that_holds_ends_it_the_requests_own_before_the_files() {
    assert_eq!(rows(status(404, "{}")).await, (404, r#""There is no 7""#.into()));
    assert_eq!(rows(text(507, "x")).await, (500, r#""It failed""#.into()));
    assert_eq!(rows(json(r#"{"error":{"text":"odd"}}"#)).await, (418, r#""odd""#.into()));
    assert_eq!(rows(json(r#"{"name":"nobody","code":404}"#)).await, (404, "null".into()));
    assert_eq!(rows(json(r#"{"name":"long name"}"#)).await, (299, r#"{"name":"long name"}"#.into()));
    assert_eq!(rows(json(r#"{"name":"box"}"#)).await, (200, r#""box""#.into()));
}

#[tokio::test]
async fn in_rows_an_absent_field_of_anything_is_null() {
    let said = r#"{"code":400,"said":null,"of":"/things/{id}","was":7}"#;
    for body in [r#"{"x":1}"#, "[1]", r#""text""#, "5", "null"] {
        assert_eq!(rows(status(400, body)).await, (400, said.into()), "{body}");
    }
    let said = r#"{"code":400,"said":"no","of":"/things/{id}","was":7}"#;
    assert_eq!(rows(status(400, r#"{"error":{"text":"no"}}"#)).await, (400, said.into()));
}

#[tokio::test]
async fn an_unknown_condition_goes_through_the_rows_once_more_as_unusable() {
    // `null.size()`
    let (found, body) = rows(json("{}")).await;
    assert_eq!((found, body.starts_with(r#""No use: nobody can tell what the answer means"#)), (599, true), "{body}");
    // a status that is none
    assert_eq!(rows(json(r#"{"name":"nobody","code":"odd"}"#)).await.0, 599);
}

#[tokio::test]
async fn beside_a_word_no_status_holds() {
    // 200 with broken JSON, and 507: the row for 500..512 is about statuses, the one for `unusable` about the word
    assert_eq!(rows(status(507, "{")).await.0, 599);
    assert_eq!(rows(status(200, "{")).await.0, 599);
}

#[tokio::test]
async fn ways_to_get_no_answer_are_told_apart() {
    let mut down = FaultyHttp::start(|_| Reply::status(200).into());
    down.refuse();
    let desk = Desk::new(PLAIN, &down);
    let (found, body) = desk.ask("raw", "{}").await;
    assert_eq!((found, body.starts_with(r#""no connection"#)), (500, true), "{body}");
    assert_eq!(Desk::new(ROWS, &down).ask("get", r#"{"id":7}"#).await.0, 599);

    let (found, body) = raw(Answer::Silence).await;
    assert_eq!((found, body.as_str()), (504, r#""no answer within 2 s""#));
    assert_eq!(rows(Answer::Silence).await, (599, r#""No use: no answer within 1 s""#.into()));
    for cut in [
        Answer::Close,
        Answer::Reset,
        Answer::CutBody(Reply::json(r#"{"name":"box"}"#), 4),
        Answer::Garbage(b"\xff\x00nonsense\r\n\r\n".to_vec()),
    ] {
        let (found, body) = raw(cut.clone()).await;
        assert_eq!((found, body.contains("broke off") || body.contains("cut off")), (500, true), "{cut:?} {body}");
        assert_eq!(rows(cut).await.0, 599);
    }
}

const WORDS: &str = "
config: {base_url: url}
base_url: =config.base_url
limits: {timeout: 1s}
answers:
  - {is: no_connection, status: 591}
  - {is: timeout, status: 592}
  - {is: no_answer, status: 593}
  - {is: unusable, status: =answer.status, body: =answer.text}
  - {is: bad_input, status: 422, body: =answer.errors}
  - {is: any, status: 299, body: [=answer.status, \"=answer.headers['x-note']\", =answer.text]}
reads:
  get: {input: {id: integer, flag: optional any}, request: 'GET /things/{{ id }}', query: {flag: =flag}, vendor: list of any, output: list of any}
";

#[tokio::test]
async fn each_word_has_its_row() {
    let ask = async |answer| one(WORDS, "get", r#"{"id":7}"#, answer).await;
    assert_eq!(ask(Answer::Silence).await.0, 592);
    assert_eq!(ask(Answer::Close).await.0, 593);
    assert_eq!(ask(json(r#"{"a":1}"#)).await, (200, r#""{\"a\":1}""#.into()));
    let noted = Reply::status(402).header("X-Note", "pay").body("money");
    assert_eq!(ask(noted.into()).await, (299, r#"[402,"pay","money"]"#.into()));
    let mut down = FaultyHttp::start(|_| Reply::status(200).into());
    down.refuse();
    assert_eq!(Desk::new(WORDS, &down).ask("get", r#"{"id":7}"#).await.0, 591);
}

#[tokio::test]
async fn a_bad_input_is_refused_before_anybody_is_asked() {
    let vendor = vendor([json("[]")]);
    let desk = Desk::new(WORDS, &vendor);
    let (found, body) = desk.ask("get", r#"{"id":"abc"}"#).await;
    assert_eq!(
        (found, body.as_str()),
        (422, r#"[{"loc":["id"],"msg":"should be an integer, it is 'abc'","type":"type_error.integer"}]"#)
    );
    assert_eq!(
        desk.ask("get", "{}").await,
        (422, r#"[{"loc":["id"],"msg":"is missing, it should be an integer","type":"value_error.missing"}]"#.into())
    );
    let (found, body) = desk.ask("get", "").await;
    assert_eq!((found, body.contains("__root__")), (422, true), "{body}");
    assert_eq!(desk.ask("get", "[1]").await.0, 422);
    // a boolean in a query is no text: the vendor's word must be written
    let (found, body) = desk.ask("get", r#"{"id":1,"flag":true}"#).await;
    assert_eq!(
        (found, body.as_str()),
        (422, r#"[{"loc":["flag"],"msg":"is a boolean, it should be a text or a number","type":"type_error"}]"#)
    );
    assert_eq!(asked(&vendor), Vec::<String>::new());
    let (found, body) = Desk::new(PLAIN, &vendor).ask("get", r#"{"id":null}"#).await;
    assert_eq!((found, body.as_str()), (400, r#""id is null, it should be a text or a number""#));
}

#[tokio::test]
async fn large_answers_pass_up_to_the_limit() {
    let vendor = vendor([Answer::large(10 << 20), Answer::large(10 << 20)]);
    let (found, body) = Desk::new(PLAIN, &vendor).ask("raw", "{}").await;
    assert_eq!((found, body.len()), (200, (10 << 20) + 2));
    let small = PLAIN.replace("timeout: 2s", "timeout: 2s, bytes: 1MB");
    let (found, body) = Desk::new(&small, &vendor).ask("raw", "{}").await;
    assert_eq!((found, body.as_str()), (502, r#""the answer is longer than it may be""#));
    let mut unsaid = Reply::status(200).body(vec![b'x'; 2 << 20]);
    unsaid.chunked = true;
    assert_eq!(one(&small, "raw", "{}", unsaid.into()).await.0, 502);
}

#[tokio::test]
async fn what_is_wrong_deeper_inside_passes_and_is_counted() {
    let yaml = "
config: {base_url: url}
base_url: =config.base_url
reads:
  list: {input: {}, request: GET /rows, vendor: list of any, reply: =answer.body, output: list of row}
shapes:
  row: {id: integer, seen: timestamp}
";
    let body = r#"[{"id":1,"seen":"2022-06-01T14:00:00Z"},{"id":"x"}]"#;
    let vendor = vendor([json(body)]);
    let desk = Desk::new(yaml, &vendor);
    assert_eq!(desk.ask("list", "{}").await, (200, body.into()));
    let labels = [("connector", "desk"), ("action", "list")];
    assert_eq!(desk.tools.metrics.value("connector_drift_total", &labels), Some(2.0));
}
