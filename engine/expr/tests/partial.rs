//! One odd row costs one row: what lists do with elements that cannot be judged.

mod world;

use std::cell::RefCell;

use wf_expr::{Cell, Dropped, Ruled, Trace};
use wf_value::{Field, List, Type, UnknownKind, Value};
use world::{World, json};

/// Three rows as a call gave them; the second has no state, which is declared to be there.
fn rows() -> World {
    let field = |name: &str, ty| Field { name: name.into(), ty, default: None };
    let row = Type::shape(
        "row",
        vec![field("id", Type::Integer), field("state", Type::Text), field("site", Type::Text.optional())],
    );
    let rows = json(
        r#"[{"id": 1, "state": "UP", "site": "A"}, {"id": 2, "site": "B"}, {"id": 3, "state": "DOWN", "site": "B"}]"#,
    );
    World::default().name("rows", rows.typed(&Type::list(row))).name("none", Value::Null)
}

fn list(value: &Value) -> List {
    value.as_list().unwrap_or_else(|| panic!("{value:?} is no list")).clone()
}

/// What a list holds, and what is set aside of it.
fn held(text: &str) -> (Value, Vec<String>) {
    let list = list(&rows().eval(text));
    let aside = list.aside().iter().map(|a| format!("{}: {}", a.place, a.reason.reason)).collect();
    (List::new(list.raw().clone()).into(), aside)
}

#[track_caller]
fn holds(text: &str, known: &str, aside: usize) {
    let (given, left) = held(text);
    assert_eq!(given, World::default().eval(known), "{text}");
    assert_eq!(left.len(), aside, "{text}: {left:?}");
}

#[test]
fn an_element_that_cannot_be_judged_is_set_aside_with_its_reason() {
    let (_, aside) = held("rows.filter(r, r.state == 'DOWN')");
    assert_eq!(aside, ["element 2: `state` is missing"]);
    holds("rows.filter(r, r.state == 'DOWN').map(r, r.id)", "[3]", 1);
    holds("rows.map(r, r.state)", "['UP', 'DOWN']", 1);
    holds("rows.map(r, r.state != 'UP', r.id)", "[3]", 1);
    holds("rows.flatMap(r, r.state.split('O'))", "['UP', 'D', 'WN']", 1);
    holds("rows.sortBy(r, r.state).map(r, r.id)", "[3, 1]", 1);
    holds("rows.distinctBy(r, r.state == '').map(r, r.id)", "[1]", 1);
    // who does not ask for the state has all rows
    holds("rows.map(r, r.id)", "[1, 2, 3]", 0);
    holds("rows.filter(r, r.site == 'B').map(r, r.id)", "[2, 3]", 0);
}

#[test]
fn list_functions_hand_on_what_is_set_aside() {
    for text in [
        "rows.map(r, r.state).reverse()",
        "rows.map(r, r.state).distinct()",
        "rows.map(r, r.state).take(1)",
        "rows.map(r, r.state).drop(1)",
        "rows.map(r, r.state).chunks(1)",
        "rows.map(r, r.state).numbered()",
        "rows.map(r, r.state).compact()",
        "[rows.map(r, r.state)].flatten()",
        "rows.map(r, r.state).sort()",
        "rows.map(r, r.state).filter(s, true)",
        "rows.map(r, r.state).from(null)",
        "rows.map(r, r.state).map(s, {'s': s}).map(m, m.s)",
    ] {
        assert_eq!(held(text).1.len(), 1, "{text}");
    }
}

