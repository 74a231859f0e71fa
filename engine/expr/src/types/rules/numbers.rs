//! Functions of numbers.

use wf_value::Type;

use crate::types::join::{forms, is_number, join_all};
use crate::types::{Takes, TypeCall};

/// `math.least(…)`, `math.greatest(…)`: any number of numbers, or one list of them.
pub fn math_least(call: &mut TypeCall<'_>) -> Type {
    if let ([_], Type::List(of)) = (call.args, call.arg(0).required()) {
        return (**of).clone();
    }
    call.takes(&[Takes::Number]);
    let types: Vec<Type> = (0..call.args.len()).map(|i| call.arg(i)).collect();
    join_all(types)
}

/// `math.abs`, `math.ceil` …: a number gives the same kind of number.
pub fn same_number(call: &mut TypeCall<'_>) -> Type {
    call.takes(&[Takes::Number]);
    let ty = call.arg(0);
    let numbers: Vec<Type> = forms(&ty).into_iter().filter(is_number).collect();
    if numbers.is_empty() { Type::Any } else { join_all(numbers) }
}
