//! Functions of any value: null, emptiness, unknown, size.

use std::sync::Arc;

use wf_value::{Unknown, Value};

use super::args::as_text;
use super::list::int;
use super::{Answer, Args, Body::Plain, Body::Special, Function, Param, Run};
use crate::types::rules;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("orElse", &[Param::Value], "x.orElse(other)", Special(or_else), rules::or_else)
        .doc(
            "The value, or `other` when it is null or something before it on its path is: `a.b.c.orElse('')`. It \
             does not see through unknown. `.orElse(null)` is the field, if there is one.",
        )
        .examples(&[("null.orElse(1)", "1"), ("2.orElse(1)", "2"), ("{'a': null}.a.b.orElse('')", "''")])
        .sees_null(),
    Function::free("has", &[Param::Value], "has(x)", Special(has), rules::boolean_of_any)
        .doc("Whether there is a value: it is not null, and neither is anything before it on its path.")
        .examples(&[("has({'a': 1}.a)", "true"), ("has({'a': null}.a.b)", "false")]),
    Function::free("empty", &[Param::Value], "empty(x)", Special(empty), rules::boolean_of_any)
        .doc(
            "Whether it is null, `''`, `[]` or `{}`, or something before it on its path is null. A partial list \
             is not empty once one element is known, else that is unknown.",
        )
        .examples(&[("empty('')", "true"), ("empty({'a': [0]}.a)", "false"), ("empty({}.a.b)", "true")]),
    Function::free(
        "ifUnknown",
        &[Param::Value, Param::Value],
        "ifUnknown(x, other)",
        Special(if_unknown),
        rules::if_unknown,
    )
    .doc(
        "The value, or `other` when it is unknown: the only way from unknown to a value. What is unknown \
             because a write was held back stays so.",
    )
    .examples(&[("ifUnknown(1 / 0, -1)", "-1"), ("ifUnknown(null, -1)", "null")]),
    Function::free("size", &[Param::Value], "size(x)", Plain(size), rules::size)
        .doc("How many characters a text has, elements a list, members a map, bytes; unknown of a partial list.")
        .examples(&[("size('né')", "2"), ("size([1, 2])", "2"), ("size({})", "0")]),
    Function::method("size", &[], "x.size()", Plain(size), rules::size)
        .doc("The same as `size(x)`.")
        .examples(&[("[1, 2].size()", "2")]),
    Function::free("keep", &[Param::Value], "keep(x)", Special(same), |call| call.arg(0))
        .doc("The value itself. Where it is all that a place to be sent says, null is sent and not left out.")
        .examples(&[("keep(null)", "null")]),
    Function::free("dyn", &[Param::Value], "dyn(x)", Special(same), rules::dyn_)
        .doc("The value itself, of which the checker then knows nothing.")
        .examples(&[("dyn(1)", "1")]),
];

/// The value of an argument, nulls along its path seen through.
fn lenient(run: &mut Run<'_, '_>) -> Answer {
    let value = match (&run.call.on, run.call.args.first()) {
        (Some(on), _) => on.clone(),
        (None, Some(code)) => code.lenient(run.ctx, run.locals),
        (None, None) => Value::Null,
    };
    match value {
        Value::Unknown(reason) => Err(reason),
        value => Ok(value),
    }
}

fn or_else(run: &mut Run<'_, '_>) -> Answer {
    match lenient(run)? {
        Value::Null => Ok(run.eval(1)),
        value => Ok(value),
    }
}

fn has(run: &mut Run<'_, '_>) -> Answer {
    Ok((!lenient(run)?.is_null()).into())
}

fn empty(run: &mut Run<'_, '_>) -> Answer {
    let value = lenient(run)?;
    if value.is_empty()
        && let Some(reason) = open(&value)
    {
        return Err(reason);
    }
    Ok(value.is_empty().into())
}

/// Why something without known members may have some.
fn open(value: &Value) -> Option<Arc<Unknown>> {
    match value {
        Value::List(list) => list.partial_reason().map(Arc::new),
        Value::Map(map) => map.aside().first().map(|aside| aside.reason.clone()),
        _ => None,
    }
}

fn if_unknown(run: &mut Run<'_, '_>) -> Answer {
    match run.eval(0) {
        Value::Unknown(reason) if reason.kind.is_held() => Err(reason),
        Value::Unknown(_) => Ok(run.eval(1)),
        value => Ok(value),
    }
}

fn same(run: &mut Run<'_, '_>) -> Answer {
    Ok(run.eval(0))
}

fn size(args: &Args<'_>) -> Answer {
    let value = args.value(0);
    if let Some(text) = as_text(value) {
        return Ok(int(text.chars().count()));
    }
    if let Some(reason) = open(value) {
        return Err(reason);
    }
    match value {
        Value::List(list) => Ok(int(list.len())),
        Value::Map(map) => Ok(int(map.len())),
        Value::Bytes(bytes) => Ok(int(bytes.len())),
        _ => Err(args.wrong(0, "a text, a list or a map")),
    }
}
