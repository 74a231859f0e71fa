//! Functions of lists that need no condition. What is set aside of a list is handed on.

use std::sync::Arc;

use wf_value::{List, Map, MapBuilder, Shape, Text, Type, Value};

use super::args::as_text;
use super::convert::print;
use super::kept::{Kept, again, of_type};
use super::key::Places;
use super::{Answer, Args, Body::Plain, Body::Special, Function, Param, Run};
use crate::types::{Takes, rules};

const NUMBER: &[Param] = &[Param::Value];

/// The longest list that `lists.range` makes.
const LONGEST: i64 = 1_000_000;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("reverse", &[], "list.reverse()", Plain(reverse), rules::text_or_list)
        .doc("A list, or a text, from its end to its beginning.")
        .examples(&[("[1, 2, 3].reverse()", "[3, 2, 1]"), ("'abc'.reverse()", "'cba'")]),
    Function::method("distinct", &[], "list.distinct()", Special(distinct), rules::same_list)
        .doc(
            "The elements without those that equal one before. An element in which something is unknown is set \
             aside.",
        )
        .examples(&[("[1, 2, 1.0, 3].distinct()", "[1, 2, 3]")]),
    Function::method("flatten", &[], "list.flatten()", Plain(flatten), rules::flatten)
        .doc("The elements of the lists in a list; what is no list stays.")
        .examples(&[("[[1], [2, [3]], 4].flatten()", "[1, 2, [3], 4]")]),
    Function::method("flatten", NUMBER, "list.flatten(depth)", Plain(flatten_to), rules::flatten)
        .doc("The elements of the lists in a list, so many levels deep.")
        .examples(&[("[1, [2, [3, [4]]]].flatten(2)", "[1, 2, 3, [4]]")]),
    Function::method("take", NUMBER, "list.take(n)", Plain(take), rules::same_list)
        .doc("The first `n` elements, or all when there are fewer.")
        .examples(&[("[1, 2, 3].take(2)", "[1, 2]"), ("[1].take(2)", "[1]")]),
    Function::method("drop", NUMBER, "list.drop(n)", Plain(drop), rules::same_list)
        .doc("The elements after the first `n`.")
        .examples(&[("[1, 2, 3].drop(2)", "[3]"), ("[1].drop(2)", "[]")]),
    Function::method("slice", &[Param::Value, Param::Value], "list.slice(from, to)", Plain(slice), rules::same_list)
        .doc(
            "The elements from the place `from` up to `to`, which is not included. Unknown when there are not so \
             many.",
        )
        .examples(&[("[1, 2, 3, 4].slice(1, 3)", "[2, 3]")]),
    Function::method("chunks", NUMBER, "list.chunks(n)", Plain(chunks), rules::chunks)
        .doc("The list in lists of `n` elements; the last one may be shorter.")
        .examples(&[("[1, 2, 3].chunks(2)", "[[1, 2], [3]]")]),
    Function::method("numbered", &[], "list.numbered()", Plain(numbered), rules::numbered)
        .doc(
            "A list of `{number, of, item}`: numbers count from 1, `of` is how many there are (unknown of a \
             partial list).",
        )
        .examples(&[("['a'].numbered()", "[{'number': 1, 'of': 1, 'item': 'a'}]")]),
    Function::method("overlaps", &[Param::Value], "list.overlaps(list)", Plain(overlaps), rules::overlaps)
        .doc(
            "Whether two lists have an element in common. One that is found decides; else partial lists make it \
             unknown.",
        )
        .examples(&[("[1, 2].overlaps([2, 3])", "true"), ("[1].overlaps([2])", "false")]),
    Function::method("compact", &[], "list.compact()", Plain(compact), rules::compact)
        .doc("A list without the elements, or a map without the members, that are null.")
        .examples(&[("[1, null, 2].compact()", "[1, 2]"), ("{'a': 1, 'b': null}.compact()", "{'a': 1}")]),
    Function::method("join", &[Param::Optional], "list.join(separator)", Plain(join), rules::join)
        .doc("The elements as one text, each as a hole `{{ }}` prints it, with the separator between them.")
        .examples(&[("['a', 'b'].join(', ')", "'a, b'"), ("[1, 2].join('-')", "'1-2'"), ("['a', 'b'].join()", "'ab'")]),
    Function::free("lists.range", NUMBER, "lists.range(n)", Plain(range), |call| {
        call.gives(&[Takes::Integer], Type::list(Type::Integer))
    })
    .doc("The whole numbers from 0 to `n - 1`.")
    .examples(&[("lists.range(3)", "[0, 1, 2]")]),
];

fn reverse(args: &Args<'_>) -> Answer {
    if let Some(text) = as_text(args.value(0)) {
        return Ok(text.chars().rev().collect::<String>().into());
    }
    let list = args.list(0)?;
    Ok(again(list, list.raw().iter().rev().cloned().collect()).into())
}