#[test]
fn what_needs_the_whole_list_is_unknown() {
    for text in [
        "size(rows.map(r, r.state))",
        "rows.map(r, r.state).join(',')",
        "rows.map(r, r.state).max()",
        "rows.map(r, 1, r.state)",
        "rows.map(r, r.state)[0]",
        "rows.map(r, r.state) == []",
        "rows.map(r, r.state).exists(s, s == 'OTHER')",
        "rows.map(r, r.state).all(s, s != 'OTHER')",
        "rows.map(r, r.state).count(s, true)",
        "rows.count(r, r.state == 'UP')",
        "rows.map(r, r.state).first(s, s == 'OTHER')",
        "rows.first(r, r.state == 'DOWN')",
        "rows.maxBy(r, r.state)",
        "rows.map(r, r.state).overlaps(['OTHER'])",
        "rows.map(r, r.state).from('OTHER')",
        "empty(rows.filter(r, r.state == 'OTHER'))",
        "rows.map(r, r.state).slice(0, 1)",
        "rows.csv(r, {'state': r.state}, {})",
        "rows.map(r, r.state).numbered().map(p, p.of)[0]",
    ] {
        let value = rows().eval(text);
        let partial = value.as_list().is_some_and(List::is_partial);
        assert!(matches!(value, Value::Unknown(_)) || partial, "{text} is {value:?}");
    }
    // and what is decided all the same
    for text in [
        "rows.exists(r, r.state == 'DOWN')",
        "rows.map(r, r.state).exists(s, s == 'DOWN')",
        "not rows.all(r, r.state == 'UP')",
        "rows.first(r, r.state == 'UP').id == 1",
        "rows.last(r, r.state == 'DOWN').id == 3",
        "rows.map(r, r.state).first() == 'UP'",
        "rows.map(r, r.state).overlaps(['DOWN'])",
        "not empty(rows.map(r, r.state))",
        "rows.map(r, r.state) != null",
        "rows.map(r, r.state).numbered().first().number == 1",
    ] {
        assert_eq!(rows().eval(text), Value::Bool(true), "{text}");
    }
}

#[test]
fn a_partial_list_makes_only_the_group_of_its_key_partial() {
    let groups = "rows.filter(r, r.state != '').groupBy(r, r.site)";
    holds(&format!("{groups}.map(g, g.key)"), "['A', 'B']", 0);
    holds(&format!("{groups}.map(g, size(g.items))"), "[1]", 1);
    holds(&format!("{groups}.filter(g, g.key == 'B').flatMap(g, g.items).map(r, r.id)"), "[3]", 1);
    // of unknown key: it may be in any group, or be one of its own
    let unknown = "rows.groupBy(r, r.state)";
    assert_eq!(held(unknown).1.len(), 1);
    holds(&format!("{unknown}.map(g, size(g.items))"), "[]", 3);
    // a group of which no element is known
    let alone = "rows.filter(r, r.state == '').groupBy(r, r.site)";
    holds(&format!("{alone}.map(g, g.key)"), "[]", 1);
}

#[test]
fn a_map_of_a_partial_list_is_unknown_only_behind_the_keys_in_question() {
    let world = rows();
    let index = "rows.filter(r, r.state != '').indexBy(r, r.id)";
    assert_eq!(world.eval(&format!("{index}.get(3).site")), Value::text("B"));
    assert!(world.reason(&format!("{index}.get(2).site")).contains("`state` is missing"));
    assert_eq!(world.eval(&format!("{index}.get(9)")), Value::Null);
    let by_state = "rows.indexBy(r, r.state)";
    assert_eq!(world.eval(&format!("{by_state}.get('UP').id")), Value::Int(1));
    assert!(world.reason(&format!("{by_state}.get('OTHER')")).contains("undecided"));
    assert!(matches!(world.eval(&format!("size({by_state})")), Value::Unknown(_)));
    holds(&format!("{by_state}.keys()"), "['UP', 'DOWN']", 1);
    // a value is unknown only where it is used
    let states = "rows.toMap(r, r.id, r.state)";
    assert_eq!(world.eval(&format!("{states}.get(1)")), Value::text("UP"));
    assert_eq!(world.reason(&format!("{states}.get(2)")), "`state` is missing");
    assert_eq!(world.eval(&format!("size({states})")), Value::Int(3));
}

