//! Writes that happen once (`connectors.md` §7).

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use support::{Desk, asked, json, status, vendor};
use wf_host::ports::Clock;
use wf_testkit::{Answer, FaultyHttp, Reply};

const YAML: &str = "
config: {base_url: url}
base_url: =config.base_url
limits: {timeout: 5s, concurrency: 100}
reads:
  notes: {input: {id: scalar}, request: 'GET /{{ id }}/notes', vendor: {notes: list of note}, output: notes}
writes:
  note:
    input: {id: scalar, text: text}
    let: {wanted: '{{ text }}!'}
    request: POST /{{ id }}/notes
    json: {text: =wanted}
    doubt:
      look:
        call: notes
        with: {id: =id}
        found: body.notes.exists(n, n.text == wanted && n.at >= sent_at - 1m)
        status: 201
        body: {noted: '=body.notes.first(n, n.text == wanted).text'}
    output: any
  set: {input: {id: scalar}, request: 'PUT /{{ id }}', doubt: repeat, output: any}
  mail: {input: {id: scalar}, request: 'POST /mail/{{ id }}', doubt: report, output: any}
tells:
  chat: {input: {text: text}, request: POST /chat, json: {text: =text}, output: any}
shapes:
  notes: {notes: list of note}
  note: {text: text, at: timestamp}
";

