//! What files define for their expressions.

use std::sync::Arc;

use wf_source::Span;
use wf_value::{Text, Value};

use crate::{Code, Written};

macro_rules! number {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
    )*};
}

number!(
    /// Number of a define in its program.
    DefineId,
    /// Number of a table in its program.
    TableId,
    /// Number of a template in its program.
    TemplateId
);

/// Defines, tables and templates of a workflow and all it reaches, or of a connector file.
#[derive(Debug, Default)]
pub struct Program {
    pub defines: Vec<Define>,
    pub tables: Vec<Table>,
    pub templates: Vec<crate::template::Template>,
    /// Files that `asset('…')` names, read at load.
    pub assets: Vec<Asset>,
}

/// A file that is read as it is.
#[derive(Clone, Debug)]
pub struct Asset {
    /// As it is named in an expression.
    pub name: Text,
    /// From the root of the project.
    pub path: Text,
    pub bytes: Arc<[u8]>,
}

/// `name(a, b): body`. Its arguments are locals 0, 1, …
#[derive(Debug)]
pub struct Define {
    pub name: Text,
    pub args: Vec<Text>,
    pub body: Written,
    pub span: Span,
}

/// A decision table. The given names are locals 0, 1, …; computed columns see these.
#[derive(Debug)]
pub struct Table {
    pub name: Text,
    pub given: Vec<Text>,
    /// Columns with cells: the given names, then those computed, in the order of the file.
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub otherwise: Option<Written>,
    pub reads: crate::Reads,
    pub span: Span,
}

#[derive(Debug)]
pub struct Column {
    pub name: Text,
    /// `None`: a given name.
    pub code: Option<Code>,
    pub span: Span,
}

#[derive(Debug)]
pub struct Row {
    /// By the number of their column, in the order of the row.
    pub cells: Vec<(usize, Cell, Span)>,
    pub then: Written,
    pub span: Span,
}

/// What a column's value must be.
#[derive(Debug)]
pub enum Cell {
    /// Equal to this; `null` only here holds for null.
    Is(Value),
    /// `a..b`, both ends included.
    Range(Value, Value),
    /// `">= 5"`, `"< params.min"`.
    Compare(crate::BinaryOp, Code),
    /// One of these.
    Any(Vec<Cell>),
}
