//! Ends of lines: no blanks there, at most one empty line in a row but between sections, one line end at the end of the file.

use crate::tree::{Kind, Node, Remark};

/// Empty lines in a row that are kept: two set sections apart.
const EMPTY: usize = 2;

pub(super) fn pass(text: &str, root: &Node, _: &[Remark]) -> String {
    let verbatim = Verbatim::of(text, root);
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for (i, line) in text.lines().enumerate() {
        if verbatim.holds(i) {
            out.push_str(line);
        } else {
            let line = line.trim_end_matches([' ', '\t']);
            empty = if line.is_empty() { empty + 1 } else { 0 };
            if empty > EMPTY || (line.is_empty() && out.is_empty()) {
                continue;
            }
            out.push_str(line);
        }
        out.push('\n');
    }
    let end = out.trim_end_matches('\n').len();
    out.truncate(end);
    out.push('\n');
    out
}

/// The lines inside of texts that go over several lines: every character may count there.
pub(super) struct Verbatim(Vec<(usize, usize)>);

impl Verbatim {
    pub(super) fn of(text: &str, root: &Node) -> Self {
        let mut found = vec![];
        collect(text, &Lines::of(text), root, &mut found);
        Self(found)
    }

    /// Whether a line, counted from 0, belongs to such a text.
    pub(super) fn holds(&self, line: usize) -> bool {
        // in the order of the file, and none within another
        let next = self.0.partition_point(|(first, _)| *first <= line);
        next.checked_sub(1).and_then(|i| self.0.get(i)).is_some_and(|(_, last)| line <= *last)
    }
}

/// Where lines begin.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let behind_ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(behind_ends).collect())
    }

    /// The line of an offset, counted from 0, and how many bytes stand before it there.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let line = self.0.partition_point(|start| *start <= at).saturating_sub(1);
        (line, at - self.0.get(line).copied().unwrap_or(0))
    }
}

fn collect(text: &str, lines: &Lines, node: &Node, found: &mut Vec<(usize, usize)>) {
    match &node.kind {
        Kind::Scalar(_) => {
            let (start, end) = (node.span.start as usize, node.span.end as usize);
            if text.get(start..end).is_some_and(|t| t.contains('\n')) {
                found.push((lines.place(start).0, lines.place(end).0));
            }
        }
        Kind::Seq(items) => items.iter().for_each(|item| collect(text, lines, item, found)),
        Kind::Map(entries) => entries.iter().for_each(|entry| collect(text, lines, &entry.value, found)),
        Kind::Broken => {}
    }
}
