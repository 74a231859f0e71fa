//! Blanks between brackets, commas and colons: `{a: 1, b: [2, 3]}`. More than one blank behind a comma or a colon is kept, for columns.

use std::ops::Range;

use super::{edits::Edits, indent::is_flow};
use crate::tree::{Kind, Node, Remark};

pub(super) fn pass(text: &str, root: &Node, remarks: &[Remark]) -> String {
    let mut spacing = Spacing { text, edits: Edits::default() };
    spacing.node(root);
    spacing.remarks(remarks);
    spacing.edits.apply(text)
}

struct Spacing<'a> {
    text: &'a str,
    edits: Edits,
}

impl Spacing<'_> {
    fn node(&mut self, node: &Node) {
        let children: Vec<(usize, usize)> = match &node.kind {
            Kind::Seq(items) => items.iter().map(|n| (n.span.start as usize, n.span.end as usize)).collect(),
            Kind::Map(entries) => {
                for entry in entries.iter() {
                    if !entry.value.is_null() || entry.value.span.start < entry.value.span.end {
                        self.colon(entry.key.span.end as usize..entry.value.span.start as usize);
                    }
                }
                let end = |e: &crate::tree::Entry| e.value.span.end.max(e.key.span.end) as usize;
                entries.iter().map(|e| (e.key.span.start as usize, end(e))).collect()
            }
            _ => return,
        };
        if is_flow(self.text, node)
            && let (Some(first), Some(last)) = (children.first(), children.last())
        {
            self.tight(node.span.start as usize + 1..first.0);
            for pair in children.windows(2) {
                if let [before, after] = pair {
                    self.comma(before.1..after.0);
                }
            }
            self.tight(last.1..(node.span.end as usize).saturating_sub(1));
        }
        match &node.kind {
            Kind::Seq(items) => items.iter().for_each(|n| self.node(n)),
            Kind::Map(entries) => entries.iter().for_each(|e| self.node(&e.value)),
            _ => {}
        }
    }

    fn gap(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// No blanks beside a bracket.
    fn tight(&mut self, range: Range<usize>) {
        if self.gap(&range).bytes().all(|b| b == b' ') {
            self.edits.replace(self.text, range, "");
        }
    }

    fn comma(&mut self, range: Range<usize>) {
        self.mark(range, ',');
    }

    fn colon(&mut self, range: Range<usize>) {
        self.mark(range, ':');
    }

    /// No blank before the mark, at least one behind it. Anything else in the gap, as a line end or an anchor, is left alone.
    fn mark(&mut self, range: Range<usize>, mark: char) {
        let gap = self.gap(&range);
        if let Some(behind) = gap.trim_start_matches(' ').strip_prefix(mark)
            && behind.bytes().all(|b| b == b' ')
        {
            let new = format!("{mark}{}", " ".repeat(behind.len().max(1)));
            self.edits.replace(self.text, range, &new);
        }
    }

    /// `#remark` → `# remark`. Lines of several `#` are drawings and stay.
    fn remarks(&mut self, remarks: &[Remark]) {
        // the places of remarks come from YAML itself: a `#` inside a text is none
        for remark in remarks {
            let at = remark.span.start as usize + 1;
            let next = self.text.get(at..).and_then(|t| t.chars().next());
            if next.is_some_and(char::is_alphanumeric) {
                self.edits.replace(self.text, at..at, " ");
            }
        }
    }
}
