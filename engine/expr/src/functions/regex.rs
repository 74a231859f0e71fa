//! Functions with regular expressions: Rust's syntax, made ready at load where the expression is a constant.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use regex::{Captures, Regex, RegexBuilder};
use wf_value::{List, Map, Shape, Text, Type, Unknown, Value};

use super::{Answer, Args, Body::Plain, Function, Param, Unfit};
use crate::code::Ready;
use crate::types::{Takes, rules};

const RE: &[Param] = &[Param::Value];

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("matches", RE, "text.matches(re)", Plain(matches), |call| {
        call.gives(&[Takes::Text, Takes::Regex], Type::Boolean)
    })
    .doc(
        "Whether the regular expression is found anywhere in the text. `^` and `$` are the ends of the text, \
             `.` is no line end.",
    )
    .examples(&[("'edge 12 is down'.matches('[0-9]+')", "true"), ("'a'.matches('^b')", "false")])
    .ready(prepare),
    Function::method("capture", RE, "text.capture(re)", Plain(capture), rules::capture)
        .doc(
            "What the first group that took part found, without groups the whole match; null when it is not \
             found.",
        )
        .examples(&[
            ("'id=12;'.capture('id=([0-9]+)')", "'12'"),
            ("'id=12;'.capture('[0-9]+')", "'12'"),
            ("'x'.capture('[0-9]')", "null"),
        ])
        .ready(prepare),
    Function::method("findAll", RE, "text.findAll(re)", Plain(find_all), rules::find_all)
        .doc("For each place where it is found a map of its named groups; a group that took no part is null.")
        .examples(&[(
            "'a=1 b'.findAll('(?P<name>[a-z])(=(?P<value>[0-9]))?')",
            "[{'name': 'a', 'value': '1'}, {'name': 'b', 'value': null}]",
        )])
        .ready(prepare_named),
    Function::method(
        "replaceAll",
        &[Param::Value, Param::Value],
        "text.replaceAll(re, to)",
        Plain(replace_all),
        |call| call.gives(&[Takes::Text, Takes::Regex, Takes::Text], Type::Text),
    )
    .doc(
        "With the other text wherever the expression is found. In it `$1` and `${name}` are what groups \
             found, `$$` is a `$`.",
    )
    .examples(&[
        ("'0930'.replaceAll('([0-9]{2})([0-9]{2})', '$1:$2')", "'09:30'"),
        ("'AM'.replaceAll('^([AP]).*$', '$1M')", "'AM'"),
    ])
    .ready(prepare),
];

/// What a compiled expression may take of memory.
const SIZE: usize = 1 << 20;
/// Expressions that a thread keeps compiled which are not known at load: params, and what is handed down from these.
const KEPT: usize = 64;

/// An expression that was compiled at load.
#[derive(Debug)]
struct Compiled(Regex);

impl Ready for Compiled {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(SIZE).dfa_size_limit(SIZE).build()
}

/// Why a text is no regular expression, and the place of the mistake in it.
fn mistake(pattern: &str, error: &regex::Error) -> (String, Option<usize>) {
    if let regex::Error::CompiledTooBig(_) = error {
        return ("the regular expression is too big".into(), None);
    }
    // the error shows the expression, marks below it, and then says what is wrong
    let shown = error.to_string();
    let message = shown.rsplit("error: ").next().unwrap_or_default().trim().trim_end_matches('.').to_owned();
    // the expression itself may begin with a mark
    let marks = shown.lines().rev().find(|line| line.trim_start().starts_with('^'));
    let column = marks.and_then(|line| line.find('^')).filter(|_| !pattern.contains('\n'));
    // shown behind four blanks
    let offset = column.and_then(|column| pattern.char_indices().nth(column.checked_sub(4)?)).map(|(at, _)| at);
    (format!("no regular expression: {message}"), offset)
}

/// Why a text is no regular expression.
pub(crate) fn not_a_regex(pattern: &str) -> Option<String> {
    compile(pattern).err().map(|error| mistake(pattern, &error).0)
}

/// The expression is the first argument after the receiver.
fn prepare(args: &[Option<&Value>]) -> Result<Option<Box<dyn Ready>>, Unfit> {
    let Some(Some(Value::Text(pattern))) = args.get(1) else { return Ok(None) };
    match compile(pattern) {
        Ok(regex) => Ok(Some(Box::new(Compiled(regex)))),
        Err(error) => {
            let (message, offset) = mistake(pattern, &error);
            Err(Unfit { arg: 1, message, offset })
        }
    }
}

/// As [`prepare`], for what is of no use without named groups.
fn prepare_named(args: &[Option<&Value>]) -> Result<Option<Box<dyn Ready>>, Unfit> {
    let ready = prepare(args)?;
    let compiled = ready.as_deref().and_then(|ready| ready.as_any().downcast_ref::<Compiled>());
    if compiled.is_some_and(|compiled| compiled.0.capture_names().flatten().next().is_none()) {
        let message = "findAll() gives named groups, this has none: write (?P<name>…) around what is wanted".into();
        return Err(Unfit { arg: 1, message, offset: None });
    }
    Ok(ready)
}

