//! The rows of a table, one under the other: every column begins at the same place in all rows of one line.

use super::{edits::Edits, indent::is_flow};
use crate::tree::{Entry, Node, Remark};

pub(super) fn pass(text: &str, root: &Node, _: &[Remark]) -> String {
    let mut edits = Edits::default();
    let tables = root.get("tables").map(Node::entries).unwrap_or_default();
    for rows in tables.iter().filter_map(|table| table.value.get("rows")) {
        align(text, rows.items(), &mut edits);
    }
    edits.apply(text)
}

/// More blanks than this are no column any more: the eye does not follow them.
const WIDEST_GAP: usize = 40;

fn align(text: &str, rows: &[Node], edits: &mut Edits) {
    let mut gaps = vec![];
    let rows: Vec<&[Entry]> = rows.iter().filter(|row| in_one_line(text, row)).map(Node::entries).collect();
    let Some(columns) = order(&rows) else { return };
    // how long each row is so far, with the comma and the blank behind its last cell
    let mut ends = vec![0; rows.len()];
    for column in columns {
        let cell = |row: &[Entry]| row.iter().position(|e| e.key.text() == column);
        let have: Vec<(usize, usize)> = rows.iter().enumerate().filter_map(|(i, row)| Some((i, cell(row)?))).collect();
        let start = have.iter().filter_map(|(i, _)| ends.get(*i).copied()).max().unwrap_or(0);
        for (i, at) in have {
            let (Some(row), Some(end)) = (rows.get(i), ends.get_mut(i)) else { continue };
            let Some(entry) = row.get(at) else { continue };
            if let Some(before) = at.checked_sub(1).and_then(|b| row.get(b)) {
                let gap = before.value.span.end as usize..entry.key.span.start as usize;
                let is_gap = text.get(gap.clone()).is_some_and(|t| t.trim() == ",");
                if !is_gap {
                    return;
                }
                if start - *end > WIDEST_GAP {
                    return;
                }
                gaps.push((gap, format!(", {}", " ".repeat(start - *end))));
            }
            // the first cell stands right behind the bracket, whichever column it is
            let begins = if at == 0 { 0 } else { start };
            let written = entry.key.span.start as usize..entry.value.span.end as usize;
            *end = begins + text.get(written).map_or(0, |t| t.chars().count()) + 2;
        }
    }
    for (gap, new) in gaps {
        edits.replace(text, gap, &new);
    }
}

fn in_one_line(text: &str, row: &Node) -> bool {
    let written = text.get(row.span.start as usize..row.span.end as usize).unwrap_or_default();
    is_flow(text, row) && !written.contains('\n')
}

/// The columns in an order that all rows agree with; none when two rows disagree.
fn order<'a>(rows: &[&'a [Entry]]) -> Option<Vec<&'a str>> {
    let mut columns: Vec<&str> = vec![];
    let mut left: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().rev().map(|e| e.key.text()).collect()).collect();
    loop {
        left.retain(|row| !row.is_empty());
        if left.is_empty() {
            return Some(columns);
        }
        // a column that stands first wherever it still stands
        let next = left
            .iter()
            .filter_map(|row| row.last().copied())
            .find(|candidate| left.iter().all(|row| row.last() == Some(candidate) || !row.contains(candidate)))?;
        columns.push(next);
        for row in &mut left {
            row.pop_if(|column| *column == next);
        }
    }
}

#[cfg(test)]
mod tests {
    use wf_source::FileId;

    #[test]
    fn columns_stand_below_each_other_and_rows_may_lack_some() {
        let text = "workflow: x\ntables:\n  t:\n    given: [a, b]\n    rows:\n      - {a: yes, b: no, then: one}\n      - {a: no, then: two}\n      - {b: >= 5, then: three}\n";
        let text = text.replace(">= 5", "\">= 5\"");
        let formatted = crate::format(FileId(0), &text, None).unwrap_or_default();
        let rows: Vec<&str> = formatted.lines().filter(|l| l.contains("then")).map(str::trim).collect();
        assert_eq!(
            rows,
            ["- {a: yes, b: no, then: one}", "- {a: no,         then: two}", "- {b: \">= 5\",     then: three}"]
        );
    }

    #[test]
    fn rows_that_disagree_about_the_order_are_left() {
        let text = "workflow: x\ntables:\n  t:\n    given: [a, b]\n    rows:\n      - {a: yes, b: no, then: one}\n      - {b: no, a: no, then: two}\n";
        assert_eq!(crate::format(FileId(0), text, None).as_deref(), Ok(text));
    }
}
