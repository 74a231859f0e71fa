//! What expressions give: null, unknown, numbers, times, lists, frames.

mod world;

use jiff::SignedDuration;
use wf_expr::{BinaryOp, Cell, Truth};
use wf_value::{Field, Type, Unknown, UnknownKind, Value};
use world::{World, json};

fn world() -> World {
    let edge = Type::shape(
        "edge",
        vec![
            Field { name: "state".into(), ty: Type::Text, default: None },
            Field { name: "site".into(), ty: Type::Any, default: None },
            Field { name: "seen".into(), ty: Type::timestamp().optional(), default: None },
            Field { name: "id".into(), ty: Type::Id, default: None },
        ],
    );
    let typed = |text: &str| json(text).typed(&edge);
    World::default()
        .name("edge", typed(r#"{"state": "OFFLINE", "site": null, "seen": "2022-06-01T13:00:00Z", "id": 77}"#))
        .name("bare", typed("{}"))
        .name("map", json(r#"{"a": 1, "b": {"c": [10, 20]}, "9": "nine"}"#))
        .name("list", json("[1, 2, 3]"))
        .name("nothing", Value::Null)
        .name("lost", Value::from(Unknown::new(UnknownKind::Failed, "velocloud.get_links failed")))
        .name("token", Value::text("s3cret").secret())
        .param("loss", Value::Float(1.5))
        .param("limits.wired", json(r#"{"latency": 140}"#))
        .define("down(e)", "e.state == 'OFFLINE'")
        .define("LIMIT()", "params.loss * 2")
        .define("both(a, b)", "down(a) && down(b)")
        .define("second(list)", "list.filter(x, list.exists(y, y < x)).map(z, z * LIMIT).first()")
}

fn is(text: &str, wanted: &str) {
    let world = world();
    let (got, wanted) = (world.eval(text), world.eval(wanted));
    assert!(got.as_unknown().is_none() && got == wanted, "{text} is {got:?}, not {wanted:?}");
    let kind = std::mem::discriminant(&got) == std::mem::discriminant(&wanted);
    assert!(kind, "{text} is {got:?}, not {wanted:?}");
}

fn unknown(text: &str, reason: &str) {
    assert_eq!(world().reason(text), reason, "{text}");
}

#[test]
fn arithmetic_is_that_of_a_spreadsheet() {
    is("7 / 2", "3.5");
    is("6 / 2", "3");
    is("-7 / 2", "-3.5");
    is("1 + 2.5", "3.5");
    is("7 % 3 + 7.5 % 2", "2.5");
    is("2 * 3 - 4", "2");
    is("9007199254740993 + 0", "9007199254740993");
    unknown("1 / 0", "`1 / 0`: it divides by zero");
    unknown("1 % 0", "`1 % 0`: it divides by zero");
    unknown("9223372036854775807 + 1", "`9223372036854775807 + 1`: the result is too large");
    unknown("-9223372036854775808 / -1", "`-9223372036854775808 / -1`: the result is too large");
    unknown("1 + 'a'", "`1` is a whole number, `'a'` is a text: there is no `+` for these");
    unknown("-'a'", "`'a'` is a text, `-` wants a number");
    is("'a' + 'b'", "'ab'");
    is("[1] + [2]", "[1, 2]");
}

#[test]
fn times_and_durations_compute() {
    is("now - (now - 45m)", "45m");
    is("now - edge.seen", "1h");
    is("edge.seen + 1h == now", "true");
    is("2 * 45m", "1h30m");
    is("1h / 2 + 30m * 1.5", "1h15m");
    is("90m / 1h", "1.5");
    is("2h / 1h", "2");
    is("1h > 45m && -1h < 0s", "true");
    unknown("now + now", "`now` is a time, `now` is a time: there is no `+` for these");
    unknown("now < 30", "`now` is a time, `30` is a whole number: neither is less or more");
    unknown("1h / 0", "`1h / 0`: it divides by zero");
    unknown("now + 99999999h", "`now + 99999999h`: the time is not between the years 1 and 9999");
    assert_eq!(world().eval("-1h30m"), Value::Duration(SignedDuration::from_mins(-90)));
}

#[test]
fn null_is_a_fact_that_few_operators_take() {
    is("nothing == null && edge.site == null && map.zzz == null", "true");
    is("null in [1, null] && not 3 in [1, 2] && 2 in [lost, 2]", "true");
    unknown("3 in [1, lost]", "velocloud.get_links failed");
    is("nothing in list", "false");
    is("nothing in 1..5", "false");
    unknown("nothing > 1", "`nothing` is null");
    unknown("edge.site.name", "`edge.site` is null");
    unknown("edge.site.name == null", "`edge.site` is null");
    unknown("nothing[0]", "`nothing` is null");
    unknown("1 in nothing", "`nothing` is null");
    unknown("not nothing", "`nothing` is null, it should be true or false");
    unknown("nothing && true", "`nothing` is null, it should be true or false");
}

#[test]
fn or_else_sees_through_nulls_along_the_whole_path_and_not_through_unknown() {
    is("edge.site.name.orElse('none')", "'none'");
    is("edge.site.a[0].b['x'].orElse(1)", "1");
    is("nothing.first().x.lower().orElse('')", "''");
    is("nothing.filter(x, x > 1).first().orElse(0)", "0");
    is("nothing.orElse(null).x.orElse(2)", "2");
    is("has(edge.site.name) || has(edge.state)", "true");
    is("empty(edge.site.name)", "true");
    unknown("lost.a.orElse(1)", "velocloud.get_links failed");
    unknown("bare.state.orElse(1)", "`state` is missing");
    unknown("list[9].orElse(1)", "`list` has 3 elements, none at 9");
    is("ifUnknown(bare.state, 'none')", "'none'");
}

#[test]
fn the_side_that_decides_wins_over_an_unknown() {
    for text in ["lost || true", "true || lost", "not (lost && false)", "not (false && lost)", "(1 / 0 > 1) || true"] {
        is(text, "true");
    }
    for text in
        ["lost && true", "true && lost", "lost || false", "false || lost", "not lost", "lost == 1", "lost in list"]
    {
        unknown(text, "velocloud.get_links failed");
    }
    unknown("lost || bare.state == 'x'", "velocloud.get_links failed");
    unknown("bare.state == 'x' || lost", "`state` is missing");
    unknown("1 && true", "`1` is a whole number, it should be true or false");
    unknown("if(lost, 1, 2)", "velocloud.get_links failed");
    is("if(true, 1, lost)", "1");
}

#[test]
fn fields_are_read_as_declared() {
    is("edge.id == 77 && edge.id == '77'", "true");
    is("edge.state", "'OFFLINE'");
    is("bare.seen", "null");
    unknown("bare.state", "`state` is missing");
    unknown("edge.state.x", "`edge.state` is a text, it has no field `x`");
    // only who reads the member that is missing gets unknown
    is("{'edge': bare}.edge.seen", "null");
    is("[bare, edge].map(e, e.seen)", "[null, edge.seen]");
}

#[test]
fn entries_are_asked_for_by_number_or_key() {
    is("list[0] + map.b.c[1]", "21");
    is("map['a'] + map['b'].c[0]", "11");
    is("map[9]", "'nine'");
    is("9 in map && 'a' in map && not 'zzz' in map", "true");
    unknown("list[-1]", "`list` has 3 elements, none at -1");
    unknown("map['zzz']", "`map` has no key 'zzz'");
    unknown("list['a']", "`'a'` is a text, a list is asked for a whole number");
    unknown("edge.state[0]", "`edge.state` is a text, it has no entries");
    unknown("1 in edge.state", "`edge.state` is a text, nothing can be in it");
    is("2 in 1..3 && not 4 in 1..3 && 3 in 1..3", "true");
    unknown("'a' in 1..3", "`'a'` is a text, a range has numbers");
}

#[test]
fn what_is_made_from_a_secret_is_one() {
    let world = world();
    assert!(matches!(world.eval("'Bearer ' + token"), Value::Secret(_)));
    assert!(matches!(world.eval("token.lower()"), Value::Secret(_)));
    assert!(matches!(world.eval("{'a': token}.a"), Value::Secret(_)));
    is("token == 's3cret' && token != 'x'", "true");
    is("token in ['s3cret']", "true");
    is("size(token)", "6");
}

#[test]
fn a_partial_list_decides_what_it_can() {
    let list = "[1, 0, 2].filter(x, 4 / x > 1)";
    is(&format!("{list}.exists(x, x == 1)"), "true");
    is(&format!("{list} == null"), "false");
    is(&format!("1 in {list}"), "true");
    let reason = "1 of 3 elements are undecided, the first because `4 / x`: it divides by zero";
    for text in [format!("{list} == [1]"), format!("size({list})"), format!("{list}[0]"), format!("5 in {list}")] {
        unknown(&text, reason);
    }
    assert_eq!(
        world().eval(&format!("({list} + [7]).map(x, x)")).as_list().map(|l| (l.len(), l.is_partial())),
        Some((3, true))
    );
}

#[test]
fn defines_and_lambdas_have_frames_of_their_own() {
    is("down(edge)", "true");
    is("LIMIT", "3.0");
    is("both(edge, edge)", "true");
    is("second(list)", "6.0");
    is("list.map(x, list.filter(y, y > x).map(x, x * 10))", "[[20, 30], [30], []]");
    is("list.map(x, second(list) + x)", "[7.0, 8.0, 9.0]");
    unknown("both(bare, lost)", "`state` is missing");
}

#[test]
fn params_are_read_by_their_names() {
    is("params.loss", "1.5");
    is("params.limits.wired.latency", "140");
    is("params.limits.wired['latency']", "140");
}

#[test]
fn fuel_and_depth_are_bounded() {
    let world = world();
    let code = world.code("list.map(x, x)");
    world.ctx(|ctx| {
        ctx.fuel.set(3);
        assert_eq!(code.value(ctx).as_unknown().map(|u| u.kind), Some(UnknownKind::Limit));
    });
    // a define that calls itself, which the checker refuses
    let mut world = World::default().define("f(x)", "1");
    let body = world.code("1 + f(2)");
    world.program.defines[0].body.kind = wf_expr::WrittenKind::Code(body);
    assert_eq!(world.reason("f(1)"), "expressions call each other too deeply");
    let deep = "[".repeat(240) + "1" + &"]".repeat(240);
    let value = world.eval(&deep);
    assert_eq!(value.equals(&value.clone()), Some(true));
    // what stands deepest on the stack of a thread: lambdas inside of lambdas, through a define
    let nested = |inner: &str| "[1].map(x, ".repeat(140) + inner + &")".repeat(140);
    let world = World::default().define("one(x)", &nested("x"));
    let text = nested("one(x)");
    let run = move || assert!(world.eval(&text).as_list().is_some_and(|list| list.len() == 1));
    let thread = std::thread::Builder::new().stack_size(3 << 19).spawn(run);
    assert!(thread.is_ok_and(|thread| thread.join().is_ok()), "1.5 MB of stack are not enough");
}

fn is_cell(text: &str) -> Cell {
    Cell::Is(World::default().eval(text))
}

fn outage() -> World {
    let yes = || Cell::Is(true.into());
    let no = || Cell::Is(false.into());
    world().table(
        "outage",
        &["edge", "faults"],
        &[("down", "edge.state == 'OFFLINE'"), ("many", "doubled > 2"), ("doubled", "faults * 2")],
        vec![
            (vec![(2, yes()), (1, Cell::Range(0.into(), 3.into()))], "'down, ' + faults.toText() + ' faults'"),
            (vec![(2, yes()), (3, no())], "'down'"),
            (vec![(2, no()), (3, yes())], "'faulty ' + doubled.toText()"),
            (vec![(1, Cell::Any(vec![is_cell("null"), Cell::Range(100.into(), 199.into())]))], "'odd'"),
            (vec![(1, Cell::Compare(BinaryOp::GreaterEqual, world().code("params.loss * 1000")))], "'huge'"),
        ],
        Some("'healthy'"),
    )
}

#[test]
fn the_first_row_that_holds_wins() {
    let world = outage().name("up", json(r#"{"state": "ONLINE"}"#));
    for (call, wanted) in [
        ("outage(edge, 1)", "down, 1 faults"),
        ("outage(up, 50)", "faulty 100"),
        ("outage(up, 0)", "healthy"),
        ("outage(up, -5000)", "healthy"),
    ] {
        assert_eq!(world.eval(call), Value::text(wanted), "{call}");
    }
}

#[test]
fn an_unknown_row_that_is_reached_makes_the_call_unknown_and_a_false_cell_decides() {
    let world = outage().name("up", json(r#"{"state": "ONLINE"}"#));
    // the state is unknown: the first row is, as soon as the number fits
    assert_eq!(world.reason("outage(bare, 1)"), "`state` is missing");
    // an unknown number beside a state that is false: the first row is false, the third unknown
    assert_eq!(world.reason("outage(up, lost)"), "velocloud.get_links failed");
    assert_eq!(world.reason("outage(up, 'x')"), "`faults` is a text, `2` is a whole number: there is no `*` for these");
    // no row but the one of null holds for null, unless a column cannot be computed from it
    let world = World::default().table(
        "t",
        &["x"],
        &[],
        vec![
            (vec![(0, Cell::Range(0.into(), 9.into()))], "'small'"),
            (vec![(0, Cell::Is("a".into()))], "'a'"),
            (vec![(0, is_cell("null"))], "'none'"),
        ],
        None,
    );
    assert_eq!(world.eval("t(null)"), Value::text("none"));
    assert_eq!(world.reason("t(10)"), "no row of t holds");
    assert_eq!(world.reason("t('b')"), "`x` of t is a text, its cells want a whole number");
}

#[test]
fn conditions_say_yes_no_or_why_not() {
    let world = world();
    let truth = |text: &str| {
        let code = world.code(text);
        world.ctx(|ctx| code.truth(ctx))
    };
    assert_eq!(truth("edge.state == 'OFFLINE'"), Truth::Yes);
    assert_eq!(truth("edge.state == 'x'"), Truth::No);
    assert!(matches!(truth("bare.state == 'x'"), Truth::Unknown(_)));
    assert!(matches!(truth("edge.state"), Truth::Unknown(_)));
}

#[test]
fn leaves_are_what_an_expression_saw() {
    let world = world();
    let code =
        world.code("down(edge) && map.b.c[list[0]] > params.loss && list.exists(x, x > map.a) && edge.seen < now");
    let leaves = world.ctx(|ctx| code.leaves(ctx));
    let shown: Vec<String> = leaves.iter().map(|leaf| format!("{} = {:?}", leaf.text, leaf.value)).collect();
    assert_eq!(
        shown[..6],
        [
            "down(edge) = true",
            &format!("edge = {:?}", world.eval("edge")),
            "map.b.c[list[0]] = 20",
            "list[0] = 1",
            "params.loss = 1.5",
            "list = [1, 2, 3]"
        ]
    );
    assert!(shown.contains(&"map.a = 1".to_owned()) && shown.iter().any(|s| s.starts_with("now = ")), "{shown:?}");
}
