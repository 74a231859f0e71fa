//! How deep lines begin: two blanks a level, also for lists under a key; one blank behind the dash of an item.

use super::lines::Lines;
use crate::tree::{Kind, Node, Remark};

/// Blanks a level.
const STEP: usize = 2;

pub(super) fn pass(text: &str, root: &Node, _: &[Remark]) -> String {
    let mut layout = Layout { text, lines: Lines::of(text), moves: vec![] };
    layout.node(root, 0);
    shifted(text, &layout.moves)
}

/// The first line of something.
struct Move {
    line: usize,
    /// Where it begins now and where it shall.
    first: (usize, usize),
    /// The same for the last thing that begins on this line, behind dashes: the lines that follow it go with it.
    last: (usize, usize),
}

struct Layout<'a> {
    text: &'a str,
    lines: Lines,
    /// In the order of the file.
    moves: Vec<Move>,
}

impl Layout<'_> {
    /// `column` is where entries and items of a block begin.
    fn node(&mut self, node: &Node, column: usize) {
        match &node.kind {
            Kind::Map(entries) if !is_flow(self.text, node) => {
                for entry in entries.iter() {
                    self.begins(entry.key.span.start as usize, column);
                    self.node(&entry.value, column + STEP);
                }
            }
            Kind::Seq(items) if !is_flow(self.text, node) => {
                for item in items.iter() {
                    if let Some(dash) = dash_before(self.text, item) {
                        self.begins(dash, column);
                        self.node(item, column + STEP);
                    }
                }
            }
            _ => {}
        }
    }

    /// Something that begins at `at` shall begin at `column`: its line does when it is the first there, else it follows its dash.
    fn begins(&mut self, at: usize, column: usize) {
        let (line, now) = self.lines.place(at);
        let blank = self.text.get(at - now..at).is_some_and(|t| t.bytes().all(|b| b == b' '));
        match self.moves.last_mut() {
            Some(last) if last.line == line => last.last = (now, column),
            _ if blank => self.moves.push(Move { line, first: (now, column), last: (now, column) }),
            _ => {}
        }
    }
}

/// Lines between two first lines go with the one above; a remark on its own goes with what it stands above.
fn shifted(text: &str, moves: &[Move]) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, line) in text.lines().enumerate() {
        let code = line.trim_start_matches(' ');
        let blanks = line.len() - code.len();
        let after = moves.partition_point(|m| m.line <= i);
        let above = after.checked_sub(1).and_then(|at| moves.get(at));
        let below = moves.get(after).filter(|m| code.starts_with('#') && m.first.0 == blanks);
        let (from, to) = match (above, below) {
            (Some(above), _) if above.line == i => above.first,
            (_, Some(below)) => below.first,
            (Some(above), None) => above.last,
            (None, None) => (0, 0),
        };
        if !code.is_empty() {
            out.push_str(&" ".repeat((blanks + to).saturating_sub(from)));
        }
        if above.is_some_and(|m| m.line == i) {
            behind_dashes(code, &mut out);
        } else {
            out.push_str(if code.is_empty() { line } else { code });
        }
        out.push('\n');
    }
    if !text.ends_with('\n') {
        out.pop();
    }
    out
}

/// Writes a line, with one blank behind each of the dashes that it begins with.
fn behind_dashes(mut code: &str, out: &mut String) {
    while let Some(rest) = code.strip_prefix("- ") {
        out.push_str("- ");
        code = rest.trim_start_matches(' ');
    }
    out.push_str(code);
}

/// The dash of an item on the same line.
fn dash_before(text: &str, item: &Node) -> Option<usize> {
    let before = text.get(..item.span.start as usize)?;
    let trimmed = before.trim_end_matches(' ');
    (trimmed.len() < before.len() && trimmed.ends_with('-')).then(|| trimmed.len() - 1)
}

/// Written between brackets.
pub(super) fn is_flow(text: &str, node: &Node) -> bool {
    matches!(node.kind, Kind::Seq(_) | Kind::Map(_))
        && text.get(node.span.start as usize..).is_some_and(|t| t.starts_with(['[', '{']))
}
