//! Steps, flows, guards, errors.

use serde_json::json;
use wf_plan::Word;

use crate::support::{World, error, lost, ok};

#[test]
fn what_a_call_gives_is_read_by_the_steps_after_it() {
    let over = World::new(
        json!({"steps": [
            {"id": "ticket", "call": "read.ticket", "with": {"id": 7}},
            {"let": {"state": "=ticket.body.state", "twice": "=state + state"}},
            {"call": "write.note", "with": {"id": 7, "note": "It is {{ state }}", "x": "=ticket.status"}},
            {"return": {"twice": "=twice", "ok": "=ticket.ok", "outcome": "=ticket.outcome"}},
        ]}),
        |_, _| ok(json!({"state": "open"})),
    )
    .run();
    assert_eq!(over.how(), "well");
    assert_eq!(over.returned(), json!({"twice": "openopen", "ok": true, "outcome": "done"}));
    assert_eq!(over.sent(), [r#"read.ticket {"id":7}"#, r#"write.note {"id":7,"note":"It is open","x":200}"#,]);
}

#[test]
fn a_failed_call_ends_the_run_with_its_reason() {
    let over =
        World::new(json!({"steps": [{"call": "read.ticket"}, {"call": "write.note"}]}), |_, _| error(500, "boom"));
    let over = over.run();
    assert_eq!(over.how(), "failed at s1: read.ticket failed: 500 - boom");
    assert_eq!(over.sent(), ["read.ticket {}"]);
    assert_eq!(over.ended().report.failed_calls, [("read.ticket".into(), 1)]);
}

#[test]
fn an_error_that_is_ignored_leaves_the_result_and_an_unknown_body() {
    let steps = json!({"steps": [
        {"id": "ticket", "call": "read.ticket", "on_error": "ignore"},
        {"return": {"failed": "=ticket.failed", "said": "=ticket.refusal", "state": "=ifUnknown(ticket.body.state, 'nobody knows')"}},
    ]});
    let over = World::new(steps, |_, _| error(500, "boom")).run();
    assert_eq!(over.returned(), json!({"failed": true, "said": "boom", "state": "nobody knows"}));
}

#[test]
fn an_unknown_condition_is_neither_yes_nor_no() {
    let steps = json!({"steps": [
        {"id": "ticket", "call": "read.ticket", "on_error": "ignore"},
        {"publish": "tell.yes", "if": "ticket.body.state == 'open'", "on_error": "ignore"},
        {"publish": "tell.no", "if": "not (ticket.body.state == 'open')", "on_error": "ignore"},
        {"skip": {"it is open": "ticket.body.state == 'open'"}},
        {"publish": "tell.otherwise"},
    ]});
    let over = World::new(steps, |_, _| error(404, "gone")).run();
    assert_eq!(over.how(), "undecided at s4: read.ticket failed: 404 - gone");
    assert_eq!(over.sent(), ["read.ticket {}"]);
    assert_eq!(over.ended().report.undecided_count(), 3);
}

#[test]
fn the_first_reason_that_holds_ends_it_and_later_ones_are_not_asked() {
    let steps = json!({"steps": [
        {"skip": {"it is old": "1 > 2", "it is {{ 40 + 2 }}": "2 > 1", "never asked": "1 / 0 > 1"}},
        {"publish": "tell.on"},
    ]});
    let over = World::new(steps, |_, _| ok(json!(null))).run();
    assert_eq!(over.how(), "skipped: it is 42");
    assert_eq!(over.sent(), [""; 0]);
}

#[test]
fn a_skipped_flow_gives_its_caller_null_and_it_goes_on() {
    let over = World::new(
        json!({
            "steps": [
                {"id": "found", "run": "look", "with": {"n": 3}},
                {"return": {"found": "=found", "nothing": "=found == null"}},
            ],
            "flows": {"look": {"inputs": ["n"], "steps": [{"skip": {"small": "n < 5"}}, {"return": "=n"}]}},
        }),
        |_, _| ok(json!(null)),
    )
    .run();
    assert_eq!(over.returned(), json!({"found": null, "nothing": true}));
    assert_eq!(over.ended().report.skips, [("small".into(), 1)]);
}

#[test]
fn inputs_have_defaults_and_flows_answer() {
    let over = World::new(
        json!({
            "steps": [{"id": "a", "run": "add", "with": {"n": 3}}, {"id": "b", "run": "add", "with": {"n": 3, "by": 4}}, {"return": ["=a", "=b"]}],
            "flows": {"add": {"inputs": ["n", {"by": "=n + 1"}], "steps": [{"return": "=n + by"}]}},
        }),
        |_, _| ok(json!(null)),
    )
    .run();
    assert_eq!(over.returned(), json!([7, 7]));
}

#[test]
fn a_failed_flow_fails_its_run_and_a_block_looks_after_it() {
    let steps = |on_error: serde_json::Value| {
        json!({
            "steps": [
                {"id": "x", "run": "bad", "on_error": on_error},
                {"return": "=ifUnknown(x, 'unknown')"},
            ],
            "flows": {"bad": {"steps": [{"fail": "on purpose"}, {"publish": "tell.never"}]}},
        })
    };
    let over = World::new(steps(json!("fail")), |_, _| ok(json!(null))).run();
    assert_eq!(over.how(), "failed at s1.s3: on purpose");
    let over =
        World::new(steps(json!([{"publish": "tell.it", "with": {"message": "{{ error.message }}!"}}])), |_, _| {
            ok(json!(null))
        });
    let over = over.run();
    assert_eq!((over.how().as_str(), over.returned()), ("well", json!("unknown")));
    assert_eq!(over.sent(), [r#"tell.it {"message":"on purpose!"}"#]);
}

#[test]
fn fail_is_not_taken_back_by_defaults_of_a_flow() {
    let steps = json!({"steps": [{"fail": {"it is so": "true"}, "on_error": "ignore"}, {"publish": "tell.on"}]});
    assert_eq!(World::new(steps, |_, _| ok(json!(null))).run().how(), "failed at s1: it is so");
}

#[test]
fn flows_that_call_each_other_for_ever_are_undecided() {
    let over =
        World::new(json!({"steps": [{"run": "f"}], "flows": {"f": {"steps": [{"run": "f"}]}}}), |_, _| ok(json!(null)))
            .run();
    assert!(over.how().contains("flows call each other too deeply at 'f'"), "{}", over.how());
}

#[test]
fn what_an_answer_is_ok_for_can_be_said() {
    let run = |accept: serde_json::Value, answer: fn() -> wf_plan::Answered| {
        let steps = json!({"steps": [
            {"id": "t", "call": "write.ticket", "accept": accept},
            {"return": ["=t.status", "=t.outcome", "=ifUnknown(t.body, 'unknown')", "=t.cause"]},
        ]});
        World::new(steps, move |_, _| answer()).run()
    };
    assert_eq!(run(json!(["2xx", "exists"]), || error(409, "there")).returned(), json!([409, "exists", "there", null]));
    assert_eq!(run(json!(["exists"]), || ok(json!(1))).how(), "failed at s1: write.ticket failed: 200 - 1");
    let any = run(json!("any"), || lost(Word::Timeout)).returned();
    assert_eq!(any, json!([503, null, "unknown", "nobody answered (timeout)"]));
}

#[test]
fn a_null_that_is_optional_is_not_sent() {
    let steps = json!({"steps": [{"call": "read.ticket", "with": {"id": null, "x": 1}}]});
    assert_eq!(World::new(steps, |_, _| ok(json!(null))).run().sent(), [r#"read.ticket {"x":1}"#]);
    let steps = json!({"steps": [{"call": "read.ticket", "with": {"id": "=keep(null)", "x": 1}}]});
    assert_eq!(World::new(steps, |_, _| ok(json!(null))).run().sent(), [r#"read.ticket {"id":null,"x":1}"#]);
    let steps = json!({"steps": [{"call": "read.ticket!", "with": {"id": null, "x": 1}}]});
    let over = World::new(steps, |_, _| ok(json!(null))).run();
    assert!(over.how().contains("`id` is null"), "{}", over.how());
}

#[test]
fn what_a_store_keeps_is_kept_with_its_nulls() {
    let record = json!("={'a': null, 'b': 1}");
    let steps = json!({"steps": [{"call": "read.ticket", "with": {"kept": record, "record": record}}]});
    let sent = r#"read.ticket {"kept":{"a":null,"b":1},"record":{"b":1}}"#;
    assert_eq!(World::new(steps, |_, _| ok(json!(null))).run().sent(), [sent]);
}

#[test]
fn what_is_unknown_is_not_sent_but_a_message_never_vanishes() {
    let steps = json!({"steps": [
        {"id": "t", "call": "read.ticket", "on_error": "ignore"},
        {"publish": "tell.chat", "with": {"message": "State {{ t.body.state }}"}},
        {"publish": "tell.chat", "with": {"message": "=t.body.state"}},
        {"call": "write.note", "with": {"note": "State {{ t.body.state }}"}},
    ]});
    let over = World::new(steps, |_, _| error(500, "boom")).run();
    assert_eq!(over.sent(), ["read.ticket {}", r#"tell.chat {"message":"State ?"}"#, r#"tell.chat {"message":"?"}"#]);
    assert_eq!(over.how(), "undecided at s4: write.note was not sent: read.ticket failed: 500 - boom");
}

#[test]
fn a_message_with_a_secret_fails_its_step_and_goes_nowhere() {
    let secret: wf_value::Map = [("key".into(), wf_value::Value::text("s3cret").secret())].into_iter().collect();
    for verb in ["call", "publish"] {
        let steps = json!({"steps": [{verb: "write.note", "with": {"note": "The key is {{ env.key }}"}}]});
        let over = World::new(steps, |_, _| ok(json!(null))).env(secret.clone().into()).run();
        assert!(over.sent().is_empty() && over.ended().report.sent.is_empty(), "{verb}");
        let how = over.how();
        assert!(how.starts_with("failed at s1: write.note was not") && how.contains("it holds a secret"), "{how}");
        assert!(!how.contains("s3cret"), "{how}");
    }
}

#[test]
fn failed_calls_are_reported_with_what_they_were_about() {
    let steps = |tell: serde_json::Value| {
        json!({
            "steps": [{"call": "read.ticket", "with": {"id": 7}, "tell": tell, "on_error": "ignore"}],
            "tell": {"message": "{{ failed.workflow }}: {{ failed.title }} {{ failed.about }} {{ failed.message }}"},
        })
    };
    let sent = |tell| World::new(steps(tell), |_, _| error(502, "what it said")).run().sent();
    let report = r#"tell.report {"message":"test: read: ticket 7 Error 502 - what it said"}"#;
    assert_eq!(sent(json!(true)), [r#"read.ticket {"id":7}"#, report]);
    assert_eq!(sent(json!("failed.status == 502"))[1..], [report]);
    assert_eq!(sent(json!("failed.status == 503")).len(), 1);
    assert_eq!(sent(json!(false)).len(), 1);
}
