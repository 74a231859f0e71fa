//! Looking for what is unknown inside of a value.

use std::sync::{Arc, LazyLock};

use wf_value::{SetAside, Shape, Unknown, Value};

/// The keys of a call's result.
pub(crate) fn result_shape() -> &'static Arc<Shape> {
    static SHAPE: LazyLock<Arc<Shape>> = LazyLock::new(|| {
        let keys = ["ok", "failed", "status", "outcome", "cause", "body", "refusal"];
        Arc::new(Shape::new(keys.map(wf_value::Text::from).into()))
    });
    &SHAPE
}

/// The first unknown among what an item collected: the value itself and the members of its mappings, in reading order.
///
/// Lists are not looked into: one odd row costs that row, where it is read, and what was set aside is handed on. Neither is what a call
/// gave: its `body` is unknown when it failed, and that is for its reader to see.
pub(crate) fn first_member(value: &Value) -> Option<Arc<Unknown>> {
    let mut stack = vec![value];
    while let Some(value) = stack.pop() {
        match value {
            Value::Unknown(why) => return Some(why.clone()),
            Value::Map(map) if !Arc::ptr_eq(map.shape(), result_shape()) => stack.extend(map.raw_values().iter().rev()),
            _ => {}
        }
    }
    None
}

/// Whether a value nests so deep that handling it may exhaust a stack. Looks at so much of it only: a value grows from one `set` to the
/// next by a level at most, and a chain shows early.
pub(crate) fn is_too_deep(value: &Value) -> bool {
    let mut stack = vec![(value, 0)];
    for _ in 0..LOOKED_AT {
        let Some((value, depth)) = stack.pop() else { return false };
        if depth > DEEPEST {
            return true;
        }
        match value {
            Value::List(list) => stack.extend(list.raw().iter().rev().filter(|v| nests(v)).map(|v| (v, depth + 1))),
            Value::Map(map) => stack.extend(map.raw_values().iter().rev().filter(|v| nests(v)).map(|v| (v, depth + 1))),
            _ => {}
        }
    }
    false
}

const LOOKED_AT: usize = 20_000;
/// As deep as what travels may be.
const DEEPEST: usize = 128;

fn nests(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Map(_))
}

/// The elements that make a list inside of a value partial: they keep it from being sent.
pub(crate) fn aside(value: &Value) -> Vec<SetAside> {
    let mut found = Vec::new();
    let mut stack = vec![value];
    while let Some(value) = stack.pop() {
        match value {
            Value::List(list) => {
                found.extend(list.aside().iter().cloned());
                stack.extend(list.raw().iter().rev());
            }
            Value::Map(map) => {
                found.extend(map.aside().iter().cloned());
                stack.extend(map.raw_values().iter().rev());
            }
            _ => {}
        }
    }
    found
}
