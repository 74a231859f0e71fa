//! What YAML makes of texts that were not written with YAML in mind. Each message shows the line as it should be.

use wf_source::{Diagnostic, FileId, Span};

use super::{
    Key, Scalar, Style,
    repair::{if_call, is_literal, is_open, is_whole, is_word, quoted, to_flow_end, to_line_end},
    rules,
};

/// `if: !x`
pub(super) fn tag(file: FileId, text: &str, start: usize, end: usize) -> Diagnostic {
    let written = to_line_end(text, start);
    let end = end.max(start + 1);
    if written.starts_with("!!") || written.starts_with("!<") {
        return Diagnostic::error(
            &rules::TAG,
            Span::new(file, start, end),
            "tags of YAML are not part of the language",
        )
        .help("leave it out: what a value means is decided by the place where it stands");
    }
    let inside = text.get(start..end).unwrap_or("").trim_start_matches('!').trim();
    let repaired = format!("not {inside}");
    Diagnostic::error(
        &rules::TAG,
        Span::new(file, start, end),
        "a text that begins with `!` is a tag to YAML, not a text",
    )
    .help(format!("write `{repaired}`; it needs no quotes"))
    .fix(Span::new(file, start, end), repaired)
}

/// `message: {{ x }}`
pub(super) fn key_is_no_text(text: &str, key: Span) -> Diagnostic {
    let start = key.start as usize;
    // the bracket outside belongs to the same text
    let outer = start.checked_sub(1).filter(|i| text.as_bytes().get(*i) == Some(&b'{'));
    let begin = outer.unwrap_or(start);
    let value = to_line_end(text, begin);
    if value.starts_with("{{") && value.contains("}}") {
        let value = if is_whole(value) { value } else { to_flow_end(text, begin) };
        let span = Span::new(key.file, begin, begin + value.len());
        return Diagnostic::error(&rules::KEY_IS_NO_TEXT, span, "a text that begins with `{{` needs quotes")
            .help(format!("write `{}`", quoted(value)))
            .fix(span, quoted(value));
    }
    Diagnostic::error(&rules::KEY_IS_NO_TEXT, key, "a key is a text, but this one is a list or a mapping")
        .help("put quotes around it if it is meant as a text")
}

/// What is wrong with a key; `first` is where it stands before.
pub(super) fn key(first: Option<Span>, key: &Key) -> Option<Diagnostic> {
    if let Some(first) = first {
        let message = format!("`{}` stands twice here", key.text());
        return Some(
            Diagnostic::error(&rules::DUPLICATE_KEY, key.span, message)
                .note(Some(first), "it stands here before")
                .help("keep one of them"),
        );
    }
    if key.scalar.style != Style::Plain {
        return None;
    }
    if key.text() == "<<" {
        return Some(
            Diagnostic::error(&rules::ALIAS, key.span, "`<<` merges mappings in YAML; the language does not")
                .help("write the entries, or compute the map: `=first.merge(second)`"),
        );
    }
    if ["on", "off", "yes", "no"].iter().any(|word| key.text().eq_ignore_ascii_case(word)) {
        return Some(
            Diagnostic::error(
                &rules::BOOLEAN_KEY,
                key.span,
                format!("`{}` as a key is a boolean to many readers of YAML", key.text()),
            )
            .help(format!("put it in quotes: `\"{}\"`", key.text()))
            .fix(key.span, format!("\"{}\"", key.text())),
        );
    }
    None
}

/// A plain text that ends where a remark begins, and should not: something is open in it, or the remark is none.
pub(super) fn cut_by_remark(text: &str, scalar: &Scalar, value: Span, remark: Span) -> Option<Diagnostic> {
    if scalar.style != Style::Plain {
        return None;
    }
    let computed = scalar.is_computed() || scalar.is_path();
    let open_hole = scalar.text.matches("{{").count() > scalar.text.matches("}}").count();
    if open_hole || computed && is_open(&scalar.text) {
        return Some(cut(text, value, remark));
    }
    let remark_text = text.get(remark.start as usize..remark.end as usize).unwrap_or("");
    let glued = remark_text.chars().nth(1).is_some_and(|c| !c.is_whitespace() && !matches!(c, '#' | '!' | '-' | '='));
    let prose = scalar.text.is_empty() || scalar.text.contains(' ');
    let number = scalar.text.starts_with(|c: char| c.is_ascii_digit());
    let goes_on = !number && remark_text.chars().nth(1).is_some_and(|c| c.is_ascii_digit() || c == '{');
    if glued && !computed && (prose || goes_on) {
        let whole = whole(text, value, remark);
        return Some(
            Diagnostic::error(&rules::CUT_BY_REMARK, remark, "YAML takes this for a remark and drops it").help(
                format!(
                    "if it is text put quotes around it: `{}`; if it is a remark put a blank after `#`",
                    quoted(whole)
                ),
            ),
        );
    }
    None
}

