//! CEL's math extension.

use std::cmp::Ordering;
use std::sync::Arc;

use wf_value::{Type, Unknown, Value};

use super::args::Number;
use super::{Answer, Args, Body::Plain, Function, Param};
use crate::types::{Takes, TypeCall, rules};

const ONE: &[Param] = &[Param::Value];
const TWO: &[Param] = &[Param::Value, Param::Value];
const MANY: &[Param] = &[Param::Value, Param::Rest];

fn test(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Number], Type::Boolean)
}

fn bits(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Integer], Type::Integer)
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function::free("math.greatest", MANY, "math.greatest(a, b, …)", Plain(greatest), rules::math_least)
        .doc("The greatest of numbers, or of a list of numbers.")
        .examples(&[("math.greatest(1, 2.5, -3)", "2.5"), ("math.greatest([1, 2])", "2")]),
    Function::free("math.least", MANY, "math.least(a, b, …)", Plain(least), rules::math_least)
        .doc("The smallest of numbers, or of a list of numbers.")
        .examples(&[("math.least(1, 2.5, -3)", "-3")]),
    Function::free("math.ceil", ONE, "math.ceil(x)", Plain(ceil), rules::same_number)
        .doc("The next whole number up.")
        .examples(&[("math.ceil(1.2)", "2.0")]),
    Function::free("math.floor", ONE, "math.floor(x)", Plain(floor), rules::same_number)
        .doc("The next whole number down.")
        .examples(&[("math.floor(-1.2)", "-2.0")]),
    Function::free("math.round", ONE, "math.round(x)", Plain(round), rules::same_number)
        .doc("The nearest whole number, halves away from zero.")
        .examples(&[("math.round(1.5)", "2.0"), ("math.round(-1.5)", "-2.0")]),
    Function::free("math.trunc", ONE, "math.trunc(x)", Plain(trunc), rules::same_number)
        .doc("What stands before the point.")
        .examples(&[("math.trunc(-1.9)", "-1.0")]),
    Function::free("math.abs", ONE, "math.abs(x)", Plain(abs), rules::same_number)
        .doc("Without its sign.")
        .examples(&[("math.abs(-3)", "3")]),
    Function::free("math.sign", ONE, "math.sign(x)", Plain(sign), rules::same_number)
        .doc("-1, 0 or 1.")
        .examples(&[("math.sign(-3)", "-1"), ("math.sign(0.5)", "1.0")]),
    Function::free("math.sqrt", ONE, "math.sqrt(x)", Plain(sqrt), |call| call.gives(&[Takes::Number], Type::Number))
        .doc("The square root; of a negative number no number (`math.isNaN`).")
        .examples(&[("math.sqrt(9)", "3.0")]),
    Function::free("math.isNaN", ONE, "math.isNaN(x)", Plain(is_nan), test)
        .doc("Whether it is the number that is none.")
        .examples(&[("math.isNaN(double('NaN'))", "true")]),
    Function::free("math.isInf", ONE, "math.isInf(x)", Plain(is_inf), test)
        .doc("Whether it is infinite.")
        .examples(&[("math.isInf(1.5)", "false")]),
    Function::free("math.isFinite", ONE, "math.isFinite(x)", Plain(is_finite), test)
        .doc("Whether it is a number, and not infinite.")
        .examples(&[("math.isFinite(1.5)", "true")]),
    Function::free("math.bitAnd", TWO, "math.bitAnd(a, b)", Plain(bit_and), bits)
        .doc("The bits that both have.")
        .examples(&[("math.bitAnd(6, 3)", "2")]),
    Function::free("math.bitOr", TWO, "math.bitOr(a, b)", Plain(bit_or), bits)
        .doc("The bits that one of them has.")
        .examples(&[("math.bitOr(6, 3)", "7")]),
    Function::free("math.bitXor", TWO, "math.bitXor(a, b)", Plain(bit_xor), bits)
        .doc("The bits that just one of them has.")
        .examples(&[("math.bitXor(6, 3)", "5")]),
    Function::free("math.bitNot", ONE, "math.bitNot(a)", Plain(bit_not), bits)
        .doc("The bits that it has not.")
        .examples(&[("math.bitNot(1)", "-2")]),
    Function::free("math.bitShiftLeft", TWO, "math.bitShiftLeft(a, n)", Plain(shift_left), bits)
        .doc("The bits moved up by `n` places.")
        .examples(&[("math.bitShiftLeft(1, 3)", "8"), ("math.bitShiftLeft(1, 64)", "0")]),
    Function::free("math.bitShiftRight", TWO, "math.bitShiftRight(a, n)", Plain(shift_right), bits)
        .doc("The bits moved down by `n` places, zeros coming in.")
        .examples(&[("math.bitShiftRight(8, 2)", "2")]),
];

