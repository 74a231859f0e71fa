//! What leaves for the vendor (`connectors.md` §3).

mod support;

use support::{Desk, asked, json, status, tools, vendor};
use wf_testkit::{Asked, Reply};

const YAML: &str = "
config: {base_url: url, key: secret}
base_url: =config.base_url
headers: {X-One: file, X-Two: file}
reads:
  get:
    input: {id: scalar, more: optional any, list: optional list of scalar}
    request: GET /things/{{ id }}/x-{{ id }}
    query: {Id: =id, More: =more, List: =list, Fixed: 'a b&c'}
    headers: {x-two: own, X-Null: =more, X-Key: =config.key}
    output: any
  computed:
    input: {X-TWO: text}
    request: GET /computed
    headers: =input
    output: any
writes:
  send:
    input: {note: text, tags: optional list of text, inner: optional any, kept: optional text}
    request: POST /notes
    json:
      note: =note
      tags: =tags
      inner: =inner
      kept: =keep(kept)
      deep: {a: =tags, b: [{c: =tags, d: 1}]}
      made: =made(note, tags)
      whole: =inner
    doubt: repeat
    output: any
  form:
    input: {a: text, b: optional text}
    request: POST /form
    form: {A: =a, B: =b, N: 1.5}
    doubt: repeat
    output: any
  plain:
    input: {a: text}
    request: PUT /plain
    headers: {Content-Type: text/csv}
    text: 'said {{ a }}'
    doubt: repeat
    output: any
  bare:
    input: {}
    request: POST
    doubt: repeat
    output: any
define:
  made(note, tags):
    note: =note
    tags: =tags
";

async fn one(action: &str, body: &str) -> Asked {
    let vendor = vendor([json("{}")]);
    let (status, reply) = Desk::new(YAML, &vendor).ask(action, body).await;
    assert_eq!(status, 200, "{reply}");
    vendor.asked().into_iter().next().unwrap_or_else(|| panic!("nothing was asked"))
}

