//! Letters of texts: capitals and small ones, as people and as other systems write names.

use wf_value::{Text, Type};

use super::{Answer, Args, Body::Plain, Function};
use crate::types::{Takes, TypeCall};

fn text_type(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Text], Type::Text)
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("title", &[], "text.title()", Plain(title), text_type)
        .doc("Every word begins with a capital letter and goes on in small ones; a word is what stands between other characters than letters.")
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

/// The words of a name, however it was written: `ticketId`, `TicketID`, `ticket_id`, `ticket-id`, `Ticket Id`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let chars: Vec<char> = name.chars().collect();
    let mut new = true;
    for (i, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            new = true;
            continue;
        }
        let before = i.checked_sub(1).and_then(|i| chars.get(i));
        let after = chars.get(i + 1);
        let hump = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_numeric())
                || before.is_some_and(|b| b.is_uppercase()) && after.is_some_and(|a| a.is_lowercase()));
        match words.last_mut() {
            Some(word) if !new && !hump => word.push(*c),
            _ => words.push(c.to_string()),
        }
        new = false;
    }
    words
}

pub(super) fn pascal(name: &str) -> Text {
    let capital = |word: &str| {
        let mut chars = word.chars();
        let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
        first + &chars.as_str().to_lowercase()
    };
    words(name).iter().map(|word| capital(word)).collect::<String>().into()
}

pub(super) fn camel(name: &str) -> Text {
    let pascal = pascal(name);
    let mut chars = pascal.chars();
    let first: String = chars.next().map(|c| c.to_lowercase().collect()).unwrap_or_default();
    (first + chars.as_str()).into()
}

pub(super) fn snake(name: &str) -> Text {
    words(name).iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join("_").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words_however_they_are_written() {
        for name in ["ticketId", "TicketId", "ticket_id", "ticket-id", "Ticket Id", "_ticket__id"] {
            assert_eq!(snake(name).as_str(), "ticket_id", "{name}");
            assert_eq!(pascal(name).as_str(), "TicketId", "{name}");
            assert_eq!(camel(name).as_str(), "ticketId", "{name}");
        }
        assert_eq!(snake("DispatchIDNumber2X").as_str(), "dispatch_id_number2_x");
        assert_eq!(snake("").as_str(), "");
    }
}
