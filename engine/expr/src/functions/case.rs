//! Letters of texts: capitals and small ones, as people and as other systems write names.

use wf_value::{Text, Type};

use super::{Answer, Args, Body::Plain, Function};
use crate::types::{Takes, TypeCall};

fn text_type(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Text], Type::Text)
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("title", &[], "text.title()", Plain(title), text_type)
        .doc(
            "Every word begins with a capital letter and goes on in small ones; a word is what stands between \
             other characters than letters.",
        )
        .examples(&[("'PUBLIC WIRED'.title()", "'Public Wired'"), ("'ge1-link'.title()", "'Ge1-Link'")]),
    Function::method("lowerAscii", &[], "text.lowerAscii()", Plain(lower_ascii), text_type)
        .doc("CEL's: letters from A to Z made small, others as they are.")
        .examples(&[("'ÉTA'.lowerAscii()", "'Éta'")]),
    Function::method("upperAscii", &[], "text.upperAscii()", Plain(upper_ascii), text_type)
        .doc("CEL's: letters from a to z made capital, others as they are.")
        .examples(&[("'éta'.upperAscii()", "'éTA'")]),
];

fn title(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    let mut titled = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            titled.extend(c.to_lowercase());
        } else {
            titled.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    Ok(titled.into())
}

fn lower_ascii(args: &Args<'_>) -> Answer {
    Ok(args.text(0)?.to_ascii_lowercase().into())
}

fn upper_ascii(args: &Args<'_>) -> Answer {
    Ok(args.text(0)?.to_ascii_uppercase().into())
}

/// As the old bridges always made them: words begin with a capital letter, the rest of them stays as it is (`clientID` → `ClientID`),
/// separators between them go, those at the ends stay. What is all capitals or digits stays, `x_y` is `X_Y`.
pub(crate) fn pascal(name: &str) -> Text {
    if is_capitals(name) {
        return name.into();
    }
    let mut raised = String::with_capacity(name.len());
    let mut new = true;
    for c in name.chars() {
        if new {
            raised.extend(c.to_uppercase());
        } else {
            raised.push(c);
        }
        new = is_separator(c);
    }
    if is_capitals(&raised) { raised.into() } else { joined(&raised).into() }
}

/// As [`pascal`], with a small letter first, unless the first word is in capitals.
pub(crate) fn camel(name: &str) -> Text {
    if is_capitals(name) {
        return name.into();
    }
    let pascal = pascal(name);
    let mut chars = pascal.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            (first.to_lowercase().collect::<String>() + chars.as_str()).into()
        }
        _ => pascal.clone(),
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '_' | '-' | ' ')
}

/// No small letter in it.
fn is_capitals(name: &str) -> bool {
    !name.chars().any(char::is_lowercase)
}

/// Without the separators inside.
fn joined(name: &str) -> String {
    let inner = name.trim_matches(is_separator);
    let Some(start) = name.find(inner).filter(|_| !inner.is_empty()) else { return name.to_owned() };
    let (before, after) = (name.get(..start).unwrap_or_default(), name.get(start + inner.len()..).unwrap_or_default());
    format!("{before}{}{after}", inner.chars().filter(|c| !is_separator(*c)).collect::<String>())
}

/// Words in small letters with `_` between them: a word begins at a separator, at a capital behind a small letter or a digit, and at the
/// last capital of a run before a small letter (`CallTicketID` → `call_ticket_id`, `SLAHours` → `sla_hours`).
pub(crate) fn snake(name: &str) -> Text {
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    let mut apart = false;
    for (i, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            apart = true;
            continue;
        }
        let before = i.checked_sub(1).and_then(|i| chars.get(i)).copied().unwrap_or_default();
        let small_after = chars.get(i + 1).is_some_and(|after| after.is_lowercase());
        let hump =
            c.is_uppercase() && (before.is_lowercase() || before.is_numeric() || before.is_uppercase() && small_after);
        if (apart || hump) && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
        apart = false;
    }
    snake.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pascal_case_is_the_bridges() {
        for (name, pascal_name) in [
            ("client_id", "ClientId"),
            ("ticket_topic", "TicketTopic"),
            ("TicketID", "TicketID"),
            ("clientID", "ClientID"),
            ("igzID", "IgzID"),
            ("ticket_id_2", "TicketId2"),
            ("MAC", "MAC"),
            ("x_y", "X_Y"),
            ("two words-more", "TwoWordsMore"),
            ("id_", "Id_"),
            ("12", "12"),
            ("", ""),
            ("__", "__"),
        ] {
            assert_eq!(pascal(name).as_str(), pascal_name, "{name}");
        }
        for (name, camel_name) in
            [("client_id", "clientId"), ("TicketID", "ticketID"), ("MACAddress", "MACAddress"), ("MAC", "MAC")]
        {
            assert_eq!(camel(name).as_str(), camel_name, "{name}");
        }
    }

    #[test]
    fn snake_case_keeps_acronyms_and_digits_together() {
        for (name, snake_name) in [
            ("Entered Date", "entered_date"),
            ("Initial Note @ Ticket Creation", "initial_note_ticket_creation"),
            ("Address1", "address1"),
            ("EnteredDateN", "entered_date_n"),
            ("CallTicketID", "call_ticket_id"),
            ("SLA", "sla"),
            ("SLAHours", "sla_hours"),
            ("detailid", "detailid"),
            ("ticket_id", "ticket_id"),
            ("", ""),
        ] {
            assert_eq!(snake(name).as_str(), snake_name, "{name}");
        }
    }
}
