//! Functions of texts.

use std::net::IpAddr;

use wf_value::{List, Text, Type, Value};

use super::args::as_text;
use super::{Answer, Args, Body::Plain, Function, Param};
use crate::types::{Takes, TypeCall, rules};

const ONE: &[Param] = &[Param::Value];

fn text_type(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Text], Type::Text)
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("lower", &[], "text.lower()", Plain(lower), text_type)
        .doc("In small letters.")
        .examples(&[("'ÉTÉ'.lower()", "'été'")]),
    Function::method("upper", &[], "text.upper()", Plain(upper), text_type)
        .doc("In capital letters.")
        .examples(&[("'été'.upper()", "'ÉTÉ'")]),
    Function::method("trim", &[], "text.trim()", Plain(trim), text_type)
        .doc("Without blanks and line ends at both ends.")
        .examples(&[("'  a b\\n'.trim()", "'a b'")]),
    Function::method("contains", ONE, "text.contains(part)", Plain(contains), |call| {
        rules::part_of(call, |text, part| text.contains(part))
    })
    .doc("Whether the part stands anywhere in it.")
    .examples(&[("'abc'.contains('b')", "true")]),
    Function::method("startsWith", ONE, "text.startsWith(part)", Plain(starts_with), |call| {
        rules::part_of(call, |text, part| text.starts_with(part))
    })
    .doc("Whether it begins with the part.")
    .examples(&[("'abc'.startsWith('ab')", "true")]),
    Function::method("endsWith", ONE, "text.endsWith(part)", Plain(ends_with), |call| {
        rules::part_of(call, |text, part| text.ends_with(part))
    })
    .doc("Whether it ends with the part.")
    .examples(&[("'abc'.endsWith('bc')", "true")]),
    Function::method("lines", &[], "text.lines()", Plain(lines), |call| {
        call.gives(&[Takes::Text], Type::list(Type::Text))
    })
    .doc("Its lines without their ends; a line end at the end begins no line.")
    .examples(&[("'a\\nb\\r\\n'.lines()", "['a', 'b']"), ("''.lines()", "[]")]),
    Function::method("split", &[Param::Value, Param::Optional], "text.split(separator, limit)", Plain(split), |call| {
        call.gives(&[Takes::Text, Takes::Text, Takes::Integer], Type::list(Type::Text))
    })
    .doc(
        "The parts between separators, with a limit at most so many (the last holds the rest); with an empty \
             separator its characters.",
    )
    .examples(&[
        ("'a,b,c'.split(',')", "['a', 'b', 'c']"),
        ("'a,b,c'.split(',', 2)", "['a', 'b,c']"),
        ("'né'.split('')", "['n', 'é']"),
    ]),
    Function::method(
        "replace",
        &[Param::Value, Param::Value, Param::Optional],
        "text.replace(part, other, limit)",
        Plain(replace),
        |call| call.gives(&[Takes::Text, Takes::Text, Takes::Text, Takes::Integer], Type::Text),
    )
    .doc("With the other text in place of the part, wherever it stands; with a limit at most so often.")
    .examples(&[("'a-b-c'.replace('-', '+')", "'a+b+c'"), ("'a-b-c'.replace('-', '', 1)", "'ab-c'")]),
    Function::method("valueAfter", ONE, "text.valueAfter(label)", Plain(value_after), optional_type)
        .doc("The rest of the first line that begins with the label, trimmed; null when no line does.")
        .examples(&[("'Name: x\\nType:  wired '.valueAfter('Type:')", "'wired'"), ("'a'.valueAfter('b')", "null")]),
    Function::method("lineAfter", ONE, "text.lineAfter(line)", Plain(line_after), optional_type)
        .doc("The line after the first one that is just that, trimmed; null when there is none.")
        .examples(&[("'Engineer\\n  Ann\\n'.lineAfter('Engineer')", "'Ann'"), ("'a'.lineAfter('a')", "null")]),
    Function::method("pages", ONE, "text.pages(n)", Plain(pages), |call| {
        call.gives(&[Takes::Text, Takes::Integer], Type::list(Type::Text))
    })
    .doc(
        "The text in pages of whole lines, with their ends: a page ends with the line that takes it over `n` \
             characters.",
    )
    .examples(&[("'aa\\nbb\\ncc\\n'.pages(4)", "['aa\\nbb\\n', 'cc\\n']")]),
    Function::method("isIp", &[], "text.isIp()", Plain(is_ip), |call| call.gives(&[Takes::Text], Type::Boolean))
        .doc("Whether it is an IP address, of version 4 or 6.")
        .examples(&[("'192.0.2.1'.isIp()", "true"), ("'2001:db8::1'.isIp()", "true"), ("'192.0.2'.isIp()", "false")]),
];

