//! Decision tables: the first row that holds wins.

use std::cmp::Ordering;

use wf_value::{Id, Seen, UnknownKind, Value};

use super::{Truth, operand, unknown};
use crate::functions::Locals;
use crate::reads::Reader;
use crate::{BinaryOp, Cell, Code, Ctx, Row, Ruled, Table, TableId, Written, WrittenKind};

impl Code {
    pub(super) fn table(&self, id: TableId, args: &[Self], ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        let Some(table) = ctx.program.tables.get(id.0 as usize) else { return self.not_there() };
        Self::in_frame(args, ctx, locals, |locals| Look { table, ctx, locals, done: Done::given(table) }.decide(self))
    }
}

/// Which columns have their values, by a bit each; those from the 65th on are computed whenever they are asked for.
#[derive(Clone, Copy)]
struct Done(u64);

impl Done {
    fn given(table: &Table) -> Self {
        let mut done = Self(0);
        for (i, column) in table.columns.iter().enumerate() {
            if column.code.is_none() {
                done.add(i);
            }
        }
        done
    }

    fn has(self, column: usize) -> bool {
        u32::try_from(column).ok().and_then(|i| 1_u64.checked_shl(i)).is_some_and(|bit| self.0 & bit != 0)
    }

    fn add(&mut self, column: usize) {
        self.0 |= u32::try_from(column).ok().and_then(|i| 1_u64.checked_shl(i)).unwrap_or(0);
    }
}

/// One look at a table: columns are locals, computed when a cell or another column needs them.
struct Look<'a, 'c> {
    table: &'a Table,
    ctx: &'a Ctx<'c>,
    locals: &'a mut Locals,
    done: Done,
}

impl Look<'_, '_> {
    fn decide(mut self, call: &Code) -> Value {
        for (i, row) in self.table.rows.iter().enumerate() {
            let mut open = None;
            let mut holds = true;
            for (column, cell, _) in &row.cells {
                match self.cell(*column, cell) {
                    Truth::Yes => {}
                    Truth::No => {
                        holds = false;
                        break;
                    }
                    Truth::Unknown(reason) => {
                        open.get_or_insert(reason);
                    }
                }
            }
            let result = match (holds, open) {
                (false, _) => continue,
                (true, Some(reason)) => Value::Unknown(reason),
                (true, None) => self.result(&row.then, Reader::Row(i)),
            };
            return self.told(Some(row), result);
        }
        let result = match &self.table.otherwise {
            Some(otherwise) => self.result(otherwise, Reader::Otherwise),
            None => unknown(UnknownKind::NoRow, format!("no row of {} holds", self.table.name), call.span),
        };
        self.told(None, result)
    }

    /// The result, after whoever explains the run was told how it came about.
    fn told(&self, row: Option<&Row>, result: Value) -> Value {
        let Some(trace) = self.ctx.trace else { return result };
        let value = |i: usize| self.locals.get(local(i));
        let given: Vec<Value> = (0..self.table.given.len()).map(value).collect();
        if !trace.wants_ruled(&given) {
            return result;
        }
        let columns = self.table.columns.iter().enumerate();
        let asks = |row: &Row, i: usize| row.cells.iter().any(|(column, ..)| *column == i);
        let saw = columns.filter(|(i, _)| match row {
            Some(row) => asks(row, *i) && self.done.has(*i),
            None => self.table.rows.iter().any(|row| asks(row, *i)) && self.done.has(*i),
        });
        let saw = saw.map(|(i, column)| (column.name.clone(), value(i))).collect();
        trace.ruled(Ruled { table: self.table, row, saw, result: &result });
        result
    }

    fn result(&mut self, written: &Written, reader: Reader) -> Value {
        self.compute(reader);
        written.eval(self.ctx, self.locals)
    }

    /// Computes the columns that a part reads.
    fn compute(&mut self, reader: Reader) {
        for column in self.table.read_by(reader) {
            self.column(*column);
        }
    }

    /// Computes a column, unless it has its value.
    fn column(&mut self, column: usize) {
        if let Some(code) = self.table.columns.get(column).and_then(|c| c.code.as_ref())
            && !self.done.has(column)
        {
            // before its value is there it has one: a column that reads itself, which the checker refuses, ends
            self.done.add(column);
            self.compute(Reader::Column(column));
            let value = code.eval(self.ctx, self.locals);
            self.locals.set(local(column), value);
        }
    }

