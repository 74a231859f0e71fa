//! Marks that say nothing: `=` where only an expression can stand, `$.a.b` for the plain reference `=a.b`.

use wf_source::{Diagnostic, FileId, Span};

use super::edits::Edits;
use crate::{
    FileKind,
    file::read_marks,
    tree::{Kind, Node, Style, parse},
};

/// The text without them; the same text when it would not be read as well as before.
pub(super) fn pass(id: FileId, text: String, kind: Option<FileKind>) -> String {
    let Some(root) = parse(id, &text).root else { return text };
    if !matches!(kind, Some(FileKind::Workflow | FileKind::Connector)) {
        // the texts of the others are data
        return text;
    }
    let (marks, wrong) = read_marks(&root, &text, kind);
    let mut edits = Edits::default();
    for mark in &marks {
        drop_mark(&text, *mark, &mut edits);
    }
    references(&text, &root, &mut edits);
    let new = edits.apply(&text);
    if new == text {
        return text;
    }
    let after = parse(id, &new);
    let Some(root) = after.root else { return text };
    let (_, now_wrong) = read_marks(&root, &new, kind);
    let errors = |list: &[Diagnostic]| list.iter().filter(|d| d.is_error()).count();
    if errors(&after.diagnostics) == 0 && errors(&now_wrong) <= errors(&wrong) { new } else { text }
}

/// Drops the `=` at the beginning of a text, unless YAML would take the rest for something else.
fn drop_mark(text: &str, mark: Span, edits: &mut Edits) {
    let at = mark.start as usize;
    let rest = text.get(at..).unwrap_or_default();
    let Some(code) = rest.strip_prefix('=') else { return };
    let blanks = code.len() - code.trim_start_matches(' ').len();
    let plain = code.trim_start_matches(' ').starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '('));
    let quoted = text.get(..at).is_some_and(|t| t.ends_with(['"', '\'']));
    if plain || quoted {
        edits.replace(text, at..at + 1 + blanks, "");
    }
}

/// `$.a.b` that selects nothing from a list is the reference `=a.b`.
fn references(text: &str, node: &Node, edits: &mut Edits) {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.style == Style::Plain => {
            let Some(path) = scalar.text.strip_prefix("$.") else { return };
            let is_name = |name: &str| {
                name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            };
            let start = node.span.start as usize;
            if path.split('.').all(is_name) {
                edits.replace(text, start..start + 2, "=");
            }
        }
        Kind::Seq(items) => items.iter().for_each(|n| references(text, n, edits)),
        Kind::Map(entries) => {
            let said = |key: &str| matches!(key, "doc" | "title");
            entries.iter().filter(|e| !said(e.key.text())).for_each(|e| references(text, &e.value, edits));
        }
        _ => {}
    }
}