#[test]
fn null_keys_are_a_group_and_no_entry() {
    let world = World::default().name("tags", json(r#"[{"k": "a", "v": 1}, {"k": null, "v": 2}, {"k": "a", "v": 3}]"#));
    for (text, expected) in [
        ("tags.groupBy(t, t.k).map(g, g.key)", "['a', null]"),
        ("tags.indexBy(t, t.k).keys()", "['a']"),
        ("tags.indexBy(t, t.k).get('a').v", "3"),
        ("tags.toMap(t, t.k, t.v)", "{'a': 3}"),
        ("tags.distinctBy(t, t.k).map(t, t.v)", "[1, 2]"),
        ("tags.sortBy(t, t.k).map(t, t.v)", "[2, 1, 3]"),
        ("tags.sortBy(t, t.k, 'down').map(t, t.v)", "[1, 3, 2]"),
        ("tags.indexBy(t, t.k).get(null)", "null"),
    ] {
        assert_eq!(world.eval(text), world.eval(expected), "{text}");
    }
}

#[test]
fn odd_keys_do_not_spoil_an_order() {
    let mixed = r#"[{"k": 2}, {"k": "x"}, {"k": 1.5}, {"k": null}, {"k": [1]}]"#;
    let world = World::default().name("mixed", json(mixed));
    let sorted = list(&world.eval("mixed.sortBy(m, m.k).map(m, m.k)"));
    assert_eq!(Value::from(List::new(sorted.raw().clone())), json("[null, 1.5, 2]"));
    let reasons: Vec<_> = sorted.aside().iter().map(|a| a.reason.reason.to_string()).collect();
    assert_eq!(
        reasons,
        [
            "its key is a text, those of most others are a number: they have no order",
            "its key is a list, those of most others are a number: they have no order",
        ]
    );
    // ids have no order that is one for all three, so whole ones come first
    let ids = json(r#"["1a", 10, "9"]"#).typed(&Type::list(Type::Id));
    let sorted = World::default().name("ids", ids).eval("ids.sortBy(i, i).map(i, i.toText())");
    assert_eq!(sorted, json(r#"["9", "10", "1a"]"#));
}

#[test]
fn who_explains_hears_of_each_element_that_is_left_out() {
    struct Heard(RefCell<Vec<String>>);
    impl Trace for Heard {
        fn dropped(&self, what: Dropped<'_>) {
            let id = what.element.as_map().map(|row| row.get("id")).unwrap_or_default();
            let why = what.unknown.map_or("false".into(), |u| u.reason.to_string());
            let saw: Vec<_> = what.saw.iter().map(|leaf| format!("{} = {:?}", leaf.text, leaf.value)).collect();
            let line = format!("{} {id:?} {why} at {}: {}", what.function, what.because.start, saw.join(", "));
            self.0.borrow_mut().push(line);
        }
    }
    let world = rows();
    let code = world.code("rows.filter(r, r.state == 'DOWN')");
    let heard = Heard(RefCell::default());
    world.ctx(|ctx| {
        code.value(&wf_expr::Ctx { trace: Some(&heard), fuel: 100.into(), depth: 0.into(), drawn: 0.into(), ..*ctx })
    });
    let missing = "unknown(`state` is missing)";
    assert_eq!(
        *heard.0.borrow(),
        [
            "filter 1 false at 15: r.state = \"UP\"".to_owned(),
            format!("filter 2 `state` is missing at 15: r.state = {missing}"),
        ]
    );
}

#[test]
fn who_explains_hears_only_of_what_it_asks_for() {
    struct Heard(RefCell<Vec<String>>);
    impl Trace for Heard {
        fn wants(&self, about: &Value) -> bool {
            about == &Value::Int(7)
        }
        fn dropped(&self, what: Dropped<'_>) {
            let saw: Vec<_> = what.saw.iter().map(|leaf| format!("{} = {:?}", leaf.text, leaf.value)).collect();
            self.0.borrow_mut().push(format!("dropped {:?}: {}", what.element, saw.join(", ")));
        }
        fn ruled(&self, what: Ruled<'_>) {
            let row = what.row.map_or("otherwise", |_| "a row");
            let saw: Vec<_> = what.saw.iter().map(|(name, value)| format!("{name} = {value:?}")).collect();
            self.0.borrow_mut().push(format!("{} by {row}: {:?}: {}", what.table.name, what.result, saw.join(", ")));
        }
    }
    let world = World::default().name("many", (0..10).map(Value::Int).collect::<Vec<_>>()).table(
        "size",
        &["n"],
        &[("double", "n * 2"), ("odd", "n % 2 == 1")],
        vec![
            (vec![(2, Cell::Is(false.into()))], "'even'"),
            (vec![(1, Cell::Range(10.into(), 19.into()))], "'odd and large'"),
        ],
        Some("'odd'"),
    );
    let heard = Heard(RefCell::default());
    for text in ["many.filter(n, n + 1 > 8 && [n].exists(m, m > n - 9))", "many.map(n, size(n))"] {
        let code = world.code(text);
        world.ctx(|ctx| {
            code.value(&wf_expr::Ctx {
                trace: Some(&heard),
                fuel: 10_000.into(),
                depth: 0.into(),
                drawn: 0.into(),
                ..*ctx
            })
        });
    }
    assert_eq!(
        *heard.0.borrow(),
        ["dropped 7: n + 1 = 8, n = 7, n - 9 = -2", "size by a row: \"odd and large\": double = 14",]
    );
}

#[test]
fn a_loop_without_end_is_stopped() {
    let world = World::default();
    let code = world.code("lists.range(1000).map(a, lists.range(1000).map(b, a + b))");
    let value = world.ctx(|ctx| {
        ctx.fuel.set(10_000);
        code.value(ctx)
    });
    assert_eq!(value.as_unknown().map(|u| u.kind), Some(UnknownKind::Limit));
    assert_eq!(world.eval("lists.range(2000000)").as_unknown().map(|u| u.kind), Some(UnknownKind::Limit));
}

#[test]
fn null_is_refused_by_name() {
    let world = rows();
    assert_eq!(world.reason("none.upper()"), "`none` is null");
    assert_eq!(world.reason("'a'.contains(none)"), "`none` is null, contains() cannot use it");
    assert_eq!(world.reason("rows.map(r, r.id).join(none)"), "`none` is null, join() cannot use it");
    assert_eq!(world.reason("none.first(r, true)"), "`none` is null");
    assert_eq!(world.reason("5.upper()"), "`5` is a whole number, upper() needs a text");
    assert_eq!(world.eval("none.upper().orElse('x')"), Value::text("x"));
}

#[test]
fn what_is_made_of_a_secret_is_one_and_no_reason_tells_it() {
    let world = World::default().name("token", Value::text("s3cret").secret());
    for text in
        ["token.upper()", "[token].join(',')", "hash(token)", "[token].toJson()", "token.base64()", "token.toText()"]
    {
        assert!(world.eval(text).has_secret(), "{text}");
    }
    assert_eq!(world.eval("token.startsWith('s3')"), Value::Bool(true));
    assert_eq!(world.eval("size(token)"), Value::Int(6));
    for text in
        ["token.parseJson()", "token.parseTime('ISO')", "int(token)", "token.fromBase64()", "'x'.matches('(' + token)"]
    {
        assert!(!world.reason(text).contains("s3cret"), "{text}");
    }
}

#[test]
fn ids_are_new_for_each_call_and_the_same_in_a_replay() {
    let world = World::default();
    let code = world.code("[shortId(), shortId()]");
    let made = |seed: u128| {
        world.ctx(|ctx| {
            code.value(&wf_expr::Ctx { seed: Some(seed), fuel: 100.into(), depth: 0.into(), drawn: 0.into(), ..*ctx })
        })
    };
    let ids = made(7);
    assert_eq!(ids, made(7));
    assert_ne!(ids, made(8));
    let ids: Vec<String> = list(&ids).raw().iter().filter_map(|id| id.as_str().map(str::to_owned)).collect();
    assert!(ids[0] != ids[1] && ids.iter().all(|id| id.len() == 22), "{ids:?}");
    assert!(world.reason("shortId()").contains("outside of a run"));
}

#[test]
fn expressions_that_are_computed_are_regular_expressions_too() {
    let world = World::default().name("re", "[0-9]+").name("odd", "(");
    assert_eq!(world.eval("'a12'.capture(re)"), Value::text("12"));
    assert!(world.reason("'a'.matches(odd)").contains("unclosed group"));
    assert_eq!(world.mistakes("'a'.matches('x[')").len(), 1);
}
