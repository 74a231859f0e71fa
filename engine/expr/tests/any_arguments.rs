//! Every function with every odd value: none panics, none is slow, every unknown says where it was met, no reason tells a secret.

mod world;

use jiff::{SignedDuration, Timestamp};
use wf_expr::functions::{self, Function, Param};
use wf_value::{Field, Id, List, SetAside, Type, Unknown, UnknownKind, Value, decode};
use world::{World, json};

const SECRET: &str = "s3cret";

fn values() -> Vec<Value> {
    let missing = || Unknown::new(UnknownKind::Missing, "`x` is missing");
    let aside = SetAside { value: Value::Int(7), reason: missing().into(), place: "element 2".into() };
    let row = Type::shape(
        "row",
        vec![
            Field { name: "a".into(), ty: Type::timestamp(), default: None },
            Field { name: "b".into(), ty: Type::Integer, default: None },
        ],
    );
    let mut values = vec![
        Value::Null,
        Value::Bool(true),
        Value::Int(0),
        Value::Int(-1),
        Value::Int(3),
        Value::Int(i64::MIN),
        Value::Int(i64::MAX),
        Value::Float(2.5),
        Value::Float(-1e300),
        Value::Float(f64::NAN),
        Value::Float(f64::INFINITY),
        decode("18446744073709551616").unwrap_or_default(),
        Value::text(""),
        Value::text("né\u{1F431}\r\nzwei, \"drei\"\n"),
        Value::text("(?P<n>[a-z])|x"),
        Value::text("(("),
        Value::text("YYYY-MM-DD[.SSSSSS]"),
        Value::text("US/Eastern"),
        Value::text("2022-06-01T14:00:00Z"),
        Value::text("{\"a\": [1, <b>&amp;</b>"),
        Value::text("%s %.3f %x %"),
        Value::text(SECRET).secret(),
        Value::from(vec![Value::text(SECRET).secret(), Value::Int(1)]),
        Value::Id(Id::Number(77)),
        Value::Id(Id::Text("7b".into())),
        Timestamp::MIN.into(),
        Timestamp::MAX.into(),
        Value::Duration(SignedDuration::MIN),
        Value::Duration(SignedDuration::MAX),
        Value::Duration(SignedDuration::from_mins(90)),
        Value::Bytes([0xff, 0x00].as_slice().into()),
        json("[]"),
        json(r#"[1, "a", null, [2, [3]], {"a": 1}]"#),
        json("[3, 1, 2.5]"),
        json(r#"["b", "a", "b"]"#),
        json("{}"),
        json(r#"{"a": 1, "B_c": {"d-e": [null]}, "quotes": "all"}"#),
        json(r#"{"a": "2022-06-01T14:00:00Z"}"#).typed(&row),
        json(r#"[{"a": "never", "b": 1}, {}]"#).typed(&Type::list(row)),
        missing().into(),
        vec![missing().into(), Value::Int(1)].into(),
    ];
    values.push(List::partial(vec![Value::Int(1), Value::Int(2)], vec![aside.clone()]).into());
    values.push(List::partial(Vec::new(), vec![aside.clone()]).into());
    values.push(json("{}").as_map().cloned().unwrap_or_default().with_aside(vec![aside]).into());
    values
}

/// Calls of a function over the names `a`, `b`, `c`: lambdas give the element, and another value.
fn calls(function: &Function) -> Vec<String> {
    let lambda = function.params.contains(&Param::Lambda);
    let mut calls = Vec::new();
    for given in (0..5).filter(|given| function.takes(*given)) {
        for body in if lambda { &["x", "x == b", "c"][..] } else { &["b"] } {
            let mut names = ["b", "c", "a"].iter().cycle();
            let names = &mut names;
            let args = (0..given).map(|i| match function.params.get(i).or(function.params.last()) {
                Some(Param::Variable) => "x",
                Some(Param::Lambda) => body,
                _ if !function.receiver && i == 0 => "a",
                _ => names.next().unwrap_or(&"b"),
            });
            let args = args.collect::<Vec<_>>().join(", ");
            calls.push(format!("{}{}({args})", if function.receiver { "a." } else { "" }, function.name));
        }
    }
    calls
}

#[test]
fn no_function_minds_what_it_is_given() {
    let values = values();
    for function in functions::all() {
        for call in calls(function) {
            let code = World::default().name("a", 0).name("b", 0).name("c", 0).code(&call);
            for (i, a) in values.iter().enumerate() {
                for (j, b) in values.iter().enumerate() {
                    let c = &values[(i * 7 + j * 3) % values.len()];
                    let world = World::default().name("a", a.clone()).name("b", b.clone()).name("c", c.clone());
                    let given = world.ctx(|ctx| code.value(ctx));
                    if let Value::Unknown(reason) = &given {
                        let shown = || format!("{call} of {a:?}, {b:?}, {c:?}: {}", reason.reason);
                        assert!(reason.span.is_some(), "{} has no place", shown());
                        assert!(!reason.reason.contains(SECRET), "{} tells a secret", shown());
                        assert!(!reason.reason.is_empty() && !reason.reason.ends_with('.'), "{}", shown());
                    }
                }
            }
        }
    }
}
