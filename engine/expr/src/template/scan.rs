//! Cuts a text into its tags. Only their outline is read here: where expressions begin and end, never what they say.

use std::ops::Range;

/// One `{{…}}`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub kind: TagKind,
    /// The whole tag, in bytes of the text.
    pub whole: Range<usize>,
    /// `{{~`: white space before it is left out.
    pub trim_before: bool,
    /// `~}}`
    pub trim_after: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    /// `{{ e }}`; `raw`: `{{{ e }}}` and `{{& e}}` are never escaped.
    Hole {
        code: Range<usize>,
        raw: bool,
    },
    /// `{{#name rest}}`
    Open {
        name: Range<usize>,
        rest: Range<usize>,
    },
    /// `{{/name}}`
    Close {
        name: Range<usize>,
    },
    Else,
    /// `{{else name rest}}`
    ElseOpen {
        name: Range<usize>,
        rest: Range<usize>,
    },
    /// `{{> name rest}}`
    Partial {
        name: Range<usize>,
        rest: Range<usize>,
    },
    Remark,
    /// Opened and never closed.
    Unclosed,
    /// `{{ e }`: closed with one brace.
    OneBrace,
    /// What Handlebars has and texts here do not: `{{{{raw}}}}`, `{{#> block}}`, `{{* decorator}}`.
    Refused,
}

/// All tags of a text, in order.
pub(super) fn tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("{{")) {
        let start = at + found;
        // one backslash: the braces stand for themselves; two or more stand for themselves, and the tag is one
        let backslashes = text[at..start].bytes().rev().take_while(|b| *b == b'\\').count();
        if backslashes == 1 {
            at = start + 2;
            if text[at..].starts_with("{{") {
                at += 2;
            }
            continue;
        }
        let tag = tag(text, start);
        at = tag.whole.end;
        let unclosed = tag.kind == TagKind::Unclosed;
        tags.push(tag);
        if unclosed {
            break;
        }
    }
    tags
}

fn tag(text: &str, start: usize) -> Tag {
    let after = |n: usize| text.get(start + n..).unwrap_or("");
    if after(2).starts_with('!') {
        let close = if after(3).starts_with("--") { "--}}" } else { "}}" };
        return match after(3).find(close) {
            Some(end) => Tag {
                kind: TagKind::Remark,
                whole: start..start + 3 + end + close.len(),
                trim_before: false,
                trim_after: false,
            },
            None => unclosed(text, start),
        };
    }
    let trim_before = after(2).starts_with('~');
    let sigil = start + 2 + usize::from(trim_before);
    let rest = text.get(sigil..).unwrap_or("");
    let triple = rest.starts_with('{');
    let skip = usize::from(rest.starts_with(['{', '&', '#', '/', '>', '^', '*']));
    if let Some(end) = lone_brace(text, sigil + skip) {
        return Tag { kind: TagKind::OneBrace, whole: start..end, trim_before: false, trim_after: false };
    }
    let Some(end) = end_of_code(text, sigil + skip) else { return unclosed(text, start) };
    let trim_after = !triple && text[..end].ends_with('~') && end > sigil + skip;
    let inner = trimmed(text, sigil + skip..end - usize::from(trim_after));
    let kind = match rest.bytes().next() {
        Some(b'{') if rest.starts_with("{{") => TagKind::Refused,
        Some(b'{' | b'&') => TagKind::Hole { code: inner.clone(), raw: true },
        Some(b'#') if rest[1..].starts_with(['>', '*']) => TagKind::Refused,
        Some(b'#') => {
            let (name, rest) = word(text, inner.clone());
            TagKind::Open { name, rest }
        }
        Some(b'/') => TagKind::Close { name: inner.clone() },
        Some(b'>') => {
            let (name, rest) = word(text, inner.clone());
            TagKind::Partial { name, rest }
        }
        Some(b'^') if inner.is_empty() => TagKind::Else,
        Some(b'^' | b'*') => TagKind::Refused,
        _ => match word(text, inner.clone()) {
            (name, rest) if &text[name.clone()] == "else" && rest.is_empty() => TagKind::Else,
            (name, rest) if &text[name.clone()] == "else" => {
                let (name, rest) = word(text, rest);
                TagKind::ElseOpen { name, rest }
            }
            _ => TagKind::Hole { code: inner.clone(), raw: false },
        },
    };
    let close = if triple { close_triple(text, end) } else { Some((end + 2, trim_after)) };
    let Some((whole_end, trim_after)) = close else { return unclosed(text, start) };
    Tag { kind, whole: start..whole_end, trim_before, trim_after }
}

/// The end of `}}}` or `}~}}` at `end`.
fn close_triple(text: &str, end: usize) -> Option<(usize, bool)> {
    let rest = text.get(end..)?;
    match () {
        () if rest.starts_with("}}}") => Some((end + 3, false)),
        () if rest.starts_with("}~}}") => Some((end + 4, true)),
        () => None,
    }
}

