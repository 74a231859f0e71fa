//! Workflows as repliers.

use std::time::Duration;

use serde_json::{Value as Json, json};
use wf_host::engine::Schedules;
use wf_host::ports::{BusError, Clock};
use wf_plan::{Envelope, Overlap, Trigger, TriggerKind};
use wf_value::{InputField, InputSpec, Type, Value};

use crate::schedules::trigger;
use crate::support::{Act, World, ok, triggered};

pub(crate) fn message(subject: &str, overlap: Overlap, inputs: Vec<InputField>) -> Trigger {
    let kind = TriggerKind::Message { subject: subject.into(), queue: None, envelope: Envelope::Body };
    let spec = InputSpec { fields: inputs, ..InputSpec::default() };
    Trigger { flow: wf_plan::FlowId(1), inputs: Some(spec), ..trigger(kind, overlap) }
}

pub(crate) fn replier() -> Json {
    json!({"steps": [], "flows": {"reply": {"inputs": ["n", {"more": "=n + 1"}], "steps": [
        {"fail": {"seven is refused": "n == 7"}},
        {"id": "one", "call": "read.one", "with": {"x": "=n"}},
        {"return": {"status": 201, "outcome": "made", "body": {"n": "=n", "more": "=more", "got": "=one.body"}}},
    ]}}})
}

fn fields() -> Vec<InputField> {
    vec![
        InputField::required("n", Type::Integer),
        InputField {
            default: Some(wf_value::input::Fallback::Computed),
            ..InputField::optional("more", Type::Integer)
        },
    ]
}

pub(crate) async fn ask(world: &World, subject: &str, payload: &Json) -> Result<Json, BusError> {
    let request = world.ports.bus.request(subject, payload.to_string().into(), Duration::from_secs(60));
    let reply = world.lets(request).await?;
    Ok(serde_json::from_slice(&reply).unwrap())
}

