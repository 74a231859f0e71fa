//! Arithmetic, equality, order.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use wf_value::{List, Seen, Time, UnknownKind, Value};

use super::{access, operand, placed, unknown};
use crate::functions::Locals;
use crate::{BinaryOp, Code, Ctx, Kind};

/// Why an operation has no result.
enum Failure {
    /// These operands are none that the operator takes.
    Operands,
    /// The result does not fit, or there is none.
    Range(&'static str),
}

const TOO_LARGE: Failure = Failure::Range("the result is too large");
const BY_ZERO: Failure = Failure::Range("it divides by zero");

impl Code {
    pub(super) fn binary(&self, op: BinaryOp, a: &Self, b: &Self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        if let (BinaryOp::In, Kind::List(items)) = (op, &b.kind) {
            return self.one_of(a, items, ctx, locals);
        }
        // most compare a field with a literal: neither is copied
        if let Some(right) = b.seen(ctx, locals)
            && let Some(left) = a.seen(ctx, locals).and_then(Seen::plain)
        {
            match right.plain() {
                _ if op == BinaryOp::In => return self.member(left, right, b),
                Some(right) => return self.operate(op, left, right, a, b),
                None => {}
            }
        }
        let left = a.eval(ctx, locals);
        if let Value::Unknown(_) = left {
            return left;
        }
        b.peek(ctx, locals, |right| self.operate(op, &left, right, a, b))
    }

    fn operate(&self, op: BinaryOp, left: &Value, right: &Value, a: &Self, b: &Self) -> Value {
        if let Value::Unknown(_) = right {
            return right.clone();
        }
        match op {
            BinaryOp::Equal => match left.equals(right) {
                Some(equal) => Value::Bool(equal),
                None => undecided(left, right, self),
            },
            BinaryOp::NotEqual => match left.equals(right) {
                Some(equal) => Value::Bool(!equal),
                None => undecided(left, right, self),
            },
            BinaryOp::In => self.member(left, Seen::of(right), b),
            BinaryOp::Less => self.ordered(left, right, a, b, Ordering::is_lt),
            BinaryOp::LessEqual => self.ordered(left, right, a, b, Ordering::is_le),
            BinaryOp::Greater => self.ordered(left, right, a, b, Ordering::is_gt),
            BinaryOp::GreaterEqual => self.ordered(left, right, a, b, Ordering::is_ge),
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => {
                self.arithmetic(op, left, right, a, b)
            }
        }
    }

    fn ordered(&self, left: &Value, right: &Value, a: &Self, b: &Self, holds: fn(Ordering) -> bool) -> Value {
        match (left, right) {
            (Value::Secret(hidden), _) => return self.ordered(hidden.expose(), right, a, b, holds),
            (_, Value::Secret(hidden)) => return self.ordered(left, hidden.expose(), a, b, holds),
            _ => {}
        }
        if let Some(order) = left.order(right) {
            return Value::Bool(holds(order));
        }
        match (left, right) {
            // not a number: every comparison with it is false
            (Value::Float(_), Value::Int(_) | Value::Float(_)) | (Value::Int(_), Value::Float(_)) => Value::Bool(false),
            (Value::Null, _) => access::null(a),
            (_, Value::Null) => access::null(b),
            _ => {
                let reason = format!(
                    "`{}` is {}, `{}` is {}: neither is less or more",
                    a.text,
                    left.kind(),
                    b.text,
                    right.kind()
                );
                operand(reason, self.span)
            }
        }
    }

    fn arithmetic(&self, op: BinaryOp, left: &Value, right: &Value, a: &Self, b: &Self) -> Value {
        match (left, right) {
            (Value::Secret(hidden), _) => return self.arithmetic(op, hidden.expose(), right, a, b).secret(),
            (_, Value::Secret(hidden)) => return self.arithmetic(op, left, hidden.expose(), a, b).secret(),
            (Value::Null, _) => return access::null(a),
            (_, Value::Null) => return access::null(b),
            _ => {}
        }
        match compute(op, left, right) {
            Ok(value) => value,
            Err(Failure::Range(what)) => unknown(UnknownKind::Range, format!("`{}`: {what}", self.text), self.span),
            Err(Failure::Operands) => {
                let reason = format!(
                    "`{}` is {}, `{}` is {}: there is no `{}` for these",
                    a.text,
                    left.kind(),
                    b.text,
                    right.kind(),
                    op.symbol()
                );
                operand(reason, self.span)
            }
        }
    }

