//! `a=b c=(d + 1)`: what a template is handed.

use std::ops::Range;

use wf_source::{Diagnostic, ScalarMap};

use super::rules::TEMPLATE_SYNTAX;
use super::scan::{balanced, trimmed};

/// A name and the expression that is handed under it, as ranges of the text.
pub(super) struct Written {
    pub name: Range<usize>,
    pub value: Range<usize>,
}

/// Cuts `rest` into its arguments; what is no argument is reported.
pub(super) fn parse(text: &str, rest: Range<usize>, map: &ScalarMap, found: &mut Vec<Diagnostic>) -> Vec<Written> {
    let mut args: Vec<Written> = Vec::new();
    let mut rest = rest;
    while !rest.is_empty() {
        let name_len = text[rest.clone()].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest.start..rest.start + name_len;
        let after = trimmed(text, name.end..rest.end);
        let equals = text[after.clone()].strip_prefix('=').filter(|r| !r.starts_with('=')).is_some();
        if name.is_empty() || !equals {
            let odd = balanced(text, rest.clone());
            let odd = if odd.is_empty() { rest.clone() } else { odd };
            let message = format!("`{}` is handed under no name", &text[odd.clone()]);
            let help = "write `name=value`, values with blanks in brackets: `{{> note count=(size(rows) + 1)}}`";
            found.push(Diagnostic::error(&TEMPLATE_SYNTAX, map.span(odd.start, odd.end), message).help(help));
            rest = trimmed(text, odd.end..rest.end);
            continue;
        }
        let value = balanced(text, trimmed(text, after.start + 1..rest.end));
        rest = trimmed(text, value.end..rest.end);
        if args.iter().any(|other| text[other.name.clone()] == text[name.clone()]) {
            let message = format!("`{}` is handed twice", &text[name.clone()]);
            found.push(Diagnostic::error(&TEMPLATE_SYNTAX, map.span(name.start, name.end), message));
            continue;
        }
        args.push(Written { name, value });
    }
    args
}

#[cfg(test)]
mod tests {
    use wf_source::FileId;

    use super::*;

    fn cut(text: &str) -> (Vec<(&str, &str)>, Vec<String>) {
        let mut found = Vec::new();
        let map = ScalarMap::plain(FileId(0), 0, text.len());
        let args = parse(text, 0..text.len(), &map, &mut found);
        let args = args.into_iter().map(|a| (&text[a.name], &text[a.value])).collect();
        (args, found.into_iter().map(|d| d.message).collect())
    }

    #[test]
    fn values_reach_to_the_next_blank_outside_of_brackets() {
        let (args, found) = cut("a=b c=(d + 1) e='x y'  f = g(h, 2).k");
        assert_eq!(args, [("a", "b"), ("c", "(d + 1)"), ("e", "'x y'"), ("f", "g(h, 2).k")]);
        assert!(found.is_empty());
    }

    #[test]
    fn what_has_no_name_is_reported_and_the_rest_is_read() {
        let (args, found) = cut("row a=b == a=c");
        assert_eq!(args, [("a", "b")]);
        assert_eq!(found, ["`row` is handed under no name", "`==` is handed under no name", "`a` is handed twice"]);
    }
}
