//! Functions of numbers.

use wf_value::{Type, Value};

use super::args::Number;
use super::convert::cut;
use super::{Answer, Args, Body::Plain, Function, Param};
use crate::types::{Takes, rules};

/// More decimals than this no number has.
const MOST: usize = 30;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("round", &[Param::Value], "number.round(n)", Plain(round), rules::same_number)
        .doc("Rounded to `n` decimals; halves, as far as they are exact, go to the even side.")
        .examples(&[("2.345.round(1)", "2.3"), ("0.125.round(2)", "0.12"), ("7.round(2)", "7")]),
    Function::method(
        "decimals",
        &[Param::Value, Param::Value],
        "number.decimals(least, most)",
        Plain(decimals),
        |call| call.gives(&[Takes::Number, Takes::Integer, Takes::Integer], Type::Text),
    )
    .doc(
        "The number as a text, rounded to `most` decimals, of which zeros at the end are left out down to \
             `least`.",
    )
    .examples(&[
        ("2.0.decimals(1, 3)", "'2.0'"),
        ("2.34567.decimals(1, 3)", "'2.346'"),
        ("12.decimals(3, 3)", "'12.000'"),
    ]),
    Function::free("div", &[Param::Value, Param::Value], "div(a, b)", Plain(div), |call| {
        call.gives(&[Takes::Number, Takes::Number], Type::Integer)
    })
    .doc(
        "How many whole times `b` is in `a`: the division that cuts off what is behind the point. By zero it \
             is unknown.",
    )
    .examples(&[("div(7, 2)", "3"), ("div(-7, 2)", "-3")]),
];

fn round(args: &Args<'_>) -> Answer {
    let n = args.count(1)?;
    Ok(match args.number(0)? {
        Number::Int(i) => Value::Int(i),
        // the exact value decides, as its decimals show it
        Number::Float(f) if f.is_finite() && n < MOST => Value::Float(format!("{f:.n$}").parse().unwrap_or(f)),
        Number::Float(f) => Value::Float(f),
    })
}

fn decimals(args: &Args<'_>) -> Answer {
    let (least, most) = (args.count(1)?, args.count(2)?);
    if least > most || most > MOST {
        return Err(args.call.range(format!(
            "at least {least} and at most {most} decimals: it should be 0 to {MOST}, the least first"
        )));
    }
    let shown = match args.number(0)? {
        Number::Int(n) if most == 0 => n.to_string(),
        Number::Int(n) => format!("{n}.{:0<most$}", ""),
        Number::Float(f) if f.is_finite() => format!("{f:.most$}"),
        Number::Float(_) => return Err(args.wrong(0, "a number that is finite")),
    };
    let zeros = shown.bytes().rev().take(most - least).take_while(|b| *b == b'0').count();
    let shown = shown.get(..shown.len() - zeros).unwrap_or_default().trim_end_matches('.');
    Ok(shown.into())
}

fn div(args: &Args<'_>) -> Answer {
    let by_zero = || args.call.range("a division by zero");
    let too_great = || args.call.range("the quotient is out of range");
    match (args.number(0)?, args.number(1)?) {
        (_, Number::Int(0)) => Err(by_zero()),
        (Number::Int(a), Number::Int(b)) => a.checked_div(b).map(Value::Int).ok_or_else(too_great),
        (_, b) if b.as_f64() == 0.0 => Err(by_zero()),
        (a, b) => cut(a.as_f64() / b.as_f64()).map(Value::Int).ok_or_else(too_great),
    }
}
