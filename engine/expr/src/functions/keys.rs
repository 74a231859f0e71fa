//! Functions that give the keys of maps other names.

use wf_value::{List, Map, MapBuilder, Text, Value};

use super::args::as_key;
use super::{Answer, Args, Body::Plain, Body::Special, Function, Param, Run, case};
use crate::types::rules;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method(
        "renameKeys",
        &[Param::Variable, Param::Lambda],
        "map.renameKeys(k, expression)",
        Special(rename_keys),
        rules::rename_keys,
    )
    .doc(
        "The map with what the expression gives for each key as keys; null leaves a member out, of equal ones \
             the last wins.",
    )
    .examples(&[("{'A': 1, 'B': 2}.renameKeys(k, k.lower())", "{'a': 1, 'b': 2}")]),
    Function::method("pascalKeys", &[], "map.pascalKeys()", Plain(pascal_keys), rules::pascal_keys)
        .doc(
            "With keys like `TicketId`, of the maps in it too, also inside lists. A key in capitals stays as it \
             is.",
        )
        .examples(&[("{'ticket_id': {'MAC': 1}}.pascalKeys()", "{'TicketId': {'MAC': 1}}")]),
    Function::method("snakeKeys", &[], "map.snakeKeys()", Plain(snake_keys), rules::snake_keys)
        .doc("With keys like `ticket_id`, of the maps in it too, also inside lists.")
        .examples(&[("{'TicketID': [{'Due Date': 1}]}.snakeKeys()", "{'ticket_id': [{'due_date': 1}]}")]),
    Function::method("camelKeys", &[], "map.camelKeys()", Plain(camel_keys), rules::camel_keys)
        .doc(
            "With keys like `ticketId`, of the maps in it too, also inside lists. A key in capitals stays as it \
             is.",
        )
        .examples(&[("{'ticket_id': 1}.camelKeys()", "{'ticketId': 1}")]),
];

/// Members are read as their types say before they get another name, under which nothing is declared of them.
fn rename_keys(run: &mut Run<'_, '_>) -> Answer {
    let map = match run.known(0)? {
        Value::Map(map) => map,
        other => return Err(run.call.wrong(0, "a map", &other)),
    };
    let mut renamed = MapBuilder::with_capacity(map.len());
    for (key, value) in map.iter() {
        match run.apply(Value::Text(key.clone()), 1) {
            Value::Unknown(reason) => return Err(reason),
            Value::Null => {}
            name => match as_key(&name) {
                Some(name) => renamed.insert(name, value),
                None => return Err(run.call.wrong(1, "a text, an id or a whole number as key", &name)),
            },
        }
    }
    Ok(renamed.finish().with_aside(map.aside().to_vec()).into())
}

fn pascal_keys(args: &Args<'_>) -> Answer {
    renamed(args, case::pascal)
}

fn snake_keys(args: &Args<'_>) -> Answer {
    renamed(args, case::snake)
}

fn camel_keys(args: &Args<'_>) -> Answer {
    renamed(args, case::camel)
}

fn renamed(args: &Args<'_>, name: fn(&str) -> Text) -> Answer {
    args.map(0)?;
    Ok(deep(args.value(0), name))
}

fn deep(value: &Value, name: fn(&str) -> Text) -> Value {
    match value {
        Value::Map(map) => {
            let renamed: Map = map.iter().map(|(key, value)| (name(key), deep(&value, name))).collect();
            renamed.with_aside(map.aside().to_vec()).into()
        }
        Value::List(list) => {
            List::partial(list.iter().map(|element| deep(&element, name)).collect(), list.aside().to_vec()).into()
        }
        other => other.clone(),
    }
}
