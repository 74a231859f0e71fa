//! Loops: which items, how many at a time, what they give.

use serde_json::{Value as Json, json};

use crate::support::{Order, Over, World, error, ok};

fn run(steps: Json) -> Over {
    World::new(json!({"steps": steps}), |_, body| match body["id"].as_i64() {
        Some(id) if id < 0 => error(500, "boom"),
        _ => ok(json!({"id": body["id"]})),
    })
    .run()
}

#[test]
fn items_come_one_after_the_other_and_lists_are_in_their_order() {
    let over = run(json!([
        {"id": "seen", "for": "n", "in": [1, -2, 3, 4, 5], "where": "n != 4", "named": ["odd"], "steps": [
            {"id": "got", "call": "read.n", "with": {"id": "=n"}},
            {"skip": {"it is five": "got.body.id == 5"}, "as": "odd"},
        ]},
        {"return": {"done": "=seen.done", "failed": "=seen.failed", "skipped": "=seen.skipped", "left_out": "=seen.left_out",
                    "odd": "=seen.odd", "undecided": "=seen.undecided"}},
    ]));
    let expected =
        json!({"done": [1, 3], "failed": [-2], "skipped": [5], "left_out": [4], "odd": [5], "undecided": []});
    assert_eq!(over.returned(), expected);
    let report = &over.ended().report;
    let seen = &report.loops[0];
    assert_eq!((seen.items, seen.done, seen.failed, seen.left_out, seen.not_begun()), (5, 2, 1, 1, 0));
    assert_eq!(seen.skipped, [("it is five".into(), 1)]);
    assert_eq!(report.failures[0].reason.as_str(), "read.n failed: 500 - boom");
}

#[test]
fn what_is_collected_stands_in_the_order_of_the_list_whatever_comes_first() {
    for order in [Order::First, Order::Last, Order::Seeded(1), Order::Seeded(2)] {
        let steps = json!({"steps": [
            {"id": "seen", "for": "n", "in": [3, 1, 2], "parallel": "yes", "on_error": "leave_out", "steps": [
                {"id": "got", "call": "read.n", "with": {"id": "=n"}},
            ], "collect": "=got.body.id * 10"},
            {"return": "=seen.values"},
        ]});
        let over = World::new(steps, |_, body| ok(json!({"id": body["id"]}))).order(order).run();
        assert_eq!(over.returned(), json!([30, 10, 20]));
    }
}

#[test]
fn what_an_item_is_not_known_to_collect_costs_that_item() {
    let over = run(json!([
        {"id": "rows", "call": "read.rows"},
        {"id": "seen", "for": "n", "in": [1, 2], "on_error": "leave_out", "steps": [
            {"id": "got", "call": "read.n", "with": {"id": "=n"}, "on_error": "ignore"},
        ], "collect": {"n": "=if(n == 1, n, got.body.id.nothing)", "got": "=got"}},
        {"return": "=seen.values.map(v, v.n)"},
    ]));
    assert_eq!(over.returned(), json!([1]));
    assert_eq!(over.ended().report.loops[0].undecided, 1);
}

#[test]
fn one_odd_row_costs_one_row() {
    let mut rows: Vec<Json> = (0..10_000).map(|n| json!({"id": n, "state": "UP"})).collect();
    rows[4_710] = json!({"id": 4_710});
    let steps = json!({"steps": [
        {"id": "rows", "call": "read.rows"},
        {"for": "row", "in": "rows.body", "where": "row.state == 'UP'", "steps": [{"let": {"x": "=row.id"}}]},
        {"for": "row", "in": "rows.body.filter(r, r.state == 'UP')", "steps": []},
    ]});
    let over = World::new(steps, move |_, _| ok(json!(rows))).run();
    let report = &over.ended().report;
    for seen in &report.loops {
        assert_eq!((seen.items, seen.done, seen.undecided), (10_000, 9_999, 1));
    }
    assert_eq!(report.undecided.len(), 2);
    for undecided in &report.undecided {
        assert_eq!(undecided.place.as_str(), "read.rows, row 4711");
        assert_eq!(undecided.item.as_str(), "id: 4710");
        assert_eq!(undecided.why.reason.as_str(), "`state` is missing");
    }
}

#[test]
fn frames_exist_only_for_items_under_way() {
    let steps = json!({"steps": [{"for": "n", "in": (0..2_000).collect::<Vec<_>>(), "parallel": 5, "run": "look"}],
        "flows": {"look": {"inputs": ["n"], "steps": [{"call": "read.n", "with": {"id": "=n"}}]}}});
    let over = World::new(steps, |_, _| ok(json!(null))).order(Order::Seeded(3)).run();
    assert_eq!(over.ended().report.loops[0].done, 2_000);
    assert_eq!(over.most_frames, 1 + 2 * 5);
}

#[test]
fn an_item_that_is_over_takes_less_than_32_bytes() {
    assert!(std::mem::size_of::<wf_machine::ItemEnd>() <= 32);
}

