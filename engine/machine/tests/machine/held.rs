//! Writes that are held back.

use serde_json::{Value as Json, json};
use wf_machine::{Effect, SentKind, Writes};

use crate::support::{Over, World, error, ok};

fn off(steps: Json) -> Over {
    let plan = json!({"steps": steps, "metrics": {"made": ["host"]}});
    World::new(plan, |_, _| ok(json!({"ok": true}))).writes(Writes::Off).run()
}

#[test]
fn after_a_held_write_nothing_of_that_item_goes_out() {
    let over = off(json!([
        {"publish": "tell.before"},
        {"id": "made", "call": "write.ticket", "with": {"id": 1}},
        {"call": "write.note", "with": {"id": 1, "note": "Ticket {{ made.body.id }}"}},
        {"publish": "tell.after"},
        {"metric": "made", "labels": {"host": "x"}},
        {"defer": "task", "key": "k", "with": {}},
        {"call": "read.ticket"},
    ]));
    assert_eq!(over.how(), "well");
    assert_eq!(over.sent(), ["tell.before {}", "read.ticket {}"]);
    assert!(!over.effects.iter().any(|e| matches!(e, Effect::Metric { .. } | Effect::Defer { .. })));
    let sent: Vec<_> =
        over.ended().report.sent.iter().map(|sent| (sent.action.to_string(), sent.kind, sent.held)).collect();
    assert_eq!(
        sent,
        [
            ("tell.before".to_owned(), SentKind::Tell, false),
            ("write.ticket".to_owned(), SentKind::Write, true),
            ("write.note".to_owned(), SentKind::Write, true),
            ("tell.after".to_owned(), SentKind::Tell, true),
            ("task".to_owned(), SentKind::Booking, true),
        ]
    );
}

#[test]
fn what_needs_a_held_write_ends_the_item_as_held_and_runs_no_on_error() {
    for needs in [
        json!({"publish": "tell.x", "if": "made.ok", "on_error": "ignore"}),
        json!({"call": "read.ticket", "with": {"id": "=made.body.id"}, "on_error": [{"publish": "tell.error"}]}),
        json!({"for": "n", "in": "made.body.items", "steps": [], "on_error": [{"publish": "tell.error"}]}),
        json!({"skip": {"why": "made.status == 1"}, "on_error": "skip"}),
    ] {
        let over = off(json!([{"id": "made", "call": "write.ticket"}, needs, {"publish": "tell.never"}]));
        assert_eq!(over.how(), "held: write.ticket was held back");
        assert!(over.sent().is_empty());
        assert_eq!(over.ended().report.undecided_count(), 0);
    }
}

#[test]
fn an_item_is_held_and_what_is_around_it_but_not_its_neighbour() {
    let over = off(json!([
        {"id": "seen", "for": "n", "in": [1, 2, 3], "steps": [
            {"id": "made", "call": "write.ticket", "if": "n == 2"},
            {"skip": {"needs it": "made != null && made.ok"}},
            {"publish": "tell.item", "with": {"x": "=n"}},
        ]},
        {"publish": "tell.after"},
        {"return": ["=seen.done", "=seen.held"]},
    ]));
    assert_eq!(over.returned(), json!([[1, 3], [2]]));
    assert_eq!(over.sent(), [r#"tell.item {"x":1}"#, r#"tell.item {"x":3}"#]);
    assert_eq!(over.ended().report.loops[0].held, 1);
}

#[test]
fn items_that_begin_after_a_held_write_begin_held() {
    let over = off(json!([
        {"call": "write.ticket"},
        {"for": "n", "in": [1, 2], "parallel": "yes", "steps": [{"publish": "tell.item"}]},
    ]));
    assert!(over.sent().is_empty());
}

#[test]
fn own_memory_is_written_as_long_as_it_is_known_and_never_in_a_dry_run() {
    let steps = json!({"steps": [
        {"call": "memory.set", "with": {"x": 1}},
        {"id": "made", "call": "write.ticket"},
        {"call": "memory.set", "with": {"x": 2}},
        {"call": "memory.set", "with": {"x": "=made.body"}},
        {"publish": "tell.x"},
    ]});
    let play = |writes| World::new(steps.clone(), |_, _| ok(json!(null))).writes(writes).run().sent();
    assert_eq!(play(Writes::Off), [r#"memory.set {"x":1}"#, r#"memory.set {"x":2}"#]);
    assert_eq!(play(Writes::DryRun), [""; 0]);
}

#[test]
fn if_unknown_does_not_look_through_what_was_held() {
    let over = off(json!([
        {"id": "made", "call": "write.ticket"},
        {"publish": "tell.x", "if": "ifUnknown(made.ok, true)"},
    ]));
    assert_eq!(over.how(), "held: write.ticket was held back");
}

#[test]
fn reports_of_failed_reads_go_out_after_a_held_write() {
    let plan = json!({
        "steps": [{"call": "write.ticket"}, {"call": "read.x", "tell": true, "on_error": "ignore"}, {"publish": "tell.y"}],
        "tell": {"message": "{{ failed.message }}"},
    });
    let over = World::new(plan, |_, _| error(500, "boom")).writes(Writes::Off).run();
    assert_eq!(over.sent(), ["read.x {}", r#"tell.report {"message":"Error 500 - boom"}"#]);
}

#[test]
fn what_could_not_be_decided_with_writes_on_cannot_with_writes_off() {
    let steps = json!({"steps": [
        {"id": "t", "call": "read.x", "on_error": "ignore"},
        {"call": "write.note", "with": {"note": "=t.body.note"}},
    ]});
    for writes in [Writes::On, Writes::Off] {
        let over = World::new(steps.clone(), |_, _| error(500, "boom")).writes(writes).run();
        assert_eq!(over.how(), "undecided at s2: write.note was not sent: read.x failed: 500 - boom");
    }
}
