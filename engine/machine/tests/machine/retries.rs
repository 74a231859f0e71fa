//! Trying again.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use wf_machine::Effect;
use wf_plan::{Answered, Word};

use crate::support::{Over, World, error, lost, ok};

/// Answers failing so many times, then well.
fn after(failures: u32, failure: fn() -> Answered) -> impl FnMut(&str, &Json) -> Answered {
    let mut asked: BTreeMap<String, u32> = BTreeMap::new();
    move |name, body| {
        let n = asked.entry(format!("{name} {body}")).or_default();
        *n += 1;
        if *n > failures { ok(json!({"nth": *n})) } else { failure() }
    }
}

fn waits(over: &Over) -> Vec<i64> {
    let mut last = "2022-06-01T14:00:00Z".parse().unwrap();
    let timers = over.effects.iter().filter_map(|effect| match effect {
        Effect::Timer { at, .. } => Some(*at),
        _ => None,
    });
    timers
        .map(|at: jiff::Timestamp| {
            let wait = at.duration_since(last).as_millis();
            last = at;
            i64::try_from(wait).unwrap()
        })
        .collect()
}

#[test]
fn a_read_is_tried_again_under_the_same_id() {
    let steps = json!({"steps": [
        {"id": "x", "call": "read.x", "retry": {"when": ["failed"], "attempts": 4, "wait": "30s"}},
        {"return": "=x.body.nth"},
    ]});
    let over = World::new(steps, after(2, || error(500, "boom"))).run();
    assert_eq!(over.returned(), json!(3));
    assert_eq!(waits(&over), [30_000, 30_000]);
    let ids: Vec<_> = over
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Call { request_id, .. } => Some(request_id.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| *id == ids[0]));
}

#[test]
fn the_last_failure_is_final_and_told_once() {
    let steps = |tell: &str| {
        json!({
            "steps": [{"call": "read.x", "tell": if tell == "each" { json!("each") } else { json!(true) },
                       "retry": {"when": ["5xx"], "attempts": 3, "wait": ["1s", "5s"]}}],
            "tell": {"message": "{{ failed.message }}"},
        })
    };
    let over = World::new(steps("once"), after(9, || error(500, "boom"))).run();
    assert_eq!(over.how(), "failed at s1: read.x failed: 500 - boom");
    assert_eq!(waits(&over), [1_000, 5_000]);
    assert_eq!(over.sent().iter().filter(|line| line.starts_with("tell")).count(), 1);
    let over = World::new(steps("each"), after(9, || error(500, "boom"))).run();
    assert_eq!(over.sent().iter().filter(|line| line.starts_with("tell")).count(), 3);
    let mut ids: Vec<_> = over
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Publish { request_id, .. } => Some(request_id.clone()),
            _ => None,
        })
        .collect();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn a_write_is_tried_again_only_after_what_surely_did_not_act() {
    let tries = |failure: fn() -> Answered| {
        let retry = json!({"when": ["failed"], "attempts": 3, "wait": "1s"});
        World::new(json!({"steps": [{"call": "write.x", "retry": retry}]}), after(9, failure)).run().sent().len()
    };
    assert_eq!(tries(|| error(500, "boom")), 1);
    assert_eq!(tries(|| lost(Word::Timeout)), 1);
    assert_eq!(tries(|| lost(Word::NoConnection)), 3);
    assert_eq!(tries(|| error(429, "slowly")), 3);
    assert_eq!(tries(|| error(401, "who are you")), 3);
}

#[test]
fn only_what_when_names_is_tried_again() {
    let tries = |when: Json, failure: fn() -> Answered| {
        let retry = json!({"when": when, "attempts": 3, "wait": "1s"});
        let accept = json!(["2xx", "exists"]);
        World::new(json!({"steps": [{"call": "read.x", "retry": retry, "accept": accept}]}), after(9, failure))
            .run()
            .sent()
            .len()
    };
    assert_eq!(tries(json!(["timeout"]), || lost(Word::Timeout)), 3);
    assert_eq!(tries(json!(["timeout"]), || lost(Word::NoConnection)), 1);
    assert_eq!(tries(json!(["no_connection", "429"]), || lost(Word::NoConnection)), 3);
    assert_eq!(tries(json!(["429"]), || error(500, "boom")), 1);
    // an outcome that is ok, and yet worth asking again
    assert_eq!(tries(json!(["exists"]), || error(409, "pending")), 3);
}

#[test]
fn waits_double_up_to_a_greatest_one_and_within_ends_them() {
    let retry = json!({"when": ["failed"], "attempts": "forever", "wait": "2s to 10s", "backoff": "exponential", "within": "30s"});
    let over =
        World::new(json!({"steps": [{"call": "read.x", "retry": retry}]}), after(99, || error(500, "boom"))).run();
    assert_eq!(waits(&over), [2_000, 4_000, 8_000, 10_000, 10_000]);
}

#[test]
fn a_random_wait_is_the_same_when_it_is_played_again() {
    let retry = json!({"when": ["failed"], "attempts": 6, "wait": "1s to 1m"});
    let play = || {
        let steps = json!({"steps": [{"call": "read.x", "retry": retry.clone()}]});
        waits(&World::new(steps, after(99, || error(500, "boom"))).run())
    };
    let waits = play();
    assert_eq!(waits.len(), 5);
    assert!(waits.iter().all(|wait| (1_000..=60_000).contains(wait)));
    assert!(waits.windows(2).any(|pair| pair[0] != pair[1]), "{waits:?}");
    assert_eq!(play(), waits);
}

#[test]
fn a_flow_that_is_tried_again_does_its_writes_under_ids_of_their_own() {
    let plan = json!({
        "steps": [{"id": "n", "run": "f", "retry": {"when": ["failed"], "attempts": 3, "wait": "1m"}}, {"return": "=n"}],
        "flows": {"f": {"steps": [
            {"call": "write.note", "with": {"x": "=attempt"}},
            {"fail": {"not yet": "attempt < 3"}},
            {"return": "=attempt"},
        ]}},
    });
    let over = World::new(plan, |_, _| ok(json!(null))).run();
    assert_eq!(over.returned(), json!(3));
    let addresses: Vec<_> = over
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Call { address, .. } => Some(address.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(addresses, ["s1.s3", "s1.a2.s3", "s1.a3.s3"]);
    assert_eq!(over.sent()[2], r#"write.note {"x":3}"#);
}

#[test]
fn items_are_tried_again_one_by_one() {
    let plan = json!({"steps": [
        {"id": "seen", "for": "n", "in": [1, 2, 3], "parallel": 2, "on_error": "leave_out",
         "retry": {"when": ["failed", "undecided"], "attempts": 2, "wait": "10s"},
         "steps": [
            {"id": "got", "call": "read.n", "with": {"id": "=n", "x": "=attempt"}},
         ], "collect": "=got.body.value + 1"},
        {"return": ["=seen.values", "=seen.failed", "=seen.undecided"]},
    ]});
    let over = World::new(plan, |_, body| match (body["id"].as_i64(), body["x"].as_i64()) {
        (Some(1), Some(1)) => ok(json!({"value": "odd"})),
        (Some(2), _) => error(500, "boom"),
        (Some(n), _) => ok(json!({"value": n * 10})),
        _ => error(400, "?"),
    })
    .run();
    assert_eq!(over.returned(), json!([[11, 31], [2], []]));
    let seen = &over.ended().report.loops[0];
    assert_eq!((seen.items, seen.done, seen.failed), (3, 2, 1));
    assert_eq!(over.now.duration_since("2022-06-01T14:00:00Z".parse().unwrap()), SignedDuration::from_secs(10));
}
