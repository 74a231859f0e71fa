//! Actions of connectors.

use serde_json::{Value as Json, json};
use wf_machine::Effect;

use crate::support::{Over, World, error, ok};

fn action(steps: Json) -> Over {
    World::connector(json!({"steps": steps}), |path, _| match path {
        "/gone" => error(404, "not here"),
        "/odd" => ok(json!({"odd": true})),
        _ => ok(json!({"path": path})),
    })
    .run()
}

#[test]
fn an_action_of_one_request_replies_with_what_came_of_it() {
    let over = action(json!([{"request": "GET /a"}]));
    assert_eq!((over.how().as_str(), over.returned()), ("well", json!({"status": 200, "body": {"path": "/a"}})));
    let over = action(json!([{"request": "GET /gone"}, {"request": "GET /a"}]));
    assert_eq!(over.how(), "failed at s1: GET /gone failed: 404 - not here");
    assert_eq!(over.returned(), json!({"status": 404, "body": "not here"}));
}

#[test]
fn without_return_the_reply_is_that_of_the_last_request() {
    let over = action(json!([{"request": "GET /a"}, {"request": "GET /b"}, {"let": {"x": 1}}]));
    assert_eq!(over.returned(), json!({"status": 200, "body": {"path": "/b"}}));
    let over = action(json!([
        {"id": "a", "request": "GET /gone", "accept": "any"},
        {"return": {"status": 200, "body": "=a.body + '!'"}, "if": "a.status == 404"},
        {"request": "GET /b"},
    ]));
    assert_eq!(over.returned(), json!({"status": 200, "body": "not here!"}));
}

#[test]
fn a_request_sees_the_names_of_its_step_also_inside_of_loops_and_blocks() {
    let over = action(json!([
        {"let": {"host": "h"}},
        {"for": "n", "in": [1, 2], "on_error": "fail", "steps": [{"id": "x", "request": "GET /inner"}]},
        {"request": "GET /gone", "on_error": [{"request": "GET /again"}]},
    ]));
    let seen: Vec<_> = over
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Request { address, request, scope } => {
                let frames: Vec<Json> =
                    scope.frames.iter().map(|f| f.iter().map(wf_value::Value::to_serde).collect()).collect();
                Some((address.to_string(), request.get()?.template.to_string(), frames.len()))
            }
            _ => None,
        })
        .collect();
    let expected = [("s2.i0.s3", "/inner", 2), ("s2.i1.s3", "/inner", 2), ("s4", "/gone", 1), ("s5", "/again", 1)];
    assert_eq!(seen, expected.map(|(at, path, frames)| (at.to_owned(), path.to_owned(), frames)));
    assert_eq!(over.returned(), json!({"status": 200, "body": {"path": "/again"}}));
}

#[test]
fn what_an_action_cannot_decide_has_no_reply() {
    let over =
        action(json!([{"id": "a", "request": "GET /odd"}, {"return": {"status": 200}, "if": "a.body.odd + 1 == 2"}]));
    assert!(over.how().starts_with("undecided at s2"), "{}", over.how());
    assert_eq!(over.returned(), json!(null));
}
