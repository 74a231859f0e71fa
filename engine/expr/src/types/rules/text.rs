//! Functions of texts and times whose result depends on more than their types.

use std::sync::Arc;

use wf_source::Diagnostic;
use wf_value::{Enum, Type};

use crate::types::findings::{NEVER_COMES, WRONG_ARGUMENT};
use crate::types::join::{closed_set, field, forms, sure_texts};
use crate::types::{Takes, TypeCall, words};

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

/// `asset(file)`: of a name that was handed over it is known here whether there is such a file.
pub fn asset(call: &mut TypeCall<'_>) -> Type {
    let names = if call.text(0).is_none() { sure_texts(&call.arg(0)) } else { vec![] };
    match names.iter().find(|name| !call.has_asset(name)) {
        Some(missing) => {
            let message = format!("there is no file '{missing}' beside the workflow");
            call.report(0, Diagnostic::error(&WRONG_ARGUMENT, call.args[0].span, message));
            Type::Bytes
        }
        None => call.gives(&[Takes::Text], Type::Bytes),
    }
}

/// `weekday(zone)`: a closed set.
pub fn weekday(call: &mut TypeCall<'_>) -> Type {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let set = Enum { name: "weekday".into(), values: days.map(Into::into).into(), open: false };
    call.gives(&[Takes::Time, Takes::Zone], Type::Enum(Arc::new(set)))
}

/// `startsWith(part)` and its like: of a closed set at least one text has to.
pub fn part_of(call: &mut TypeCall<'_>, holds: fn(&str, &str) -> bool) -> Type {
    let ty = call.gives(&[Takes::Text], Type::Boolean);
    let receiver = call.arg(0);
    // of a literal nobody says that it is one of several
    let declared = forms(&receiver).iter().all(|form| matches!(form, Type::Enum(set) if !set.name.is_empty()));
    let (Some(set), Some(part)) = (closed_set(&receiver), call.text(1).cloned()) else { return ty };
    if declared && !set.iter().any(|text| holds(text, &part)) {
        let message = format!("no text that it can be {} '{part}'", call.function.name);
        let help = format!("it is {}", words::texts(&set));
        call.report(1, Diagnostic::error(&NEVER_COMES, call.args[1].span, message).help(help));
    }
    ty
}

/// A pattern of a time: months do not stand behind hours.
pub fn pattern(call: &mut TypeCall<'_>, i: usize) {
    let Some(pattern) = call.text(i).cloned() else { return };
    let hours = ["HH:MM", "H:MM", "hh:MM", "h:MM"];
    if !hours.iter().any(|hours| pattern.contains(hours)) {
        return;
    }
    let repaired =
        hours.iter().fold(pattern.to_string(), |text, hours| text.replace(hours, &hours.replace("MM", "mm")));
    let message = "`MM` are months, and these stand behind hours";
    let found = Diagnostic::error(&WRONG_ARGUMENT, call.args[i].span, message);
    call.report(i, found.help(format!("minutes are `mm`: write `'{repaired}'`")));
}
