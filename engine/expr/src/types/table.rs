//! Decision tables: cells against their columns, and what a table gives.

use std::sync::Arc;

use wf_source::{Diagnostic, Span, nearest};
use wf_value::{Enum, Text, Type, Value};

use super::compare::{can_be, comparable};
use super::findings::{COMPARED_TYPES, NEVER_COMES, NO_ORDER};
use super::infer::Infer;
use super::join::{closed_set, is_number, join_all, known_texts, of_value};
use super::sets::unlikely;
use super::written::in_scope;
use super::{Subject, TypeEnv, words};
use crate::{Cell, Code, Kind, Table};

/// Types a table whose given columns have the types `locals`: columns are locals, in their order.
pub(super) fn infer(table: &Table, env: &mut dyn TypeEnv, locals: &mut Vec<Type>) -> Type {
    locals.resize(table.columns.len(), Type::Any);
    for (i, column) in table.columns.iter().enumerate() {
        if let Some(code) = &column.code {
            let ty = super::infer(code, env, locals);
            if let Some(local) = locals.get_mut(i) {
                *local = ty;
            }
        }
    }
    let counted = no_conditions(table, locals);
    for column in &counted {
        if let Some(code) = table.columns.get(*column).and_then(|column| column.code.as_ref()) {
            let ty = locals.get(*column).cloned().unwrap_or(Type::Any);
            let name = words::name(code);
            let message = format!("the cells of this column say yes or no, and {name} is {}", words::a(&ty));
            let what = if is_number(&ty) { "> 0" } else { "!= null" };
            let help = format!("write what it is compared with: `{} {what}`", name.trim_matches('`'));
            env.report(Diagnostic::error(&COMPARED_TYPES, code.span, message).help(help), None, &code.text);
        }
    }
    let mut results = Vec::new();
    for row in &table.rows {
        for (column, cell, span) in row.cells.iter().filter(|(column, _, _)| !counted.contains(column)) {
            let ty = locals.get(*column).cloned().unwrap_or(Type::Any);
            let name = table.columns.get(*column).map(|c| c.name.clone()).unwrap_or_default();
            let about = (*column < table.given.len()).then(|| u16::try_from(*column).unwrap_or(u16::MAX));
            in_scope(env, locals, |infer| infer.cell(cell, &Column { ty, name, about }, *span));
        }
        results.push(super::infer_written(&row.then, env, locals));
    }
    results.extend(table.otherwise.as_ref().map(|otherwise| super::infer_written(otherwise, env, locals)));
    named(join_all(results), &table.name)
}

/// Computed columns that are true or false in all their cells, and are something else.
fn no_conditions(table: &Table, types: &[Type]) -> Vec<usize> {
    let said = |column: usize| table.rows.iter().flat_map(|row| &row.cells).filter(move |(c, _, _)| *c == column);
    let columns = table.columns.iter().enumerate().filter(|(i, column)| {
        let ty = types.get(*i).unwrap_or(&Type::Any);
        let yes_or_no = |(_, cell, _): &(usize, Cell, Span)| matches!(cell, Cell::Is(Value::Bool(_)));
        column.code.is_some() && said(*i).count() > 1 && said(*i).all(yes_or_no) && !comparable(&Type::Boolean, ty)
    });
    columns.map(|(i, _)| i).collect()
}

/// The set of texts of a table's rows is known by the table's name.
fn named(ty: Type, name: &Text) -> Type {
    match ty {
        Type::Enum(set) if set.name.is_empty() => {
            Type::Enum(Arc::new(Enum { name: name.clone(), values: set.values.clone(), open: set.open }))
        }
        Type::Optional(inner) => named((*inner).clone(), name).optional(),
        other => other,
    }
}

/// `850-865`, as people write a range.
fn range_of(value: &Value) -> Option<String> {
    let Value::Text(text) = value else { return None };
    let (from, to) = text.split_once('-')?;
    let number = |part: &str| part.trim().parse::<u64>().ok();
    Some(format!("{}..{}", number(from)?, number(to)?))
}

struct Column {
    ty: Type,
    name: Text,
    /// The argument that it is.
    about: Option<u16>,
}

impl Infer<'_> {
    fn cell(&mut self, cell: &Cell, column: &Column, span: Span) {
        if let Cell::Is(Value::Text(text)) = cell {
            self.note_asked(&column.ty, text, span);
        }
        match cell {
            Cell::Is(Value::Null) => {}
            Cell::Is(value) if can_be(value, &column.ty) => {
                // others may come, and a slip of one that is known is none of them
                let known = known_texts(&column.ty).filter(|known| known.open);
                if let (Value::Text(text), Some(known)) = (value, known)
                    && let Some(found) = unlikely(text, span, &known, &format!("`{}`", column.name))
                {
                    self.env.report(found, column.about.map(Subject::Local), &column.name);
                }
            }
            Cell::Is(value) => {
                let found = match (value, closed_set(&column.ty)) {
                    (Value::Text(text), Some(set)) if comparable(&Type::Text, &column.ty) => {
                        let found =
                            Diagnostic::error(&NEVER_COMES, span, format!("`{}` is never '{text}'", column.name));
                        match nearest(text, set.iter().map(Text::as_str)) {
                            Some(near) => found.help(format!("did you mean '{near}'? It is {}", words::texts(&set))),
                            None => found.help(format!("it is {}", words::texts(&set))),
                        }
                    }
                    _ => {
                        let message = format!(
                            "`{}` is {}, and {} is never equal to it",
                            column.name,
                            words::a(&column.ty),
                            words::a(&of_value(value))
                        );
                        let found = Diagnostic::error(&COMPARED_TYPES, span, message);
                        if let Some(range) = range_of(value) {
                            // whoever calls the table is right
                            let found = found.help(format!("write `{range}` for all from the one to the other"));
                            return self.env.report(found, None, &column.name);
                        }
                        match column.ty.required() {
                            Type::Boolean => found.help("write yes or no"),
                            _ => found,
                        }
                    }
                };
                self.env.report(found, column.about.map(Subject::Local), &column.name);
            }
            Cell::Range(from, to) => {
                for bound in [from, to] {
                    let ty = of_value(bound);
                    if !comparable(&ty, &column.ty) || matches!(column.ty.required(), Type::Boolean | Type::List(_)) {
                        let message = format!(
                            "`{}` is {}: it has no order with {}",
                            column.name,
                            words::a(&column.ty),
                            words::a(&ty)
                        );
                        let about = column.about.map(Subject::Local);
                        return self.env.report(Diagnostic::error(&NO_ORDER, span, message), about, &column.name);
                    }
                }
            }
            Cell::Compare(op, code) => {
                let ty = self.infer(code);
                let local = column.about.map_or(Kind::Now, Kind::Local);
                let own = Code { kind: local, span, text: column.name.clone() };
                match op {
                    crate::BinaryOp::Equal | crate::BinaryOp::NotEqual => {
                        self.equality((&own, &column.ty), (code, &ty), span);
                    }
                    op => self.order(*op, (&own, &column.ty), (code, &ty), span),
                }
            }
            Cell::Any(cells) => cells.iter().for_each(|cell| self.cell(cell, column, span)),
        }
    }
}
