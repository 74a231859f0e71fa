//! What the YAML parser cannot read, in words that help.

use granit_parser::{ErrorKind, ScanError};
use wf_source::{Diagnostic, FileId, Span};

use super::{
    build::{Builder, Open, Pending},
    repair::{quoted, to_flow_end, to_line_end},
    rules, traps,
};

/// The diagnostic for the parser's error, told with what was read before it; and the place from which the file is read on.
pub(super) fn explain(error: &ScanError, builder: &Builder<'_>) -> (Diagnostic, usize) {
    let noticed = (builder.base + error.marker().byte_offset().unwrap_or(0)).min(builder.text.len());
    let at = At { file: builder.file, text: builder.text, noticed, token: next_token(builder) };
    let flow = builder.stack.iter().find(|f| f.flow).map(|f| f.start);
    let resume = flow.unwrap_or(at.token).min(at.noticed);
    (at.diagnostic(error.kind(), builder), resume)
}

struct At<'a> {
    file: FileId,
    text: &'a str,
    /// Where the parser noticed.
    noticed: usize,
    /// Where what could not be read begins.
    token: usize,
}

/// The first character after what was read that is neither blank nor punctuation of YAML.
fn next_token(builder: &Builder<'_>) -> usize {
    let rest = builder.text.get(builder.last_end..).unwrap_or("");
    let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', ':', ',']).len();
    let after = &rest[skipped..];
    let dash = after.len() - after.strip_prefix("- ").map_or(after, str::trim_start).len();
    builder.last_end + skipped + dash
}