    pub(super) fn negate(&self, inner: &Self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let negated = |value: &Value| match value {
            Value::Int(n) => n.checked_neg().map(Value::Int).ok_or(TOO_LARGE),
            Value::Float(f) => Ok(Value::Float(-f)),
            Value::Duration(d) => d.checked_neg().map(Value::Duration).ok_or(TOO_LARGE),
            _ => Err(Failure::Operands),
        };
        let value = inner.eval(ctx, locals);
        let result = match &value {
            Value::Unknown(_) => return value,
            Value::Null => return access::null(inner),
            Value::Secret(hidden) => negated(hidden.expose()).map(Value::secret),
            other => negated(other),
        };
        match result {
            Ok(value) => value,
            Err(Failure::Range(what)) => unknown(UnknownKind::Range, format!("`{}`: {what}", self.text), self.span),
            Err(Failure::Operands) => {
                operand(format!("`{}` is {}, `-` wants a number", inner.text, value.kind()), self.span)
            }
        }
    }
}

fn compute(op: BinaryOp, left: &Value, right: &Value) -> Result<Value, Failure> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => whole(op, *a, *b),
        (Value::Float(a), Value::Float(b)) => fraction(op, *a, *b),
        (Value::Int(a), Value::Float(b)) => fraction(op, as_f64(*a), *b),
        (Value::Float(a), Value::Int(b)) => fraction(op, *a, as_f64(*b)),
        (Value::Time(a), Value::Time(b)) if op == BinaryOp::Sub => Ok(Value::Duration(a.at.duration_since(b.at))),
        (Value::Time(at), Value::Duration(d)) if op == BinaryOp::Add => shifted(at.at, *d),
        (Value::Duration(d), Value::Time(at)) if op == BinaryOp::Add => shifted(at.at, *d),
        (Value::Time(at), Value::Duration(d)) if op == BinaryOp::Sub => {
            d.checked_neg().ok_or(TOO_LARGE).and_then(|back| shifted(at.at, back))
        }
        (Value::Duration(a), Value::Duration(b)) => durations(op, *a, *b),
        (Value::Duration(d), Value::Int(_) | Value::Float(_)) => scaled(op, *d, right),
        (Value::Int(_) | Value::Float(_), Value::Duration(d)) if op == BinaryOp::Mul => scaled(op, *d, left),
        (Value::Text(a), Value::Text(b)) if op == BinaryOp::Add => {
            let mut text = String::with_capacity(a.len() + b.len());
            text.push_str(a);
            text.push_str(b);
            Ok(text.into())
        }
        (Value::Bytes(a), Value::Bytes(b)) if op == BinaryOp::Add => Ok(Value::Bytes([&**a, &**b].concat().into())),
        (Value::List(a), Value::List(b)) if op == BinaryOp::Add => Ok(joined(a, b).into()),
        _ => Err(Failure::Operands),
    }
}

/// As in a spreadsheet: `7 / 2` is 3.5, `6 / 2` is the whole number 3.
fn whole(op: BinaryOp, a: i64, b: i64) -> Result<Value, Failure> {
    let exact = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::Div | BinaryOp::Rem if b == 0 => return Err(BY_ZERO),
        BinaryOp::Div if a.checked_rem(b) == Some(0) => a.checked_div(b),
        BinaryOp::Div if b != -1 => return fraction(op, as_f64(a), as_f64(b)),
        BinaryOp::Rem => a.checked_rem(b),
        _ => None,
    };
    exact.map(Value::Int).ok_or(TOO_LARGE)
}

fn fraction(op: BinaryOp, a: f64, b: f64) -> Result<Value, Failure> {
    let result = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div | BinaryOp::Rem if b == 0.0 => return Err(BY_ZERO),
        BinaryOp::Div => a / b,
        BinaryOp::Rem => a % b,
        _ => return Err(Failure::Operands),
    };
    if result.is_infinite() && a.is_finite() && b.is_finite() { Err(TOO_LARGE) } else { Ok(Value::Float(result)) }
}

#[allow(clippy::cast_precision_loss, reason = "a fraction is as exact as a fraction can be")]
fn as_f64(n: i64) -> f64 {
    n as f64
}

