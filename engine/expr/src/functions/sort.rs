//! Sorting: a total order of keys, however odd these are.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use wf_value::{List, Text, Unknown, UnknownKind, Value};

use super::args::unknown;
use super::kept::{Kept, of_type};
use super::{Answer, Body::Special, Function, Param, Run};
use crate::types::rules;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method(
        "sortBy",
        &[Param::Variable, Param::Lambda, Param::Optional],
        "list.sortBy(x, key, 'down')",
        Special(sort_by),
        rules::by_key,
    )
    .doc(
        "The elements in the order of their keys, with `'down'` the greatest first; equal ones keep their \
             order. Null comes first, with `'down'` last. A list as key is compared member by member. An element \
             whose key is unknown, or of another type than those of most others, is set aside.",
    )
    .examples(&[
        ("[3, 1, 2].sortBy(n, n)", "[1, 2, 3]"),
        ("['a', 'ccc', 'bb'].sortBy(t, size(t), 'down')", "['ccc', 'bb', 'a']"),
        ("[[2, 'a'], [1, 'b'], [1, 'a']].sortBy(p, [p[0], p[1]])", "[[1, 'a'], [1, 'b'], [2, 'a']]"),
        ("[2, null, 1].sortBy(n, n)", "[null, 1, 2]"),
    ]),
    Function::method("sort", &[], "list.sort()", Special(sort), rules::same_list)
        .doc("The elements in their order, null first. One of another type than most others is set aside.")
        .examples(&[("['b', 'a'].sort()", "['a', 'b']")]),
];

/// A key in an order of which nothing is left out: whole ids before others, since `9 < 10`, `'10' < '1a'` and `'1a' < '9'`.
#[derive(Debug)]
enum Key {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Text),
    IdNumber(i64),
    IdText(Text),
    Time(Timestamp),
    Duration(SignedDuration),
    List(Vec<Key>),
}

/// What can be compared with each other.
type Class = &'static str;

impl Key {
    fn of(value: &Value) -> Result<Self, Arc<Unknown>> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(*b),
            Value::Int(n) => Self::Int(*n),
            Value::Float(f) if !f.is_nan() => Self::Float(*f),
            Value::Text(text) => Self::Text(text.clone()),
            Value::Id(id) => match id.as_number() {
                Some(n) => Self::IdNumber(n),
                None => Self::IdText(id.to_text()),
            },
            Value::Time(time) => Self::Time(time.at),
            Value::Duration(duration) => Self::Duration(*duration),
            Value::List(list) => match list.partial_reason() {
                Some(reason) => return Err(reason.into()),
                None => Self::List(list.iter().map(|member| Self::of(&member)).collect::<Result<_, _>>()?),
            },
            Value::Secret(secret) => Self::of(secret.expose())?,
            Value::Unknown(reason) => return Err(reason.clone()),
            other => return Err(unknown(UnknownKind::Operand, format!("{} has no order", other.kind()))),
        })
    }

    fn class(&self) -> Option<Class> {
        Some(match self {
            Self::Null => return None,
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::IdNumber(_) | Self::IdText(_) => "an id",
            Self::Time(_) => "a time",
            Self::Duration(_) => "a duration",
            Self::List(_) => "a list",
        })
    }

    /// The key's own class, and those of its members.
    fn classes(&self) -> Vec<Option<Class>> {
        let mut classes = vec![self.class()];
        if let Self::List(members) = self {
            for member in members {
                classes.extend(member.classes());
            }
        }
        classes
    }

    /// Among keys of one class; others are kept apart by the place of their class.
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Int(_) | Self::Float(_), Self::Int(_) | Self::Float(_)) => {
                self.number().order(&other.number()).unwrap_or(Ordering::Equal)
            }
            (Self::Text(a), Self::Text(b)) | (Self::IdText(a), Self::IdText(b)) => a.cmp(b),
            (Self::IdNumber(a), Self::IdNumber(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Duration(a), Self::Duration(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => {
                let members = a.iter().zip(b).map(|(a, b)| a.order(b));
                members.fold(Ordering::Equal, Ordering::then).then(a.len().cmp(&b.len()))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Int(_) | Self::Float(_) => 2,
            Self::IdNumber(_) => 3,
            Self::IdText(_) => 4,
            Self::Text(_) => 5,
            Self::Time(_) => 6,
            Self::Duration(_) => 7,
            Self::List(_) => 8,
        }
    }

    fn number(&self) -> Value {
        match self {
            Self::Int(n) => Value::Int(*n),
            Self::Float(f) => Value::Float(*f),
            _ => Value::Null,
        }
    }
}

/// The classes that most keys have, place by place; `None` where all are null.
fn usual(keys: &[(Key, usize)]) -> Vec<Option<Class>> {
    let mut counts: Vec<Vec<(Class, usize)>> = Vec::new();
    for (key, _) in keys {
        for (place, class) in key.classes().into_iter().enumerate() {
            if counts.len() <= place {
                counts.push(Vec::new());
            }
            let Some(class) = class else { continue };
            match counts[place].iter_mut().find(|(known, _)| *known == class) {
                Some((_, n)) => *n += 1,
                None => counts[place].push((class, 1)),
            }
        }
    }
    // of equally frequent ones the first seen
    let most = |place: Vec<(Class, usize)>| place.into_iter().rev().max_by_key(|(_, n)| *n).map(|(class, _)| class);
    counts.into_iter().map(most).collect()
}

/// Why a key has no order among keys of the usual classes.
fn odd(key: &Key, usual: &[Option<Class>]) -> Option<Arc<Unknown>> {
    let pairs = key.classes().into_iter().zip(usual);
    let (is, should) = pairs.filter_map(|(is, should)| Some((is?, (*should)?))).find(|(is, should)| is != should)?;
    Some(unknown(
        UnknownKind::Operand,
        format!("its key is {is}, those of most others are {should}: they have no order"),
    ))
}

fn sort_by(run: &mut Run<'_, '_>) -> Answer {
    let list = run.list(0)?;
    let down = match run.known(2)? {
        Value::Null => false,
        Value::Text(text) if text.as_str() == "down" => true,
        other => return Err(run.call.wrong(2, "'down'", &other)),
    };
    sorted(run, &list, down, |run, i| run.apply_at(&list, i, 1))
}

fn sort(run: &mut Run<'_, '_>) -> Answer {
    let list = run.list(0)?;
    sorted(run, &list, false, |_, i| list.get(i).unwrap_or_default())
}

fn sorted<'a, 'c>(
    run: &mut Run<'a, 'c>,
    list: &List,
    down: bool,
    key: impl Fn(&mut Run<'a, 'c>, usize) -> Value,
) -> Answer {
    let because = run.call.args.len().min(2) - 1;
    let mut kept = Kept::from(list);
    let mut keys = Vec::with_capacity(list.len());
    for i in 0..list.len() {
        match Key::of(&key(run, i)) {
            Ok(key) => keys.push((key, i)),
            Err(reason) => kept.set_aside(run, list, i, list.get(i).unwrap_or_default(), reason, because),
        }
    }
    let usual = usual(&keys);
    keys.retain(|(key, i)| {
        let Some(reason) = odd(key, &usual) else { return true };
        kept.set_aside(run, list, *i, list.get(*i).unwrap_or_default(), reason, because);
        false
    });
    if down {
        keys.sort_by(|(a, _), (b, _)| b.order(a));
    } else {
        keys.sort_by(|(a, _), (b, _)| a.order(b));
    }
    kept.items.extend(keys.into_iter().map(|(_, i)| list.raw()[i].clone()));
    Ok(of_type(kept.list(), list.element_type()).into())
}
