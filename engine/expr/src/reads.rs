//! Which columns of a table the parts of it read: looked for once, and not for each decision.

use std::sync::OnceLock;

use crate::{Code, Kind, Table, Written};

/// What `Table::read_by` found.
#[derive(Debug, Default)]
pub struct Reads(OnceLock<Lists>);

#[derive(Debug)]
struct Lists {
    columns: Vec<Vec<usize>>,
    rows: Vec<Vec<usize>>,
    otherwise: Vec<usize>,
}

/// A part of a table that is computed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reader {
    Column(usize),
    /// What a row gives.
    Row(usize),
    Otherwise,
}

impl Table {
    /// The columns that a part reads, in reading order, each once.
    pub(crate) fn read_by(&self, reader: Reader) -> &[usize] {
        let lists = self.reads.0.get_or_init(|| Lists {
            columns: self.columns.iter().map(|column| self.in_codes(column.code.as_ref())).collect(),
            rows: self.rows.iter().map(|row| self.in_written(&row.then)).collect(),
            otherwise: self.otherwise.as_ref().map(|written| self.in_written(written)).unwrap_or_default(),
        });
        let list = match reader {
            Reader::Column(i) => lists.columns.get(i),
            Reader::Row(i) => lists.rows.get(i),
            Reader::Otherwise => Some(&lists.otherwise),
        };
        list.map(Vec::as_slice).unwrap_or_default()
    }

    fn in_written(&self, written: &Written) -> Vec<usize> {
        let mut codes = Vec::new();
        written.walk_codes(&mut |code| codes.push(self.in_codes(Some(code))));
        let mut once = Vec::new();
        for column in codes.into_iter().flatten() {
            if !once.contains(&column) {
                once.push(column);
            }
        }
        once
    }

    fn in_codes<'c>(&self, codes: impl IntoIterator<Item = &'c Code>) -> Vec<usize> {
        let mut found = Vec::new();
        for code in codes {
            code.walk(&mut |part| {
                if let Kind::Local(n) = part.kind {
                    let column = usize::from(n);
                    if column < self.columns.len() && !found.contains(&column) {
                        found.push(column);
                    }
                }
            });
        }
        found
    }
}