fn greatest(args: &Args<'_>) -> Answer {
    best(args, Ordering::Greater)
}

fn least(args: &Args<'_>) -> Answer {
    best(args, Ordering::Less)
}

fn best(args: &Args<'_>, better: Ordering) -> Answer {
    let numbers: Vec<Value> = match args.values {
        [Value::List(_)] => args.whole_list(0)?.iter().collect(),
        values => values.to_vec(),
    };
    let mut best: Option<&Value> = None;
    for (i, number) in numbers.iter().enumerate() {
        if Number::of(number).is_none() {
            return Err(args.call.wrong(i.min(args.len() - 1), "numbers", number));
        }
        match best {
            Some(found) if number.order(found) != Some(better) => {}
            _ => best = Some(number),
        }
    }
    best.cloned().ok_or_else(|| args.call.range("there is none of no numbers"))
}

/// Rounds; what is whole already stays a whole number.
fn rounded(args: &Args<'_>, round: fn(f64) -> f64) -> Answer {
    Ok(match args.number(0)? {
        Number::Int(n) => Value::Int(n),
        Number::Float(f) => Value::Float(round(f)),
    })
}

fn ceil(args: &Args<'_>) -> Answer {
    rounded(args, f64::ceil)
}

fn floor(args: &Args<'_>) -> Answer {
    rounded(args, f64::floor)
}

fn round(args: &Args<'_>) -> Answer {
    rounded(args, f64::round)
}

fn trunc(args: &Args<'_>) -> Answer {
    rounded(args, f64::trunc)
}

fn abs(args: &Args<'_>) -> Answer {
    match args.number(0)? {
        Number::Int(n) => n.checked_abs().map(Value::Int).ok_or_else(|| args.call.range("the number is out of range")),
        Number::Float(f) => Ok(Value::Float(f.abs())),
    }
}

fn sign(args: &Args<'_>) -> Answer {
    Ok(match args.number(0)? {
        Number::Int(n) => Value::Int(n.signum()),
        Number::Float(f) if f == 0.0 || f.is_nan() => Value::Float(f),
        Number::Float(f) => Value::Float(f.signum()),
    })
}

fn sqrt(args: &Args<'_>) -> Answer {
    Ok(Value::Float(args.number(0)?.as_f64().sqrt()))
}

fn is_nan(args: &Args<'_>) -> Answer {
    Ok(args.number(0)?.as_f64().is_nan().into())
}

fn is_inf(args: &Args<'_>) -> Answer {
    Ok(args.number(0)?.as_f64().is_infinite().into())
}

fn is_finite(args: &Args<'_>) -> Answer {
    Ok(args.number(0)?.as_f64().is_finite().into())
}

/// A whole number, and not one that only looks like it: bits of 2.0 mean nothing.
fn whole(args: &Args<'_>, i: usize) -> Result<i64, Arc<Unknown>> {
    match args.value(i) {
        Value::Int(n) => Ok(*n),
        _ => Err(args.wrong(i, "a whole number")),
    }
}

fn bit_and(args: &Args<'_>) -> Answer {
    Ok(Value::Int(whole(args, 0)? & whole(args, 1)?))
}

fn bit_or(args: &Args<'_>) -> Answer {
    Ok(Value::Int(whole(args, 0)? | whole(args, 1)?))
}

fn bit_xor(args: &Args<'_>) -> Answer {
    Ok(Value::Int(whole(args, 0)? ^ whole(args, 1)?))
}

fn bit_not(args: &Args<'_>) -> Answer {
    Ok(Value::Int(!whole(args, 0)?))
}

/// By how many places; beyond 63 no bit is left.
fn places(args: &Args<'_>) -> Result<u32, Arc<Unknown>> {
    let n = whole(args, 1)?;
    u32::try_from(n.min(64))
        .map_err(|_| args.call.range(format!("`{}` is {n}, it should be 0 or more", args.call.words(1))))
}

fn shift_left(args: &Args<'_>) -> Answer {
    Ok(Value::Int(whole(args, 0)?.checked_shl(places(args)?).unwrap_or(0)))
}

fn shift_right(args: &Args<'_>) -> Answer {
    let shifted = whole(args, 0)?.cast_unsigned().checked_shr(places(args)?).unwrap_or(0);
    Ok(Value::Int(shifted.cast_signed()))
}
