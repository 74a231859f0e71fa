//! Places in texts, counted in Unicode code points from 0: CEL's string extension.

use std::sync::Arc;

use wf_value::{Text, Type, Unknown, Value};

use super::list::int;
use super::{Answer, Args, Body::Plain, Function, Param};
use crate::types::Takes;

const ONE: &[Param] = &[Param::Value];
const ONE_OR_TWO: &[Param] = &[Param::Value, Param::Optional];

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("substring", ONE_OR_TWO, "text.substring(from, to)", Plain(substring), |call| {
        call.gives(&[Takes::Text, Takes::Integer], Type::Text)
    })
    .doc(
        "The characters from the place `from` up to `to` (not included) or the end. Unknown when it has not \
             so many.",
    )
    .examples(&[("'2022-06-01'.substring(0, 4)", "'2022'"), ("'2022-06-01'.substring(5)", "'06-01'")]),
    Function::method("charAt", ONE, "text.charAt(place)", Plain(char_at), |call| {
        call.gives(&[Takes::Text, Takes::Integer], Type::Text)
    })
    .doc("The character at a place; `''` at the end, unknown beyond it.")
    .examples(&[("'abc'.charAt(1)", "'b'")]),
    Function::method("indexOf", ONE_OR_TWO, "text.indexOf(part, from)", Plain(index_of), |call| {
        call.gives(&[Takes::Text, Takes::Text, Takes::Integer], Type::Integer)
    })
    .doc("The place of the first part, from a place on; -1 when it is not there.")
    .examples(&[("'abcabc'.indexOf('bc')", "1"), ("'abcabc'.indexOf('bc', 2)", "4"), ("'a'.indexOf('b')", "-1")]),
    Function::method("lastIndexOf", ONE_OR_TWO, "text.lastIndexOf(part, to)", Plain(last_index_of), |call| {
        call.gives(&[Takes::Text, Takes::Text, Takes::Integer], Type::Integer)
    })
    .doc("The place of the last part that begins at `to` or before; -1 when it is not there.")
    .examples(&[("'abcabc'.lastIndexOf('bc')", "4"), ("'abcabc'.lastIndexOf('bc', 3)", "1")]),
    Function::free("strings.quote", ONE, "strings.quote(text)", Plain(quote), |call| {
        call.gives(&[Takes::Text], Type::Text)
    })
    .doc("The text in double quotes, with escapes for quotes, backslashes and control characters.")
    .examples(&[(r#"strings.quote('a "b"')"#, r#"'"a \\"b\\""'"#)]),
];

/// The byte at which code point `n` begins; the text's length for the one behind the last.
fn byte_of(text: &str, n: usize) -> Option<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(n)
}

fn place_of(text: &str, byte: usize) -> Value {
    int(text.get(..byte).unwrap_or_default().chars().count())
}

/// The byte of a place that an argument names.
fn byte_at(args: &Args<'_>, text: &str, i: usize) -> Result<usize, Arc<Unknown>> {
    let n = args.int(i)?;
    usize::try_from(n).ok().and_then(|n| byte_of(text, n)).ok_or_else(|| {
        args.call.range(format!(
            "`{}` has {} characters, there is no place {n}",
            args.call.words(0),
            text.chars().count()
        ))
    })
}

fn substring(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    let from = byte_at(args, &text, 1)?;
    let to = if args.len() > 2 { byte_at(args, &text, 2)? } else { text.len() };
    if from > to {
        return Err(args.call.range(format!("`{}` is behind `{}`", args.call.words(1), args.call.words(2))));
    }
    Ok(text.slice(from, to).into())
}

fn char_at(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    let at = byte_at(args, &text, 1)?;
    let end = text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8());
    Ok(text.slice(at, end).into())
}

fn index_of(args: &Args<'_>) -> Answer {
    let (text, part) = (args.text(0)?, args.text(1)?);
    let from = if args.len() > 2 { byte_at(args, &text, 2)? } else { 0 };
    let found = text.get(from..).and_then(|rest| rest.find(part.as_str()));
    Ok(found.map_or(Value::Int(-1), |at| place_of(&text, from + at)))
}

fn last_index_of(args: &Args<'_>) -> Answer {
    let (text, part) = (args.text(0)?, args.text(1)?);
    let to = if args.len() > 2 { byte_at(args, &text, 2)? } else { text.len() };
    // the last one that begins at `to` or before
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]).take_while(|at| *at <= to);
    let found = starts.filter(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(part.as_str()))).last();
    Ok(found.map_or(Value::Int(-1), |at| place_of(&text, at)))
}

fn quote(args: &Args<'_>) -> Answer {
    Ok(quoted(&args.text(0)?).into())
}

fn quoted(text: &str) -> Text {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        let escape = match c {
            '\x07' => 'a',
            '\x08' => 'b',
            '\x0c' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\x0b' => 'v',
            '\\' | '"' => c,
            other => {
                quoted.push(other);
                continue;
            }
        };
        quoted.extend(['\\', escape]);
    }
    quoted.push('"');
    quoted.into()
}