/// Moments whose year has four digits.
fn shifted(at: Timestamp, by: SignedDuration) -> Result<Value, Failure> {
    const FIRST: i128 = -62_135_596_800 * NANOS;
    const END: i128 = 253_402_300_800 * NANOS;
    match at.checked_add(by) {
        Ok(moved) if (FIRST..END).contains(&moved.as_nanosecond()) => Ok(Value::Time(Arc::new(Time::new(moved)))),
        _ => Err(Failure::Range("the time is not between the years 1 and 9999")),
    }
}

const NANOS: i128 = 1_000_000_000;

/// Durations of up to ten thousand years, as in CEL.
fn bounded(duration: SignedDuration) -> Result<Value, Failure> {
    const LONGEST: i64 = 315_576_000_000;
    if duration.as_secs().abs() > LONGEST {
        return Err(Failure::Range("the duration is longer than ten thousand years"));
    }
    Ok(Value::Duration(duration))
}

fn durations(op: BinaryOp, a: SignedDuration, b: SignedDuration) -> Result<Value, Failure> {
    let sum = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Div if b.is_zero() => return Err(BY_ZERO),
        BinaryOp::Div => {
            // exact in nanoseconds as long as both are shorter than some hundred million years
            let (a, b) = (a.as_nanos(), b.as_nanos());
            return match (i64::try_from(a / b), a % b) {
                (Ok(n), 0) => Ok(Value::Int(n)),
                #[allow(clippy::cast_precision_loss, reason = "the nearest number")]
                _ => Ok(Value::Float(a as f64 / b as f64)),
            };
        }
        _ => return Err(Failure::Operands),
    };
    sum.ok_or(TOO_LARGE).and_then(bounded)
}

/// `1h * 2`, `1h / 2`; parts of a nanosecond are rounded away.
fn scaled(op: BinaryOp, duration: SignedDuration, by: &Value) -> Result<Value, Failure> {
    let nanos = duration.as_nanos();
    let scaled = match (op, by) {
        (BinaryOp::Mul, Value::Int(n)) => nanos.checked_mul(i128::from(*n)),
        (BinaryOp::Div, Value::Int(0)) => return Err(BY_ZERO),
        (BinaryOp::Div, Value::Int(n)) => nanos.checked_div(i128::from(*n)),
        (BinaryOp::Div, Value::Float(0.0)) => return Err(BY_ZERO),
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "checked below: it saturates")]
        (BinaryOp::Mul | BinaryOp::Div, Value::Float(f)) => {
            let factor = if op == BinaryOp::Mul { *f } else { f.recip() };
            let scaled = nanos as f64 * factor;
            if !scaled.is_finite() {
                return Err(TOO_LARGE);
            }
            Some(scaled.round() as i128)
        }
        _ => return Err(Failure::Operands),
    };
    SignedDuration::try_from_nanos_i128(scaled.ok_or(TOO_LARGE)?).ok_or(TOO_LARGE).and_then(bounded)
}

/// Elements of both keep the type they are read with; what was set aside is handed on.
fn joined(a: &List, b: &List) -> List {
    let aside: Vec<_> = a.aside().iter().chain(b.aside()).cloned().collect();
    if a.element_type() == b.element_type() {
        let list = List::partial(a.raw().iter().chain(b.raw()).cloned().collect(), aside);
        return match a.element_type() {
            Some(ty) => list.of(ty.clone()),
            None => list,
        };
    }
    List::partial(a.iter().chain(b.iter()).collect(), aside)
}

/// Why two values are neither equal nor different: the first part of them that is not known.
pub(super) fn undecided(a: &Value, b: &Value, code: &Code) -> Value {
    let reason = open_part(a, &mut 1000).or_else(|| open_part(b, &mut 1000));
    match reason {
        Some(reason) => placed(reason, code.span),
        None => operand(format!("`{}` cannot be decided", code.text), code.span),
    }
}

/// The first unknown inside of a value; looks at `left` parts at most.
fn open_part(value: &Value, left: &mut u32) -> Option<Value> {
    *left = left.checked_sub(1)?;
    match value {
        Value::Unknown(_) => Some(value.clone()),
        Value::Secret(secret) => open_part(secret.expose(), left),
        Value::List(list) => match list.partial_reason() {
            Some(reason) => Some(reason.into()),
            None => list.iter().find_map(|element| open_part(&element, left)),
        },
        Value::Map(map) => map.iter().find_map(|(_, member)| open_part(&member, left)),
        _ => None,
    }
}