    fn cell(&mut self, column: usize, cell: &Cell) -> Truth {
        self.column(column);
        let standing = self.locals.seen(local(column)).and_then(Seen::plain);
        if let (Cell::Is(wanted), Some(value)) = (cell, standing)
            && let Some(equal) = value.equals(wanted)
        {
            return yes(equal);
        }
        let value = match self.locals.get(local(column)) {
            Value::Unknown(reason) => return Truth::Unknown(reason),
            Value::Secret(secret) => secret.expose().clone(),
            value => value,
        };
        self.holds(&value, cell, column)
    }

    fn holds(&mut self, value: &Value, cell: &Cell, column: usize) -> Truth {
        match cell {
            Cell::Any(cells) => {
                let mut open = None;
                for cell in cells {
                    match self.holds(value, cell, column) {
                        Truth::Yes => return Truth::Yes,
                        Truth::No => {}
                        unknown @ Truth::Unknown(_) => {
                            open.get_or_insert(unknown);
                        }
                    }
                }
                open.unwrap_or(Truth::No)
            }
            Cell::Is(wanted) => match value.equals(wanted) {
                Some(true) => Truth::Yes,
                Some(false) => Truth::No,
                None => self.wrong(value, "something that can be compared", column),
            },
            _ if value.is_null() => Truth::No,
            Cell::Range(first, last) => match (self.order(value, first), self.order(value, last)) {
                (Some(from), Some(to)) => yes(from.is_ge() && to.is_le()),
                _ => self.wrong(value, first.kind(), column),
            },
            Cell::Compare(op, code) => match code.eval(self.ctx, self.locals) {
                Value::Unknown(reason) => Truth::Unknown(reason),
                wanted => self.compare(value, *op, &wanted, column),
            },
        }
    }

    fn compare(&self, value: &Value, op: BinaryOp, wanted: &Value, column: usize) -> Truth {
        let wanted = match wanted {
            Value::Secret(secret) => secret.expose(),
            other => other,
        };
        let equal = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        match (equal, value.equals(wanted), self.order(value, wanted)) {
            (true, Some(same), _) => yes(same == (op == BinaryOp::Equal)),
            (false, _, Some(order)) => yes(match op {
                BinaryOp::Less => order.is_lt(),
                BinaryOp::LessEqual => order.is_le(),
                BinaryOp::Greater => order.is_gt(),
                _ => order.is_ge(),
            }),
            _ => self.wrong(value, wanted.kind(), column),
        }
    }

    /// Digits of an id count as the number they are.
    fn order(&self, value: &Value, bound: &Value) -> Option<Ordering> {
        match (value, bound) {
            (Value::Id(id), Value::Int(_)) => Value::Int(id.as_number()?).order(bound),
            (Value::Text(_), Value::Id(Id::Number(_))) => None,
            _ => value.order(bound),
        }
    }

    fn wrong(&self, value: &Value, wanted: &str, column: usize) -> Truth {
        let Some(column) = self.table.columns.get(column) else { return Truth::No };
        let reason = format!("`{}` of {} is {}, its cells want {wanted}", column.name, self.table.name, value.kind());
        match operand(reason, column.span) {
            Value::Unknown(reason) => Truth::Unknown(reason),
            _ => Truth::No,
        }
    }
}

/// The local that a column is.
fn local(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn yes(holds: bool) -> Truth {
    if holds { Truth::Yes } else { Truth::No }
}

impl Written {
    /// Visits the whole expressions that stand in it.
    pub fn walk_codes(&self, visit: &mut dyn FnMut(&Code)) {
        match &self.kind {
            WrittenKind::Literal { .. } => {}
            WrittenKind::Code(code) => visit(code),
            WrittenKind::Path(path) => path.codes(visit),
            WrittenKind::Text(template) => crate::template::walk(&template.parts, visit),
            WrittenKind::List(items) => items.iter().for_each(|item| item.walk_codes(visit)),
            WrittenKind::Map(entries) => {
                for entry in entries {
                    if let crate::Key::Holes(template) = &entry.key {
                        crate::template::walk(&template.parts, visit);
                    }
                    entry.value.walk_codes(visit);
                }
            }
        }
    }
}