#[tokio::test]
async fn a_placeholder_is_one_segment_and_a_query_repeats_lists() {
    let asked = one("get", r#"{"id":"a/b ü?#%","list":["x",7]}"#).await;
    let id = "a%2Fb%20%C3%BC%3F%23%25";
    assert_eq!(asked.target, format!("/things/{id}/x-{id}?Id={id}&List=x&List=7&Fixed=a%20b%26c"));
    assert_eq!(
        (asked.header("x-one"), asked.header("x-two"), asked.header("x-null")),
        (Some("file"), Some("own"), None)
    );
    assert_eq!(asked.header("x-key"), Some("s3cret-key"));
    assert_eq!((asked.body.len(), asked.header("content-type")), (0, None));
}

#[tokio::test]
async fn headers_that_are_computed_stand_beside_those_of_the_file() {
    let asked = one("computed", r#"{"X-TWO":"own"}"#).await;
    assert_eq!((asked.header("x-one"), asked.header("x-two")), (Some("file"), Some("own")));
}

#[tokio::test]
async fn nulls_are_left_out_where_they_are_written_and_kept_inside_of_values() {
    let asked = one("send", r#"{"note":"hé","inner":{"x":null,"y":[null,{"z":null}]}}"#).await;
    let inner = r#"{"x":null,"y":[null,{"z":null}]}"#;
    let expected = format!(
        r#"{{"note":"h\u00e9","inner":{inner},"kept":null,"deep":{{"b":[{{"d":1}}]}},"made":{{"note":"h\u00e9"}},"whole":{inner}}}"#
    );
    assert_eq!(asked.text(), expected);
    assert_eq!(asked.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_body_brings_its_content_type_unless_headers_say_another() {
    let asked = one("form", r#"{"a":"x y&z"}"#).await;
    assert_eq!(
        (asked.text().as_str(), asked.header("content-type")),
        ("A=x%20y%26z&N=1.5", Some("application/x-www-form-urlencoded"))
    );
    let asked = one("plain", r#"{"a":"hé"}"#).await;
    assert_eq!(
        (asked.method.as_str(), asked.text().as_str(), asked.header("content-type")),
        ("PUT", "said hé", Some("text/csv"))
    );
    let asked = one("bare", "{}").await;
    assert_eq!((asked.target.as_str(), asked.header("content-length")), ("/", Some("0")));
}

#[tokio::test]
async fn what_no_path_query_or_header_can_hold_is_bad_input_and_nobody_is_asked() {
    let vendor = vendor([json("{}")]);
    let desk = Desk::new(YAML, &vendor);
    for (body, place) in [
        (r#"{"id":""}"#, "id"),
        (r#"{"id":".."}"#, "id"),
        (r#"{"id":"."}"#, "id"),
        (r#"{"id":1,"more":true}"#, "More"),
        (r#"{"id":1,"more":{"a":1}}"#, "More"),
        (r#"{"id":1,"more":[false]}"#, "More"),
        (r#"{"id":1,"more":"a\nb"}"#, "X-Null"),
    ] {
        let (status, reply) = desk.ask("get", body).await;
        assert_eq!((status, reply.contains(place)), (400, true), "{body} {reply}");
    }
    assert_eq!(asked(&vendor), Vec::<String>::new());
}

const UNKNOWN: &str = "
config: {base_url: url}
base_url: =config.base_url
writes:
  send: {input: {a: list of text}, request: POST /, json: {first: '=a[0]'}, doubt: report, output: any}
";

#[tokio::test]
async fn with_something_unknown_in_it_nothing_is_sent() {
    let vendor = vendor([json("{}")]);
    let (status, reply) = Desk::new(UNKNOWN, &vendor).ask("send", r#"{"a":[]}"#).await;
    assert_eq!((status, reply.contains("none at 0")), (502, true), "{reply}");
    assert_eq!(asked(&vendor), Vec::<String>::new());
}

#[tokio::test]
async fn numbers_and_big_integers_leave_as_they_came() {
    let asked = one("send", r#"{"note":"x","inner":[123456789012345678901234567890,1.50,2.0,"0077"]}"#).await;
    assert!(asked.text().contains(r#""inner":[123456789012345678901234567890,1.5,2.0,"0077"]"#), "{}", asked.text());
}

const MANY_HOSTS: &str = "
config: {base_url: {type: url, doc: not used here}}
base_url: https://{{ host }}/rest
reads:
  get: {input: {host: text}, request: POST /list, json: {at: =config.base_url}, output: any}
";

#[tokio::test]
async fn routes_send_a_host_elsewhere_and_keep_its_name() {
    let vendor = vendor([json("1"), json("2"), json("3")]);
    let mut tools = tools(std::sync::Arc::new(wf_host::clock::RealClock));
    tools.http.routes = vec![("one.example.com".into(), vendor.address())];
    let desk = Desk::with(MANY_HOSTS, &vendor.url(), tools.clone());
    assert_eq!(desk.ask("get", r#"{"host":"one.example.com"}"#).await, (200, "1".into()));
    assert_eq!(desk.ask("get", r#"{"host":"ONE.example.com:8443"}"#).await, (200, "2".into()));
    let (status, reply) = desk.ask("get", r#"{"host":"one.invalid"}"#).await;
    assert_eq!((status, reply.contains("no connection")), (500, true), "{reply}");
    tools.http.route_all_hosts_to = Some(vendor.address());
    assert_eq!(Desk::with(MANY_HOSTS, &vendor.url(), tools).ask("get", r#"{"host":"two.example.com"}"#).await.0, 200);
    let hosts: Vec<_> =
        vendor.asked().iter().map(|asked| asked.header("host").unwrap_or_default().to_owned()).collect();
    assert_eq!(hosts, ["one.example.com", "one.example.com:8443", "two.example.com"]);
    assert!(vendor.asked().iter().all(|asked| asked.target == "/rest/list"));
}

#[tokio::test]
async fn redirects_become_gets_or_repeat_the_request() {
    let to = |code: u16, place: &str| Reply::status(code).header("location", place).into();
    let vendor = vendor([to(307, "/v2/notes"), to(302, "last"), json(r#"{"id":3}"#), to(308, "/other"), json("1")]);
    let desk = Desk::new(YAML, &vendor);
    assert_eq!(desk.ask("send", r#"{"note":"x"}"#).await, (200, r#"{"id":3}"#.into()));
    assert_eq!(desk.ask("plain", r#"{"a":"x"}"#).await, (200, "1".into()));
    assert_eq!(asked(&vendor), ["POST /notes", "POST /v2/notes", "GET /v2/last", "PUT /plain", "PUT /other"]);
    let all = vendor.asked();
    assert_eq!(all[0].text(), all[1].text());
    assert_eq!((all[2].body.len(), all[2].header("content-type")), (0, None));
    assert_eq!((all[4].text().as_str(), all[4].header("x-one")), ("said x", Some("file")));
}

#[tokio::test]
async fn another_host_gets_no_secrets_and_redirects_end() {
    let other = vendor([json("5")]);
    let first = vendor([Reply::status(302).header("location", &format!("{}/there", other.url())).into()]);
    assert_eq!(Desk::new(YAML, &first).ask("get", r#"{"id":1}"#).await, (200, "5".into()));
    let there = other.asked();
    assert_eq!(
        (there[0].target.as_str(), there[0].header("x-key"), there[0].header("x-one")),
        ("/there", None, Some("file"))
    );

    let round = wf_testkit::FaultyHttp::start(|_| Reply::status(302).header("location", "/again").into());
    let (status, reply) = Desk::new(YAML, &round).ask("get", r#"{"id":1}"#).await;
    assert_eq!((status, reply.contains("more than 10 times")), (500, true), "{reply}");
}

#[tokio::test]
async fn who_follows_none_sees_the_redirect() {
    let vendor = vendor([status(302, "")]);
    let yaml = YAML.replace("base_url: =config.base_url", "base_url: =config.base_url\nredirects: none");
    assert_eq!(Desk::new(&yaml, &vendor).ask("get", r#"{"id":1}"#).await, (302, "null".into()));
}

#[tokio::test]
async fn completed_calls_are_counted_under_their_path_as_written() {
    let vendor = vendor([json("{}"), status(404, "{}")]);
    let desk = Desk::new(YAML, &vendor);
    desk.ask("get", r#"{"id":77}"#).await;
    desk.ask("get", r#"{"id":"x/../y"}"#).await;
    let count = |status: &str| {
        let labels = [("method", "GET"), ("endpoint_", "/things/{id}/x-{id}"), ("response_status", status)];
        desk.tools.metrics.value("desk_api_usage_total", &labels)
    };
    assert_eq!((count("200"), count("404")), (Some(1.0), Some(1.0)));
}

#[tokio::test]
async fn of_a_secret_address_metrics_show_no_path() {
    let yaml = "
config: {key: secret}
base_url: =config.key
tells:
  chat: {input: {}, request: POST, output: any}
";
    let vendor = vendor([json("{}")]);
    let hook = format!("{}/services/s3cret", vendor.url());
    let tools = tools(std::sync::Arc::new(wf_host::clock::RealClock));
    let desk = Desk::with_key(yaml, &hook, tools);
    assert_eq!(desk.ask("chat", "{}").await.0, 200);
    assert_eq!(asked(&vendor), ["POST /services/s3cret"]);
    let labels = [("method", "POST"), ("endpoint_", "/"), ("response_status", "200")];
    assert_eq!(desk.tools.metrics.value("desk_api_usage_total", &labels), Some(1.0));
}
