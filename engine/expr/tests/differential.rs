//! Our evaluator against the `cel` crate, where both speak of the same: whole numbers without division, comparisons, logic, texts, lists,
//! maps, the macros and functions over them, conversions; and where one has an error, the other has one. Moments and durations are held
//! against the specification's own tests (`cel_conformance`).

mod world;

use std::collections::HashMap;
use std::sync::Arc;

use cel::{Context, Program};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use wf_value::{MapBuilder, Value};
use world::{World, json};

const NAMES: &[(&str, &str)] = &[
    ("n", "7"),
    ("m", "-3"),
    ("t", r#""OFFLINE""#),
    ("yes", "true"),
    ("ns", "[3, 1, 2]"),
    ("ts", r#"["a", "bb", ""]"#),
    ("edge", r#"{"state": "OFFLINE", "loss": 4, "links": [{"state": "UP", "loss": 1}, {"state": "DOWN", "loss": 9}]}"#),
];

fn world() -> World {
    NAMES.iter().fold(World::default(), |world, (name, text)| world.name(name, json(text)))
}

fn theirs_of(value: &Value) -> cel::Value {
    match value {
        Value::Bool(b) => cel::Value::Bool(*b),
        Value::Int(n) => cel::Value::Int(*n),
        Value::Text(text) => cel::Value::String(Arc::new(text.to_string())),
        Value::List(list) => cel::Value::List(Arc::new(list.iter().map(|v| theirs_of(&v)).collect())),
        Value::Map(map) => {
            let map: HashMap<String, cel::Value> = map.iter().map(|(k, v)| (k.to_string(), theirs_of(&v))).collect();
            cel::Value::Map(map.into())
        }
        _ => cel::Value::Null,
    }
}

/// `None`: a value that the comparison is not about.
fn ours_of(value: &cel::Value) -> Option<Value> {
    Some(match value {
        cel::Value::Bool(b) => Value::Bool(*b),
        cel::Value::Int(n) => Value::Int(*n),
        cel::Value::String(text) => Value::text(text.as_str()),
        cel::Value::Null => Value::Null,
        cel::Value::List(list) => list.iter().map(ours_of).collect::<Option<Vec<_>>>()?.into(),
        cel::Value::Map(map) => {
            let mut ours = MapBuilder::default();
            for (key, value) in map.map.iter() {
                ours.insert(key.to_string().into(), ours_of(value)?);
            }
            ours.finish().into()
        }
        _ => return None,
    })
}

/// Both give the same value, or neither gives one.
fn compare(text: &str) -> Result<(), TestCaseError> {
    let world = world();
    let ours = world.eval(text);
    let program = Program::compile(text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
    let mut context = Context::default();
    for (name, value) in NAMES {
        context.add_variable_from_value(*name, theirs_of(&json(value)));
    }
    match program.execute(&context) {
        Ok(theirs) => {
            let Some(theirs) = ours_of(&theirs) else { return Ok(()) };
            prop_assert!(ours.equals(&theirs) == Some(true), "{text}: ours {ours:?}, theirs {theirs:?}");
        }
        Err(error) => prop_assert!(ours.as_unknown().is_some(), "{text}: ours {ours:?}, theirs {error}"),
    }
    Ok(())
}

/// Whole numbers.
fn number() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        (-20_i64..20).prop_map(|n| if n < 0 { format!("({n})") } else { n.to_string() }),
        prop::sample::select(vec![
            "n",
            "m",
            "edge.loss",
            "ns[0]",
            "edge.links[1].loss",
            "9223372036854775807",
            "ns[5]"
        ])
        .prop_map(String::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*"]), inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            text_of(inner.clone()).prop_map(|t| format!("size({t})")),
            (condition_of(inner.clone()), inner.clone(), inner.clone())
                .prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
            list().prop_map(|l| format!("size({l})")),
        ]
        .boxed()
    })
    .boxed()
}

fn text_of(number: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let leaf =
        prop::sample::select(vec!["t", "'a'", "'ab'", "''", "edge.state", "ts[1]", "'é'"]).prop_map(String::from);
    prop_oneof![
        leaf.clone(),
        (leaf.clone(), leaf.clone()).prop_map(|(a, b)| format!("({a} + {b})")),
        (number, leaf.clone(), leaf).prop_map(|(n, a, b)| format!("({n} > 0 ? {a} : {b})")),
    ]
    .boxed()
}

/// Lists whose elements have no errors in them: there the languages differ, since ours knows of each element by itself.
fn list() -> BoxedStrategy<String> {
    let number = prop_oneof![
        (0_i64..9).prop_map(|n| n.to_string()),
        prop::sample::select(vec!["n", "m", "edge.loss"]).prop_map(String::from)
    ];
    prop_oneof![
        Just("ns".to_owned()),
        Just("edge.links.map(l, l.loss)".to_owned()),
        prop::collection::vec(number.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
        number.clone().prop_map(|n| format!("ns.map(x, x * 2 - {n})")),
        number.clone().prop_map(|n| format!("ns.filter(x, x > {n} || x == 1)")),
        number.clone().prop_map(|n| format!("[[{n}], [1, {n}], []].filter(l, {n} in l).map(l, size(l))")),
        number.prop_map(|n| format!("(ns + [{n}])")),
    ]
    .boxed()
}

fn condition_of(number: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let operators = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let text = text_of(number.clone());
    let leaf = prop_oneof![
        Just("yes".to_owned()),
        (number.clone(), operators.clone(), number.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (text.clone(), operators, text.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (text.clone(), prop::sample::select(vec!["startsWith", "endsWith", "contains"]), text.clone())
            .prop_map(|(a, f, b)| format!("{a}.{f}({b})")),
        (number.clone(), list()).prop_map(|(n, l)| format!("{n} in {l}")),
        text.prop_map(|t| format!("{t} in edge")),
        (list(), prop::sample::select(vec!["exists", "all"]), number.clone())
            .prop_map(|(l, f, n)| format!("{l}.{f}(x, x > {n})")),
        (list(), list()).prop_map(|(a, b)| format!("{a} == {b}")),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["&&", "||", "=="]), inner.clone())
                .prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            inner.prop_map(|c| format!("!({c})")),
        ]
        .boxed()
    })
    .boxed()
}

