//! What is booked, counted and explained.

use serde_json::json;
use wf_machine::{Decision, Effect};

use crate::support::{World, error, ok};

#[test]
fn a_recheck_books_one_run_for_items_by_their_keys() {
    let plan = json!({
        "steps": [
            {"id": "rows", "call": "read.rows"},
            {"recheck": "rows.body.filter(r, r.state == 'DOWN')", "by": "item.id", "after": "5m", "run": "again", "with": {"host": "h"}},
            {"recheck": "[]", "by": "item.id", "after": "5m", "run": "again"},
        ],
        "flows": {"again": {"inputs": ["items", "host"], "steps": []}},
    });
    let rows = json!([{"id": 1, "state": "DOWN"}, {"id": 2, "state": "UP"}, {"id": 3}, {"id": 1, "state": "DOWN"}, {"id": 4, "state": "DOWN"}]);
    let over = World::new(plan, move |_, _| ok(rows.clone())).run();
    assert_eq!(over.how(), "well");
    let booked: Vec<_> = over
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Recheck { at, items, with, .. } => {
                let keys: Vec<_> = items.iter().map(|(key, _)| key.to_string()).collect();
                Some((at.to_string(), keys, with.to_serde()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(booked, [("2022-06-01T14:05:00Z".to_owned(), vec!["1".into(), "4".into()], json!({"host": "h"}))]);
    assert_eq!(over.ended().report.undecided[0].place.as_str(), "read.rows, row 3");
}

#[test]
fn a_task_is_booked_and_called_off() {
    let plan = json!({"steps": [
        {"id": "a", "defer": "forward", "key": "{{ 40 + 2 }}-HNOC", "after": "90m", "with": {"id": 42}},
        {"id": "b", "cancel": "forward", "key": "42-HNOC"},
        {"return": ["=a.booked", "=b.found"]},
    ]});
    let over = World::new(plan, |name, _| match name {
        "defer.forward" => ok(json!({"booked": true})),
        _ => ok(json!({"found": false})),
    })
    .run();
    assert_eq!(over.returned(), json!([true, false]));
    let task = over.effects.iter().find_map(|effect| match effect {
        Effect::Defer { key, at, .. } => Some((key.to_string(), at.to_string())),
        _ => None,
    });
    assert_eq!(task, Some(("42-HNOC".to_owned(), "2022-06-01T15:30:00Z".to_owned())));
}

#[test]
fn a_booking_that_is_refused_fails_its_step() {
    let plan = json!({"steps": [{"defer": "forward", "key": "k", "with": {"id": "x"}}]});
    let over = World::new(plan, |_, _| error(400, "id should be an integer")).run();
    assert_eq!(over.how(), "failed at s1: forward was not booked: id should be an integer");
}

#[test]
fn metrics_have_all_their_labels_as_texts() {
    let plan = json!({
        "metrics": {"made": ["host", "byob"], "now_up": ["host"]},
        "steps": [
            {"let": {"facts": {"byob": true, "host": "h", "other": 1}}},
            {"metric": "made", "labels": "=facts"},
            {"metric": "made", "labels": {"host": "i", "byob": false}, "value": 2.5},
            {"metric": "now_up", "rows": "=[{'host': 'h', 'value': 1}, {'host': 'i', 'value': 0}]"},
        ],
    });
    let over = World::new(plan, |_, _| ok(json!(null))).run();
    let lines: Vec<_> = over
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Metric { labels, value, .. } => Some(format!("{labels:?} {value}")),
            Effect::Gauges { rows, .. } => Some(format!("{rows:?}")),
            _ => None,
        })
        .collect();
    assert_eq!(
        lines,
        [
            r#"[("host", "h"), ("byob", "True"), ("feature", "Test")] 1"#,
            r#"[("host", "i"), ("byob", "False"), ("feature", "Test")] 2.5"#,
            r#"[([("host", "h"), ("feature", "Test")], 1.0), ([("host", "i"), ("feature", "Test")], 0.0)]"#,
        ]
    );
}

#[test]
fn a_metric_without_a_label_is_undecided() {
    let plan = json!({"metrics": {"made": ["host"]}, "steps": [{"metric": "made"}]});
    assert_eq!(World::new(plan, |_, _| ok(json!(null))).run().how(), "undecided at s1: made has no label `host` here");
}

#[test]
fn a_partial_list_that_keeps_something_from_being_sent_is_reported_by_its_elements() {
    let plan = json!({"steps": [
        {"id": "rows", "call": "read.rows"},
        {"call": "write.mail", "with": {"x": "=rows.body.filter(r, r.state == 'UP')"}},
    ]});
    let over = World::new(plan, |_, _| ok(json!([{"id": 1, "state": "UP"}, {"id": 2}, {"id": 3}]))).run();
    assert!(over.how().contains("write.mail was not sent: 2 of 3 elements are undecided"), "{}", over.how());
    let places: Vec<_> = over.ended().report.undecided.iter().map(|u| u.place.to_string()).collect();
    assert_eq!(places, ["read.rows, row 2", "read.rows, row 3", ""]);
}

fn shown(saw: &[(wf_value::Text, wf_value::Value)]) -> String {
    saw.iter().map(|(text, value)| format!("{text} = {}", value.print_lenient())).collect::<Vec<_>>().join(", ")
}

#[test]
fn explain_hears_every_decision_with_the_values_it_saw() {
    let plan = json!({
        "params": {"least": 5},
        "steps": [
            {"id": "rows", "call": "read.rows"},
            {"let": {"up": "=rows.body.filter(r, r.state == 'UP')"}},
            {"for": "row", "in": "up", "where": "row.id != 3", "steps": [{"skip": {"it is small": "row.id < params.least"}}, {"publish": "tell.x"}]},
        ],
    });
    let rows = json!([{"id": 1, "state": "UP"}, {"id": 3, "state": "UP"}, {"id": 7, "state": "UP"}, {"id": 9, "state": "DOWN"}]);
    let over = World::new(plan, move |_, _| ok(rows.clone())).traced();
    let mut lines = Vec::new();
    for decision in &over.decisions {
        match decision {
            Decision::Condition { address, what, holds, saw, element, .. } => {
                assert_eq!(element.is_some(), *what == "where");
                lines.push(format!("{address} {what} {holds:?}: {}", shown(saw)));
            }
            Decision::Dropped { function, element, saw, .. } => {
                lines.push(format!("{function} dropped {}: {}", element.to_serde()["id"], shown(saw)))
            }
            Decision::ItemEnded { address, how, .. } => lines.push(format!("{address} {how}")),
            Decision::Called { action, .. } | Decision::Sent { action, .. } => lines.push(action.to_string()),
            _ => {}
        }
    }
    assert_eq!(
        lines,
        [
            "read.rows",
            "filter dropped 9: r.state = DOWN",
            "s3.i0 where Some(true): row.id = 1",
            "s3.i1 where Some(false): row.id = 3",
            "s3.i2 where Some(true): row.id = 7",
            "s3.i0.s4 skip Some(true): row.id = 1, params.least = 5",
            "s3.i0 skipped: it is small",
            "s3.i2.s4 skip Some(false): row.id = 7, params.least = 5",
            "tell.x",
            "s3.i2 done",
        ]
    );
}
