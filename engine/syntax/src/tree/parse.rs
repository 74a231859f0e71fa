//! A whole file: events in, a tree and all that is wrong with its YAML out.

use std::sync::Arc;

use granit_parser::{Event, Parser, options};
use wf_source::{Diagnostic, FileId, ScalarMap, Span};

use super::{
    Entry, Key, Kind, Node, Scalar, Style,
    budget::{MAX_BYTES, MAX_DEPTH, MAX_RESUMES, MAX_TOLD},
    build::{Builder, Frame, KnownKeys, Open, Pending},
    rules, syntax,
};

/// A remark of the file, for those who write it anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// From `#` to the end of the line.
    pub span: Span,
    /// Without `#` and blanks around.
    pub text: Arc<str>,
    /// It stands on the line of something else.
    pub beside: bool,
}

/// What was read of a file.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// `None` when there is nothing that could be looked at further. Parts that could not be read are [`Kind::Broken`]; a mapping of which
    /// entries may be missing ends with an entry of the key `""` that is broken.
    pub root: Option<Node>,
    /// In the order of the file.
    pub remarks: Vec<Remark>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads YAML. After a syntax error the sections that follow are read all the same.
#[must_use]
pub fn parse(file: FileId, text: &str) -> Parsed {
    if text.len() > MAX_BYTES {
        let message = format!("this file has {} bytes; more than {MAX_BYTES} are not read", text.len());
        let diagnostic = Diagnostic::error(&rules::TOO_LARGE, Span::new(file, 0, 0), message);
        return Parsed { root: None, remarks: vec![], diagnostics: vec![diagnostic] };
    }
    let mut parsed = Parsed { root: None, remarks: vec![], diagnostics: vec![] };
    let mut sections: Vec<Entry> = vec![];
    let mut start = 0;
    for _ in 0..=MAX_RESUMES {
        let stretch = read(file, text, start);
        parsed.remarks.extend(stretch.remarks);
        parsed.diagnostics.extend(stretch.diagnostics);
        let Some(resume) = stretch.stopped else {
            if sections.is_empty() {
                parsed.root = stretch.root;
            } else {
                sections.extend(stretch.root.iter().flat_map(Node::entries).cloned());
            }
            break;
        };
        sections.extend(stretch.root.iter().flat_map(Node::entries).cloned());
        sections.push(missing(file, resume.from));
        match resume.next {
            Some(next) => start = next,
            None => break,
        }
    }
    if parsed.root.is_none() && sections.iter().any(|e| !e.key.text().is_empty()) {
        parsed.root = Some(joined(file, sections, &mut parsed.diagnostics));
    }
    if parsed.root.is_none() && parsed.diagnostics.is_empty() {
        let message = "this file is empty";
        parsed.diagnostics.push(Diagnostic::error(&rules::ONE_DOCUMENT, Span::new(file, 0, 0), message));
    }
    Diagnostic::keep_most(&mut parsed.diagnostics, MAX_TOLD);
    for diagnostic in &mut parsed.diagnostics {
        diagnostic.span = whole_characters(text, diagnostic.span);
        if let Some(fix) = &mut diagnostic.fix {
            fix.span = whole_characters(text, fix.span);
        }
    }
    parsed
}

/// A place that ends inside a character ends with it: syntax errors are told by their first byte.
fn whole_characters(text: &str, span: Span) -> Span {
    let up = |at: u32| (at as usize..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(text.len());
    Span::new(span.file, up(span.start), up(span.end))
}

/// What was read between two syntax errors.
struct Stretch {
    root: Option<Node>,
    remarks: Vec<Remark>,
    diagnostics: Vec<Diagnostic>,
    stopped: Option<Stopped>,
}

struct Stopped {
    from: usize,
    /// The next section, where there is one.
    next: Option<usize>,
}

fn read(file: FileId, text: &str, start: usize) -> Stretch {
    let options = options! {
        emit_unresolved_aliases: true,
        simple_key_max_lookahead: 4096,
        max_buffered_comment_events: 10_000,
        flow_nesting_limit: MAX_DEPTH + 1,
        block_nesting_limit: MAX_DEPTH + 1,
    };
    let mut builder = Builder::new(file, text, start);
    let mut parser = Parser::new_from_str_with_options(text.get(start..).unwrap_or(""), options);
    let mut stopped = None;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => {
                if let Err(diagnostic) = builder.event(event, span) {
                    builder.diagnostics.push(*diagnostic);
                    return Stretch {
                        root: None,
                        remarks: builder.remarks,
                        diagnostics: builder.diagnostics,
                        stopped: None,
                    };
                }
            }
            Err(error) => {
                let (diagnostic, from) = syntax::explain(&error, &builder);
                let too_large = diagnostic.rule == &rules::TOO_LARGE;
                // a trap that led to the error was told already
                if !builder.diagnostics.iter().any(|d| d.span.start == diagnostic.span.start) {
                    builder.diagnostics.push(diagnostic);
                }
                stopped = Some(Stopped { from, next: next_section(text, from).filter(|_| !too_large) });
                abandon(&mut builder);
                break;
            }
        }
    }
    Stretch { root: builder.root, remarks: builder.remarks, diagnostics: builder.diagnostics, stopped }
}

/// Keeps the sections that are complete; the one that could not be read to its end is broken.
fn abandon(builder: &mut Builder<'_>) {
    if builder.root.is_some() || builder.stack.is_empty() {
        return;
    }
    let mut outer: Frame = builder.stack.swap_remove(0);
    builder.stack.clear();
    if let Open::Map { entries, key, .. } = &mut outer.open
        && let Pending::Key(key) = std::mem::replace(key, Pending::None)
    {
        let value = Node::broken(key.span);
        entries.push(Entry { key, value, flow: false });
    }
    let end = builder.last_end;
    let root = builder.finish(outer, end);
    builder.root = Some(root);
}

/// The next line that begins with a key in the first column.
fn next_section(text: &str, from: usize) -> Option<usize> {
    let mut at = from + text.get(from..)?.find('\n')? + 1;
    loop {
        let rest = text.get(at..)?;
        let line = rest.split('\n').next().unwrap_or("");
        let key = line.split(':').next().unwrap_or("");
        let is_key = line.len() > key.len() && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_key && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            return Some(at);
        }
        at += rest.find('\n')? + 1;
    }
}

/// Stands for entries that could not be read, so that nobody misses them.
fn missing(file: FileId, at: usize) -> Entry {
    let span = Span::new(file, at, at);
    let scalar = Scalar { text: "".into(), style: Style::Plain, map: ScalarMap::plain(file, at, 0), remark: None };
    Entry { key: Key { span, scalar }, value: Node::broken(span), flow: false }
}

/// One mapping of all sections; a section that stands twice is told as anywhere else.
fn joined(file: FileId, sections: Vec<Entry>, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let mut entries: Vec<Entry> = vec![];
    let (missing, present): (Vec<_>, Vec<_>) = sections.into_iter().partition(|e| e.key.text().is_empty());
    let mut known = KnownKeys::default();
    for entry in present {
        match known.first(&entries, &entry.key) {
            Some(first) => diagnostics.extend(super::traps::key(Some(first), &entry.key)),
            None => entries.push(entry),
        }
    }
    entries.extend(missing.into_iter().take(1));
    let start = entries.first().map_or(0, |e| e.key.span.start as usize);
    let end = entries.iter().map(|e| e.value.span.end as usize).max().unwrap_or(start);
    Node { span: Span::new(file, start, end), kind: Kind::Map(entries.into()) }
}