fn distinct(run: &mut Run<'_, '_>) -> Answer {
    let list = run.list(0)?;
    let mut kept = Kept::from(&list);
    let mut places = Places::default();
    for (i, element) in list.iter().enumerate() {
        let before = places.len();
        match places.place(&element) {
            Ok(place) if place == before => kept.items.push(list.raw()[i].clone()),
            Ok(_) => {}
            Err(reason) => kept.set_aside(run, &list, i, element, reason, 0),
        }
    }
    Ok(kept.like(&list).into())
}

fn flatten(args: &Args<'_>) -> Answer {
    Ok(flat(args.list(0)?, 1).list().into())
}

fn flatten_to(args: &Args<'_>) -> Answer {
    Ok(flat(args.list(0)?, args.count(1)?).list().into())
}

fn flat(list: &List, depth: usize) -> Kept {
    let mut kept = Kept::from(list);
    for element in list.iter() {
        match element {
            Value::List(inner) if depth > 0 => {
                let inner = flat(&inner, depth - 1);
                kept.items.extend(inner.items);
                kept.aside.extend(inner.aside);
            }
            other => kept.items.push(other),
        }
    }
    kept
}

fn take(args: &Args<'_>) -> Answer {
    let list = args.list(0)?;
    let n = args.count(1)?.min(list.len());
    Ok(again(list, list.raw()[..n].to_vec()).into())
}

fn drop(args: &Args<'_>) -> Answer {
    let list = args.list(0)?;
    let n = args.count(1)?.min(list.len());
    Ok(again(list, list.raw()[n..].to_vec()).into())
}

fn slice(args: &Args<'_>) -> Answer {
    let list = args.whole_list(0)?;
    let (from, to) = (args.count(1)?, args.count(2)?);
    match list.raw().get(from..to) {
        Some(items) => Ok(again(list, items.to_vec()).into()),
        None => Err(args.call.range(format!("there is no part {from} to {to} of a list of {}", list.len()))),
    }
}

fn chunks(args: &Args<'_>) -> Answer {
    let list = args.list(0)?;
    let n = match args.count(1)? {
        0 => return Err(args.call.range("chunks of 0 elements never end")),
        n => n,
    };
    let chunk = |items: &[Value]| of_type(List::new(items.to_vec()), list.element_type()).into();
    Ok(List::partial(list.raw().chunks(n).map(chunk).collect(), list.aside().to_vec()).into())
}

fn numbered(args: &Args<'_>) -> Answer {
    let list = args.list(0)?;
    let shape = Arc::new(Shape::new(vec!["number".into(), "of".into(), "item".into()]));
    let of = match list.partial_reason() {
        Some(reason) => reason.into(),
        None => int(list.len()),
    };
    let row = |(i, item)| Map::with_shape(shape.clone(), vec![int(i + 1), of.clone(), item]).into();
    Ok(List::partial(list.iter().enumerate().map(row).collect(), list.aside().to_vec()).into())
}

pub(super) fn int(n: usize) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn overlaps(args: &Args<'_>) -> Answer {
    let (a, b) = (args.list(0)?, args.list(1)?);
    let mut places = Places::default();
    let mut open = None;
    for element in a.iter() {
        if let Err(reason) = places.place(&element) {
            open = open.or(Some(reason));
        }
    }
    for element in b.iter() {
        match places.find(&element) {
            Ok(Some(_)) => return Ok(true.into()),
            Ok(None) => {}
            Err(reason) => open = open.or(Some(reason)),
        }
    }
    let partial = || a.partial_reason().or_else(|| b.partial_reason()).map(Arc::new);
    open.or_else(partial).map_or(Ok(false.into()), Err)
}

fn compact(args: &Args<'_>) -> Answer {
    if let Value::Map(map) = args.value(0) {
        let mut kept = MapBuilder::with_capacity(map.len());
        for ((key, raw), (_, read)) in map.raw_iter().zip(map.iter()) {
            if !read.is_null() {
                kept.insert(key.clone(), raw.clone());
            }
        }
        let kept = kept.finish().with_aside(map.aside().to_vec());
        return Ok(map.shape_type().map_or(kept.clone(), |ty| kept.of(ty.clone())).into());
    }
    let list = args.list(0)?;
    let known = list.iter().zip(list.raw()).filter(|(read, _)| !read.is_null()).map(|(_, raw)| raw.clone());
    Ok(again(list, known.collect()).into())
}

fn join(args: &Args<'_>) -> Answer {
    let list = args.whole_list(0)?;
    let separator = if args.len() > 1 { args.text(1)? } else { Text::default() };
    let mut joined = String::new();
    let mut secret = false;
    for (i, element) in list.iter().enumerate() {
        if i > 0 {
            joined.push_str(&separator);
        }
        secret |= element.has_secret();
        joined.push_str(&print(&element)?);
    }
    let joined = Value::from(joined);
    Ok(if secret { joined.secret() } else { joined })
}

fn range(args: &Args<'_>) -> Answer {
    match args.int(0)? {
        n if n < 0 => Err(args.call.range(format!("there is no list of {n} numbers"))),
        n if n > LONGEST => Err(args.call.limit(format!("a list of {n} numbers is longer than {LONGEST}"))),
        n => Ok((0..n).map(Value::Int).collect::<List>().into()),
    }
}
