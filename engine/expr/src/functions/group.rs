//! Functions that put elements under keys.
//!
//! Elements that are set aside go where their key says, so that one odd row makes only its own group partial.

use std::sync::Arc;

use wf_value::{List, Map, MapBuilder, SetAside, Shape, Text, Unknown, UnknownKind, Value};

use super::args::as_key;
use super::kept::{Kept, of_type};
use super::key::Places;
use super::{Answer, Body::Special, Function, Param, Run};
use crate::types::rules;

const KEY: &[Param] = &[Param::Variable, Param::Lambda];

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("groupBy", KEY, "list.groupBy(x, key)", Special(group_by), rules::group_by)
        .doc(
            "A list of `{key, items}`, one for each key, in the order in which keys first appear; null is a key \
             like others. A set-aside element makes only the group of its key partial, or all of them when its \
             key is unknown.",
        )
        .examples(&[(
            "['a', 'bb', 'c'].groupBy(t, size(t))",
            "[{'key': 1, 'items': ['a', 'c']}, {'key': 2, 'items': ['bb']}]",
        )]),
    Function::method("indexBy", KEY, "list.indexBy(x, key)", Special(index_by), rules::index_by)
        .doc(
            "A map from keys to elements: of equal keys the place of the first, the content of the last. Elements \
             whose key is null are left out. A set-aside element makes what its key gives unknown, or what any \
             other key gives when its key is unknown.",
        )
        .examples(&[("['a', 'bb', 'c'].indexBy(t, size(t))", "{'1': 'c', '2': 'bb'}")]),
    Function::method(
        "toMap",
        &[Param::Variable, Param::Lambda, Param::Lambda],
        "list.toMap(x, key, value)",
        Special(to_map),
        rules::to_map,
    )
    .doc(
        "A map from keys to values: of equal keys the place of the first, the value of the last. Elements \
             whose key is null are left out. A value that is unknown is so only where it is used.",
    )
    .examples(&[
        ("['a', 'bb'].toMap(t, t, size(t))", "{'a': 1, 'bb': 2}"),
        ("{'a': 1}.toMap(k, k + k, 2)", "{'aa': 2}"),
    ]),
    Function::method("distinctBy", KEY, "list.distinctBy(x, key)", Special(distinct_by), rules::by_key)
        .doc("The elements whose key did not appear before. An element whose key is unknown is set aside.")
        .examples(&[("['a', 'bb', 'c'].distinctBy(t, size(t))", "['a', 'bb']")]),
];

fn group_by(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    let mut places = Places::default();
    let mut groups: Vec<Kept> = Vec::new();
    let empty = || Kept { items: Vec::new(), aside: Vec::new() };
    // of unknown key: every group may be theirs
    let mut anywhere: Vec<SetAside> = Vec::new();
    for i in 0..list.len() {
        let key = run.apply_at(&list, i, 1);
        match places.place(&key) {
            Ok(group) => {
                if groups.len() <= group {
                    groups.push(empty());
                }
                groups[group].items.push(list.raw()[i].clone());
            }
            Err(reason) => {
                let element = run.element();
                run.dropped(&element, Some(&reason), 1);
                anywhere.push(SetAside { value: element, reason, place: list.place(i) });
            }
        }
    }
    let mut apart: Vec<(Value, SetAside)> = Vec::new();
    for aside in list.aside() {
        let key = run.apply(aside.value.clone(), 1);
        match places.find(&key) {
            // as in `indexed`: no key is no proof
            _ if key.is_null() => anywhere.push(aside.clone()),
            Ok(Some(group)) => groups[group].aside.push(aside.clone()),
            Ok(None) => apart.push((key, aside.clone())),
            Err(_) => anywhere.push(aside.clone()),
        }
    }
    let shape = Arc::new(Shape::new(vec!["key".into(), "items".into()]));
    let group = |key: Value, mut kept: Kept| -> Value {
        kept.aside.extend_from_slice(&anywhere);
        let items = of_type(kept.list(), list.element_type());
        Map::with_shape(shape.clone(), vec![key, items.into()]).into()
    };
    let known = places.into_keys().into_iter().zip(groups).map(|(key, kept)| group(key, kept)).collect();
    // a group of which no element is known may not be one
    let mut open = anywhere.clone();
    for (key, aside) in apart {
        let kept = Kept { items: Vec::new(), aside: vec![aside.clone()] };
        open.push(SetAside { value: group(key, kept), ..aside });
    }
    Ok(List::partial(known, open).into())
}

fn index_by(run: &mut Run<'_, '_>) -> Answer {
    indexed(run, None)
}

fn to_map(run: &mut Run<'_, '_>) -> Answer {
    indexed(run, Some(2))
}

/// The map of a list; `value` is the argument that gives the values, without it they are the elements.
fn indexed(run: &mut Run<'_, '_>, value: Option<usize>) -> Answer {
    let list = run.elements(0)?;
    let mut map = MapBuilder::with_capacity(list.len());
    let mut anywhere = Vec::new();
    for i in 0..list.len() {
        let key = run.apply_at(&list, i, 1);
        match key_of(run, key) {
            Ok(Some(key)) => {
                let value = match value {
                    Some(arg) => run.eval(arg),
                    None => run.element(),
                };
                map.insert(key, value);
            }
            Ok(None) => run.left_out(1),
            Err(reason) => {
                let element = run.element();
                run.dropped(&element, Some(&reason), 1);
                anywhere.push(SetAside { value: element, reason, place: list.place(i) });
            }
        }
    }
    for aside in list.aside() {
        let key = run.apply(aside.value.clone(), 1);
        match key_of(run, key) {
            Ok(Some(key)) => map.insert(key, undecided(aside)),
            // it may be what it was before a `map` could not make it what the key is asked of: no key is no proof
            Ok(None) | Err(_) => anywhere.push(aside.clone()),
        }
    }
    Ok(map.finish().with_aside(anywhere).into())
}

/// The key that the lambda gave; `None` when it is null.
fn key_of(run: &Run<'_, '_>, key: Value) -> Result<Option<Text>, Arc<Unknown>> {
    match key {
        Value::Null => Ok(None),
        Value::Unknown(reason) => Err(reason),
        key => match as_key(&key) {
            Some(key) => Ok(Some(key)),
            None => Err(run.call.wrong(1, "a text, an id or a whole number as key", &key)),
        },
    }
}

/// What stands under the key of an element that may or may not be there.
fn undecided(aside: &SetAside) -> Value {
    let reason = format!("an element of this key is undecided: {}", aside.reason.reason);
    Unknown::new(UnknownKind::Partial, reason).at(aside.reason.span).from_call(Some(aside.place.clone())).into()
}

fn distinct_by(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    let mut kept = Kept::from(&list);
    let mut places = Places::default();
    for i in 0..list.len() {
        let before = places.len();
        let key = run.apply_at(&list, i, 1);
        match places.place(&key) {
            Ok(place) if place == before => kept.items.push(list.raw()[i].clone()),
            Ok(_) => run.left_out(1),
            Err(reason) => kept.set_aside(run, &list, i, run.element(), reason, 1),
        }
    }
    Ok(kept.like(&list).into())
}
