//! A connector on a bus: envelopes, replies, silence, limits, settings, secrets, and a vendor that fails now and then.

mod support;

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use support::{Desk, connector, json, status, vendor};
use wf_connectors::{ConnectorService, Settings, Sources, StartError};
use wf_host::ports::BusError;
use wf_testkit::{Answer, FaultyHttp, Reply};

const YAML: &str = "
config: {base_url: url}
base_url: =config.base_url
limits: {timeout: 10s, concurrency: 3}
reads:
  get: {subject: things.get, input: {id: scalar}, request: 'GET /{{ id }}', output: any}
  bare: {subject: things.bare, envelope: none, input: {id: scalar}, request: 'GET /{{ id }}', output: any}
tells:
  chat: {subject: chat, envelope: notify, input: {message: nullable any, more: optional text}, request: POST /chat, json: {text: =message}, output: any}
";

async fn call(desk: &Desk, subject: &str, message: &str) -> Result<String, BusError> {
    let reply = desk.tools.bus.request(subject, message.to_owned().into(), Duration::from_millis(400)).await?;
    Ok(String::from_utf8_lossy(&reply).into_owned())
}

#[tokio::test]
async fn replies_copy_the_id_when_there_was_one() {
    let vendor = vendor([json("1"), json("2"), json("3"), status(404, r#"{"m":1}"#)]);
    let desk = Desk::new(YAML, &vendor);
    let serving = desk.service.serve().await.unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(serving.subjects(), 3);
    let get = |message: &'static str| call(&desk, "things.get", message);
    assert_eq!(
        get(r#"{"request_id":"a","body":{"id":1}}"#).await,
        Ok(r#"{"request_id":"a","status":200,"body":1}"#.into())
    );
    assert_eq!(get(r#"{"body":{"id":1}}"#).await, Ok(r#"{"status":200,"body":2}"#.into()));
    assert_eq!(call(&desk, "things.bare", r#"{"id":1}"#).await, Ok(r#"{"status":200,"body":3}"#.into()));
    assert_eq!(
        get(r#"{"request_id":5,"body":{"id":1}}"#).await,
        Ok(r#"{"request_id":5,"status":404,"body":{"m":1}}"#.into())
    );
    for message in [r#"{"request_id":"a"}"#, r#"{"request_id":"a","body":null}"#, r#"{"request_id":"a","body":[1]}"#] {
        let reply = get(message).await.unwrap_or_default();
        assert!(
            reply.starts_with(r#"{"request_id":"a","status":400,"body":"the body "#) && reply.contains("id (scalar)"),
            "{reply}"
        );
    }
    for message in ["no json", "[1]", "5", ""] {
        assert!(matches!(get(message).await, Err(BusError::Timeout(_))), "{message}");
    }
    assert_eq!(vendor.asked().len(), 4);
    serving.drain().await;
    assert!(matches!(get(r#"{"body":{"id":1}}"#).await, Err(BusError::NoResponders(_))));
}

#[tokio::test]
async fn a_notice_is_answered_only_where_its_payload_stands_beside_the_id() {
    let vendor = vendor([json("1"), status(500, "{}"), json("1"), json("1")]);
    let desk = Desk::new(YAML, &vendor);
    let _serving = desk.service.serve().await.unwrap_or_else(|why| panic!("{why}"));
    let chat = |message: &'static str| call(&desk, "chat", message);
    assert_eq!(chat(r#"{"request_id":"a","message":"hi"}"#).await, Ok(r#"{"request_id":"a","status":200}"#.into()));
    assert_eq!(chat(r#"{"request_id":"b","message":"hi"}"#).await, Ok(r#"{"request_id":"b","status":500}"#.into()));
    assert!(matches!(chat(r#"{"request_id":"c","body":{"message":null}}"#).await, Err(BusError::Timeout(_))));
    for dropped in
        [r#"{"request_id":"d"}"#, r#"{"request_id":"e","body":null}"#, r#"{"request_id":"f","body":{"other":1}}"#]
    {
        assert!(matches!(chat(dropped).await, Err(BusError::Timeout(_))), "{dropped}");
    }
    let texts: Vec<_> = vendor.asked().iter().map(wf_testkit::Asked::text).collect();
    assert_eq!(texts, [r#"{"text":"hi"}"#, r#"{"text":"hi"}"#, "{}"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_many_requests_of_a_subject_go_on_at_a_time() {
    let (going, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, highest) = (going.clone(), most.clone());
    let vendor = FaultyHttp::start(move |_| {
        highest.fetch_max(counted.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
        counted.fetch_sub(1, Ordering::SeqCst);
        json("1")
    });
    let desk = Arc::new(Desk::new(YAML, &vendor));
    let _serving = desk.service.serve().await.unwrap_or_else(|why| panic!("{why}"));
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move { call(&desk, "things.get", r#"{"body":{"id":1}}"#).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.is_ok_and(|reply| reply.is_ok()));
    }
    assert_eq!((most.load(Ordering::SeqCst), going.load(Ordering::SeqCst)), (3, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_five_thousand_calls_each_has_its_own_reply_though_one_in_fifty_is_cut() {
    let number = |asked: &wf_testkit::Asked| asked.path().trim_start_matches('/').parse::<usize>().unwrap_or_default();
    let vendor = FaultyHttp::start(move |asked| {
        let n = number(asked);
        let reply = Reply::json(format!(r#"{{"n":{n}}}"#));
        match n % 50 {
            0 if n % 100 == 0 => Answer::CutBody(reply, 3),
            0 => Answer::Reset,
            _ => reply.into(),
        }
    });
    let yaml = YAML.replace("concurrency: 3", "concurrency: 64");
    let desk = Arc::new(Desk::new(&yaml, &vendor));
    let next = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> = (0..32)
        .map(|_| {
            let (desk, next) = (desk.clone(), next.clone());
            tokio::spawn(async move {
                let mut failed = 0;
                loop {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    if n >= 5_000 {
                        return failed;
                    }
                    match desk.ask("get", &format!(r#"{{"id":{n}}}"#)).await {
                        (200, body) => assert_eq!(body, format!(r#"{{"n":{n}}}"#)),
                        (500, _) => {
                            assert_eq!(n % 50, 0);
                            failed += 1;
                        }
                        (status, body) => panic!("{n}: {status} {body}"),
                    }
                }
            })
        })
        .collect();
    let mut failed = 0;
    for worker in workers {
        failed += worker.await.unwrap_or_else(|why| panic!("{why}"));
    }
    assert_eq!(failed, 100);
    assert_eq!(vendor.asked().len(), 5_000);
}

fn sources<'a>(
    overrides: &'a [wf_plan::Override],
    variable: &'a (dyn Fn(&str) -> Option<String> + Sync),
    file: &'a (dyn Fn(&str) -> Result<String, String> + Sync),
) -> Sources<'a> {
    Sources { overrides, variable, file }
}

const CONFIG: &str = "
config:
  base_url: url
  key: secret
  size: {default: 100, min: 1, max: 500}
  wait: {default: 30s}
  flag: {default: true}
  names: {type: list of text, default: [a]}
  other: {type: text, env: SOME_OTHER_NAME}
base_url: =config.base_url
reads:
  get:
    input: {size: {type: integer, default: =config.size}}
    request: GET /x
    headers: {X-Key: =config.key}
    query: {size: =size, names: =config.names, other: =config.other, wait: '=if(config.flag, config.wait, null)'}
    output: any
";

#[tokio::test]
async fn settings_come_from_the_environments_file_variables_and_defaults() {
    let vendor = vendor([json("1")]);
    let connector = connector(CONFIG);
    let url = vendor.url();
    let given = |name: &str, value: &str| wf_plan::Override {
        name: name.into(),
        value: value.into(),
        span: wf_source::Span::new(wf_source::FileId(0), 0, 0),
        place: "environments/here.yaml:1:1".into(),
    };
    let overrides = [given("key", "file:/run/key"), given("other", "env:ELSEWHERE")];
    let variable = |name: &str| match name {
        "DESK_BASE_URL" => Some(url.clone()),
        "DESK_SIZE" => Some("7".into()),
        "DESK_FLAG" => Some("yes".into()),
        "DESK_NAMES" => Some(r#"["x","y"]"#.into()),
        "ELSEWHERE" => Some("there".into()),
        "DESK_KEY" | "SOME_OTHER_NAME" => Some("the file of the environment wins".into()),
        _ => None,
    };
    let file = |path: &str| if path == "/run/key" { Ok("s3cret".into()) } else { Err("it is not there".into()) };
    let settings =
        Settings::read(&connector, sources(&overrides, &variable, &file)).unwrap_or_else(|why| panic!("{why}"));
    assert!(!format!("{settings:?}").contains("s3cret"));
    let tools = support::tools(Arc::new(wf_host::clock::RealClock));
    let service = ConnectorService::new(connector, &settings, tools.clone()).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(Desk { service, tools }.ask("get", "{}").await, (200, "1".into()));
    let asked = &vendor.asked()[0];
    assert_eq!((asked.query(), asked.header("x-key")), ("size=7&names=x&names=y&other=there&wait=30s", Some("s3cret")));
}

#[test]
fn what_is_missing_or_does_not_fit_is_named_all_at_once_and_not_told() {
    let connector = connector(CONFIG);
    let variable = |name: &str| match name {
        "DESK_SIZE" => Some("501".into()),
        "DESK_WAIT" => Some("s3cret".into()),
        "DESK_NAMES" => Some("s3cret".into()),
        "DESK_KEY" => Some(String::new()),
        _ => None,
    };
    let file = |_: &str| Err("no".into());
    let Err(error) = Settings::read(&connector, sources(&[], &variable, &file)) else { panic!("nothing was missing") };
    let text = error.to_string();
    let named: Vec<_> =
        error.0.iter().map(|bad| (bad.name.as_str(), bad.variable.as_str(), bad.why.as_str())).collect();
    assert_eq!(
        named,
        [
            ("base_url", "DESK_BASE_URL", "is not set, it should be a url"),
            ("key", "DESK_KEY", "is not set, it should be a secret"),
            ("size", "DESK_SIZE", "should be at most 500"),
            ("wait", "DESK_WAIT", "should be a duration"),
            ("names", "DESK_NAMES", "should be a list of text as JSON"),
            ("other", "SOME_OTHER_NAME", "is not set, it should be a text"),
        ]
    );
    assert!(!text.contains("s3cret"), "{text}");
    assert!(text.contains("desk: `key` is not set, it should be a secret (the variable DESK_KEY"), "{text}");
    // who asks for nothing needs nothing
    assert!(Settings::read_for(&connector, &["elsewhere"], sources(&[], &variable, &file)).is_ok());
    assert!(Settings::read_for(&connector, &["get"], sources(&[], &variable, &file)).is_err());
}

#[tokio::test]
async fn a_transport_that_is_not_built_is_refused_where_it_is_needed() {
    let yaml = "config: {host: text}\nserver: =config.host\ndatabase: desk\nreads:\n  rows:\n    request: FIND rows\n    output: any\n";
    let text = format!("connector: desk\ntitle: A desk\ntransport: documents\nqueue: desk\n{yaml}");
    let project: wf_check::Project = [("connectors/desk/connector.yaml", text.as_str())].into_iter().collect();
    let checked = wf_check::check(&project);
    let connector = checked.connectors.first().cloned().unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    let settings = support::settings(&connector, &[("DESK_HOST", "mail.example.com")]);
    let tools = support::tools(Arc::new(wf_host::clock::RealClock));
    match ConnectorService::new(connector, &settings, tools) {
        Err(error @ StartError::Transport { .. }) => {
            assert_eq!(error.to_string(), "connectors/desk/connector.yaml: the transport `documents` is not built yet");
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was served"),
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const SECRETIVE: &str = "
config: {base_url: url, user: secret, password: secret, key: secret}
base_url: '{{ config.base_url }}/hook-{{ config.key }}'
limits: {timeout: 300ms}
headers: {X-Token: =session.token}
auth:
  login: {request: POST /login, json: {user: =config.user, password: =config.password}}
  session: {token: =answer.body.token}
answers:
  - {is: 418, body: {url: =answer.url, message: =answer.message, headers: =answer.headers}}
reads:
  get: {input: {id: scalar}, request: 'GET /x/{{ id }}', query: {key: =config.key}, output: any}
";

/// Every way to fail, heard at the finest level: no secret in replies, logs, metrics.
#[tokio::test]
async fn no_secret_is_in_any_reply_log_or_metric() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let login = || json(r#"{"token":"s3cret-token"}"#);
    let mut replies = Vec::new();
    let mut metrics = String::new();
    for answers in [
        vec![login(), json("1")],
        vec![login(), status(418, "{}")],
        vec![login(), status(401, "{}"), login(), status(401, "{}")],
        vec![login(), status(500, "{}")],
        vec![login(), Answer::Silence],
        vec![login(), Answer::Garbage(b"nonsense\r\n\r\n".to_vec())],
        vec![login(), Answer::Reset],
        vec![login(), Reply::status(302).header("location", "http://[bad").into()],
        vec![login(), json("{")],
        vec![status(403, r#"{"you said":"s3cret"}"#)],
        vec![Answer::Close],
        vec![json(r#"{"token":null}"#)],
    ] {
        let vendor = vendor(answers);
        let desk = Desk::new(SECRETIVE, &vendor);
        replies.push(desk.ask("get", r#"{"id":1}"#).await.1);
        replies.push(desk.ask("get", r#"{"id":true}"#).await.1);
        metrics.push_str(&format!("{:?}", desk.tools.metrics.snapshot()));
    }
    let mut down = FaultyHttp::start(|_| Reply::status(200).into());
    down.refuse();
    replies.push(Desk::new(SECRETIVE, &down).ask("get", r#"{"id":1}"#).await.1);
    let heard = String::from_utf8_lossy(&log.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    assert!(heard.contains("desk.get"), "{heard}");
    assert!(metrics.contains("/x/{id}"), "{metrics}");
    for text in [replies.join("\n"), metrics, heard] {
        assert!(!text.contains("s3cret"), "{text}");
    }
}
