//! How types and expressions are named in messages.

use wf_source::one_of;
use wf_value::{Text, Type};

use super::join::is_nothing;
use crate::{Code, Kind};

/// A type with its article, as one says it: `a text`, `a list of link`, `the text 'OFFLINE'`.
#[must_use]
pub fn a(ty: &Type) -> String {
    match ty {
        Type::Any => "anything".into(),
        Type::Null => "null".into(),
        Type::Optional(inner) => format!("{} or null", a(inner)),
        Type::Enum(set) if set.name.is_empty() && !set.open => match set.values.as_slice() {
            [one] => format!("the text '{one}'"),
            _ => "a text".into(),
        },
        Type::Enum(set) if set.name.is_empty() && set.values.len() == 1 => "a text".into(),
        Type::Bytes => "bytes".into(),
        Type::List(element) if is_nothing(element) => "an empty list".into(),
        Type::List(element) => format!("a list of {}", plural(element)),
        Type::Shape(shape) if shape.name.is_empty() => "an object".into(),
        Type::Union(types) => {
            let words: Vec<String> = types.iter().map(a).collect();
            one_of(words.iter().map(String::as_str), MOST)
        }
        other => with_article(&other.words()),
    }
}

/// Names of a set or shape that one message lists.
pub(super) const MOST: usize = 8;

fn with_article(words: &str) -> String {
    let an = words.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    format!("{} {words}", if an { "an" } else { "a" })
}

fn plural(ty: &Type) -> String {
    match ty {
        Type::Any => "anything".into(),
        Type::Enum(set) if set.name.is_empty() => "texts".into(),
        Type::Shape(shape) if shape.name.is_empty() => "objects".into(),
        Type::Bytes => "bytes".into(),
        Type::List(element) => format!("lists of {}", plural(element)),
        Type::Boolean | Type::Integer | Type::Number | Type::Text | Type::Id | Type::Time(_) | Type::Duration => {
            format!("{}s", ty.words())
        }
        other => other.words(),
    }
}

/// Texts as a reader chooses among them: `CONNECTED or OFFLINE`.
#[must_use]
pub fn texts<'a>(values: impl IntoIterator<Item = &'a Text>) -> String {
    let quoted: Vec<String> = values.into_iter().map(|v| format!("'{v}'")).collect();
    one_of(quoted.iter().map(String::as_str), MOST)
}

/// What an expression is called: as it is written, where that is short; else `this`.
#[must_use]
pub fn name(code: &Code) -> String {
    match &code.kind {
        Kind::Field { name, .. } if code.text.is_empty() => format!("`{name}`"),
        _ if code.text.is_empty() || code.text.len() > 60 || code.text.contains('\n') => "this".into(),
        _ => format!("`{}`", code.text),
    }
}