/// The message for a value that was cut; the whole of it is the repair.
pub(crate) fn cut(text: &str, value: Span, remark: Span) -> Diagnostic {
    let whole = whole(text, value, remark);
    let span = Span::new(value.file, value.start as usize, value.start as usize + whole.len());
    Diagnostic::error(&rules::CUT_BY_REMARK, remark, "YAML cut this value short: ` #` begins a remark")
        .note(Some(value), "what is left of the value")
        .help(format!("put the whole in quotes: `{}`", quoted(whole)))
        .fix(span, quoted(whole))
}

fn whole(text: &str, value: Span, remark: Span) -> &str {
    let start = if value.start == value.end { remark.start } else { value.start };
    text.get(start as usize..remark.end as usize).unwrap_or("").trim_end()
}

/// `x: =a ? b : c`, `x: f('a: b')`
pub(super) fn colon(file: FileId, text: &str, value: usize, colon: usize, flow: bool) -> Diagnostic {
    let written = if flow { to_flow_end(text, value) } else { to_line_end(text, value) };
    let span = Span::new(file, value, value + written.len());
    if let Some(call) = if_call(written) {
        let mark = value + written.find(" ? ").map_or(0, |i| i + 1);
        let place = Span::new(file, mark, value + written.len());
        return Diagnostic::error(&rules::COLON, place, "`? :` cannot stand in YAML without quotes")
            .label("a `: ` ends a key")
            .help(format!("write `{call}`"))
            .fix(span, call);
    }
    if let Some(separated) = missing_separator(file, text, value, colon, written, flow) {
        return separated;
    }
    Diagnostic::error(&rules::COLON, Span::new(file, colon, colon + 1), "`: ` inside a text without quotes")
        .label("YAML takes what stands before it for a key")
        .help(format!("put the whole in quotes: `{}`", quoted(written)))
        .fix(span, quoted(written))
}

/// `{ha: yes partner_down: no}`: the comma, outside of brackets the end of the line, between two entries was forgotten.
fn missing_separator(
    file: FileId,
    text: &str,
    value: usize,
    colon: usize,
    written: &str,
    flow: bool,
) -> Option<Diagnostic> {
    let before = text.get(value..colon)?.trim_end();
    let (first, word) = before.rsplit_once([' ', '\t'])?;
    let (first, rest) = (first.trim_end(), text.get(colon + 1..value + written.len())?.trim_start());
    let operator = first.ends_with(['=', '+', '-', '*', '/', '<', '>', '&', '|', '?', ':', ',', '.', '(']);
    if !is_word(word) || first.is_empty() || operator || !is_whole(first) {
        return None;
    }
    let sure = is_literal(first);
    if !sure && !is_key_elsewhere(text, word, value..colon) {
        return None;
    }
    let span = Span::new(file, value, value + before.len());
    let gap = Span::new(file, value + first.len(), value + before.len() - word.len());
    let alone = format!("{word}: {rest}");
    let (message, help) = if flow {
        let repaired = format!("{first}, {}", alone.trim_end());
        (format!("a comma is missing before `{word}`"), format!("write `{repaired}`"))
    } else {
        (format!("`{word}` begins another entry"), format!("put `{}` on a line of its own", alone.trim_end()))
    };
    let help = match sure {
        true => help,
        false => format!("{help}; if the `: ` belongs to the text put quotes around the whole: `{}`", quoted(written)),
    };
    let told = Diagnostic::error(&rules::COLON, span, message).help(help);
    Some(if flow && sure { told.fix(gap, ", ") } else { told })
}

/// The word stands as a key in another place of the file.
fn is_key_elsewhere(text: &str, word: &str, but: std::ops::Range<usize>) -> bool {
    let key = format!("{word}:");
    text.match_indices(&key).any(|(at, _)| {
        let begins = text[..at].trim_end_matches([' ', '\t']).ends_with(['{', ',', '\n', '-', '[']);
        begins && !but.contains(&at) && text[at + key.len()..].starts_with([' ', '\n', '\r'])
    })
}

/// `x: [a, b].first()`, `{x: =a[0]}`
pub(super) fn bracket(file: FileId, text: &str, value: usize, flow: bool) -> Diagnostic {
    let written = if flow { to_flow_end(text, value) } else { to_line_end(text, value) };
    let span = Span::new(file, value, value + written.len());
    let begins = written.starts_with(['[', '{']);
    let message = if begins {
        "a text that begins with a bracket is a list or a mapping to YAML"
    } else {
        "inside `{ }` and `[ ]` a bracket belongs to YAML, not to the text"
    };
    let computed = begins && !written.starts_with("{{");
    let repaired = match (computed, flow || written.contains(": ") || written.contains(" #")) {
        (true, false) => format!("={written}"),
        (true, true) => quoted(&format!("={written}")),
        (false, _) => quoted(written),
    };
    Diagnostic::error(&rules::BRACKET_IN_TEXT, span, message).help(format!("write `{repaired}`")).fix(span, repaired)
}
