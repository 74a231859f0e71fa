//! Decision tables (`language.md` §9): columns, rows, cells.

use wf_expr::{BinaryOp, Cell, Column, Row, Table, WrittenKind};
use wf_source::{Diagnostic, nearest, one_of};
use wf_syntax::ast;
use wf_syntax::tree::{Node, Style};
use wf_value::{Text, Value};

use super::context::broken_written;
use super::{Cx, literals, rules};
use crate::names::{DefKey, Seen, Sight};

impl Cx<'_> {
    pub(crate) fn table(&self, key: DefKey) -> Option<Table> {
        let table = self.world.unit(key.unit).tables.get(key.index as usize)?;
        let given: Vec<Text> = table.given.iter().map(|g| Text::from(&*g.value)).collect();
        let sight = Sight { seen: Seen::Locals(&given), ..Sight::file(self, key.unit) };
        let mut columns: Vec<Column> =
            table.given.iter().map(|name| Column { name: (*name.value).into(), code: None, span: name.span }).collect();
        for (name, text) in &table.columns {
            if let Some(first) = columns.iter().find(|c| c.name.as_str() == name.as_str()) {
                let message = format!("`{}` is a column already", name.value);
                self.tell(
                    Diagnostic::error(&rules::UNKNOWN_COLUMN, name.span, message)
                        .note(Some(first.span), "named here first"),
                );
                continue;
            }
            columns.push(Column { name: (*name.value).into(), code: Some(sight.code(text)), span: name.span });
        }
        let rows = table.rows.iter().map(|row| self.row(table, row, &columns, &sight)).collect();
        self.check_results(table);
        Some(Table {
            name: (*table.name.value).into(),
            given: given.clone(),
            rows,
            otherwise: table.otherwise.as_ref().map(|node| sight.written(node)),
            reads: wf_expr::Reads::default(),
            columns,
            span: table.name.span,
        })
    }

    /// Rows that give objects: a key that one row alone has, near one that it alone lacks, is misspelt.
    fn check_results(&self, table: &ast::Table) {
        let rows = table.rows.iter().filter_map(|row| row.then.as_ref()).chain(&table.otherwise);
        let rows: Vec<&Node> = rows.filter(|then| then.is_map()).collect();
        let keys = |then: &Node| then.entries().iter().map(|e| e.key.text().to_owned()).collect::<Vec<_>>();
        for (i, row) in rows.iter().enumerate() {
            let others: Vec<Vec<String>> =
                rows.iter().enumerate().filter(|(other, _)| *other != i).map(|(_, row)| keys(row)).collect();
            let own = keys(row);
            let lacking: Vec<&String> = others.iter().flatten().filter(|key| !own.contains(key)).collect();
            for entry in row.entries() {
                let name = entry.key.text();
                if others.iter().flatten().any(|key| key == name) {
                    continue;
                }
                let Some(near) = nearest(name, lacking.iter().map(|key| key.as_str())) else { continue };
                let message = format!("the other rows of `{}` give `{near}`, and this one `{name}`", table.name.value);
                self.tell(
                    Diagnostic::error(&rules::UNKNOWN_COLUMN, entry.key.span, message)
                        .did_you_mean(Some(near), entry.key.span),
                );
            }
        }
    }

    fn row(&self, table: &ast::Table, row: &ast::Row, columns: &[Column], sight: &Sight<'_>) -> Row {
        let mut cells = vec![];
        for (name, node) in &row.cells {
            let Some(column) = columns.iter().position(|c| c.name.as_str() == name.as_str()) else {
                let known = || columns.iter().map(|c| c.name.as_str());
                let message = format!("`{}` has no column `{}`", table.name.value, name.value);
                let diagnostic = Diagnostic::error(&rules::UNKNOWN_COLUMN, name.span, message);
                self.tell(match nearest(name.as_str(), known()) {
                    Some(near) => diagnostic.did_you_mean(Some(near), name.span),
                    None => {
                        diagnostic.help(format!("its columns are {}", one_of(known(), 12).replace(" or ", " and ")))
                    }
                });
                continue;
            };
            if let Some(cell) = self.cell(node, sight) {
                cells.push((column, cell, node.span));
            }
        }
        let then = row.then.as_ref().map_or_else(|| broken_written(row.span), |node| sight.written(node));
        Row { cells, then, span: row.span }
    }

    fn cell(&self, node: &Node, sight: &Sight<'_>) -> Option<Cell> {
        if node.is_seq() {
            return Some(Cell::Any(node.items().iter().filter_map(|item| self.cell(item, sight)).collect()));
        }
        let scalar = node.as_scalar()?;
        let text = scalar.text.trim();
        if let Some((op, rest)) = comparison(text) {
            let at = scalar.text.len() - scalar.text.trim_start().len() + (text.len() - rest.len());
            let bound = ast::Text {
                text: scalar.text[at..].into(),
                map: scalar.map.part(at, scalar.text.len()),
                style: Style::Double,
                span: node.span,
                bare: true,
            };
            let outside = Sight { seen: Seen::File, ..*sight };
            return Some(Cell::Compare(op, outside.code(&bound)));
        }
        if scalar.style != Style::Plain {
            return Some(Cell::Is(Value::text(&*scalar.text)));
        }
        if let Some(word) = text.strip_prefix('=').map(str::trim).filter(|word| is_cell_word(word)) {
            self.tell(
                Diagnostic::error(&rules::LITERAL, node.span, "a cell holds the value itself, without `=`")
                    .help(format!("write `{word}`"))
                    .fix(node.span, word),
            );
            return None;
        }
        if let Some(word) = scalar.as_bool_word() {
            return Some(Cell::Is(Value::Bool(word)));
        }
        if let Some(wf_plan::Status::Range(from, to)) = wf_plan::Status::parse(text).filter(|_| text.ends_with("xx")) {
            return Some(Cell::Range(Value::Int(from.into()), Value::Int(to.into())));
        }
        if let Some((from, to)) = text.split_once("..") {
            let end = |part: &str| match literals::core_value(part.trim()) {
                Value::Text(_) | Value::Null => None,
                value => Some(value),
            };
            if let (Some(from), Some(to)) = (end(from), end(to)) {
                if from.order(&to) == Some(std::cmp::Ordering::Greater) {
                    let turned = format!("{}..{}", to.print_lenient(), from.print_lenient());
                    self.tell(
                        Diagnostic::error(&rules::LITERAL, node.span, format!("nothing lies in `{text}`"))
                            .help(format!("the smaller end is first: write `{turned}`"))
                            .fix(node.span, turned),
                    );
                    return None;
                }
                return Some(Cell::Range(from, to));
            }
            let message = format!("`{text}` is no range");
            self.tell(
                Diagnostic::error(&rules::LITERAL, node.span, message)
                    .help("both ends are numbers or durations: `1..5`, `5m..1h`"),
            );
            return None;
        }
        match sight.written(node).kind {
            WrittenKind::Literal { .. } => Some(Cell::Is(literals::core_value(text))),
            // wrong already
            WrittenKind::Code(code) if matches!(code.kind, wf_expr::Kind::Literal(Value::Unknown(_))) => None,
            _ => {
                self.tell(
                    Diagnostic::error(&rules::LITERAL, node.span, "a cell is a literal")
                        .help("compute it in a column, or compare: `\">= params.x\"`"),
                );
                None
            }
        }
    }
}

/// What means the same with and without a `=`.
fn is_cell_word(text: &str) -> bool {
    matches!(text, "yes" | "no" | "true" | "false" | "on" | "off" | "null")
        || matches!(literals::core_value(text), Value::Int(_) | Value::Float(_) | Value::Duration(_))
}

/// `>= 5`: the comparison and what follows.
fn comparison(text: &str) -> Option<(BinaryOp, &str)> {
    let ops = [
        (">=", BinaryOp::GreaterEqual),
        ("<=", BinaryOp::LessEqual),
        ("!=", BinaryOp::NotEqual),
        (">", BinaryOp::Greater),
        ("<", BinaryOp::Less),
    ];
    let (op, rest) = ops.into_iter().find_map(|(symbol, op)| Some((op, text.strip_prefix(symbol)?)))?;
    (!rest.trim().is_empty()).then_some((op, rest.trim_start()))
}
