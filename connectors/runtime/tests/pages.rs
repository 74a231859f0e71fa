//! Lists page by page, calls made again, results that are kept, steps (`connectors.md` §6, §9).

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use support::{Desk, asked, json, status, vendor};
use wf_host::ports::Clock;
use wf_testkit::{Answer, FaultyHttp, Reply};

const PAGED: &str = "
config: {base_url: url}
base_url: =config.base_url
limits: {pages: 4, timeout: 1s}
answers:
  - {is: 404, status: 200, body: []}
  - {is: unusable, status: 599, body: =answer.message}
reads:
  list:
    input: {size: {type: integer, default: 2}}
    request: GET /rows
    query: {Page: =page.number, Size: =size}
    vendor: {total: optional integer, rows: list of any}
    pages:
      start: {number: 1}
      items: =answer.body.rows
      next: =if(size(read) < answer.body.total, following(page), null)
    retry: {when: failed, attempts: 3, wait: 1s}
    output: list of any
  tokens:
    input: {}
    request: GET /tokens
    query: {token: =page}
    vendor: {rows: list of any, next: optional text}
    pages: {items: =answer.body.rows, next: =answer.body.next}
    reply: {all: =read, last: =answer.body.next}
    output: {all: list of any, last: optional text}
  linked:
    input: {}
    request: GET /linked
    query: {size: 2}
    vendor: {rows: list of any, link: optional text}
    pages: {items: =answer.body.rows, link: =answer.body.link}
    output: list of any
define:
  following(page):
    number: =page.number + 1
";

