//! Which tables and params a step uses, also by way of defines. What templates use is left out: they print.

use std::collections::BTreeSet;

use wf_expr::{Cell, Code, DefineId, Kind, Program, TableId, Written};
use wf_plan::{LoopBody, LoopError, Parallel, Step, TellWhen, Verb};

/// What was found; numbers of the module.
#[derive(Default)]
pub struct Uses {
    pub tables: BTreeSet<usize>,
    pub params: BTreeSet<usize>,
    defines: BTreeSet<DefineId>,
}

impl Uses {
    pub fn code(&mut self, program: &Program, code: &Code) {
        code.walk(&mut |part| match &part.kind {
            Kind::Param(number) => {
                self.params.insert(*number as usize);
            }
            Kind::Define(id, _) if self.defines.insert(*id) => {
                if let Some(define) = program.defines.get(id.0 as usize) {
                    self.written(program, &define.body);
                }
            }
            Kind::Table(id, _) => self.table(program, *id),
            _ => {}
        });
    }

    pub fn written(&mut self, program: &Program, written: &Written) {
        written.walk_codes(&mut |code| self.code(program, code));
    }

    fn table(&mut self, program: &Program, id: TableId) {
        let Some(table) = program.tables.get(id.0 as usize) else { return };
        if !self.tables.insert(id.0 as usize) {
            return;
        }
        for code in table.columns.iter().filter_map(|column| column.code.as_ref()) {
            self.code(program, code);
        }
        for row in &table.rows {
            row.cells.iter().for_each(|(_, cell, _)| self.cell(program, cell));
            self.written(program, &row.then);
        }
        if let Some(otherwise) = &table.otherwise {
            self.written(program, otherwise);
        }
    }

    fn cell(&mut self, program: &Program, cell: &Cell) {
        match cell {
            Cell::Compare(_, code) => self.code(program, code),
            Cell::Any(cells) => cells.iter().for_each(|cell| self.cell(program, cell)),
            Cell::Is(_) | Cell::Range(..) => {}
        }
    }

    /// What one step uses; the steps inside it are asked for themselves.
    pub fn step(&mut self, program: &Program, step: &Step) {
        let mut codes: Vec<&Code> = step.condition.iter().collect();
        let mut written: Vec<&Written> = Vec::new();
        match &step.verb {
            Verb::Call(call) | Verb::Publish(call) => {
                written.push(&call.with);
                written.extend(&call.timeout);
                if let TellWhen::If { condition, .. } = &call.tell {
                    codes.push(condition);
                }
            }
            Verb::Run { with, .. } | Verb::Let(with) => written.extend(with.iter().map(|(_, value)| value)),
            Verb::Set(values) => written.extend(values.iter().map(|(_, value)| value)),
            Verb::For(each) => {
                written.push(&each.list);
                codes.extend(&each.filter);
                written.extend(&each.collect);
                if let Parallel::Count(count) = &each.parallel {
                    written.push(count);
                }
                if let LoopBody::Run { with, .. } = &each.body {
                    written.extend(with.iter().map(|(_, value)| value));
                }
            }
            Verb::Leave(leave) => {
                codes.extend(leave.reasons.iter().filter_map(|reason| reason.condition.as_ref()));
                written.extend(leave.reasons.iter().map(|reason| &reason.text));
            }
            Verb::Return(value) => written.extend(value),
            Verb::Metric { labels, value, rows, .. } => written.extend(labels.iter().chain(value).chain(rows)),
            Verb::Recheck { list, by, after, with, .. } => {
                codes.extend(by);
                written.extend([list, after]);
                written.extend(with.iter().map(|(_, value)| value));
            }
            Verb::Defer { key, after, at, with, .. } => {
                written.extend([key, with]);
                written.extend(after.iter().chain(at));
            }
            Verb::Cancel { key, .. } => written.push(key),
            Verb::Request(_) => {}
        }
        for code in codes {
            self.code(program, code);
        }
        for value in written {
            self.written(program, value);
        }
    }
}

/// The blocks inside a step, with what each is.
pub fn inside(step: &Step) -> (Option<&wf_plan::Block>, Vec<&wf_plan::Block>) {
    let mut on_error = Vec::new();
    let mut body = None;
    if let Verb::For(each) = &step.verb {
        if let LoopBody::Steps(steps) = &each.body {
            body = Some(steps);
        }
        if let LoopError::Block { block, .. } = &each.on_error {
            on_error.push(block);
        }
    }
    if let wf_plan::OnError::Block { block, .. } = &step.on_error {
        on_error.push(block);
    }
    (body, on_error)
}
