//! Comparisons inside filters.

use std::cmp::Ordering;
use std::sync::Arc;

use wf_source::Span;
use wf_value::{Unknown, UnknownKind, Value};

use super::filter::{Got, Truth};
use crate::BinaryOp;

/// RFC 9535, with our unknown: what is not there equals only what is not there, values of two types are not equal and have no order. A field
/// that its type calls optional is null when it is absent, and null has no order.
pub(super) fn compare(op: BinaryOp, left: &Got, right: &Got, span: Span) -> Truth {
    match op {
        BinaryOp::Equal => equal(left, right, span),
        BinaryOp::NotEqual => match equal(left, right, span) {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            unknown => unknown,
        },
        BinaryOp::Less => order(left, right, Ordering::Less, span),
        BinaryOp::Greater => order(left, right, Ordering::Greater, span),
        BinaryOp::LessEqual | BinaryOp::GreaterEqual => {
            let wanted = if op == BinaryOp::LessEqual { Ordering::Less } else { Ordering::Greater };
            match order(left, right, wanted, span) {
                Truth::No => equal(left, right, span),
                decided => decided,
            }
        }
        _ => Truth::No,
    }
}

fn equal(left: &Got, right: &Got, span: Span) -> Truth {
    match (left, right) {
        (Got::Unknown(unknown), _) | (_, Got::Unknown(unknown)) => Truth::Unknown(unknown.clone()),
        (Got::Nothing, Got::Nothing) | (Got::DeclaredNull, Got::DeclaredNull) => Truth::Yes,
        (Got::DeclaredNull, Got::Nothing) | (Got::Nothing, Got::DeclaredNull) => Truth::Yes,
        (Got::DeclaredNull, Got::Value(value)) | (Got::Value(value), Got::DeclaredNull) => value.is_null().into(),
        (Got::Nothing, Got::Value(_)) | (Got::Value(_), Got::Nothing) => Truth::No,
        (Got::Value(a), Got::Value(b)) => match a.equals(b) {
            Some(equal) => equal.into(),
            None => undecided("whether they are equal is not known", span),
        },
    }
}

fn order(left: &Got, right: &Got, wanted: Ordering, span: Span) -> Truth {
    match (left, right) {
        (Got::Unknown(unknown), _) | (_, Got::Unknown(unknown)) => Truth::Unknown(unknown.clone()),
        (Got::DeclaredNull, _) | (_, Got::DeclaredNull) => undecided("one of the two is null", span),
        (Got::Value(Value::Bool(_)), _) => Truth::No,
        (Got::Value(a), Got::Value(b)) => (a.order(b) == Some(wanted)).into(),
        _ => Truth::No,
    }
}

fn undecided(reason: &str, span: Span) -> Truth {
    let unknown: Arc<Unknown> = Unknown::new(UnknownKind::Operand, reason).at(Some(span)).into();
    Truth::Unknown(unknown)
}