fn optional_type(call: &mut TypeCall<'_>) -> Type {
    call.gives(&[Takes::Text], Type::Text.optional())
}

fn lower(args: &Args<'_>) -> Answer {
    Ok(args.text(0)?.to_lowercase().into())
}

fn upper(args: &Args<'_>) -> Answer {
    Ok(args.text(0)?.to_uppercase().into())
}

fn trim(args: &Args<'_>) -> Answer {
    Ok(trimmed(&args.text(0)?).into())
}

/// Without blanks at both ends, sharing the memory of the text.
fn trimmed(text: &Text) -> Text {
    let start = text.len() - text.trim_start().len();
    text.slice(start, start + text.trim().len())
}

fn contains(args: &Args<'_>) -> Answer {
    Ok(args.text(0)?.contains(args.text(1)?.as_str()).into())
}

fn starts_with(args: &Args<'_>) -> Answer {
    Ok(args.text(0)?.starts_with(args.text(1)?.as_str()).into())
}

fn ends_with(args: &Args<'_>) -> Answer {
    Ok(args.text(0)?.ends_with(args.text(1)?.as_str()).into())
}

/// The places of the lines of a text, in bytes, without their ends.
fn line_places(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let begin = start;
        match rest.find(['\n', '\r']) {
            Some(at) => {
                let end = if rest.get(at..).is_some_and(|end| end.starts_with("\r\n")) { 2 } else { 1 };
                start = begin + at + end;
                Some((begin, begin + at))
            }
            None => {
                start = text.len();
                Some((begin, text.len()))
            }
        }
    })
}

fn lines(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    Ok(line_places(&text).map(|(start, end)| Value::Text(text.slice(start, end))).collect::<List>().into())
}

fn split(args: &Args<'_>) -> Answer {
    let (text, separator) = (args.text(0)?, args.text(1)?);
    let limit = match args.given(2) {
        None => usize::MAX,
        Some(_) => usize::try_from(args.int(2)?).unwrap_or(usize::MAX),
    };
    if limit == 0 {
        return Ok(List::default().into());
    }
    let mut parts = Vec::new();
    let mut start = 0;
    while parts.len() + 1 < limit {
        let rest = text.get(start..).unwrap_or_default();
        let at = match separator.is_empty() {
            true => rest.chars().next().map(char::len_utf8).filter(|n| *n < rest.len()),
            false => rest.find(separator.as_str()),
        };
        let Some(at) = at else { break };
        parts.push(Value::Text(text.slice(start, start + at)));
        start += at + separator.len();
    }
    if !(separator.is_empty() && text.is_empty()) {
        parts.push(Value::Text(text.slice(start, text.len())));
    }
    Ok(parts.into())
}

fn replace(args: &Args<'_>) -> Answer {
    let (text, part, other) = (args.text(0)?, args.text(1)?, args.text(2)?);
    let limit = match args.given(3) {
        None => usize::MAX,
        Some(_) => usize::try_from(args.int(3)?).unwrap_or(usize::MAX),
    };
    Ok(text.replacen(part.as_str(), &other, limit).into())
}

fn value_after(args: &Args<'_>) -> Answer {
    let (text, label) = (args.text(0)?, args.text(1)?);
    let found =
        line_places(&text).map(|(start, end)| text.slice(start, end)).find(|line| line.starts_with(label.as_str()));
    Ok(found.map_or(Value::Null, |line| trimmed(&line.slice(label.len(), line.len())).into()))
}

fn line_after(args: &Args<'_>) -> Answer {
    let (text, wanted) = (args.text(0)?, args.text(1)?);
    let mut lines = line_places(&text).map(|(start, end)| text.slice(start, end));
    let found = lines.find(|line| line.trim() == wanted.trim()).and_then(|_| lines.next());
    Ok(found.map_or(Value::Null, |line| trimmed(&line).into()))
}

fn pages(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    let longest = args.count(1)?;
    let mut pages = Vec::new();
    let (mut start, mut end, mut size) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        end += line.len();
        size += line.chars().count();
        if size > longest {
            pages.push(Value::Text(text.slice(start, end)));
            (start, size) = (end, 0);
        }
    }
    if start < end {
        pages.push(Value::Text(text.slice(start, end)));
    }
    Ok(pages.into())
}

fn is_ip(args: &Args<'_>) -> Answer {
    Ok(as_text(args.value(0)).is_some_and(|text| text.parse::<IpAddr>().is_ok()).into())
}
