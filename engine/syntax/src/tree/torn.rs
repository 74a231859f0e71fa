//! Values that a comma tore apart inside `{ }` or `[ ]`. What YAML makes of them is nonsense, so that nothing else is said of the collection.

use wf_source::{Diagnostic, Span};

use super::{
    Entry, Kind, Node, Style,
    repair::{is_literal, is_open, is_whole, is_word, quoted},
    rules,
};

/// The first torn value of a collection in flow style.
pub(super) fn find(text: &str, kind: &Kind) -> Option<Diagnostic> {
    match kind {
        Kind::Map(entries) => in_mapping(text, entries),
        Kind::Seq(items) => in_list(text, items),
        _ => None,
    }
}

fn in_mapping(text: &str, entries: &[Entry]) -> Option<Diagnostic> {
    for (i, entry) in entries.iter().enumerate() {
        let ends = entries[i + 1..].iter().map(|e| end_of_entry(text, e));
        if let Some(torn) = joined(text, &entry.value, ends) {
            return Some(torn);
        }
        if has_no_colon(text, entry) {
            return Some(null_entry(text, entries, entry));
        }
    }
    None
}

fn in_list(text: &str, items: &[Node]) -> Option<Diagnostic> {
    items.iter().enumerate().find_map(|(i, item)| {
        // an entry of one pair, `x: =f(a`
        let value = match item.entries() {
            [only] => &only.value,
            _ => item,
        };
        joined(text, value, items[i + 1..].iter().map(|n| n.span.end as usize))
    })
}

/// Something is open in the value, and one of the entries that follow closes it.
fn joined(text: &str, value: &Node, ends: impl Iterator<Item = usize>) -> Option<Diagnostic> {
    let scalar = value.as_scalar().filter(|s| s.style == Style::Plain && is_open(&s.text))?;
    let start = value.span.start as usize;
    for end in ends {
        let whole = text.get(start..end)?;
        if !is_open(whole) && is_whole(whole) {
            let span = Span::new(value.span.file, start, end);
            let shown = if whole.contains('\n') { None } else { Some(quoted(whole)) };
            let torn =
                Diagnostic::error(&rules::TORN, span, format!("a comma tore this apart after `{}`", scalar.text))
                    .label("inside `{ }` and `[ ]` a comma ends the entry");
            return Some(match shown {
                Some(shown) => torn.help(format!("put quotes around it: `{shown}`")).fix(span, shown),
                None => torn.help("put quotes around it, or give the mapping lines of its own"),
            });
        }
    }
    None
}

fn end_of_entry(text: &str, entry: &Entry) -> usize {
    let end = (entry.value.span.end as usize).max(entry.key.span.end as usize);
    let colon = entry.value.as_scalar().is_some_and(super::Scalar::is_empty) && !has_no_colon(text, entry);
    end + usize::from(colon)
}

fn has_no_colon(text: &str, entry: &Entry) -> bool {
    entry.value.as_scalar().is_some_and(super::Scalar::is_empty)
        && !text.get(entry.key.span.end as usize..).is_some_and(|t| t.trim_start().starts_with(':'))
}

/// `{a, b: 1}`: a key without a value.
fn null_entry(text: &str, entries: &[Entry], entry: &Entry) -> Diagnostic {
    let key = entry.key.text();
    let place = entry.key.span;
    let first = entries.first().is_some_and(|e| e.key.span == place);
    let why =
        if first { "inside `{ }` an entry is `key: value`" } else { "a comma stands before it, and no `:` after" };
    let torn = Diagnostic::error(&rules::TORN, place, format!("`{key}` has no value: {why}"));
    if entries.iter().all(|e| has_no_colon(text, e)) {
        let names: Vec<&str> = entries.iter().map(|e| e.key.text()).collect();
        return torn.help(format!("a list is written `[{}]`", names.join(", ")));
    }
    if let Some((word, value)) = key.split_once(' ').filter(|(word, value)| is_word(word) && is_literal(value)) {
        let repaired = format!("{word}: {value}");
        return torn.help(format!("a `:` is missing: write `{repaired}`")).fix(place, repaired);
    }
    // a reason with a comma in it: its first half is the null entry
    let after = entries.iter().skip_while(|e| e.key.span != place).nth(1);
    if let Some(next) =
        after.filter(|next| !has_no_colon(text, next) && (key.contains(' ') || next.key.text().contains(' ')))
    {
        let span = place.to(next.key.span);
        let whole = text.get(span.start as usize..span.end as usize).unwrap_or(key);
        return torn.help(format!("if the comma belongs to the text put quotes around it: `{}: …`", quoted(whole)));
    }
    let before = entries.iter().take_while(|e| e.key.span != place).last();
    match before.filter(|e| e.value.as_text().is_some_and(|t| !t.is_empty())) {
        Some(previous) => {
            let span = previous.value.span.to(place);
            let whole = text.get(span.start as usize..span.end as usize).unwrap_or(key);
            torn.help(format!(
                "if the comma belongs to the text put quotes around it: `{}: {}`",
                previous.key.text(),
                quoted(whole)
            ))
        }
        None => torn.help(format!("write `{key}: …`, or leave it out")),
    }
}
