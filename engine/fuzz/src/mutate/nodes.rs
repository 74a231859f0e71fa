//! Changes by structure: a value becomes another one, a key goes, two change places.

use wf_source::{FileId, Span};
use wf_syntax::tree::{Entry, Kind, Node, parse};

use super::{EDGES, long, nested};
use crate::Random;

/// A place of a tree.
struct Place {
    value: Span,
    /// From its key on, where it has one.
    entry: Option<Span>,
    key: Option<Span>,
}

/// `None`: there is no tree.
pub(super) fn change(random: &mut Random, text: &str, other: &str) -> Option<String> {
    let places = places(text);
    let place = random.pick(&places)?;
    let of = |text: &str, span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned();
    let (span, new) = match random.below(12) {
        0..4 => (place.value, random.word(EDGES).to_owned()),
        4 => (place.value, if random.once_in(3) { nested(random) } else { long(random) }),
        // the value of somewhere else
        5 | 6 => {
            let from = random.pick(&places)?;
            (place.value, flat(&of(text, from.value)))
        }
        7 => {
            let from = self::places(other);
            let from = random.pick(&from)?;
            (place.value, flat(&of(other, from.value)))
        }
        8 => (place.value, format!("[{}]", flat(&of(text, place.value)))),
        // without the key, or with it twice
        9 => (place.entry?, String::new()),
        10 => {
            let entry = of(text, place.entry?);
            (place.entry?, format!("{entry}, {}", flat(&entry)))
        }
        // another key
        _ => {
            let keys: Vec<Span> = places.iter().filter_map(|p| p.key).collect();
            (place.key?, of(text, *random.pick(&keys)?))
        }
    };
    let (head, tail) = (text.get(..span.start as usize)?, text.get(span.end as usize..)?);
    Some(format!("{head}{new}{tail}"))
}

fn places(text: &str) -> Vec<Place> {
    let mut places = vec![];
    if let Some(root) = parse(FileId(0), text).root {
        walk(&root, None, &mut places);
    }
    places
}

fn walk(node: &Node, under: Option<&Entry>, places: &mut Vec<Place>) {
    let key = under.map(|entry| entry.key.span);
    let entry = key.map(|key| Span { end: node.span.end.max(key.end), ..key });
    places.push(Place { value: node.span, entry, key });
    match &node.kind {
        Kind::Map(entries) => entries.iter().for_each(|entry| walk(&entry.value, Some(entry), places)),
        Kind::Seq(items) => items.iter().for_each(|item| walk(item, None, places)),
        Kind::Scalar(_) | Kind::Broken => {}
    }
}

/// On one line, where it was on one: what stood in a block mostly becomes nonsense, which is welcome too.
fn flat(text: &str) -> String {
    if text.contains('\n') { text.replace('\n', "\n    ") } else { text.to_owned() }
}
