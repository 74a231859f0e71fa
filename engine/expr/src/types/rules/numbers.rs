//! Functions of numbers.

use wf_source::Diagnostic;
use wf_value::{Type, Value};

use crate::Kind;
use crate::types::findings::WRONG_ARGUMENT;
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

/// `inHours(hour, from, to)`: hours of a day.
pub fn in_hours(call: &mut TypeCall<'_>) -> Type {
    let ty = call.gives(&[Takes::Number], Type::Boolean);
    for i in 0..call.args.len() {
        let last = if i == 0 { 23.0 } else { 24.0 };
        let hour = match &call.args[i].kind {
            Kind::Literal(Value::Int(hour)) => *hour as f64,
            Kind::Literal(Value::Float(hour)) => *hour,
            _ => continue,
        };
        if !(0.0..=last).contains(&hour) {
            let message = format!("{hour} is no hour of a day");
            let found = Diagnostic::error(&WRONG_ARGUMENT, call.args[i].span, message);
            call.report(
                i,
                found.help("a day has the hours 0 to 23; hours over midnight are written `inHours(hour, 22, 6)`"),
            );
        }
    }
    ty
}
