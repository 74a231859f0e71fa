//! Functions that go through a list with a condition or an expression.

use std::sync::Arc;

use wf_value::{List, Unknown, Value};

use super::kept::Kept;
use super::{Answer, Body::Special, Function, Param, Run};
use crate::types::rules;

const CONDITION: &[Param] = &[Param::Variable, Param::Lambda];

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("filter", CONDITION, "list.filter(x, condition)", Special(filter), rules::filter)
        .doc(
            "The elements for which the condition holds; of a map its keys. An element whose condition is unknown \
             is set aside: the list is then partial.",
        )
        .examples(&[("[1, 2, 3].filter(n, n > 1)", "[2, 3]")]),
    Function::method("map", CONDITION, "list.map(x, expression)", Special(map), rules::map)
        .doc(
            "What the expression gives for each element (of a map: for each key). An element for which it is \
             unknown is set aside: the list is then partial.",
        )
        .examples(&[("[1, 2].map(n, n * 10)", "[10, 20]"), ("{'a': 1}.map(k, k + '!')", "['a!']")]),
    Function::method(
        "map",
        &[Param::Variable, Param::Lambda, Param::Lambda],
        "list.map(x, condition, expression)",
        Special(filter_map),
        rules::map,
    )
    .doc(
        "What the expression gives for each element for which the condition holds. Where one of them is \
             unknown the element is set aside.",
    )
    .examples(&[("[1, 2, 3].map(n, n > 1, n * 10)", "[20, 30]")]),
    Function::method("flatMap", CONDITION, "list.flatMap(x, list)", Special(flat_map), rules::flat_map)
        .doc(
            "All elements of the lists that the expression gives, one after the other. An element for which it is \
             unknown, or no list, is set aside.",
        )
        .examples(&[
            ("[[1, 2], [3]].flatMap(l, l)", "[1, 2, 3]"),
            ("['a b', 'c'].flatMap(t, t.split(' '))", "['a', 'b', 'c']"),
        ]),
    Function::method("exists", CONDITION, "list.exists(x, condition)", Special(exists), rules::quantifier)
        .doc(
            "Whether the condition holds for an element (of a map: for a key). One that holds decides, whatever \
             the others are; else it is unknown when a condition is unknown or the list is partial.",
        )
        .examples(&[
            ("[1, 2].exists(n, n > 1)", "true"),
            ("[null, 2].exists(n, n > 1)", "true"),
            ("[].exists(n, n > 1)", "false"),
        ]),
    Function::method("all", CONDITION, "list.all(x, condition)", Special(all), rules::quantifier)
        .doc(
            "Whether the condition holds for all elements (of a map: keys). One for which it does not hold \
             decides, whatever the others are; else it is unknown when a condition is unknown or the list is \
             partial.",
        )
        .examples(&[("[1, 2].all(n, n > 1)", "false"), ("[].all(n, n > 1)", "true")]),
    Function::method("exists_one", CONDITION, "list.exists_one(x, condition)", Special(exists_one), rules::quantifier)
        .doc(
            "Whether the condition holds for exactly one element (of a map: key). Two for which it holds decide; \
             else an unknown condition makes it unknown.",
        )
        .examples(&[("[1, 2].exists_one(n, n > 1)", "true"), ("[2, 2].exists_one(n, n > 1)", "false")]),
    Function::method("count", CONDITION, "list.count(x, condition)", Special(count), rules::count)
        .doc("For how many elements the condition holds. Unknown when a condition is, or when the list is partial.")
        .examples(&[("[1, 2, 3].count(n, n > 1)", "2")]),
];

fn filter(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    let mut kept = Kept::from(&list);
    for i in 0..list.len() {
        match run.holds_at(&list, i, 1) {
            Ok(true) => kept.items.push(list.raw()[i].clone()),
            Ok(false) => run.left_out(1),
            Err(reason) => kept.set_aside(run, &list, i, run.element(), reason, 1),
        }
    }
    Ok(kept.like(&list).into())
}

fn map(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    let mut kept = Kept::from(&list);
    for i in 0..list.len() {
        match run.apply_at(&list, i, 1) {
            Value::Unknown(reason) => kept.set_aside(run, &list, i, run.element(), reason, 1),
            value => kept.items.push(value),
        }
    }
    Ok(kept.list().into())
}

fn filter_map(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    let mut kept = Kept::from(&list);
    for i in 0..list.len() {
        match run.holds_at(&list, i, 1) {
            Ok(false) => run.left_out(1),
            Err(reason) => kept.set_aside(run, &list, i, run.element(), reason, 1),
            Ok(true) => match run.eval(2) {
                Value::Unknown(reason) => kept.set_aside(run, &list, i, run.element(), reason, 2),
                value => kept.items.push(value),
            },
        }
    }
    Ok(kept.list().into())
}

fn flat_map(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    let mut kept = Kept::from(&list);
    for i in 0..list.len() {
        match run.apply_at(&list, i, 1) {
            Value::List(inner) => {
                kept.items.extend(inner.iter());
                kept.aside.extend_from_slice(inner.aside());
            }
            Value::Unknown(reason) => kept.set_aside(run, &list, i, run.element(), reason, 1),
            other => {
                let reason = run.call.wrong(1, "a list", &other);
                kept.set_aside(run, &list, i, run.element(), reason, 1);
            }
        }
    }
    Ok(kept.list().into())
}

/// Looks for an element whose condition is `wanted`; else why it may be there all the same.
fn search(run: &mut Run<'_, '_>, list: &List, wanted: bool) -> Result<bool, Arc<Unknown>> {
    let mut open = None;
    for i in 0..list.len() {
        match run.holds_at(list, i, 1) {
            Ok(holds) if holds == wanted => return Ok(true),
            Ok(_) => {}
            Err(reason) => open = open.or(Some(reason)),
        }
    }
    match open.or_else(|| list.partial_reason().map(Arc::new)) {
        Some(reason) => Err(reason),
        None => Ok(false),
    }
}

fn exists(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    search(run, &list, true).map(Value::Bool)
}

fn all(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    search(run, &list, false).map(|found| Value::Bool(!found))
}

fn exists_one(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    let mut found = 0;
    let mut open = None;
    for i in 0..list.len() {
        match run.holds_at(&list, i, 1) {
            Ok(true) if found == 1 => return Ok(false.into()),
            Ok(holds) => found += usize::from(holds),
            Err(reason) => open = open.or(Some(reason)),
        }
    }
    match open.or_else(|| list.partial_reason().map(Arc::new)) {
        Some(reason) => Err(reason),
        None => Ok((found == 1).into()),
    }
}

fn count(run: &mut Run<'_, '_>) -> Answer {
    let list = run.elements(0)?;
    let mut found = 0;
    for i in 0..list.len() {
        found += i64::from(run.holds_at(&list, i, 1)?);
    }
    match list.partial_reason() {
        Some(reason) => Err(reason.into()),
        None => Ok(found.into()),
    }
}
