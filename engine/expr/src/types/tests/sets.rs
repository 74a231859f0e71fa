//! Texts that meet sets of texts, and conditions that are the same for every value.

use super::{mistake, ty};

#[test]
fn of_an_open_set_a_slip_is_told_and_a_stranger_is_not() {
    assert_eq!(
        mistake("row.state == 'OFLINE'"),
        "14: of `row.state` 'OFFLINE' is known, and 'OFLINE' is not (did you mean 'OFFLINE'? What really comes, too, belongs into \
         its enum)"
    );
    for text in ["row.state in ['OFFLINE', 'offline']", "row.states.overlaps(['Offline'])", "'OFLINE' in row.states"] {
        assert!(mistake(text).contains("'OFFLINE' is known"), "{text}");
    }
    for text in
        ["row.state == 'DEGRADED'", "row.state in ['OFFLINE', 'GONE', null]", "row.states.overlaps(['x', 'OFFLINE'])"]
    {
        ty(text);
    }
}

#[test]
fn what_may_be_null_is_of_a_closed_set_all_the_same() {
    assert_eq!(
        mistake("row.kind == 'sfot'"),
        "13: `row.kind` is never 'sfot' (did you mean 'soft'? It is 'hard' or 'soft')"
    );
    assert_eq!(
        mistake("row.kinds.overlaps(['soft', 'herd'])"),
        "29: `row.kinds` is never 'herd' (did you mean 'hard'? It is 'hard' or 'soft')"
    );
    assert_eq!(mistake("row.kind == 5"), "13: a kind or null and an integer are never equal (write `'5'`)");
    ty("row.kind == null || row.kind == 'soft'");
}

#[test]
fn an_object_with_declared_fields_has_no_others_behind_get() {
    assert_eq!(mistake("row.get('stat')"), "9: row has no field `stat` (did you mean `state`?)");
    assert!(mistake("row.get('state') == 5").contains("are never equal"));
    assert_eq!(ty("loose.get('stat')").words(), "any");
    assert_eq!(ty("{'a': 1}.get('a')").words(), "optional integer");
}

#[test]
fn conditions_that_are_the_same_for_every_value() {
    for text in [
        "row.hour > 3 && row.hour < 1",
        "row.hour > 3 && edge.up && 3 > row.hour",
        "row.hour >= 3 && row.hour < 3",
        "row.hour == 1 && row.hour == 2",
        "edge.lasted > 1h && edge.lasted < 30m",
        "row.kind == 'hard' && row.kind == 'soft'",
        "row.kind != 'hard' || row.kind != 'soft'",
        "row.hour < 5 || row.hour > 3",
    ] {
        assert!(
            mistake(text).contains(if text.contains("||") { "always holds" } else { "never hold together" }),
            "{text}"
        );
    }
    for text in [
        "row.hour > 1 && row.hour < 3",
        "row.hour >= 3 && row.hour <= 3",
        "row.hour > 3 || row.hour < 1",
        "row.hour != 1 && row.hour != 2",
        "edge.loss > 3 && row.hour < 1",
        "row.kind == 'hard' || row.kind == 'soft'",
        "edge.id == 1 && edge.id == '1'",
        "(row.hour > 3 && edge.up) || row.hour < 1",
    ] {
        ty(text);
    }
}

#[test]
fn hours_are_those_of_a_day() {
    assert!(mistake("inHours(row.hour, 22, 30)").starts_with("23: 30 is no hour of a day"));
    assert!(mistake("inHours(24, 0, 24)").starts_with("9: 24 is no hour of a day"));
    ty("inHours(row.hour, 22, 24)");
}
