//! Paths over our values: types, unknown, partial lists.

use std::sync::Arc;

use wf_source::{FileId, ScalarMap, Span};
use wf_value::{Field, Text, Type, UnknownKind, Value};

use super::Path;
use crate::functions::Locals;
use crate::{Callable, Code, Ctx, Named, Names, Program, Slot, Vars};

struct Scope(Vec<(&'static str, Value)>);

impl Names for Scope {
    fn name(&self, name: &str, _: Span) -> Option<Named> {
        let index = self.0.iter().position(|(n, _)| *n == name)?;
        Some(Named::Slot(Slot { up: 0, index: u16::try_from(index).ok()? }))
    }
    fn callable(&self, _: &str, _: Span) -> Option<Callable> {
        None
    }
    fn param(&self, _: &[&str], _: Span) -> Option<(Code, usize)> {
        None
    }
    fn visible(&self) -> Vec<String> {
        self.0.iter().map(|(n, _)| (*n).to_owned()).collect()
    }
}

impl Vars for Scope {
    fn slot(&self, slot: Slot) -> Option<&Value> {
        self.0.get(usize::from(slot.index)).map(|(_, v)| v)
    }
}

fn json(text: &str) -> Value {
    wf_value::decode(text.as_bytes()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn edge() -> Type {
    let field = |name: &str, ty| Field { name: name.into(), ty, default: None };
    Type::shape(
        "edge",
        vec![
            field("serial", Type::Text),
            field("state", Type::Text),
            field("loss", Type::Number.optional()),
            field("seen", Type::timestamp().optional()),
        ],
    )
}

fn scope() -> Scope {
    let edges = r#"[
        {"serial": "A", "state": "OFFLINE", "loss": 0.5, "seen": "2022-06-01T00:00:00Z"},
        {"state": "OFFLINE", "loss": 2},
        {"serial": "C", "state": "CONNECTED", "loss": 3},
        {"serial": "D", "state": "OFFLINE"}
    ]"#;
    Scope(vec![
        ("edges", json(edges).typed(&Type::list(edge()))),
        ("raw", json(edges)),
        ("body", json(r#"{"in": {"a": [1, 2, 3]}, "limit": 1}"#)),
        ("gone", Value::Null),
    ])
}

fn find(text: &str) -> Value {
    let scope = scope();
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (path, found) = Path::compile(text, &map, &scope);
    let Some(path) = path else { panic!("{text}: {found:?}") };
    let program = Program::default();
    let ctx = Ctx::new(&program, &scope, &[], &Value::Null, jiff::Timestamp::UNIX_EPOCH);
    path.eval(&ctx, &mut Locals::default())
}

/// The nodes found, and why others are set aside.
fn both(text: &str) -> (Vec<Value>, Vec<(Text, Text)>) {
    let Value::List(list) = find(text) else { panic!("{text} gives no list") };
    let aside = list.aside().iter().map(|a| (a.place.clone(), a.reason.reason.clone())).collect();
    (list.iter().collect(), aside)
}

#[test]
fn a_singular_path_is_a_value() {
    assert_eq!(find("$.body.limit"), Value::Int(1));
    assert_eq!(find("$.body.in.a[-1]"), Value::Int(3));
    assert_eq!(find("$.edges[0].serial"), Value::text("A"));
    assert_eq!(find("$.edges[9].serial").as_unknown().map(|u| u.kind), Some(UnknownKind::Range));
    assert_eq!(find("$.edges[1].serial").as_unknown().map(|u| u.kind), Some(UnknownKind::Missing));
    assert!(find("$.gone[*]").as_unknown().is_some());
}

#[test]
fn a_required_field_that_is_missing_is_never_a_shorter_list() {
    let (nodes, aside) = both("$.edges[*].serial");
    assert_eq!(nodes, ["A".into(), "C".into(), "D".into()]);
    assert_eq!(aside, [("element 2".into(), "`serial` is missing".into())]);
    let (nodes, aside) = both("$.raw[*].serial");
    assert_eq!((nodes.len(), aside.len()), (3, 0));
}

#[test]
fn fields_are_read_as_their_types_say() {
    let (nodes, aside) = both("$.edges[*].seen");
    assert!(matches!(nodes.as_slice(), [Value::Time(_)]), "{nodes:?}");
    assert!(aside.is_empty());
    let (nodes, _) = both("$..seen".replace("$..", "$.edges..").as_str());
    assert!(matches!(nodes.as_slice(), [Value::Time(_)]), "{nodes:?}");
}

#[test]
fn a_condition_that_is_unknown_sets_aside() {
    let (nodes, aside) = both("$.edges[?@.loss > 1].state");
    assert_eq!(nodes, ["OFFLINE".into(), "CONNECTED".into()]);
    assert_eq!(aside, [("element 4".into(), "one of the two is null".into())]);
    let (nodes, aside) = both("$.edges[?@.loss > 1 && @.state == 'CONNECTED'].loss");
    assert_eq!((nodes, aside.len()), (vec![Value::Int(3)], 0));
    let (nodes, aside) = both("$.raw[?@.loss > 1].state");
    assert_eq!((nodes.len(), aside.len()), (2, 0));
    assert_eq!(both("$.edges[?@.loss == null].serial").0, ["D".into()]);
    assert_eq!(both("$.edges[?@.loss > $.body.limit].loss").0, [Value::Int(2), Value::Int(3)]);
}

fn mistakes(text: &str) -> Vec<String> {
    let map = ScalarMap::plain(FileId(0), 0, text.len());
    let (path, found) = Path::compile(text, &map, &scope());
    assert!(path.is_none(), "{text} is right");
    found.into_iter().map(|d| format!("{}: {}", d.span.start + 1, d.message)).collect()
}

#[test]
fn mistakes_are_told_at_their_place() {
    assert_eq!(mistakes("$.edges[?@.state = 'x']"), ["18: `=` is not expected here in a path"]);
    assert_eq!(mistakes("$.edges["), ["9: the path ends too early"]);
    assert_eq!(mistakes("$[0]"), ["1: a path begins with a name: `$.edges[*].serial`"]);
    assert_eq!(
        mistakes("$.edges[?length(@.state)]"),
        ["10: this function gives a value: write what it is compared with"]
    );
    let names = mistakes("$.egdes[*]");
    assert!(names.len() == 1 && names[0].starts_with("3: "), "{names:?}");
    let names = mistakes("$.edges[?@.loss > $.bdoy.limit]");
    assert!(names.len() == 1 && names[0].starts_with("21: "), "{names:?}");
}

#[test]
fn no_text_makes_it_panic() {
    let pieces = [
        "$", ".", "edges", "[", "]", "?", "@", "'a'", "\"", "*", "..", "0", ":", "-1", "==", "(", ")", "length(", "ä",
        "&&", "!", ",",
    ];
    let mut seed = 7_u64;
    for _ in 0..4_000 {
        let mut text = String::from("$.edges");
        for _ in 0..10 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
        }
        let map = ScalarMap::plain(FileId(0), 0, text.len());
        let (path, found) = Path::compile(&text, &map, &scope());
        assert!(path.is_some() || !found.is_empty(), "{text}: refused without a word");
    }
}

#[test]
fn a_key_without_its_type_is_shared() {
    // the type of the list stays with what is found in it
    let Value::List(list) = find("$.edges[?@.state == 'OFFLINE']") else { panic!("a list") };
    let shape = list.get(0).and_then(|v| v.as_map().and_then(|m| m.shape_type().cloned()));
    assert_eq!(shape.map(|s: Arc<_>| s.name.clone()), Some("edge".into()));
}