#[test]
fn a_skip_in_the_flow_of_an_item_skips_the_item() {
    let over = World::new(
        json!({
            "steps": [
                {"id": "seen", "for": "n", "in": [1, 2, 3], "on_error": "leave_out", "run": "look", "with": {"more": 5}},
                {"return": ["=seen.values", "=seen.skipped"]},
            ],
            "flows": {"look": {"inputs": ["n", "more"], "steps": [
                {"run": "deeper", "with": {"n": "=n"}},
                {"skip": {"even": "n % 2 == 0"}},
                {"return": "=n + more"},
            ]}, "deeper": {"inputs": ["n"], "steps": [{"skip": "it never matters here"}]}},
        }),
        |_, _| ok(json!(null)),
    )
    .run();
    assert_eq!(over.returned(), json!([[6, 8], [2]]));
    assert_eq!(over.ended().report.loops[0].skipped, [("even".into(), 1)]);
    assert_eq!(over.ended().report.skips, [("it never matters here".into(), 3)]);
}

#[test]
fn stop_begins_no_further_item() {
    let over = run(json!([
        {"id": "seen", "for": "n", "in": [1, 2, 3, 4], "steps": [{"stop": {"enough": "n == 2"}}]},
        {"return": ["=seen.done", "=seen.skipped"]},
    ]));
    assert_eq!(over.returned(), json!([[1], [2]]));
    assert_eq!(over.ended().report.loops[0].not_begun(), 2);
}

#[test]
fn return_in_a_loop_leaves_the_loop_and_the_flow() {
    let over = World::new(
        json!({
            "steps": [{"id": "x", "run": "find"}, {"return": ["=x"]}],
            "flows": {"find": {"steps": [
                {"for": "a", "in": [1, 2, 3], "steps": [
                    {"for": "b", "in": [1, 2, 3], "steps": [{"return": "=a * 10 + b", "if": "a * b == 6"}]},
                ]},
                {"return": "nothing"},
            ]}},
        }),
        |_, _| ok(json!(null)),
    )
    .run();
    assert_eq!(over.returned(), json!([23]));
}

#[test]
fn on_error_fail_lets_items_under_way_end_and_tells_the_first_error_in_the_order_of_the_list() {
    for order in [Order::First, Order::Last, Order::Seeded(5)] {
        let steps = json!({"steps": [
            {"for": "n", "in": [1, -2, -3, 4, 5, 6], "parallel": 4, "on_error": "fail", "steps": [
                {"call": "read.n", "with": {"id": "=n"}},
            ]},
            {"publish": "tell.never"},
        ]});
        let over =
            World::new(steps, |_, body| if body["id"].as_i64() < Some(0) { error(500, "boom") } else { ok(json!(1)) })
                .order(order)
                .run();
        let expected = match order {
            Order::First => "failed at s1.i1.s2: read.n failed: 500 - boom",
            _ => "failed at s1.i",
        };
        assert!(over.how().starts_with(expected), "{order:?}: {}", over.how());
        assert!(!over.sent().contains(&"tell.never {}".to_owned()));
    }
}

#[test]
fn what_is_known_to_fail_before_the_first_item_lets_none_begin() {
    let over = run(json!([
        {"id": "rows", "call": "read.n", "with": {"id": -1}, "on_error": "ignore"},
        {"for": "n", "in": [1, 2], "where": "n == 1 || rows.body.x == 1", "on_error": "fail", "steps": [{"publish": "tell.x"}]},
    ]));
    assert_eq!(over.how(), "undecided at s2.i1: read.n failed: 500 - boom");
    assert_eq!(over.sent().len(), 1);
}

