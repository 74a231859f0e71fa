//! Functions of texts and times whose result depends on more than their types.

use std::sync::Arc;

use wf_value::{Enum, Type};

use crate::types::join::field;
use crate::types::{Takes, TypeCall};

/// `capture(re)`: null when it is not found.
pub fn capture(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Text, Takes::Regex], Type::Text).optional()
}

/// `findAll(re)`: named groups of a constant regex are fields; a group that took no part is null.
pub fn find_all(call: &mut TypeCall<'_>) -> Type {
    call.takes(&[Takes::Text, Takes::Regex]);
    let regex = call.text(1).and_then(|text| regex::Regex::new(text).ok());
    Type::list(match regex {
        Some(regex) => {
            let names = regex.capture_names().flatten().map(|name| field(name.into(), Type::Text.optional()));
            Type::shape("", names.collect())
        }
        None => Type::map(Type::Text.optional()),
    })
}

/// `weekday(zone)`: a closed set.
pub fn weekday(call: &mut TypeCall<'_>) -> Type {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let set = Enum { name: "weekday".into(), values: days.map(Into::into).into(), open: false };
    call.gives(&[Takes::Time, Takes::Zone], Type::Enum(Arc::new(set)))
}
