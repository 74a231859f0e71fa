//! All passes over one file.

use wf_source::{Diagnostic, FileId};

use super::{indent, lines, marks, rows, spacing};
use crate::{
    FileKind,
    tree::{Entry, Kind, Node, Remark, parse},
};

/// The text, its tree and its remarks in; the text with its changes out.
type Pass = fn(&str, &Node, &[Remark]) -> String;

/// A pass may make room for another one; real files are at rest after two rounds.
const ROUNDS: usize = 4;

/// The text as everybody writes it. What the file says is the same; a formatted text is left as it is. Cases hold recorded data: they
/// keep their shape, only blanks are put right.
///
/// `id` is the file that diagnostics point to, `kind` what it is where its keys do not tell.
///
/// # Errors
/// What is wrong with its YAML: a file that cannot be read is not touched.
pub fn format(id: FileId, text: &str, kind: Option<FileKind>) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse(id, text);
    let wrong: Vec<Diagnostic> = parsed.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    if parsed.root.is_none() || !wrong.is_empty() {
        return Err(wrong);
    }
    // line ends are no part of what YAML says
    let mut text = text.replace("\r\n", "\n");
    let kind = kind.or_else(|| parsed.root.as_ref().and_then(FileKind::detect));
    let is_data = matches!(kind, Some(FileKind::Case | FileKind::ConnectorCase));
    let passes: &[Pass] =
        if is_data { &[lines::pass, spacing::pass] } else { &[lines::pass, indent::pass, spacing::pass, rows::pass] };
    for _ in 0..ROUNDS {
        let before = text.clone();
        for pass in passes {
            text = step(id, text, *pass);
        }
        text = marks::pass(id, text, kind);
        if text == before {
            break;
        }
    }
    Ok(text)
}

/// One pass. Its result counts only when the file still says the same: better badly set than changed.
fn step(id: FileId, text: String, pass: Pass) -> String {
    let before = parse(id, &text);
    let Some(root) = before.root else { return text };
    let new = pass(&text, &root, &before.remarks);
    if new == text {
        return text;
    }
    let after = parse(id, &new);
    match after.root {
        Some(root_after) if same(&root, &root_after) => new,
        _ => text,
    }
}

/// Both say the same, wherever it stands.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    let entries = |a: &Entry, b: &Entry| {
        a.key.text() == b.key.text() && a.key.scalar.style == b.key.scalar.style && same(&a.value, &b.value)
    };
    match (&a.kind, &b.kind) {
        (Kind::Scalar(a), Kind::Scalar(b)) => a.text == b.text && a.style == b.style,
        (Kind::Seq(a), Kind::Seq(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Kind::Map(a), Kind::Map(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| entries(a, b)),
        (Kind::Broken, Kind::Broken) => true,
        _ => false,
    }
}
