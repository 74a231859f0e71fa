//! Logging in: sessions on first use, one login for all who wait, renewals, refusals (`connectors.md` §5).

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use support::{Desk, asked, json, status, vendor};
use wf_host::ports::Clock;
use wf_testkit::{Answer, FaultyHttp, Reply};

const OAUTH: &str = "
config: {base_url: url, user: secret, password: secret}
base_url: =config.base_url
auth: {oauth2: {token_url: '{{ config.base_url }}/token', client_id: =config.user, client_secret: =config.password, scope: all}}
answers:
  - {is: not_logged_in, if: answer.status == null, status: 500, body: \"No login: {{ answer.message }}\"}
  - {is: 404, body: none}
reads:
  get: {input: {}, request: GET /x, output: any}
";

fn token(number: usize) -> Answer {
    json(&format!(r#"{{"access_token":"token-{number}","expires_in":3600}}"#))
}

#[tokio::test]
async fn the_first_use_logs_in_and_a_401_logs_in_once_more_and_repeats() {
    let vendor = vendor([token(1), json("1"), json("2"), status(401, "{}"), token(2), json("3")]);
    let desk = Desk::new(OAUTH, &vendor);
    for expected in ["1", "2", "3"] {
        assert_eq!(desk.ask("get", "{}").await, (200, expected.into()));
    }
    assert_eq!(asked(&vendor), ["POST /token", "GET /x", "GET /x", "GET /x", "POST /token", "GET /x"]);
    let all = vendor.asked();
    assert_eq!(all[0].text(), "grant_type=client_credentials&scope=all");
    assert_eq!(all[0].header("authorization"), Some("Basic YW5uOnMzY3JldA=="));
    let tokens: Vec<_> = all.iter().map(|asked| asked.header("authorization").unwrap_or_default()).collect();
    assert_eq!(tokens[1..4], ["Bearer token-1"; 3]);
    assert_eq!(tokens[5], "Bearer token-2");
    let labels = [("method", "POST"), ("endpoint_", "/token"), ("response_status", "200")];
    assert_eq!(desk.tools.metrics.value("desk_api_usage_total", &labels), Some(2.0));
}

#[tokio::test]
async fn a_second_401_and_a_refused_login_after_one_are_the_reply() {
    let first = vendor([token(1), status(401, r#"{"m":1}"#), token(2), status(401, r#"{"m":2}"#)]);
    assert_eq!(Desk::new(OAUTH, &first).ask("get", "{}").await, (401, r#"{"m":2}"#.into()));
    assert_eq!(first.asked().len(), 4);
    let second = vendor([token(1), status(401, r#"{"m":1}"#), status(503, "busy")]);
    assert_eq!(Desk::new(OAUTH, &second).ask("get", "{}").await, (401, r#"{"m":1}"#.into()));
    assert_eq!(second.asked().len(), 3);
}

#[tokio::test]
async fn a_login_that_fails_asks_nobody_and_the_next_request_tries_again() {
    let vendor = vendor([
        status(400, r#"{"error":"s3cret is wrong"}"#),
        json("{}"),
        json("[]"),
        Answer::Close,
        token(1),
        json("1"),
    ]);
    let desk = Desk::new(OAUTH, &vendor);
    for why in ["answered with 400", "no access_token", "no access_token", "broke off"] {
        let (status, reply) = desk.ask("get", "{}").await;
        assert_eq!((status, reply.contains(why), reply.contains("s3cret")), (500, true, false), "{reply}");
    }
    assert_eq!(desk.ask("get", "{}").await, (200, "1".into()));
    assert_eq!(asked(&vendor).iter().filter(|line| *line == "GET /x").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_who_wait_share_one_login_and_all_who_are_refused_the_next() {
    let logins = Arc::new(AtomicUsize::new(0));
    let counted = logins.clone();
    let vendor = FaultyHttp::start(move |asked| {
        if asked.path() == "/token" {
            let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
            return token(number).late(Duration::from_millis(30));
        }
        // the first session is refused from the 31st request on
        match asked.header("authorization") {
            Some("Bearer token-1") if asked.query().is_empty() => json("1").late(Duration::from_millis(10)),
            Some("Bearer token-2") => json("2"),
            _ => status(401, "{}"),
        }
    });
    let yaml = OAUTH.replace(
        "get: {input: {}, request: GET /x, output: any}",
        "get: {input: {n: optional integer}, request: GET /x, query: {n: =n}, output: any}",
    );
    let desk = Arc::new(Desk::new(&yaml, &vendor));
    for (body, expected) in [("{}", "1"), (r#"{"n":1}"#, "2")] {
        let tasks: Vec<_> = (0..30)
            .map(|_| {
                let desk = desk.clone();
                tokio::spawn(async move { desk.ask("get", body).await })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.ok(), Some((200, expected.into())));
        }
    }
    assert_eq!(logins.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_session_is_not_used_after_its_end() {
    let vendor = vendor([token(1), json("1"), json("2"), token(2), json("3")]);
    let (clock, desk) = Desk::in_virtual_time(OAUTH, &vendor);
    assert_eq!(desk.ask("get", "{}").await.1, "1");
    clock.sleep(Duration::from_secs(3_590)).await;
    assert_eq!(desk.ask("get", "{}").await.1, "2");
    clock.sleep(Duration::from_secs(20)).await;
    assert_eq!(desk.ask("get", "{}").await.1, "3");
    assert_eq!(vendor.asked().len(), 5);
}

const COOKIE: &str = "
config: {base_url: url, accounts: {type: list of account, env: DESK_USER, parse: \"=text.findAll('(?P<host>[^+;]+)[+](?P<password>[^;]*)')\"}}
base_url: '{{ config.base_url }}/rest'
redirects: none
auth:
  login: {request: POST /login, json: {site: =site, password: =account(site).password.orElse(null)}}
  session: {cookie: sid}
  max_age: 1h
  expired: answer.headers.expires == '0' && answer.body.error.message == 'expired'
  repeat: 0
  send_anyway: true
answers:
  - {is: unusable, if: has(answer.body.error), status: 502, body: =answer.body.error}
define:
  account(site): config.accounts.first(a, a.host == site)
reads:
  get: {input: {site: text}, request: POST /x, json: {}, vendor: list of any, reply: '=answer.body.map(r, r)', output: list of any}
shapes:
  account: {host: text, password: secret}
";

fn cookie(value: &str) -> Answer {
    Reply::json("{}")
        .header("set-cookie", "other=1; Path=/")
        .header("set-cookie", &format!("sid={value}; Path=/; Secure; HttpOnly"))
        .into()
}

fn at_sites(vendor: &FaultyHttp) -> (Arc<wf_host::clock::VirtualClock>, Desk) {
    let clock = Arc::new(wf_host::clock::VirtualClock::new(support::start()));
    let connector = support::connector(COOKIE);
    let url = vendor.url();
    let settings =
        support::settings(&connector, &[("DESK_BASE_URL", url.as_str()), ("DESK_USER", "a+s3cret-a;b+s3cret-b")]);
    let tools = support::tools(clock.clone());
    let service =
        wf_connectors::ConnectorService::new(connector, &settings, tools.clone()).unwrap_or_else(|why| panic!("{why}"));
    (clock, Desk { service, tools })
}

#[tokio::test]
async fn there_is_one_session_for_each_resolved_login() {
    let vendor = vendor([cookie("a-1"), json("[1]"), cookie("b-1"), json("[2]"), json("[3]")]);
    let (_, desk) = at_sites(&vendor);
    assert_eq!(desk.ask("get", r#"{"site":"a"}"#).await.1, "[1]");
    assert_eq!(desk.ask("get", r#"{"site":"b"}"#).await.1, "[2]");
    assert_eq!(desk.ask("get", r#"{"site":"a"}"#).await.1, "[3]");
    let all = vendor.asked();
    assert_eq!(
        (all[0].target.as_str(), all[0].text().as_str()),
        ("/rest/login", r#"{"site":"a","password":"s3cret-a"}"#)
    );
    let cookies: Vec<_> = all.iter().map(|asked| asked.header("cookie")).collect();
    assert_eq!(cookies, [None, Some("sid=a-1"), None, Some("sid=b-1"), Some("sid=a-1")]);
}

#[tokio::test]
async fn who_has_no_account_is_told_and_nobody_is_asked() {
    let vendor = vendor([json("[]")]);
    let (_, desk) = at_sites(&vendor);
    let (status, reply) = desk.ask("get", r#"{"site":"c"}"#).await;
    assert_eq!((status, reply.contains("no account for 127.0.0.1")), (404, true), "{reply}");
    assert_eq!(asked(&vendor), Vec::<String>::new());
}

#[tokio::test]
async fn an_expired_session_is_a_401_whatever_the_status_and_renewed_at_once() {
    let expired = || Answer::from(Reply::json(r#"{"error":{"message":"expired"}}"#).header("expires", "0"));
    let vendor = vendor([cookie("1"), expired(), cookie("2"), json("[1]"), json(r#"{"error":{"message":"expired"}}"#)]);
    let (_, desk) = at_sites(&vendor);
    let ask = async || desk.ask("get", r#"{"site":"a"}"#).await;
    assert_eq!(ask().await, (401, r#"{"error":{"message":"expired"}}"#.into()));
    assert_eq!(ask().await, (200, "[1]".into()));
    // one of both marks alone is none
    assert_eq!(ask().await, (502, r#"{"message":"expired"}"#.into()));
    assert_eq!(vendor.asked()[3].header("cookie"), Some("sid=2"));
    assert_eq!(vendor.asked().len(), 5);
}

#[tokio::test]
async fn a_refused_login_does_not_hold_the_request_back_where_it_is_sent_anyway() {
    let refused = || Reply::status(302).header("location", "/login").into();
    let vendor = vendor([refused(), status(401, r#"{"m":"no session"}"#), refused(), json("[1]")]);
    let (_, desk) = at_sites(&vendor);
    assert_eq!(desk.ask("get", r#"{"site":"a"}"#).await, (401, r#"{"m":"no session"}"#.into()));
    assert_eq!(desk.ask("get", r#"{"site":"a"}"#).await, (200, "[1]".into()));
    assert_eq!(vendor.asked()[1].header("cookie"), None);
}

#[tokio::test]
async fn an_old_session_is_renewed_before_use_and_serves_on_when_that_fails() {
    let vendor = vendor([cookie("1"), json("[1]"), Answer::Close, json("[2]"), cookie("2"), json("[3]")]);
    let (clock, desk) = at_sites(&vendor);
    for expected in ["[1]", "[2]", "[3]"] {
        assert_eq!(desk.ask("get", r#"{"site":"a"}"#).await.1, expected);
        clock.sleep(Duration::from_secs(3_600)).await;
    }
    let cookies: Vec<_> = vendor.asked().iter().map(|asked| asked.header("cookie").map(str::to_owned)).collect();
    assert_eq!(cookies, [None, Some("sid=1".into()), None, Some("sid=1".into()), None, Some("sid=2".into())]);
}

#[tokio::test]
async fn a_cookie_lasts_as_long_as_it_says() {
    let short = Reply::json("{}").header("set-cookie", "sid=short; Max-Age=60").into();
    let vendor = vendor([short, json("[1]"), cookie("2"), json("[2]")]);
    let (clock, desk) = at_sites(&vendor);
    assert_eq!(desk.ask("get", r#"{"site":"a"}"#).await.1, "[1]");
    clock.sleep(Duration::from_secs(61)).await;
    assert_eq!(desk.ask("get", r#"{"site":"a"}"#).await.1, "[2]");
}

const NAMED: &str = "
config: {base_url: url, user: secret, password: secret}
base_url: =config.base_url
headers: {X-Token: =session.token}
auth:
  login: {request: POST /login, headers: {X-User: =config.user}, form: {p: =config.password}}
  session: {token: =answer.body.deep.token, region: =answer.headers.region}
  lasts: =answer.body.minutes * 1m
  pace: 10m
reads:
  get: {input: {}, request: GET /x, query: {region: =session.region}, output: any}
";

fn named(token: &str, minutes: &str) -> Answer {
    Reply::json(format!(r#"{{"deep":{{"token":"{token}"}},"minutes":{minutes}}}"#)).header("Region", "eu").into()
}

#[tokio::test]
async fn named_values_of_a_session_stand_in_headers_and_query() {
    let vendor = vendor([named("t-1", "60"), json("1")]);
    let desk = Desk::new(NAMED, &vendor);
    assert_eq!(desk.ask("get", "{}").await, (200, "1".into()));
    let all = vendor.asked();
    assert_eq!((all[0].text().as_str(), all[0].header("x-user")), ("p=s3cret", Some("ann")));
    assert_eq!((all[1].target.as_str(), all[1].header("x-token")), ("/x?region=eu", Some("t-1")));
}

#[tokio::test]
async fn without_its_values_or_its_end_a_login_is_none() {
    for (answer, why) in [
        (named("t-1", "null"), "how long it lasts"),
        (json(r#"{"deep":{},"minutes":1}"#), "gives no token"),
        (json(r#"{"deep":{"token":"t"},"minutes":1}"#), "gives no region"),
    ] {
        let vendor = vendor([answer]);
        let (status, reply) = Desk::new(NAMED, &vendor).ask("get", "{}").await;
        assert_eq!((status, reply.contains(why)), (401, true), "{reply}");
    }
}

#[tokio::test]
async fn the_pace_holds_logins_back_but_not_after_a_401() {
    let vendor =
        vendor([status(500, "{}"), named("1", "5"), json("1"), status(401, "{}"), named("2", "60"), json("2")]);
    let (clock, desk) = Desk::in_virtual_time(NAMED, &vendor);
    assert_eq!(desk.ask("get", "{}").await.0, 401);
    assert_eq!(desk.ask("get", "{}").await.0, 401);
    assert_eq!(vendor.asked().len(), 1);
    clock.sleep(Duration::from_secs(600)).await;
    assert_eq!(desk.ask("get", "{}").await, (200, "1".into()));
    assert_eq!(desk.ask("get", "{}").await, (200, "2".into()));
}

#[tokio::test]
async fn static_logins_go_with_each_request() {
    for (auth, header, expected) in [
        ("basic: {user: =config.user, password: =config.password}", "authorization", "Basic YW5uOnMzY3JldA=="),
        ("bearer: =config.password", "authorization", "Bearer s3cret"),
        ("api_key: {header: X-Api-Key, value: =config.password}", "x-api-key", "s3cret"),
        // printf body | openssl dgst -sha256 -hmac s3cret
        (
            "hmac: {header: X-Sign, key: =config.password, over: body}",
            "x-sign",
            "63d7d468988fe3de60e994cf90f219719ea4b63df0ee7521079ed251fa76e83d",
        ),
    ] {
        let yaml = format!(
            "config: {{base_url: url, user: {{type: secret, doc: Who}}, password: secret}}\nbase_url: =config.base_url\nauth: {{{auth}}}\n\
             writes:\n  send: {{input: {{}}, request: POST /x, text: body, headers: {{X-User: =config.user}}, doubt: repeat, output: any}}\n"
        );
        let vendor = vendor([json("1"), status(401, r#"{"m":1}"#)]);
        let desk = Desk::new(&yaml, &vendor);
        assert_eq!(desk.ask("send", "{}").await, (200, "1".into()));
        assert_eq!(vendor.asked()[0].header(header), Some(expected));
        // refused with the only login that there is
        assert_eq!(desk.ask("send", "{}").await, (401, r#"{"m":1}"#.into()));
        assert_eq!(vendor.asked().len(), 2);
    }
}

#[tokio::test]
async fn a_key_may_stand_in_the_query() {
    let yaml = "config: {base_url: url, password: secret}\nbase_url: =config.base_url\nauth: {api_key: {query: key, value: =config.password}}\n\
                reads:\n  get: {input: {}, request: GET /x, query: {a: 1}, output: any}\n";
    let vendor = vendor([json("1")]);
    assert_eq!(Desk::new(yaml, &vendor).ask("get", "{}").await, (200, "1".into()));
    assert_eq!(asked(&vendor), ["GET /x?a=1&key=s3cret"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_refusal_repeats_of_the_login_is_blotted_out() {
    let yaml = r#"
config: {base_url: url, user: secret, password: secret}
base_url: =config.base_url
auth: {basic: {user: =config.user, password: =config.password}}
reads:
  get: {request: GET /, output: any}
"#;
    let said = r#"{"error":"no account for ann:s3cret (Basic YW5uOnMzY3JldA==)","user":"ann"}"#;
    let vendor = vendor([status(403, said), json(r#"{"yours":"s3cret"}"#)]);
    let desk = Desk::new(yaml, &vendor);
    let blotted = r#"{"error":"no account for *** (Basic ***)","user":"ann"}"#;
    let (status, said) = desk.ask("get", "{}").await;
    assert_eq!((status, said.replace("ann:***", "***").as_str()), (403, blotted));
    // what was asked for is what it is
    assert_eq!(desk.ask("get", "{}").await, (200, r#"{"yours":"s3cret"}"#.to_owned()));
}