async fn world(overlap: Overlap) -> World {
    let world = World::new(&["read.one"], |_, body| Act::After(2, Box::new(ok(json!(body["x"]))))).await;
    let of = triggered("w", replier(), vec![message("my.subject", overlap, fields())]);
    world.engine.deploy(vec![of], Schedules::Tick).await.unwrap();
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_answered_with_what_its_flow_returns() {
    let world = world(Overlap::Allow).await;
    let reply =
        ask(&world, "my.subject", &json!({"request_id": "abc", "body": {"n": "5", "unknown": 1}})).await.unwrap();
    assert_eq!(reply, json!({"request_id": "abc", "status": 201, "body": {"n": 5, "more": 6, "got": 5}}));
    let reply = ask(&world, "my.subject", &json!({"body": {"n": 1, "more": 9}})).await.unwrap();
    assert_eq!(reply, json!({"status": 201, "body": {"n": 1, "more": 9, "got": 1}}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_refused_and_what_fails_is_500() {
    let world = world(Overlap::Allow).await;
    let reply = ask(&world, "my.subject", &json!({"request_id": "abc", "body": {"n": "five"}})).await.unwrap();
    assert_eq!(reply, json!({"request_id": "abc", "status": 400, "body": "n should be an integer, it is 'five'"}));
    for payload in [json!({"request_id": "abc"}), json!({"body": null}), json!({"body": [1]}), json!({"body": {}})] {
        let reply = ask(&world, "my.subject", &payload).await.unwrap();
        assert_eq!(reply["status"], 400, "{payload}");
        assert!(reply["body"].as_str().unwrap().contains('n'), "{reply}");
    }
    let reply = ask(&world, "my.subject", &json!({"body": {"n": 7}})).await.unwrap();
    assert_eq!(reply, json!({"status": 500, "body": "seven is refused"}));
    assert!(matches!(ask(&world, "my.subject", &json!("no object")).await, Err(BusError::Timeout(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_called_while_another_runs_by_hand_answers_and_does_nothing_else() {
    let world = World::new(&["read.one"], |_, body| ok(json!(body["x"]))).await;
    let ticks = trigger(crate::schedules::every(5, wf_plan::AtStart::Now), Overlap::Skip);
    let of = triggered("w", replier(), vec![ticks, message("my.subject", Overlap::Allow, fields())]);
    let answering = world.engine.answer_messages(&[of]).await.unwrap();
    world.until(60).await;
    let reply = ask(&world, "my.subject", &json!({"body": {"n": 5}})).await.unwrap();
    assert_eq!(reply, json!({"status": 201, "body": {"n": 5, "more": 6, "got": 5}}));
    assert_eq!(world.ports.journal.runs(None, 99).await.unwrap().len(), 1);
    drop(answering);
    world.until(61).await;
    let reply = ask(&world, "my.subject", &json!({"body": {"n": 5}})).await;
    assert!(matches!(reply, Err(BusError::NoResponders(_))), "{reply:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_answered_at_the_same_time_unless_they_queue() {
    for (overlap, seconds) in [(Overlap::Allow, 2), (Overlap::Skip, 2), (Overlap::Queue, 20)] {
        let world = world(overlap).await;
        let begun = world.clock.now();
        let bus = world.ports.bus.clone();
        let asked = (10..20).map(|n| {
            let (bus, payload) = (bus.clone(), json!({"body": {"n": n}}).to_string());
            async move { bus.request("my.subject", payload.into(), Duration::from_secs(60)).await.unwrap() }
        });
        let replies = world.lets(futures::future::join_all(asked)).await;
        assert!(replies.iter().all(|reply| String::from_utf8_lossy(reply).contains("201")));
        assert_eq!(world.clock.now().duration_since(begun).as_secs(), seconds, "{overlap:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_published_message_runs_and_nobody_is_answered() {
    let world = world(Overlap::Allow).await;
    let published = world.ports.bus.publish("my.subject", json!({"body": {"n": 3}}).to_string().into());
    world.lets(published).await.unwrap();
    world.until(10).await;
    assert_eq!(world.asked("read.one").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_http_trigger_is_served_by_name() {
    let world = World::new(&["read.one"], |_, body| ok(json!(body["x"]))).await;
    let kind = TriggerKind::Http { method: "GET".into(), path: "/n/{n}".into(), timeout: None, raw_body: false };
    let spec = InputSpec { fields: fields(), ..InputSpec::default() };
    let http = Trigger { flow: wf_plan::FlowId(1), inputs: Some(spec), ..trigger(kind, Overlap::Allow) };
    world.engine.deploy(vec![triggered("w", replier(), vec![http])], Schedules::Tick).await.unwrap();
    let body = |n: Value| Value::from([("n".into(), n)].into_iter().collect::<wf_value::Map>());
    let reply = world.lets(world.engine.serve("w/GET /n/{n}", Some(&body("4".into())), Value::Null)).await;
    assert_eq!((reply.status, reply.body.encode().unwrap().as_str()), (201, r#"{"n":4,"more":5,"got":4}"#));
    assert_eq!(world.lets(world.engine.serve("w/GET /n/{n}", Some(&body("x".into())), Value::Null)).await.status, 400);
    assert_eq!(world.lets(world.engine.serve("nothing", None, Value::Null)).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_message_has_written_once_it_does_not_write_again() {
    let plan = json!({"steps": [], "flows": {"reply": {"inputs": ["n"], "steps": [
        {"id": "noted", "call": "write.note", "with": {"n": "=n"}},
        {"return": {"status": 201, "outcome": "made", "body": "=noted.body"}},
    ]}}});
    let fields = || vec![InputField::required("n", Type::Integer)];
    let of = || triggered("w", plan.clone(), vec![message("my.subject", Overlap::Allow, fields())]);
    let journal = std::sync::Arc::new(wf_local::MemoryJournal::new());
    let engine = async || {
        let journal = journal.clone();
        let world = World::with(
            |ports| ports.journal = journal,
            crate::support::settings(),
            &["write.note"],
            |_, body| match body["n"].as_i64() {
                Some(7) => Act::Reply(500, json!("no")),
                n => ok(json!(n)),
            },
        );
        let world = world.await;
        world.engine.deploy(vec![of()], Schedules::Tick).await.unwrap();
        world
    };
    let world = engine().await;
    let asked = json!({"request_id": "abc", "body": {"n": 5}});
    let first = ask(&world, "my.subject", &asked).await.unwrap();
    assert_eq!(first, json!({"request_id": "abc", "status": 201, "body": 5}));
    assert_eq!(ask(&world, "my.subject", &asked).await.unwrap(), first);
    assert_eq!(world.asked("write.note").len(), 1);
    // another id is another request, and what failed is tried again
    for (id, n, times) in [("def", 5, 2), ("ghi", 7, 3), ("ghi", 7, 4)] {
        ask(&world, "my.subject", &json!({"request_id": id, "body": {"n": n}})).await.unwrap();
        assert_eq!(world.asked("write.note").len(), times, "{id}");
    }
    // the next engine on the store knows it, too
    let next = engine().await;
    assert_eq!(ask(&next, "my.subject", &asked).await.unwrap(), first);
    assert!(next.asked("write.note").is_empty());
}
