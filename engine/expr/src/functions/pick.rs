//! Functions that choose one element, or a part of a list, by a condition.

use std::cmp::Ordering;
use std::sync::Arc;

use wf_value::{List, Unknown, Value};

use super::kept::again;
use super::{Answer, Args, Body::Nulls, Body::Special, Function, Param, Run};
use crate::types::rules;

const CONDITION: &[Param] = &[Param::Variable, Param::Lambda];

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("first", &[], "list.first()", Nulls(first), rules::one_of_list)
        .doc("The first element; null when there is none. Unknown when none is known and some are set aside.")
        .examples(&[("[1, 2].first()", "1"), ("[].first()", "null")])
        .part(|list| list.element(0)),
    Function::method("last", &[], "list.last()", Nulls(last), rules::one_of_list)
        .doc("The last element; null when there is none. Unknown when none is known and some are set aside.")
        .examples(&[("[1, 2].last()", "2"), ("[].last()", "null")])
        .part(|list| list.element(list.list()?.len().checked_sub(1)?)),
    Function::method("first", CONDITION, "list.first(x, condition)", Special(first_that), rules::one_of_list)
        .doc(
            "The first element for which the condition holds; null when there is none. A condition that is \
             unknown before one holds makes it unknown.",
        )
        .examples(&[("[1, 2, 3].first(n, n > 1)", "2"), ("[1].first(n, n > 1)", "null")]),
    Function::method("last", CONDITION, "list.last(x, condition)", Special(last_that), rules::one_of_list)
        .doc(
            "The last element for which the condition holds; null when there is none. A condition that is unknown \
             behind one that holds makes it unknown.",
        )
        .examples(&[("[1, 2, 3].last(n, n < 3)", "2")]),
    Function::method("minBy", CONDITION, "list.minBy(x, key)", Special(min_by), rules::one_by_key)
        .doc(
            "The element with the smallest key, of equal ones the first; null when there is none. Unknown when a \
             key is unknown or null, or when the list is partial.",
        )
        .examples(&[("['bbb', 'a'].minBy(t, size(t))", "'a'"), ("[].minBy(t, t)", "null")]),
    Function::method("maxBy", CONDITION, "list.maxBy(x, key)", Special(max_by), rules::one_by_key)
        .doc(
            "The element with the greatest key, of equal ones the first; null when there is none. Unknown when a \
             key is unknown or null, or when the list is partial.",
        )
        .examples(&[("['a', 'bbb', 'ccc'].maxBy(t, size(t))", "'bbb'")]),
    Function::method("from", &[Param::Value], "list.from(item)", Nulls(from), rules::from)
        .doc(
            "The list from the first element equal to `item` on; all of it when `item` is null. Unknown when it \
             is not there.",
        )
        .examples(&[("[1, 2, 3].from(2)", "[2, 3]"), ("[1, 2].from(null)", "[1, 2]")]),
    Function::method("fromLast", CONDITION, "list.fromLast(x, condition)", Special(from_last), rules::from_last)
        .doc("The list from the last element on for which the condition holds; all of it when there is none.")
        .examples(&[("[1, 5, 2, 6, 3].fromLast(n, n > 4)", "[6, 3]"), ("[1, 2].fromLast(n, n > 4)", "[1, 2]")]),
];

/// What a look-up gives that found nothing: null, unless something set aside may be it.
fn nothing(list: &List) -> Answer {
    match list.partial_reason() {
        Some(reason) => Err(reason.into()),
        None => Ok(Value::Null),
    }
}

fn first(args: &Args<'_>) -> Answer {
    let list = args.list(0)?;
    list.get(0).map_or_else(|| nothing(list), Ok)
}

fn last(args: &Args<'_>) -> Answer {
    let list = args.list(0)?;
    list.len().checked_sub(1).and_then(|i| list.get(i)).map_or_else(|| nothing(list), Ok)
}

/// The place of the first element, in the order of `places`, for which the condition holds.
fn place_of(
    run: &mut Run<'_, '_>,
    list: &List,
    places: impl Iterator<Item = usize>,
) -> Result<Option<usize>, Arc<Unknown>> {
    for i in places {
        if run.holds_at(list, i, 1)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn first_that(run: &mut Run<'_, '_>) -> Answer {
    let list = run.list(0)?;
    let place = place_of(run, &list, 0..list.len())?;
    place.and_then(|i| list.get(i)).map_or_else(|| nothing(&list), Ok)
}

fn last_that(run: &mut Run<'_, '_>) -> Answer {
    let list = run.list(0)?;
    let place = place_of(run, &list, (0..list.len()).rev())?;
    place.and_then(|i| list.get(i)).map_or_else(|| nothing(&list), Ok)
}

fn from_last(run: &mut Run<'_, '_>) -> Answer {
    let list = run.list(0)?;
    match place_of(run, &list, (0..list.len()).rev())? {
        Some(i) => Ok(again(&list, list.raw()[i..].to_vec()).into()),
        None => nothing(&list).map(|_| list.into()),
    }
}

fn from(args: &Args<'_>) -> Answer {
    let list = args.list(0)?;
    let item = args.value(1);
    if item.is_null() {
        return Ok(list.clone().into());
    }
    for (i, element) in list.iter().enumerate() {
        match element.equals(item) {
            Some(true) => return Ok(again(list, list.raw()[i..].to_vec()).into()),
            Some(false) => {}
            None => return Err(undecided(args, &list.place(i))),
        }
    }
    match list.partial_reason() {
        Some(reason) => Err(reason.into()),
        None => Err(args.call.range(format!("`{}` is not in the list", args.call.words(1)))),
    }
}

fn undecided(args: &Args<'_>, place: &str) -> Arc<Unknown> {
    args.call.operand(format!("whether {place} equals `{}` is unknown", args.call.words(1)))
}

fn min_by(run: &mut Run<'_, '_>) -> Answer {
    best_by(run, Ordering::Less)
}

fn max_by(run: &mut Run<'_, '_>) -> Answer {
    best_by(run, Ordering::Greater)
}

fn best_by(run: &mut Run<'_, '_>, better: Ordering) -> Answer {
    let list = run.list(0)?;
    let mut best: Option<(Value, usize)> = None;
    for i in 0..list.len() {
        let key = match run.apply_at(&list, i, 1) {
            Value::Unknown(reason) => return Err(reason),
            Value::Null => return Err(run.call.null(1)),
            key => key,
        };
        best = match best {
            None if key.order(&key).is_none() => return Err(run.call.wrong(1, "a key that has an order", &key)),
            None => Some((key, i)),
            Some((least, _)) if key.order(&least).is_none() => {
                let reason = format!("keys are {} and {}, these have no order", least.kind(), key.kind());
                return Err(run.call.operand(reason));
            }
            Some((least, _)) if key.order(&least) == Some(better) => Some((key, i)),
            other => other,
        };
    }
    match list.partial_reason() {
        Some(reason) => Err(reason.into()),
        None => Ok(best.and_then(|(_, i)| list.get(i)).unwrap_or_default()),
    }
}
