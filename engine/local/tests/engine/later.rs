//! Rechecks and named tasks.

use std::time::Duration;

use serde_json::json;
use wf_expr::Written;
use wf_host::engine::Schedules;
use wf_host::ports::Task;
use wf_plan::{Overlap, Trigger, TriggerKind};
use wf_value::Value;

use crate::support::{Act, World, at, flow, ok, seconds, triggered, workflow};

fn rechecking() -> serde_json::Value {
    json!({
        "steps": [
            {"id": "rows", "call": "read.rows"},
            {"recheck": "rows.body", "by": "item.id", "after": "60s", "run": "again", "with": {"why": "down"}},
        ],
        "flows": {"again": {"inputs": ["items", "why"], "steps": [
            {"for": "row", "in": "items", "steps": [{"call": "write.note", "with": {"id": "=row.id", "note": "=why"}}]},
        ]}},
    })
}

async fn rows() -> World {
    let asked = std::sync::Mutex::new(0);
    World::new(&["read.rows", "write.note"], move |subject, _| {
        if subject == "write.note" {
            return Act::After(20, Box::new(ok(json!(1))));
        }
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        ok(json!([{"id": 1}, {"id": *asked + 1}]))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_is_booked_or_looked_at_keeps_its_time() {
    let world = rows().await;
    let workflow = workflow(rechecking());
    // At 0 items 1 and 2 are booked; at 30 only 3 is free; at 70 item 1 is being looked at; at 200 all are free again.
    for seconds in [0, 30, 70, 200] {
        world.lets(world.engine.settle(Some(at(seconds)))).await;
        world.until(seconds).await;
        assert!(world.run(&workflow).await.ended.is_ok());
        let engine = world.engine.clone();
        if seconds == 30 {
            // The recheck of 60 begins and is under way at 70.
            tokio::spawn(async move { engine.settle(Some(at(60))).await });
        }
    }
    let finished = world.lets(world.engine.settle(None)).await;
    assert!(finished.iter().all(|f| f.ended.is_ok() && f.workflow == "w"));
    let noted: Vec<i64> = world.asked("write.note").iter().map(|(.., body)| body["id"].as_i64().unwrap()).collect();
    assert_eq!(noted.iter().filter(|id| **id == 2).count(), 1);
    assert_eq!(noted.iter().filter(|id| **id == 3).count(), 1);
    assert!(world.asked("write.note").iter().all(|(.., body)| body["note"] == "down"));
    assert!(world.ports.bookings.waiting().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deployed_engine_runs_rechecks_by_itself() {
    let world = rows().await;
    let of = workflow(rechecking());
    world.engine.deploy(vec![of.clone()], Schedules::Rest).await.unwrap();
    assert!(world.run(&of).await.ended.is_ok());
    world.until(200).await;
    assert_eq!(world.asked("write.note").len(), 2);
    assert_eq!(world.lets(world.engine.drain(Duration::from_secs(5))).await, 0);
}

fn dispatcher() -> serde_json::Value {
    json!({
        "steps": [{"call": "write.forward", "with": {"id": "=trigger.data.id"}}],
        "flows": {"give-up": {"inputs": ["id"], "steps": [{"publish": "tell.lost", "with": {"id": "=id"}}]},
                  "forward": {"inputs": ["id"], "steps": [{"call": "write.forward", "with": {"id": "=id"}}]}},
    })
}

fn tasks(every: i64, give_up_after: Option<Written>) -> Trigger {
    let plan = dispatcher();
    let kind = TriggerKind::Task {
        task: "forward".into(),
        every: Some(seconds(every)),
        give_up_after,
        gave_up: Some(flow(&plan, "give-up")),
    };
    Trigger {
        kind,
        flow: flow(&plan, "forward"),
        overlap: Overlap::Skip,
        retry: None,
        inputs: None,
        each: None,
        span: literal_span(),
    }
}

fn literal_span() -> wf_source::Span {
    wf_source::Span::new(wf_source::FileId(0), 0, 0)
}

async fn book(world: &World, key: &str, due: i64) -> bool {
    let data = [("id".into(), Value::text(key))].into_iter().collect::<wf_value::Map>();
    world
        .ports
        .tasks
        .book(Task { kind: "forward".into(), key: key.into(), due: at(due), data: data.into() }, None)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn due_tasks_run_in_order_are_tried_again_and_given_up() {
    let world = World::new(&["write.forward", "tell.lost"], |_, body| match body["id"].as_str() {
        Some("bad") => Act::Reply(500, json!("no")),
        _ => ok(json!(1)),
    })
    .await;
    for (key, due) in [("second", 90), ("first", 10), ("bad", 50), ("much later", 5000)] {
        assert!(book(&world, key, due).await);
    }
    assert!(!book(&world, "first", 0).await);
    let of = triggered("dispatcher", dispatcher(), vec![tasks(60, Some(seconds(200)))]);
    world.engine.deploy(vec![of], Schedules::Tick).await.unwrap();
    world.until(600).await;
    let forwarded: Vec<_> =
        world.asked("write.forward").iter().map(|(.., body)| body["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(forwarded, ["first", "bad", "bad", "second", "bad", "bad", "bad"], "at 60, 120, 180, 240 and 300");
    assert_eq!(world.asked("tell.lost").len(), 1);
    let left: Vec<_> = world.ports.tasks.waiting().await.unwrap().iter().map(|t| t.key.to_string()).collect();
    assert_eq!(left, ["much later"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_does_not_fit_is_given_up_in_time_and_what_it_holds_is_handed_on() {
    let world = World::new(&["write.forward", "tell.lost"], |_, _| ok(json!(1))).await;
    let task = |key: &str, data: Value| Task { kind: "forward".into(), key: key.into(), due: at(10), data };
    let who = [("id".into(), Value::text("x")), ("n".into(), Value::text("no number"))];
    let who = who.into_iter().collect::<wf_value::Map>();
    for task in [task("misfit", who.into()), task("lost", Value::Null)] {
        assert!(world.ports.tasks.book(task, None).await.unwrap());
    }
    let mut trigger = tasks(60, Some(seconds(200)));
    let fields = ["id", "n"].map(|name| wf_value::InputField::required(name, wf_value::Type::Integer));
    trigger.inputs = Some(wf_value::InputSpec { fields: fields.into(), ..wf_value::InputSpec::default() });
    world.engine.deploy(vec![triggered("dispatcher", dispatcher(), vec![trigger])], Schedules::Tick).await.unwrap();
    world.until(600).await;
    assert_eq!(world.asked("write.forward").len(), 0);
    let lost: Vec<_> = world.asked("tell.lost").iter().map(|(.., body)| body["id"].clone()).collect();
    assert_eq!(lost, [json!(null), json!("x")], "the flow itself asks for no type");
    assert!(world.ports.tasks.waiting().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_booking_that_does_not_fit_its_workflow_fails_its_step() {
    let world = World::new(&["write.forward"], |_, _| ok(json!(1))).await;
    let mut trigger = tasks(60, None);
    let field = wf_value::InputField::required("id", wf_value::Type::Integer);
    trigger.inputs = Some(wf_value::InputSpec { fields: vec![field], ..wf_value::InputSpec::default() });
    world.engine.deploy(vec![triggered("dispatcher", dispatcher(), vec![trigger])], Schedules::Rest).await.unwrap();
    let booking = |id: serde_json::Value| {
        workflow(json!({"steps": [{"id": "booked", "defer": "forward", "key": "k", "after": "1h", "with": {"id": id}},
            {"return": "=booked.booked"}]}))
    };
    let bad = world.run(&booking(json!("x"))).await.ended.unwrap();
    assert!(matches!(bad.how, wf_machine::EndedHow::Failed { .. }), "{:?}", bad.how);
    let good = world.run(&booking(json!(5))).await.ended.unwrap();
    assert_eq!(good.returned, Some(Value::Bool(true)));
    let again = world.run(&booking(json!(5))).await.ended.unwrap();
    assert_eq!(again.returned, Some(Value::Bool(false)));
    let cancel = workflow(json!({"steps": [{"id": "c", "cancel": "forward", "key": "k"}, {"return": "=c.found"}]}));
    assert_eq!(world.run(&cancel).await.ended.unwrap().returned, Some(Value::Bool(true)));
    assert_eq!(world.run(&cancel).await.ended.unwrap().returned, Some(Value::Bool(false)));
}