fn rows(total: usize, rows: &str) -> Answer {
    json(&format!(r#"{{"total":{total},"rows":{rows}}}"#))
}

#[tokio::test]
async fn pages_are_read_until_there_are_no_more() {
    let vendor = vendor([rows(5, "[1,2]"), rows(9, "[3,4]"), rows(5, "[5]")]);
    assert_eq!(Desk::new(PAGED, &vendor).ask("list", "{}").await, (200, "[1,2,3,4,5]".into()));
    assert_eq!(asked(&vendor), ["GET /rows?Page=1&Size=2", "GET /rows?Page=2&Size=2", "GET /rows?Page=3&Size=2"]);
}

#[tokio::test]
async fn a_failing_page_is_asked_for_again_and_its_last_failure_is_the_reply() {
    let good = vendor([rows(3, "[1,2]"), status(500, "{}"), Answer::Close, rows(3, "[3]")]);
    let (clock, desk) = Desk::in_virtual_time(PAGED, &good);
    assert_eq!(desk.ask("list", "{}").await, (200, "[1,2,3]".into()));
    assert_eq!(clock.now().duration_since(support::start()).as_secs(), 2);
    let bad =
        vendor([rows(3, "[1,2]"), status(500, "{}"), status(501, "{}"), status(512, r#"{"m":1}"#), rows(3, "[3]")]);
    assert_eq!(Desk::in_virtual_time(PAGED, &bad).1.ask("list", "{}").await, (512, r#"{"m":1}"#.into()));
    assert_eq!(bad.asked().len(), 4);
}

#[tokio::test]
async fn rows_hold_for_pages_too() {
    let vendor = vendor([rows(3, "[1,2]"), status(404, "{}"), status(404, "{}"), status(404, "{}")]);
    assert_eq!(Desk::in_virtual_time(PAGED, &vendor).1.ask("list", "{}").await, (200, "[]".into()));
}

#[tokio::test]
async fn a_list_without_an_end_is_unusable() {
    let endless = FaultyHttp::start(|_| rows(1_000, "[1]"));
    assert_eq!(Desk::new(PAGED, &endless).ask("list", "{}").await, (599, r#""there are more than 4 pages""#.into()));
    assert_eq!(endless.asked().len(), 4);
    let same = FaultyHttp::start(|_| json(r#"{"rows":[1],"next":"x"}"#));
    assert_eq!(
        Desk::new(PAGED, &same).ask("tokens", "{}").await,
        (599, r#""page 2 names itself as the next one""#.into())
    );
    let odd = vendor([json(r#"{"rows":[1]}"#), json(r#"{"rows":[1]}"#), json(r#"{"rows":[1]}"#)]);
    let (found, reply) = Desk::new(PAGED, &odd).ask("list", "{}").await;
    assert_eq!((found, reply.contains("whether there is another page")), (599, true), "{reply}");
    let no_list = vendor([json(r#"{"rows":{}}"#)]);
    assert_eq!(Desk::new(PAGED, &no_list).ask("tokens", "{}").await.0, 599);
}

#[tokio::test]
async fn a_reply_sees_all_items_and_the_last_page() {
    let vendor = vendor([json(r#"{"rows":[1],"next":"a b"}"#), json(r#"{"rows":[2,3]}"#)]);
    assert_eq!(Desk::new(PAGED, &vendor).ask("tokens", "{}").await, (200, r#"{"all":[1,2,3],"last":null}"#.into()));
    assert_eq!(asked(&vendor), ["GET /tokens", "GET /tokens?token=a%20b"]);
}

#[tokio::test]
async fn links_are_asked_as_they_stand_and_on_the_same_host_only() {
    let linked = vendor([json(r#"{"rows":[1],"link":"/linked/2?cursor=x%20y"}"#), json(r#"{"rows":[2]}"#)]);
    assert_eq!(Desk::new(PAGED, &linked).ask("linked", "{}").await, (200, "[1,2]".into()));
    assert_eq!(asked(&linked), ["GET /linked?size=2", "GET /linked/2?cursor=x%20y"]);
    let away = vendor([json(r#"{"rows":[1],"link":"http://other.invalid/2"}"#)]);
    let (found, reply) = Desk::new(PAGED, &away).ask("linked", "{}").await;
    assert_eq!((found, reply.contains("another host")), (599, true), "{reply}");
}

const RETRIED: &str = "
config: {base_url: url}
base_url: =config.base_url
limits: {timeout: 5s}
retry: {when: [no_answer, 5xx, 429], attempts: 3, wait: 1s, backoff: exponential}
reads:
  get: {input: {}, request: GET /x, output: any}
writes:
  send: {input: {}, request: POST /x, doubt: report, output: any}
";

#[tokio::test]
async fn reads_are_made_again_after_what_when_names() {
    let answers = vendor([Answer::Silence, status(503, "{}"), json("1")]);
    let (clock, desk) = Desk::in_virtual_time(RETRIED, &answers);
    assert_eq!(desk.ask("get", "{}").await, (200, "1".into()));
    // 5 s of silence, 1 s and 2 s of waiting
    assert_eq!(clock.now().duration_since(support::start()).as_secs(), 8);
    let other = vendor([status(404, "{}"), json("1")]);
    assert_eq!(Desk::in_virtual_time(RETRIED, &other).1.ask("get", "{}").await.0, 404);
}

#[tokio::test]
async fn writes_are_made_again_only_after_what_surely_did_not_act() {
    for once in [status(503, "{}"), Answer::Close, Answer::Silence, Answer::CutBody(Reply::json("123"), 1)] {
        let vendor = vendor([once.clone(), json("1")]);
        let (found, _) = Desk::in_virtual_time(RETRIED, &vendor).1.ask("send", "{}").await;
        assert!(found >= 500, "{once:?}");
        assert_eq!(vendor.asked().len(), 1, "{once:?}");
    }
    let busy = vendor([status(429, "{}"), status(429, "{}"), json("1")]);
    assert_eq!(Desk::in_virtual_time(RETRIED, &busy).1.ask("send", "{}").await, (200, "1".into()));
    let mut down = FaultyHttp::start(|_| Reply::status(200).into());
    down.refuse();
    let (clock, desk) = Desk::in_virtual_time(RETRIED, &down);
    assert_eq!(desk.ask("send", "{}").await.0, 500);
    assert_eq!(clock.now().duration_since(support::start()).as_secs(), 3);
}

const CACHED: &str = "
config: {base_url: url}
base_url: =config.base_url
limits: {concurrency: 50}
reads:
  get:
    input: {id: scalar}
    request: GET /{{ id }}
    cache: {key: 'of {{ id }}', for: 10m}
    output: any
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_keys_at_once_are_asked_for_once_and_only_ok_results_stay() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let vendor = FaultyHttp::start(move |asked| {
        let n = counted.fetch_add(1, Ordering::SeqCst);
        let answer = if asked.path() == "/bad" { status(500, "{}") } else { json(&n.to_string()) };
        answer.late(Duration::from_millis(20))
    });
    let desk = Arc::new(Desk::new(CACHED, &vendor));
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.ask("get", r#"{"id":1}"#).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.ok(), Some((200, "0".into())));
    }
    assert_eq!(desk.ask("get", r#"{"id":2}"#).await, (200, "1".into()));
    for _ in 0..2 {
        assert_eq!(desk.ask("get", r#"{"id":"bad"}"#).await.0, 500);
    }
    assert_eq!(count.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn results_are_forgotten_after_their_time() {
    let vendor = vendor([json("1"), json("2")]);
    let (clock, desk) = Desk::in_virtual_time(CACHED, &vendor);
    for expected in ["1", "1"] {
        assert_eq!(desk.ask("get", r#"{"id":1}"#).await.1, expected);
    }
    clock.sleep(Duration::from_secs(600)).await;
    assert_eq!(desk.ask("get", r#"{"id":1}"#).await.1, "2");
}

const STEPS: &str = "
config: {base_url: url}
base_url: =config.base_url
answers:
  - {is: 404, body: nothing there}
reads:
  all:
    input: {names: list of text}
    steps:
      - id: asked
        for: name
        in: names
        parallel: yes
        on_error: fail
        steps:
          - id: one
            request: GET /{{ name }}
            vendor: {rows: list of any}
            reply: =answer.body.rows
            accept: any
        collect: {status: =one.status, rows: '=if(one.status in 200..299, one.body, [])'}
      - return:
          status: =asked.values.first(a, not (a.status in 200..299)).status.orElse(200)
          body: =asked.values.flatMap(a, a.rows)
    output: list of any
  both:
    input: {id: scalar}
    steps:
      - return: {status: 400, body: no zero}
        if: id == 0
      - id: first
        request: GET /first/{{ id }}
        vendor: {next: optional scalar}
      - return: {body: =first.body.next}
        if: first.body.next == null
      - id: detail
        call: one
        with: {id: =first.body.next}
      - return: {status: 203, body: {detail: =detail.body, by: =request_id}}
    output: any
  one: {input: {id: scalar}, request: 'GET /one/{{ id }}', output: any}
  last: {input: {}, steps: [{request: GET /a}, {request: GET /b, reply: =answer.body.x}], output: any}
";

#[tokio::test]
async fn requests_of_a_loop_go_out_at_once_and_come_back_in_order() {
    let vendor = FaultyHttp::start(|asked| match asked.path() {
        "/slow" => json(r#"{"rows":[1]}"#).late(Duration::from_millis(80)),
        "/gone" => status(404, "{}"),
        _ => json(r#"{"rows":[2]}"#),
    });
    let desk = Desk::new(STEPS, &vendor);
    assert_eq!(desk.ask("all", r#"{"names":["slow","fast"]}"#).await, (200, "[1,2]".into()));
    assert_eq!(desk.ask("all", r#"{"names":["slow","gone","fast"]}"#).await, (404, "[1,2]".into()));
    assert_eq!(desk.ask("all", r#"{"names":[]}"#).await, (200, "[]".into()));
}

#[tokio::test]
async fn steps_return_call_the_own_folder_and_end_with_a_failed_request() {
    let vendor = FaultyHttp::start(|asked| match asked.path() {
        "/first/1" => json(r#"{"next":7}"#),
        "/first/2" => json("{}"),
        "/first/4" => json(r#"{"next":"no"}"#),
        "/one/7" | "/a" => json(r#"{"x":"it"}"#),
        "/b" => json(r#"{"x":"last"}"#),
        _ => status(404, "{}"),
    });
    let desk = Desk::new(STEPS, &vendor);
    assert_eq!(desk.ask("both", r#"{"id":0}"#).await, (400, r#""no zero""#.into()));
    assert_eq!(
        desk.ask_as("both", Some("ID"), r#"{"id":1}"#).await,
        (203, r#"{"detail":{"x":"it"},"by":"ID"}"#.into())
    );
    assert_eq!(desk.ask("both", r#"{"id":2}"#).await, (200, "null".into()));
    assert_eq!(desk.ask("both", r#"{"id":3}"#).await, (404, r#""nothing there""#.into()));
    let (found, reply) = desk.ask("both", r#"{"id":4}"#).await;
    assert_eq!((found, reply.contains("404 - nothing there")), (500, true), "{reply}");
    assert_eq!(desk.ask("last", "{}").await, (200, r#""last""#.into()));
}