fn unclosed(text: &str, start: usize) -> Tag {
    Tag { kind: TagKind::Unclosed, whole: start..text.len(), trim_before: false, trim_after: false }
}

/// Where the expression from `from` on ends: before the first `}}` outside of its texts and braces.
fn end_of_code(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' | b'"' => at = end_of_text(bytes, at),
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b'}' if bytes.get(at + 1) == Some(&b'}') || bytes[at..].starts_with(b"}~}}") => return Some(at),
            _ => {}
        }
        at += 1;
    }
    // braces that do not pair are the expression's own mistake
    text.get(from..)?.find("}}").map(|end| from + end)
}

/// The end of a `}` that closes the expression from `from` on alone, before anything closes it with two.
fn lone_brace(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' | b'"' => at = end_of_text(bytes, at),
            b'{' if depth == 0 && bytes.get(at + 1) == Some(&b'{') => return None,
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b'}' if bytes.get(at + 1) == Some(&b'}') || bytes[at..].starts_with(b"}~}}") => return None,
            b'}' => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The closing quote of the text that opens at `start`; `start` itself when its line does not close it: then it is an apostrophe.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return start,
            b if *b == quote => return at,
            _ => {}
        }
        at += 1;
    }
    start
}

pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or("");
    let start = range.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}

/// The first word of a trimmed range, and the rest of it, trimmed.
pub(super) fn word(text: &str, range: Range<usize>) -> (Range<usize>, Range<usize>) {
    let part = text.get(range.clone()).unwrap_or("");
    let end = range.start + part.find(char::is_whitespace).unwrap_or(part.len());
    (range.start..end, trimmed(text, end..range.end))
}

/// A part of the text in which brackets and quotes are balanced, from `from` on up to the first white space outside of them.
pub(super) fn balanced(text: &str, range: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = range.start;
    while at < range.end {
        match bytes[at] {
            b'\'' | b'"' => at = end_of_text(bytes, at),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b if b.is_ascii_whitespace() && depth == 0 => break,
            _ => {}
        }
        at += 1;
    }
    range.start..at.min(range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&str> {
        let code = |tag: Tag| match tag.kind {
            TagKind::Hole { code, .. } => Some(&text[code]),
            _ => None,
        };
        tags(text).into_iter().filter_map(code).collect()
    }

    #[test]
    fn a_hole_ends_outside_of_texts_and_braces() {
        assert_eq!(codes("a {{ x }} b {{~ y ~}}"), ["x", "y"]);
        assert_eq!(codes("{{ '}}' }}{{ {'a': {'b': 1}}.a }}"), ["'}}'", "{'a': {'b': 1}}.a"]);
        assert_eq!(codes("{{{'a': 1}}}"), ["'a': 1"]);
        assert_eq!(codes("it's {{ don't }} it's"), ["don't"]);
        assert_eq!(codes(r"\{{ x }} \\{{ y }}"), ["y"]);
    }

    #[test]
    fn what_is_never_closed_is_said_once() {
        let all = tags("a {{ x {{ y");
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].kind, TagKind::Unclosed);
        assert_eq!(all[0].whole, 2..11);
    }

    #[test]
    fn one_brace_closes_what_was_meant_to_be_closed_by_it() {
        let all = tags("a {{ x }, {{ y }} {{ {'a': 1}.a } and {{#each l as |m| } z");
        let found: Vec<_> = all.iter().map(|t| t.kind == TagKind::OneBrace).collect();
        assert_eq!(found, [true, false, true, true]);
        assert_eq!(all[0].whole, 2..8);
        assert_eq!(tags("{{ {'a': {'b': 1}} }} }")[0].kind, TagKind::Hole { code: 3..18, raw: false });
        assert_eq!(tags("{{ x }}}")[0].whole, 0..7);
    }

    #[test]
    fn blocks_are_told_from_holes() {
        let kinds: Vec<TagKind> =
            tags("{{#if a}}{{else if b}}{{^}}{{/if}}{{> t a=b}}{{! x }}{{!-- }} --}}{{elsewhere}}")
                .into_iter()
                .map(|t| t.kind)
                .collect();
        assert!(matches!(kinds[0], TagKind::Open { .. }));
        assert!(matches!(kinds[1], TagKind::ElseOpen { .. }));
        assert_eq!(kinds[2], TagKind::Else);
        assert!(matches!(kinds[3], TagKind::Close { .. }));
        assert!(matches!(kinds[4], TagKind::Partial { .. }));
        assert_eq!(kinds[5], TagKind::Remark);
        assert_eq!(kinds[6], TagKind::Remark);
        assert!(matches!(kinds[7], TagKind::Hole { .. }));
    }

    #[test]
    fn an_argument_ends_at_the_first_blank_outside_of_brackets() {
        let text = "(d + 1).x f('a b', c) 'x y'";
        let first = balanced(text, 0..text.len());
        assert_eq!(&text[first.clone()], "(d + 1).x");
        assert_eq!(&text[balanced(text, first.end + 1..text.len())], "f('a b', c)");
    }
}
