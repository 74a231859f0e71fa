//! Functions that make one value of a list.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::SignedDuration;
use wf_value::{List, Unknown, Value};

use super::args::Number;
use super::{Answer, Args, Body::Plain, Function};
use crate::types::rules;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("min", &[], "list.min()", Plain(min), rules::least)
        .doc(
            "The smallest of numbers, texts, ids, times or durations; null when there is none. Unknown when they \
             are not of one type, or when the list is partial.",
        )
        .examples(&[("[2, 1.5, 3].min()", "1.5"), ("[].min()", "null")]),
    Function::method("max", &[], "list.max()", Plain(max), rules::least)
        .doc(
            "The greatest of numbers, texts, ids, times or durations; null when there is none. Unknown when they \
             are not of one type, or when the list is partial.",
        )
        .examples(&[("['a', 'c', 'b'].max()", "'c'"), ("[45m, 1h].max()", "1h")]),
    Function::method("sum", &[], "list.sum()", Plain(sum), rules::sum)
        .doc(
            "The sum of numbers or of durations; null when there is none. Unknown when they are not of one type, \
             or when the list is partial.",
        )
        .examples(&[("[1, 2, 0.5].sum()", "3.5"), ("[45m, 30m].sum()", "1h15m"), ("[].sum()", "null")]),
    Function::method("mean", &[], "list.mean()", Plain(mean), rules::mean)
        .doc(
            "The mean of numbers or of durations; null when there is none. Unknown when they are not of one type, \
             or when the list is partial.",
        )
        .examples(&[("[1, 2].mean()", "1.5"), ("[1, 3].mean()", "2"), ("[1h, 2h].mean()", "1h30m")]),
];

fn min(args: &Args<'_>) -> Answer {
    best(args, Ordering::Less)
}

fn max(args: &Args<'_>) -> Answer {
    best(args, Ordering::Greater)
}

fn best(args: &Args<'_>, better: Ordering) -> Answer {
    let list = args.whole_list(0)?;
    let mut best: Option<Value> = None;
    for element in list.iter() {
        if let Value::Unknown(reason) = element {
            return Err(reason);
        }
        let against = best.as_ref().unwrap_or(&element);
        match element.order(against) {
            None => return Err(mixed(args, against, &element)),
            Some(order) if best.is_none() || order == better => best = Some(element),
            Some(_) => {}
        }
    }
    Ok(best.unwrap_or_default())
}

fn mixed(args: &Args<'_>, a: &Value, b: &Value) -> Arc<Unknown> {
    let name = args.call.function.name;
    let reason = match (a.kind(), b.kind()) {
        (a, b) if a == b => format!("{name}() cannot use {a}"),
        (a, b) => format!("{name}() of {a} and {b}"),
    };
    args.call.operand(reason)
}

/// Numbers added up, or durations. `None` of an empty list.
fn total(args: &Args<'_>, list: &List) -> Result<Option<Value>, Arc<Unknown>> {
    let mut total: Option<Value> = None;
    for element in list.iter() {
        total = Some(match (&total, &element) {
            (_, Value::Unknown(reason)) => return Err(reason.clone()),
            (None, Value::Int(_) | Value::Float(_) | Value::Duration(_)) => element,
            (Some(Value::Int(a)), Value::Int(b)) => Value::Int(a.checked_add(*b).ok_or_else(|| too_great(args))?),
            (Some(Value::Duration(a)), Value::Duration(b)) => {
                Value::Duration(a.checked_add(*b).ok_or_else(|| too_great(args))?)
            }
            (Some(sum), _) => match (Number::of(sum), Number::of(&element)) {
                (Some(a), Some(b)) => Value::Float(a.as_f64() + b.as_f64()),
                _ => return Err(mixed(args, sum, &element)),
            },
            (None, _) => return Err(mixed(args, &element, &element)),
        });
    }
    Ok(total)
}

fn too_great(args: &Args<'_>) -> Arc<Unknown> {
    args.call.range("the sum is out of range")
}

fn sum(args: &Args<'_>) -> Answer {
    Ok(total(args, args.whole_list(0)?)?.unwrap_or_default())
}

#[allow(clippy::cast_precision_loss, reason = "a mean is the nearest number")]
fn mean(args: &Args<'_>) -> Answer {
    let list = args.whole_list(0)?;
    let n = i64::try_from(list.len()).unwrap_or(i64::MAX);
    Ok(match total(args, list)? {
        // as `/` does: whole when it comes out even
        Some(Value::Int(sum)) if sum % n == 0 => Value::Int(sum / n),
        Some(Value::Int(sum)) => Value::Float(sum as f64 / n as f64),
        Some(Value::Float(sum)) => Value::Float(sum / n as f64),
        Some(Value::Duration(sum)) => {
            let nanos = sum.as_nanos() / i128::from(n);
            SignedDuration::try_from_nanos_i128(nanos).map(Value::Duration).ok_or_else(|| too_great(args))?
        }
        _ => Value::Null,
    })
}
