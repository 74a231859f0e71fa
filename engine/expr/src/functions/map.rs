//! Functions of maps.

use wf_value::{List, Map, MapBuilder, Text, Value};

use super::args::{as_key, as_text};
use super::{Answer, Args, Body::Nulls, Body::Plain, Body::Raw, Function, Param, retype};
use crate::types::rules;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("get", &[Param::Value], "map.get(key)", Nulls(get), rules::get)
        .doc(
            "What stands behind the key, null when it is absent; a whole number looks for its text, null gives \
             null.",
        )
        .examples(&[("{'a': 1}.get('a')", "1"), ("{'7': 'x'}.get(7)", "'x'"), ("{'a': 1}.get('b')", "null")]),
    Function::method("keys", &[], "map.keys()", Plain(keys), rules::keys)
        .doc("The keys, in their order.")
        .examples(&[("{'b': 1, 'a': 2}.keys()", "['b', 'a']")]),
    Function::method("values", &[], "map.values()", Plain(values), rules::values)
        .doc("The values, in the order of their keys.")
        .examples(&[("{'b': 1, 'a': 2}.values()", "[1, 2]")]),
    Function::method("with", &[Param::Value, Param::Value], "map.with(name, value)", Raw(with), rules::with)
        .doc(
            "The map with another member, which keeps its place when it was there. A value that is unknown is so \
             only where it is used.",
        )
        .examples(&[
            ("{'a': 1}.with('b', null)", "{'a': 1, 'b': null}"),
            ("{'a': 1, 'b': 2}.with('a', 3)", "{'a': 3, 'b': 2}"),
        ]),
    Function::method("without", &[Param::Value, Param::Rest], "map.without(names…)", Plain(without), rules::without)
        .doc("The map without the members of these names.")
        .examples(&[("{'a': 1, 'b': 2, 'c': 3}.without('a', 'c')", "{'b': 2}")]),
    Function::method("only", &[Param::Value], "map.only([names])", Plain(only), rules::only)
        .doc("The map with only the members of these names, as far as it has them, in the order of the map.")
        .examples(&[("{'a': 1, 'b': 2}.only(['b', 'z'])", "{'b': 2}")]),
    Function::method("merge", &[Param::Value], "map.merge(map)", Plain(merge), rules::merge)
        .doc("The map with all members of the other one, whose values win.")
        .examples(&[("{'a': 1, 'b': 2}.merge({'b': 3, 'c': 4})", "{'a': 1, 'b': 3, 'c': 4}")]),
];

fn get(args: &Args<'_>) -> Answer {
    let map = args.map(0)?;
    match args.value(1) {
        Value::Null => Ok(Value::Null),
        key => match as_key(key) {
            Some(key) => Ok(map.get(&key)),
            None => Err(args.wrong(1, "a text, an id or a whole number as key")),
        },
    }
}

fn keys(args: &Args<'_>) -> Answer {
    let map = args.map(0)?;
    let keys = map.shape().keys().iter().cloned().map(Value::Text).collect();
    Ok(List::partial(keys, map.aside().to_vec()).into())
}

fn values(args: &Args<'_>) -> Answer {
    let map = args.map(0)?;
    Ok(List::partial(map.iter().map(|(_, value)| value).collect(), map.aside().to_vec()).into())
}

fn with(args: &Args<'_>) -> Answer {
    for value in args.values.iter().take(2) {
        if let Value::Unknown(reason) = value {
            return Err(reason.clone());
        }
    }
    let name = as_key(args.value(1)).ok_or_else(|| args.wrong(1, "a text"))?;
    Ok(retype::with(args.map(0)?, name, args.value(2).clone()).into())
}

fn without(args: &Args<'_>) -> Answer {
    let names = (1..args.len()).map(|i| args.text(i)).collect::<Result<Vec<_>, _>>()?;
    Ok(chosen(args.map(0)?, |key| !names.contains(key)).into())
}

fn only(args: &Args<'_>) -> Answer {
    let mut names = Vec::new();
    for name in args.whole_list(1)?.iter() {
        match name {
            Value::Unknown(reason) => return Err(reason),
            name => names.push(as_text(&name).ok_or_else(|| args.call.wrong(1, "a list of texts", &name))?),
        }
    }
    Ok(chosen(args.map(0)?, |key| names.contains(key)).into())
}

/// Some of the members, as they came and as they were declared.
fn chosen(map: &Map, choose: impl Fn(&Text) -> bool) -> Map {
    let mut members = MapBuilder::with_capacity(map.len());
    for (key, raw) in map.raw_iter().filter(|(key, _)| choose(key)) {
        members.insert(key.clone(), raw.clone());
    }
    let made = members.finish().with_aside(map.aside().to_vec());
    match map.shape_type() {
        Some(ty) => made.of(ty.clone()),
        None => made,
    }
}

fn merge(args: &Args<'_>) -> Answer {
    Ok(retype::merge(args.map(0)?, args.map(1)?).into())
}
