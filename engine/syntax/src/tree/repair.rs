//! Small tools for messages: is a text whole, and how is it written so that YAML leaves it alone.

/// Brackets and quotes that are open at the end. A quote counts where a word cannot have one: not in `it's`.
#[must_use]
pub(crate) fn is_open(text: &str) -> bool {
    let mut depth = 0_i32;
    let mut quote = None;
    let mut before = ' ';
    let mut escaped = false;
    for c in text.chars() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if let Some(q) = quote {
            if c == q {
                quote = None;
            }
        } else {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                '\'' | '"' if !before.is_alphanumeric() => quote = Some(c),
                _ => {}
            }
        }
        before = c;
    }
    depth > 0 || quote.is_some()
}

/// Neither an open bracket nor one that closes nothing.
#[must_use]
pub(crate) fn is_whole(text: &str) -> bool {
    let closers = text.matches([')', ']', '}']).count();
    let openers = text.matches(['(', '[', '{']).count();
    !is_open(text) && closers <= openers
}

/// The text in quotes: double ones, or single ones where these need no escapes.
#[must_use]
pub(crate) fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// The value that begins at `start`, as somebody wrote it who did not think of YAML: to the end of its line, without a remark.
#[must_use]
pub(crate) fn to_line_end(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or("");
    let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
    let end = line.match_indices(" #").find(|(i, _)| !is_open(&line[..*i])).map_or(line.len(), |(i, _)| i);
    line[..end].trim_end()
}

/// The value that begins at `start` inside `{ }` or `[ ]`: to the comma or bracket that ends it, if brackets and quotes are counted.
#[must_use]
pub(crate) fn to_flow_end(text: &str, start: usize) -> &str {
    let line = to_line_end(text, start);
    let mut depth = 0_i32;
    let mut quote = None;
    for (i, c) in line.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') if depth == 0 => return line[..i].trim_end(),
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => return line[..i].trim_end(),
            _ => {}
        }
    }
    line
}

/// `if(c, a, b)` for `c ? a : b`.
#[must_use]
pub(crate) fn if_call(text: &str) -> Option<String> {
    let (condition, rest) = text.split_once(" ? ")?;
    let (yes, no) = rest.split_once(" : ")?;
    let (mark, condition) = condition.strip_prefix('=').map_or(("", condition), |c| ("=", c));
    Some(format!("{mark}if({}, {}, {})", condition.trim(), yes.trim(), no.trim()))
}

/// What a key of the language looks like.
#[must_use]
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// A number, a duration, a word that means one thing, an expression.
#[must_use]
pub(crate) fn is_literal(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '"' | '\'' | '-'))
        || matches!(text, "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "none" | "skip" | "ignore" | "any")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_quotes_are_counted_but_not_apostrophes() {
        assert!(is_open("=f(a"));
        assert!(is_open("note.contains('"));
        assert!(!is_open("it's here"));
        assert!(!is_open("=f('(', 1)"));
        assert!(is_whole("Link Down (no HA)"));
        assert!(!is_whole("c)"));
    }

    #[test]
    fn quoting_takes_the_quotes_that_need_no_escapes() {
        assert_eq!(quoted("a: b"), "\"a: b\"");
        assert_eq!(quoted(r#"say "it's""#), r#"'say "it''s"'"#);
        assert_eq!(quoted(r"\d"), r"'\d'");
    }

    #[test]
    fn values_end_where_their_writer_meant() {
        assert_eq!(to_line_end("x: f(' #1', b)  # told", 3), "f(' #1', b)");
        assert_eq!(to_flow_end("{a: =x[0], b: 1}", 4), "=x[0]");
        assert_eq!(to_flow_end("{a: =f(x, y)}", 4), "=f(x, y)");
    }

    #[test]
    fn the_conditional_of_other_languages_becomes_a_call() {
        assert_eq!(if_call("=a == 1 ? b : c").as_deref(), Some("=if(a == 1, b, c)"));
        assert_eq!(if_call("a: b"), None);
    }
}