/// Does something with the expression that an argument is.
fn with_regex<T>(args: &Args<'_>, use_it: impl FnOnce(&Regex) -> T) -> Result<T, Arc<Unknown>> {
    if let Some(compiled) = args.call.ready.and_then(|ready| ready.as_any().downcast_ref::<Compiled>()) {
        return Ok(use_it(&compiled.0));
    }
    thread_local! {
        static COMPILED: RefCell<BTreeMap<Text, Regex>> = const { RefCell::new(BTreeMap::new()) };
    }
    let pattern = args.text(1)?;
    let known = COMPILED.with_borrow(|compiled| compiled.get(&*pattern).cloned());
    if let Some(regex) = known {
        return Ok(use_it(&regex));
    }
    let regex = compile(&pattern)
        .map_err(|error| args.call.operand(format!("`{}` is {}", args.call.words(1), mistake(&pattern, &error).0)))?;
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() >= KEPT {
            compiled.clear();
        }
        compiled.insert(pattern.detached(), regex.clone());
    });
    Ok(use_it(&regex))
}

fn matches(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    with_regex(args, |regex| regex.is_match(&text)).map(Value::Bool)
}

fn capture(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    let found = with_regex(args, |regex| {
        if regex.captures_len() == 1 {
            return regex.find(&text).map(|found| text.slice(found.start(), found.end()));
        }
        let found = regex.captures(&text)?;
        let first = found.iter().skip(1).flatten().next().or_else(|| found.get(0))?;
        Some(text.slice(first.start(), first.end()))
    })?;
    Ok(found.map_or(Value::Null, Value::Text))
}

fn find_all(args: &Args<'_>) -> Answer {
    let text = args.text(0)?;
    with_regex(args, |regex| {
        let names: Vec<&str> = regex.capture_names().flatten().collect();
        let shape = Arc::new(Shape::new(names.iter().map(|name| Text::from(*name)).collect()));
        let group = |found: &Captures<'_>, name: &str| {
            found.name(name).map_or(Value::Null, |group| text.slice(group.start(), group.end()).into())
        };
        let row = |found: Captures<'_>| -> Value {
            Map::with_shape(shape.clone(), names.iter().map(|name| group(&found, name)).collect()).into()
        };
        regex.captures_iter(&text).map(row).collect::<List>().into()
    })
}

fn replace_all(args: &Args<'_>) -> Answer {
    let (text, to) = (args.text(0)?, args.text(2)?);
    with_regex(args, |regex| {
        regex.replace_all(&text, |found: &Captures<'_>| expanded(&to, found, regex)).as_ref().into()
    })
}

/// The replacement with what groups found. Unlike the library's, `$1M` is group 1 and an M, and what names no group stays as it is.
fn expanded(to: &str, found: &Captures<'_>, regex: &Regex) -> String {
    let mut expanded = String::with_capacity(to.len());
    let mut rest = to;
    while let Some(at) = rest.find('$') {
        let (before, dollar) = rest.split_at(at);
        expanded.push_str(before);
        let after = dollar.get(1..).unwrap_or_default();
        if let Some(next) = after.strip_prefix('$') {
            expanded.push('$');
            rest = next;
            continue;
        }
        let (name, next) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some(braced) => braced,
            None => {
                let digit = |c: char| c.is_ascii_digit();
                let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let end = if after.starts_with(digit) { after.find(|c| !digit(c)) } else { after.find(|c| !letter(c)) };
                after.split_at(end.unwrap_or(after.len()))
            }
        };
        let group = match name.parse() {
            Ok(number) if number < found.len() => Some(found.get(number)),
            _ if regex.capture_names().flatten().any(|known| known == name) => Some(found.name(name)),
            _ => None,
        };
        match group {
            Some(group) => {
                expanded.push_str(group.map_or("", |group| group.as_str()));
                rest = next;
            }
            None => {
                expanded.push('$');
                rest = after;
            }
        }
    }
    expanded.push_str(rest);
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str, pattern: &str, to: &str) -> String {
        let regex = compile(pattern).unwrap_or_else(|e| panic!("{e}"));
        regex.replace_all(text, |found: &Captures<'_>| expanded(to, found, &regex)).into_owned()
    }

    #[test]
    fn groups_are_put_where_the_replacement_names_them() {
        assert_eq!(replaced("PM", "^([AP]).*$", "$1M"), "PM");
        assert_eq!(replaced("a'b", r"(['\\])", r"\$1"), r"a\'b");
        assert_eq!(replaced("ab", "(?P<x>a)", "[${x}$x]$$$9$"), "[aa]$$9$b");
        assert_eq!(replaced("b", "(?P<x>a)?b", "<$1$x>"), "<>");
    }

    #[test]
    fn a_mistake_is_told_at_its_place() {
        let unfit = |pattern: &str| prepare(&[None, Some(&Value::text(pattern))]).err();
        let mistake = unfit("é[a-").unwrap_or_else(|| panic!("it compiles"));
        assert_eq!((mistake.arg, mistake.offset), (1, Some(2)));
        assert_eq!(mistake.message, "no regular expression: unclosed character class");
        assert_eq!(
            unfit("(?P<n>x){1000}{1000}{10}").map(|u| u.message),
            Some("the regular expression is too big".into())
        );
        assert!(unfit("a|b").is_none());
    }

    #[test]
    fn find_all_wants_named_groups() {
        let unfit = |pattern: &str| prepare_named(&[None, Some(&Value::text(pattern))]).err();
        assert!(unfit("(a)").is_some_and(|u| u.message.contains("(?P<name>")));
        assert!(unfit("(?P<n>a)").is_none());
    }
}