impl At<'_> {
    fn here(&self, len: usize) -> Span {
        Span::new(self.file, self.noticed, (self.noticed + len).min(self.text.len()))
    }

    fn line_of(&self, offset: usize) -> usize {
        self.text.get(..offset).unwrap_or("").matches('\n').count()
    }

    fn char_at(&self, offset: usize) -> char {
        self.text.get(offset..).and_then(|t| t.chars().next()).unwrap_or('\0')
    }

    fn diagnostic(&self, kind: &ErrorKind, builder: &Builder<'_>) -> Diagnostic {
        if let Some(known) = self.tab(kind).or_else(|| self.known(kind, builder)) {
            return known;
        }
        Diagnostic::error(&rules::YAML_SYNTAX, self.here(1), format!("this cannot be read as YAML: {}", words(kind)))
    }

    fn tab(&self, kind: &ErrorKind) -> Option<Diagnostic> {
        let line_start = self.text.get(..self.noticed)?.rfind('\n').map_or(0, |i| i + 1);
        let indent_end = |from: usize| {
            let rest = self.text.get(from..).unwrap_or("");
            from + rest.len() - rest.trim_start_matches([' ', '\t']).len()
        };
        let search_end = indent_end(self.noticed.max(line_start)).max(self.noticed);
        let next_line = self.text.get(self.noticed..)?.find('\n').map(|i| self.noticed + i + 1);
        let tab = self.text.get(line_start..search_end)?.find('\t').map(|i| line_start + i).or_else(|| {
            let from = next_line.filter(|_| matches!(kind, ErrorKind::TabInPlainScalar))?;
            self.text.get(from..indent_end(from))?.find('\t').map(|i| from + i)
        })?;
        Some(
            Diagnostic::error(&rules::TAB, Span::new(self.file, tab, tab + 1), "YAML does not indent with tabs")
                .help("use blanks, two for each level"),
        )
    }

    fn known(&self, kind: &ErrorKind, builder: &Builder<'_>) -> Option<Diagnostic> {
        let open = builder.stack.iter().rev().find(|f| f.flow).map(|f| f.start);
        match kind {
            ErrorKind::RecursionLimitExceeded => Some(Diagnostic::error(
                &rules::TOO_LARGE,
                self.here(1),
                "lists and mappings stand too deep inside each other",
            )),
            ErrorKind::UnclosedQuotedScalar
            | ErrorKind::InvalidTrailingDoubleQuotedScalar
            | ErrorKind::InvalidTrailingSingleQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::DocumentIndicatorInQuotedScalar
            | ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape => Some(self.quote(kind, open.is_some())),
            ErrorKind::UnexpectedCharacter { .. }
            | ErrorKind::MissingAnchorOrAliasName
            | ErrorKind::InvalidTagTerminator
            | ErrorKind::MissingTagUri
            | ErrorKind::InvalidTagEscape => Some(self.forbidden_start(open.is_some())),
            _ if self.char_at(self.token) == '!' && self.token <= self.noticed => {
                let end = self.token + to_line_end(self.text, self.token).len();
                Some(traps::tag(self.file, self.text, self.token, end))
            }
            _ => match open {
                Some(open) => self.in_flow(kind, builder, open),
                None => self.in_block(kind, builder),
            },
        }
    }

    fn quote(&self, kind: &ErrorKind, flow: bool) -> Diagnostic {
        let start =
            self.text.get(self.token..).and_then(|t| t.find(['"', '\''])).map_or(self.noticed, |i| self.token + i);
        let start = start.min(self.noticed);
        if matches!(kind, ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape) {
            let written = if flow { to_flow_end(self.text, start) } else { to_line_end(self.text, start) };
            let inner = written.trim_matches('"').replace('\'', "''");
            let at = bad_escape(written).map_or(self.noticed, |i| start + i);
            let place = Span::new(self.file, at, at + 2);
            return Diagnostic::error(&rules::QUOTE, place, "`\\` begins an escape inside double quotes")
                .help(format!("single quotes leave it alone: `'{inner}'`"))
                .fix(Span::new(self.file, start, start + written.len()), format!("'{inner}'"));
        }
        let quote = Span::new(self.file, start, start + 1);
        let trailing =
            matches!(kind, ErrorKind::InvalidTrailingDoubleQuotedScalar | ErrorKind::InvalidTrailingSingleQuotedScalar);
        if trailing && self.line_of(start) == self.line_of(self.noticed) {
            let written = if flow { to_flow_end(self.text, start) } else { to_line_end(self.text, start) };
            let span = Span::new(self.file, start, start + written.len());
            return Diagnostic::error(&rules::QUOTE, self.here(1), "text follows the closing quote")
                .help(format!("put the whole in quotes: `{}`", quoted(written)))
                .fix(span, quoted(written));
        }
        Diagnostic::error(&rules::QUOTE, quote, "this quote is not closed where its text ends")
            .help("close it at the end of the text, or leave it out")
    }

    /// `@x`, `%x`, `` `x ``, `& x`, `*.x`
    fn forbidden_start(&self, flow: bool) -> Diagnostic {
        let start = self.token.min(self.noticed);
        if self.char_at(start) == '!' {
            return traps::tag(self.file, self.text, start, start + to_line_end(self.text, start).len());
        }
        let written = if flow { to_flow_end(self.text, start) } else { to_line_end(self.text, start) };
        let first = written.chars().next().unwrap_or(' ');
        let span = Span::new(self.file, start, start + written.len());
        Diagnostic::error(&rules::YAML_SYNTAX, span, format!("a text that begins with `{first}` needs quotes"))
            .help(format!("write `{}`", quoted(written)))
            .fix(span, quoted(written))
    }

    fn in_flow(&self, kind: &ErrorKind, builder: &Builder<'_>, open: usize) -> Option<Diagnostic> {
        let bracket = self.char_at(open);
        let same_line = self.line_of(open) == self.line_of(self.noticed);
        let value = builder.last_scalar.filter(|(start, _)| *start > open).map(|(start, _)| start);
        if let Some(value) = value.filter(|v| self.line_of(*v) == self.line_of(self.noticed)) {
            match self.char_at(self.noticed) {
                '[' | '{' if builder.last_end <= self.noticed => {
                    return Some(traps::bracket(self.file, self.text, value, true));
                }
                _ => {}
            }
            let between = self.text.get(builder.last_end..=self.noticed).unwrap_or("");
            if let Some(colon) = between.find(':').filter(|_| in_value(builder)) {
                return Some(traps::colon(self.file, self.text, value, builder.last_end + colon, true));
            }
        }
        if let ErrorKind::MismatchedFlowCollectionEnd { open: opened, close } = kind {
            let message = format!("`{close}` does not close the `{opened}`");
            return Some(
                Diagnostic::error(&rules::BRACKET, self.here(1), message)
                    .note(Some(self.bracket_at(open)), "opened here")
                    .help(format!("put `{}` before it", if *opened == '[' { ']' } else { '}' })),
            );
        }
        if !same_line
            || self.noticed >= self.text.trim_end().len()
            || matches!(kind, ErrorKind::UnclosedFlowCollection { .. })
        {
            let closing = if bracket == '[' { ']' } else { '}' };
            return Some(
                Diagnostic::error(&rules::BRACKET, self.bracket_at(open), format!("this `{bracket}` is not closed"))
                    .help(format!("put `{closing}` where it ends")),
            );
        }
        None
    }

    fn bracket_at(&self, open: usize) -> Span {
        Span::new(self.file, open, open + 1)
    }

    fn in_block(&self, kind: &ErrorKind, builder: &Builder<'_>) -> Option<Diagnostic> {
        let line_start = self.text.get(..self.noticed)?.rfind('\n').map_or(0, |i| i + 1);
        let first_on_line = self.text.get(line_start..self.noticed)?.trim().is_empty();
        let scalar = builder.last_scalar.filter(|(_, end)| *end <= self.noticed);
        let scalar_line = scalar.and_then(|(start, _)| self.text.get(..start)?.rfind('\n')).map_or(0, |i| i + 1);
        if let Some(blank) = self.missing_blank(scalar_line).or_else(|| self.missing_blank(line_start)) {
            return Some(blank);
        }
        if matches!(kind, ErrorKind::MappingValueNotAllowed)
            && let Some((start, end)) = scalar
            && self.text.get(end..self.noticed).is_some_and(|t| t.trim().is_empty())
        {
            if self.line_of(start) != self.line_of(self.noticed) {
                return Some(self.too_deep(start));
            }
            if in_value(builder) {
                return Some(traps::colon(self.file, self.text, start, self.noticed, false));
            }
        }
        // a list or mapping ended, and text follows on its line
        if !first_on_line
            && let Some(close) = self.text.get(..builder.last_end).filter(|t| t.ends_with([']', '}'])).map(str::len)
            && self.text.get(close..self.noticed).is_some_and(|t| t.trim().is_empty())
        {
            return self.value_start(line_start).map(|start| traps::bracket(self.file, self.text, start, false));
        }
        if matches!(kind, ErrorKind::MisplacedFlowCollectionEnd) {
            let message = format!("`{}` closes nothing", self.char_at(self.noticed));
            return Some(Diagnostic::error(&rules::BRACKET, self.here(1), message));
        }
        if matches!(kind, ErrorKind::SimpleKeyExpected) {
            let written = to_line_end(self.text, self.noticed);
            return Some(
                Diagnostic::error(&rules::YAML_SYNTAX, self.here(written.len()), "this line is no `key: value`").help(
                    "a key ends with `:`; a text that goes on over several lines is indented deeper than its key",
                ),
            );
        }
        if first_on_line {
            let columns = self.noticed - line_start;
            let line = to_line_end(self.text, self.noticed);
            let name = line.split(':').next().unwrap_or(line).trim_start_matches("- ");
            let message = format!("`{name}` is indented by {columns}, which fits nothing above it");
            let help = "begin it in the column of the lines it belongs to";
            return Some(Diagnostic::error(&rules::INDENTATION, self.here(line.len()), message).help(help));
        }
        None
    }

    /// `a: 1` and a deeper `b: 2` below it.
    fn too_deep(&self, value: usize) -> Diagnostic {
        let line_start = self.text.get(..self.noticed).unwrap_or("").rfind('\n').map_or(0, |i| i + 1);
        let key = line_start + self.text.get(line_start..).map_or(0, |t| t.len() - t.trim_start().len());
        let name = self.text.get(key..self.noticed).unwrap_or("").trim();
        let message = format!("`{name}` is indented deeper than the line before it");
        let before = Span::new(self.file, value, value + to_line_end(self.text, value).len());
        Diagnostic::error(&rules::INDENTATION, Span::new(self.file, key, self.noticed), message)
            .note(Some(before), "so YAML reads it as more of this text")
            .help("begin it in the same column as the key above")
    }

    /// `call:crm.get_ticket`
    fn missing_blank(&self, line_start: usize) -> Option<Diagnostic> {
        let line = to_line_end(self.text, line_start);
        let body = line.trim_start().trim_start_matches("- ").trim_start();
        let start = line_start + line.len() - body.len();
        let colon = body.find(':')?;
        let (key, rest) = (&body[..colon], &body[colon + 1..]);
        let name = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if !name || rest.is_empty() || rest.starts_with([' ', '\t', '/']) {
            return None;
        }
        let place = Span::new(self.file, start + colon + 1, start + colon + 1);
        Some(
            Diagnostic::error(
                &rules::YAML_SYNTAX,
                Span::new(self.file, start, start + colon + 1),
                "a blank is missing after the `:`",
            )
            .help(format!("write `{key}: {rest}`"))
            .fix(place, " "),
        )
    }

    /// Where the value of the line begins: after the first `: `, or after `- `.
    fn value_start(&self, line_start: usize) -> Option<usize> {
        let line = to_line_end(self.text, line_start);
        let open = line.find(['[', '{'])?;
        let before = &line[..open];
        let after = before.rfind(": ").map(|i| i + 2).or_else(|| before.rfind("- ").map(|i| i + 2)).unwrap_or(0);
        let blanks = line[after..].len() - line[after..].trim_start().len();
        Some(line_start + after + blanks)
    }
}

/// What was read last is a value, not a key.
fn in_value(builder: &Builder<'_>) -> bool {
    match builder.stack.last().map(|f| &f.open) {
        Some(Open::Map { key: Pending::None, entries, .. }) => !entries.is_empty(),
        Some(Open::Seq(items)) => !items.is_empty(),
        _ => false,
    }
}

/// The parser's own words, without the position that it adds.
fn words(kind: &ErrorKind) -> String {
    let text = kind.to_string();
    text.strip_prefix("while ").and_then(|t| t.split_once(", ")).map_or(text.clone(), |(_, t)| t.to_owned())
}

/// The first `\` of a text in double quotes that begins no escape of YAML.
fn bad_escape(written: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += written.get(at..)?.find('\\')?;
        let letter = written.get(at + 1..)?.chars().next()?;
        if !"0abtnvfre \"/\\N_LPxuU".contains(letter) {
            return Some(at);
        }
        at += 1 + letter.len_utf8();
    }
}