#[tokio::test]
async fn the_reply_of_an_id_is_given_again_for_a_day() {
    let vendor = vendor([status(201, r#"{"n":1}"#), status(409, r#"{"n":2}"#), json("3"), json("4")]);
    let (clock, desk) = Desk::in_virtual_time(YAML, &vendor);
    let note = r#"{"id":1,"text":"hi"}"#;
    for _ in 0..3 {
        assert_eq!(desk.ask_as("note", Some("a"), note).await, (201, r#"{"n":1}"#.into()));
    }
    // a refusal is a reply, too; another subject and another id are others
    assert_eq!(desk.ask_as("note", Some("b"), note).await, (409, r#"{"n":2}"#.into()));
    assert_eq!(desk.ask_as("note", Some("b"), note).await, (409, r#"{"n":2}"#.into()));
    assert_eq!(desk.ask_as("set", Some("a"), r#"{"id":1}"#).await, (200, "3".into()));
    clock.sleep(Duration::from_secs(24 * 3600)).await;
    assert_eq!(desk.ask_as("note", Some("a"), note).await, (200, "4".into()));
    assert_eq!(vendor.asked().len(), 4);
}

#[tokio::test]
async fn without_an_id_and_for_reads_nothing_is_remembered() {
    let vendor = vendor([json("1"), json("2"), json(r#"{"notes":[]}"#), json(r#"{"notes":[]}"#)]);
    let desk = Desk::new(YAML, &vendor);
    assert_eq!(desk.ask("set", r#"{"id":1}"#).await.1, "1");
    assert_eq!(desk.ask("set", r#"{"id":1}"#).await.1, "2");
    for _ in 0..2 {
        assert_eq!(desk.ask_as("notes", Some("a"), r#"{"id":1}"#).await.0, 200);
    }
    assert_eq!(vendor.asked().len(), 4);
}

#[tokio::test]
async fn what_surely_did_not_act_may_be_asked_for_again() {
    let busy = vendor([status(429, "{}"), json("1")]);
    let desk = Desk::new(YAML, &busy);
    assert_eq!(desk.ask_as("mail", Some("a"), r#"{"id":""}"#).await.0, 400);
    assert_eq!(desk.ask_as("mail", Some("a"), r#"{"id":1}"#).await.0, 429);
    assert_eq!(desk.ask_as("mail", Some("a"), r#"{"id":1}"#).await, (200, "1".into()));
    let mut down = FaultyHttp::start(|_| Reply::json("1").into());
    down.refuse();
    let desk = Desk::new(YAML, &down);
    assert_eq!(desk.ask_as("mail", Some("a"), r#"{"id":1}"#).await.0, 500);
    down.listen_again();
    assert_eq!(desk.ask_as("mail", Some("a"), r#"{"id":1}"#).await, (200, "1".into()));
    down.refuse();
    assert_eq!(desk.ask_as("mail", Some("a"), r#"{"id":1}"#).await, (200, "1".into()));
}

#[tokio::test]
async fn what_may_have_acted_is_not_asked_for_again() {
    for answer in [Answer::Close, Answer::Silence, status(500, "{}"), Answer::CutBody(Reply::json("12"), 1)] {
        let vendor = vendor([answer.clone(), json("1")]);
        let (_, desk) = Desk::in_virtual_time(YAML, &vendor);
        let first = desk.ask_as("mail", Some("a"), r#"{"id":1}"#).await;
        assert!(first.0 >= 500, "{answer:?}");
        assert_eq!(desk.ask_as("mail", Some("a"), r#"{"id":1}"#).await, first);
        assert_eq!(vendor.asked().len(), 1, "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_id_at_once_asks_once() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let vendor = FaultyHttp::start(move |_| {
        let n = counted.fetch_add(1, Ordering::SeqCst);
        json(&n.to_string()).late(Duration::from_millis(30))
    });
    let desk = Arc::new(Desk::new(YAML, &vendor));
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.ask_as("mail", Some("a"), r#"{"id":1}"#).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.ok(), Some((200, "0".into())));
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

/// As if an engine had claimed the id and gone before there was a reply.
async fn in_doubt(desk: &Desk, action: &str) {
    let claimed = desk.tools.claims.claim(&format!("desk.{action}"), "a", desk.tools.clock.now()).await;
    assert!(claimed.is_ok(), "{claimed:?}");
}

#[tokio::test]
async fn a_write_in_doubt_is_repeated_where_that_changes_nothing() {
    let vendor = vendor([json("1")]);
    let desk = Desk::new(YAML, &vendor);
    in_doubt(&desk, "set").await;
    for _ in 0..2 {
        assert_eq!(desk.ask_as("set", Some("a"), r#"{"id":1}"#).await, (200, "1".into()));
    }
    assert_eq!(asked(&vendor), ["PUT /1"]);
}

#[tokio::test]
async fn a_write_or_tell_in_doubt_is_reported_and_not_repeated() {
    let vendor = vendor([json("1")]);
    let desk = Desk::new(YAML, &vendor);
    for (action, body) in [("mail", r#"{"id":1}"#), ("chat", r#"{"text":"hi"}"#)] {
        in_doubt(&desk, action).await;
        let (found, reply) = desk.ask_as(action, Some("a"), body).await;
        assert_eq!((found, reply.contains("in doubt")), (504, true), "{reply}");
    }
    assert_eq!(asked(&vendor), Vec::<String>::new());
}

#[tokio::test]
async fn the_vendor_is_asked_whether_a_write_in_doubt_happened() {
    let note = r#"{"id":1,"text":"hi"}"#;
    let notes = |text: &str, at: &str| json(&format!(r#"{{"notes":[{{"text":"{text}","at":"{at}"}}]}}"#));
    // it did
    let found = vendor([notes("hi!", "2022-06-01T13:59:30Z"), json("never")]);
    let (_, desk) = Desk::in_virtual_time(YAML, &found);
    in_doubt(&desk, "note").await;
    for _ in 0..2 {
        assert_eq!(desk.ask_as("note", Some("a"), note).await, (201, r#"{"noted":"hi!"}"#.into()));
    }
    assert_eq!(asked(&found), ["GET /1/notes"]);
    // it did not: another text, or from long before
    for (text, at) in [("other", "2022-06-01T14:00:00Z"), ("hi!", "2022-06-01T13:58:59Z")] {
        let missing = vendor([notes(text, at), json("9")]);
        let (_, desk) = Desk::in_virtual_time(YAML, &missing);
        in_doubt(&desk, "note").await;
        assert_eq!(desk.ask_as("note", Some("a"), note).await, (200, "9".into()));
        assert_eq!(asked(&missing), ["GET /1/notes", "POST /1/notes"]);
        assert_eq!(missing.asked()[1].text(), r#"{"text":"hi!"}"#);
    }
    // nobody can tell
    for answer in [status(500, "{}"), json(r#"{"notes":[{"text":"hi!"}]}"#)] {
        let unknown = vendor([answer, json("never")]);
        let (_, desk) = Desk::in_virtual_time(YAML, &unknown);
        in_doubt(&desk, "note").await;
        let (found, reply) = desk.ask_as("note", Some("a"), note).await;
        assert_eq!((found, reply.contains("in doubt")), (504, true), "{reply}");
        assert_eq!(unknown.asked().len(), 1);
    }
}
