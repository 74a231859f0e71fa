//! Functions of any value.

use wf_value::Type;

use crate::types::join::join;
use crate::types::{Takes, TypeCall};

/// Nothing is known of the result, anything is taken.
pub fn any(_: &mut TypeCall<'_>) -> Type {
    Type::Any
}

/// `x.orElse(d)`: `d` in place of null.
pub fn or_else(call: &mut TypeCall<'_>) -> Type {
    match call.arg(0) {
        Type::Null => call.arg(1),
        ty => join(ty.required().clone(), call.arg(1)),
    }
}

/// `ifUnknown(x, d)`: the one or the other.
pub fn if_unknown(call: &mut TypeCall<'_>) -> Type {
    join(call.arg(0), call.arg(1))
}

/// `has(x)`, `empty(x)`.
pub fn boolean_of_any(_: &mut TypeCall<'_>) -> Type {
    Type::Boolean
}

/// `text.parseJson()`.
pub fn parse_json(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Text], Type::Any)
}

/// `dyn(x)`, `type(x)` of CEL.
pub fn dyn_(_: &mut TypeCall<'_>) -> Type {
    Type::Any
}
