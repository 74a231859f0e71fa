//! `tables` (language.md §9).

use wf_source::{Diagnostic, Span, nearest};

use crate::{
    ast::{Name, Text, rules},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader, synonym},
    tree::{Entry, Node},
};

/// A decision by rows and columns; the first row that holds wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub span: Span,
    pub name: Name,
    pub given: Vec<Name>,
    /// Computed columns.
    pub columns: Vec<(Name, Text)>,
    pub rows: Vec<Row>,
    pub otherwise: Option<Node>,
}

/// Cells by column, and the result. A column left out means any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub span: Span,
    /// Column and cell, raw: a literal, `yes`, `null`, a list, `a..b`, `2xx`, `">= 5"`.
    pub cells: Vec<(Name, Node)>,
    pub then: Option<Node>,
}

static ROW: Keys = Keys {
    id: "row",
    what: "a row",
    groups: &[&[must("then", Kind::Value, "The result when all cells of the row hold.")]],
};

pub(crate) static TABLE: Keys = Keys {
    id: "table",
    what: "a table",
    groups: &[&[
        must("given", Kind::List(&Kind::Name), "The names that it is called with; they are columns already."),
        may("columns", Kind::Map("column", &Kind::Expr), "Columns that are computed, each by an expression."),
        must(
            "rows",
            Kind::List(&Kind::Open(&ROW, &Kind::Value)),
            "The rows, the first that holds wins: cells and `then`.",
        ),
        may("otherwise", Kind::Value, "The result when no row holds."),
    ]],
};

impl Reader<'_> {
    pub(crate) fn tables(&mut self, node: Option<&Node>) -> Vec<Table> {
        let entries = self.section(node, "a table", Kind::Keys(&TABLE));
        entries.into_iter().filter_map(|e| self.table(e)).collect()
    }

    fn table(&mut self, entry: &Entry) -> Option<Table> {
        let fields = Fields::open(self, &entry.value, &TABLE, entry.key.span)?;
        let columns = fields.get("columns").map(Node::entries).unwrap_or_default();
        let columns = columns
            .iter()
            .filter_map(|column| {
                if column.value.as_scalar().is_none_or(crate::tree::Scalar::is_null) {
                    self.wrong_kind(&column.value, column.key.text(), Kind::Expr);
                    return None;
                }
                Some(((&column.key).into(), self.expr(Some(&column.value))?))
            })
            .collect();
        let rows = fields.get("rows").map(Node::items).unwrap_or_default();
        Some(Table {
            span: entry.value.span,
            name: (&entry.key).into(),
            given: self.identifiers(fields.get("given"), "given"),
            columns,
            rows: rows.iter().filter_map(|row| self.row(row)).collect(),
            otherwise: fields.value("otherwise"),
        })
    }

    fn row(&mut self, node: &Node) -> Option<Row> {
        if !node.is_map() {
            self.wrong_kind(node, "", Kind::Keys(&ROW));
            return None;
        }
        if node.get("then").is_none() {
            self.no_result(node);
        }
        let cells = node.entries().iter().filter(|e| e.key.text() != "then");
        let cells = cells.map(|e| ((&e.key).into(), e.value.clone())).collect();
        Some(Row { span: node.span, cells, then: node.get("then").cloned() })
    }

    /// A row without `then`, or with another word for it.
    fn no_result(&mut self, node: &Node) {
        let is_then = |word: &str| synonym(word, |n| n == "then").or_else(|| nearest(word, ["then"])).is_some();
        let place = node.entries().first().map_or(node.span, |e| e.key.span);
        self.push(match node.entries().iter().find(|e| is_then(e.key.text())) {
            Some(e) => {
                let message = format!("the result of a row is `then`, not `{}`", e.key.text());
                Diagnostic::error(&rules::UNKNOWN_KEY, e.key.span, message).did_you_mean(Some("then"), e.key.span)
            }
            None => Diagnostic::error(&rules::MISSING_KEY, place, "a row needs `then`, the result when it holds")
                .help("as in `{down: yes, then: Hard Down}`"),
        });
    }
}