/// Maps with text keys. None of their values is null: `has` then says that there is none, and CEL that there is one.
fn map() -> BoxedStrategy<String> {
    let key = || prop::sample::select(vec!["'a'", "'b'", "t", "ts[0]"]);
    let value = || prop::sample::select(vec!["1", "n", "m", "'x'", "t", "[1, n]", "yes"]);
    prop_oneof![
        Just("edge".to_owned()),
        Just("edge.links[0]".to_owned()),
        Just("{}".to_owned()),
        (key(), value()).prop_map(|(k, v)| format!("{{{k}: {v}}}")),
        (value(), value()).prop_map(|(v, w)| format!("{{'a': {v}, 'b': {w}}}")),
        (value(), value()).prop_map(|(v, w)| format!("{{'b': {{'a': {v}}}, 'a': {w}}}")),
    ]
    .boxed()
}

fn about_maps() -> BoxedStrategy<String> {
    let key = || prop::sample::select(vec!["'a'", "'b'", "'loss'", "'state'", "t", "'none'"]);
    let field = || prop::sample::select(vec!["a", "b", "loss", "state", "none"]);
    prop_oneof![
        map().prop_map(|m| format!("size({m})")),
        (map(), map()).prop_map(|(a, b)| format!("{a} == {b}")),
        (key(), map()).prop_map(|(k, m)| format!("{k} in {m}")),
        (map(), field()).prop_map(|(m, f)| format!("has({m}.{f})")),
        (map(), field(), number()).prop_map(|(m, f, n)| format!("has({m}.{f}) ? {m}.{f} : {n}")),
        (map(), key(), key()).prop_map(|(m, k, l)| format!("{l} in {m} && {k} in {m} ? {m}[{k}] == {m}[{l}] : false")),
        (map(), prop::sample::select(vec!["exists", "all", "exists_one"]), key())
            .prop_map(|(m, f, k)| format!("{m}.{f}(k, k == {k})")),
        (map(), key()).prop_map(|(m, k)| format!("[{m}, {{{k}: 1}}].filter(x, {k} in x)")),
        (map(), key()).prop_map(|(m, k)| format!("[{m}].map(x, {k} in x, size(x))")),
    ]
    .boxed()
}

fn about_texts() -> BoxedStrategy<String> {
    let text = || text_of(number());
    // lists have no errors in them: see `list`
    let sound = || prop::sample::select(vec!["t", "'a'", "'ab'", "''", "edge.state", "ts[1]", "(t + 'é')"]);
    let pattern = prop::sample::select(vec!["O.*", "^a", "b$", "[A-Z]+", "é", "x|OFF", ""]);
    let written = prop::sample::select(vec!["12", "-7", "x", "", "1.5", "9223372036854775808", " 1", "true"]);
    prop_oneof![
        (text(), pattern).prop_map(|(t, p)| format!("{t}.matches('{p}')")),
        written.prop_map(|w| format!("int('{w}')")),
        number().prop_map(|n| format!("string({n})")),
        number().prop_map(|n| format!("int(string({n})) == {n}")),
        text().prop_map(|t| format!("string({t})")),
        sound().prop_map(|t| format!("[{t}].exists_one(x, x == t)")),
        (text(), text()).prop_map(|(a, b)| format!("size({a} + {b}) == size({a}) + size({b})")),
        (sound(), sound()).prop_map(|(a, b)| format!("[{a}, {b}].map(x, x.startsWith('a'), x + '!')")),
        (list(), list()).prop_map(|(a, b)| format!("({a}).all(x, ({b}).exists(y, y == x))")),
        (list(), number()).prop_map(|(l, n)| format!("({l}).exists_one(x, x == {n})")),
    ]
    .boxed()
}

/// Compares many texts; on a thread whose stack takes the other parser.
fn compare_all(texts: fn() -> BoxedStrategy<String>) {
    let run = move || {
        let config = ProptestConfig {
            cases: 700,
            max_shrink_iters: 2000,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        TestRunner::new(config).run(&texts(), |text| compare(&text)).map_err(|e| e.to_string())
    };
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(run).expect("a thread");
    match thread.join() {
        Ok(Ok(())) => {}
        Ok(Err(why)) => panic!("{why}"),
        Err(_) => panic!("the other evaluator panicked"),
    }
}

#[test]
fn numbers_are_those_of_cel() {
    compare_all(number);
}

#[test]
fn conditions_are_those_of_cel() {
    compare_all(|| condition_of(number()));
}

#[test]
fn lists_are_those_of_cel() {
    compare_all(list);
}

#[test]
fn maps_are_those_of_cel() {
    compare_all(about_maps);
}

#[test]
fn texts_and_conversions_are_those_of_cel() {
    compare_all(about_texts);
}
