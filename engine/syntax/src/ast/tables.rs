//! `tables` (language.md §9).

use wf_source::Span;

use crate::{
    ast::{Name, Text},
    tree::Node,
};

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub span: Span,
    /// Column and cell, raw: a literal, `yes`, `null`, a list, `a..b`, `2xx`, `">= 5"`.
    pub cells: Vec<(Name, Node)>,
    pub then: Option<Node>,
}
