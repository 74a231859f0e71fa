//! What is said of names and calls that are wrong.

mod world;

use wf_value::Value;
use world::{World, json};

fn world() -> World {
    World::default()
        .name("edge", json(r#"{"state": "OFFLINE"}"#))
        .name("ticket_task", Value::Null)
        .param("note_gap", 1)
        .param("thresholds.wired", 2)
        .param("thresholds.wireless", 3)
        .define("down(e)", "e.state == 'OFFLINE'")
        .define("MARK()", "'x'")
}

fn said(text: &str, wanted: &[&str]) {
    assert_eq!(world().mistakes(text), wanted, "{text}");
}

#[test]
fn the_nearest_name_is_offered() {
    said("edg.state", &["0..3 nothing here is named `edg`; did you mean `edge`?"]);
    said("tickettask", &["0..10 nothing here is named `tickettask`; did you mean `ticket_task`?"]);
    said("[edge].filter(row, rwo == 1)", &["19..22 nothing here is named `rwo`; did you mean `row`?"]);
    said("edge.state == OFFLINE", &["14..21 nothing here is named `OFFLINE`; a text stands in quotes: 'OFFLINE'"]);
    said("edge == None", &["8..12 `None` is written `null` here; write `null`"]);
    said("size", &["0..4 nothing here is named `size`; `size` is a function: size(x)"]);
    said("down", &["0..4 `down` is a define, it is called with one argument; write down(…)"]);
}

#[test]
fn params_are_named_member_by_member() {
    said("params.notegap", &["7..14 there is no param `notegap`; did you mean `note_gap`?"]);
    said("params.thresholds.wierd", &["18..23 there is no param `thresholds.wierd`; did you mean `wired`?"]);
    said("params.treshold.wired + 1", &["7..15 there is no param `treshold`; did you mean `thresholds`?"]);
    said("params.wireless", &["7..15 there is no param `wireless`; did you mean `params.thresholds.wireless`?"]);
    said("params", &["0..6 `params` is no value by itself; write params. and the name of one"]);
    said("params.note_gap.x", &[]);
}

#[test]
fn functions_are_called_in_their_own_way() {
    said("lower(edge.state)", &["0..5 `lower` is called on a value; write edge.state.lower()"]);
    said("edge.empty()", &["5..10 `empty` is a function that is not called on a value; write empty(edge)"]);
    said("edge.down()", &["5..9 `down` is a define that is not called on a value; write down(edge)"]);
    said("edge.state.lowr()", &["11..15 there is no function `lowr` that is called on a value; did you mean `lower`?"]);
    said("sise(edge)", &["0..4 there is no function `sise`; did you mean `size`?"]);
    said("len(edge)", &["0..3 there is no function `len`; did you mean `size`?"]);
    said("edge(1)", &["0..4 `edge` is a value, it cannot be called"]);
    said("dwon(edge)", &["0..4 there is no function `dwon`; did you mean `down`?"]);
}

#[test]
fn arguments_are_counted() {
    said("down(edge, 1)", &["0..4 the define `down` takes one argument, 2 are given"]);
    said("[1].take()", &["4..8 `take` is not called with no arguments; it is written list.take(n)"]);
    said(
        "[1].filter(1, 2)",
        &["11..12 filter takes the name of a variable here; it is written list.filter(x, condition)"],
    );
    said("MARK() + MARK", &[]);
}

#[test]
fn all_mistakes_are_told_in_reading_order() {
    said(
        "edg.state == 'x' && [down, 30min] == lowr(edge.x)",
        &[
            "0..3 nothing here is named `edg`; did you mean `edge`?",
            "21..25 `down` is a define, it is called with one argument; write down(…)",
            "27..32 30min is no duration, its unit is m; write 30m",
            "37..41 there is no function `lowr`; did you mean `edge.x.lower()`?",
        ],
    );
}

#[test]
fn constant_regexes_are_refused_at_their_place() {
    let found = world().mistakes(r"edge.state.matches(r'(\d+')");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("21..22 "), "{found:?}");
    assert!(world().mistakes(r"edge.state.matches(r'(\d+)')").is_empty());
}
