//! What stands in a value place.

mod world;

use wf_expr::{Place, Scalar, Source, Written, WrittenKind};
use wf_value::Value;
use world::{World, json, map};

fn world() -> World {
    World::default().name("piece", "note").name("edge", json(r#"{"serial": "VC1"}"#)).define("down(e)", "true")
}

fn value(text: &str, plain: bool) -> Value {
    let world = world();
    let written = world.place(text, plain).unwrap_or_else(|found| panic!("{text}: {found:?}"));
    world.ctx(|ctx| written.value(ctx))
}

#[test]
fn marks_say_what_a_text_is() {
    assert_eq!(value("=piece", true), Value::text("note"));
    assert_eq!(value("=edge.serial + '!'", false), Value::text("VC1!"));
    assert_eq!(value("==piece", true), Value::text("=piece"));
    assert_eq!(value("Edge {{ edge.serial.lower() }}", true), Value::text("Edge vc1"));
    assert_eq!(value("=={{ piece }}", true), Value::text("=note"));
    assert_eq!(value("$.edge.serial", true), Value::text("VC1"));
    assert_eq!(value("$5", true), Value::text("$5"));
}

#[test]
fn texts_without_quotes_are_what_they_seem_to_be() {
    assert_eq!(value("12", true), Value::Int(12));
    assert_eq!(value("12", false), Value::text("12"));
    assert_eq!(value("null", true), Value::Null);
    assert_eq!(value("30m", true), Value::text("30m"));
    let written = world().place("30m", true).unwrap_or_else(|found| panic!("{found:?}"));
    assert!(matches!(written.kind, WrittenKind::Literal { raw: Some(raw), .. } if raw.as_str() == "30m"));
}

#[test]
fn a_text_that_reads_like_a_name_is_refused_unless_it_is_quoted() {
    for text in ["piece", "edge.serial", "down(edge)", "edge.serial.lower()", "size(edge)", "edge['serial']"] {
        let found = world().place(text, true).err().unwrap_or_default();
        let end = text.len();
        assert_eq!(found, [format!("0..{end} this is the text '{text}'; write ={text} for the value, or quote it")]);
        assert_eq!(value(text, false), Value::text(text));
    }
    for text in ["pieces", "a piece", "edges.serial", "size(edges)", "piece!", "piece of work"] {
        assert_eq!(value(text, true), Value::text(text));
    }
}

#[test]
fn lists_and_mappings_hold_places_and_their_members_are_unknown_one_by_one() {
    let world = world();
    let (one, two, key) = (map("=edge.serial"), map("=1 / 0"), map("{{ piece }}-x"));
    let scalar = |text: &'static str, map| Scalar { text, map, plain: true, span: world::span() };
    let list = Source::List(
        vec![Source::Scalar(scalar("=edge.serial", &one)), Source::Scalar(scalar("=1 / 0", &two))],
        world::span(),
    );
    let source = Source::Map(vec![(scalar("{{ piece }}-x", &key), list)], world::span());
    let (written, found) = Written::compile(&source, Place { names: &world, templates: &[] });
    assert!(found.is_empty(), "{found:?}");
    let value = world.ctx(|ctx| written.map(|w| w.value(ctx)));
    let list = value.as_ref().and_then(Value::as_map).map(|m| m.get("note-x")).unwrap_or_default();
    let list = list.as_list().cloned().unwrap_or_default();
    assert_eq!(list.get(0), Some(Value::text("VC1")));
    assert!(matches!(list.get(1), Some(Value::Unknown(_))));
}

#[test]
fn a_place_for_expressions_needs_no_mark() {
    let world = world();
    for text in ["piece == 'note'", "=piece == 'note'"] {
        let map = map(text);
        let scalar = Scalar { text, map: &map, plain: true, span: map.whole() };
        let (written, _) = Written::compile_bare(&Source::Scalar(scalar), Place { names: &world, templates: &[] });
        assert_eq!(world.ctx(|ctx| written.map(|w| w.value(ctx))), Some(Value::Bool(true)), "{text}");
    }
    let text = "=";
    let map = map(text);
    let scalar = Scalar { text, map: &map, plain: true, span: map.whole() };
    let (_, found) = Written::compile_bare(&Source::Scalar(scalar), Place { names: &world, templates: &[] });
    assert_eq!(found.first().map(|d| d.message.as_str()), Some("an expression is missing here"));
}