#[test]
fn a_block_is_done_for_each_item_that_fails_and_the_loop_goes_on() {
    let over = run(json!([
        {"let": {"who": "me"}},
        {"id": "seen", "for": "n", "in": [-1, 2, -3], "parallel": "yes", "steps": [{"call": "read.n", "with": {"id": "=n"}}], "on_error": [
            {"let": {"told": "=error.item * 2"}},
            {"call": "write.note", "with": {"id": 9, "note": "{{ who }} {{ told }} {{ error.status }} {{ error.step }}"}},
        ]},
        {"return": "=seen.done"},
    ]));
    assert_eq!(over.returned(), json!([2]));
    let notes: Vec<_> = over.sent().into_iter().filter(|line| line.starts_with("write")).collect();
    assert_eq!(
        notes,
        [r#"write.note {"id":9,"note":"me -2 500 read.n"}"#, r#"write.note {"id":9,"note":"me -6 500 read.n"}"#]
    );
}

#[test]
fn a_value_is_carried_through_a_loop() {
    let over = run(json!([
        {"state": {"sum": 0}},
        {"for": "n", "in": [1, 2, 3], "steps": [{"set": {"sum": "=sum + n"}}]},
        {"return": "=sum"},
    ]));
    assert_eq!(over.returned(), json!(6));
}

#[test]
fn loops_share_the_places_of_a_pool_and_an_inner_loop_never_waits_for_its_own_item() {
    let plan = json!({
        "pools": {"circuits": 3},
        "steps": [{"for": "side", "in": ["a", "b"], "parallel": "yes", "run": "work"}],
        "flows": {"work": {"inputs": ["side"], "steps": [
            {"for": "n", "in": [1, 2, 3, 4], "parallel": "circuits", "steps": [
                {"for": "m", "in": [1, 2], "parallel": "circuits", "steps": [{"call": "read.n", "with": {"id": "=n"}}]},
            ]},
        ]}},
    });
    let over = World::new(plan, |_, _| ok(json!(null))).order(Order::Seeded(9)).run();
    assert_eq!(over.how(), "well");
    let report = &over.ended().report;
    assert_eq!(report.loops.iter().map(|l| l.done).collect::<Vec<_>>(), [2, 8, 16]);
    // the run, two sides with their flow, three items, three inner ones
    assert!(over.most_frames <= 1 + 4 + 3 + 3, "{}", over.most_frames);
}

#[test]
fn a_list_that_is_none_is_undecided() {
    for odd in [json!(null), json!({"a": 1}), json!("text")] {
        let over = run(json!([{"let": {"x": odd}}, {"for": "n", "in": "x", "steps": []}]));
        assert!(over.how().starts_with("undecided at s2: what the loop goes over is"), "{}", over.how());
    }
    let over = run(json!([{"for": "n", "in": [1], "parallel": "=0", "steps": []}]));
    assert_eq!(over.how(), "undecided at s1: parallel is 0, it should be 1 or more");
}

#[test]
fn an_empty_list_is_over_at_once() {
    let over =
        run(json!([{"id": "seen", "for": "n", "in": [], "steps": [{"call": "read.n"}]}, {"return": "=seen.values"}]));
    assert_eq!(over.returned(), json!([]));
    assert!(over.sent().is_empty());
}

#[test]
fn a_loop_whose_items_nobody_knows_goes_to_its_block() {
    let over = run(json!([
        {"id": "rows", "call": "read.n", "with": {"id": -1}, "on_error": "ignore"},
        {"id": "seen", "for": "n", "in": "rows.body", "steps": [], "on_error": [
            {"publish": "tell.x", "with": {"message": "{{ error.message }}", "x": "=error.item"}},
        ]},
        {"return": "=ifUnknown(seen, 'unknown')"},
    ]));
    assert_eq!(over.sent()[1], r#"tell.x {"message":"read.n failed: 500 - boom (read.n)"}"#);
    assert_eq!(over.returned(), json!("unknown"));
}

#[test]
fn what_is_undecided_is_named_once() {
    let over = run(json!([
        {"id": "rows", "call": "read.n", "with": {"id": -1}, "on_error": "ignore"},
        {"for": "a", "in": [1, 2], "on_error": "fail", "steps": [
            {"for": "b", "in": [3, 4], "on_error": "fail", "steps": [{"publish": "tell.x", "if": "rows.body.x == b"}]},
        ]},
    ]));
    assert_eq!(over.how(), "undecided at s2.i0.s3.i0.s4: read.n failed: 500 - boom");
    let report = &over.ended().report;
    assert_eq!(report.undecided.len(), 1);
    assert_eq!(report.loops.iter().map(|l| (l.undecided, l.not_begun())).collect::<Vec<_>>(), [(1, 1), (1, 1)]);
}

#[test]
fn a_state_that_grows_into_the_deep_is_unknown_and_breaks_nothing() {
    let over = run(json!([
        {"state": {"seen": []}},
        {"for": "n", "in": (0..20_000).collect::<Vec<_>>(), "steps": [{"set": {"seen": "=[seen, n]"}}]},
        {"return": "=seen"},
    ]));
    assert!(over.returned().to_string().contains("lists and maps stand too deep in one another"));
}

#[test]
fn a_loop_that_ends_early_leaves_its_places_to_the_others() {
    // one place: the first loop stops while two others wait for it
    let plan = json!({
        "pools": {"places": 1},
        "steps": [{"for": "side", "in": ["a", "b", "c"], "parallel": "yes", "run": "work"}],
        "flows": {"work": {"inputs": ["side"], "steps": [
            {"for": "n", "in": [1, 2, 3], "parallel": "places", "steps": [
                {"call": "read.n", "with": {"id": "=n"}},
                {"stop": {"enough": "side == 'a' && n == 2"}},
            ]},
        ]}},
    });
    let over = World::new(plan, |_, _| ok(json!(null))).run();
    assert_eq!(over.how(), "well");
    let inner = &over.ended().report.loops[1];
    assert_eq!((inner.items, inner.done, inner.not_begun()), (9, 7, 1));
}
