//! `params` (language.md §5): single ones and grids.

use wf_source::Span;

use crate::{
    ast::{FieldDecl, Name},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamEntry {
    One(Param),
    Grid(Grid),
}

/// `interval: {default: 10m, min: 1m, doc: …}`; dotted names nest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    pub name: Name,
    pub decl: FieldDecl,
}

/// One table of params: each cell is the param `<column>.<row>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    pub span: Span,
    pub name: Name,
    pub doc: Option<Name>,
    /// May hold `unit`, which is no param but the unit of its row.
    pub columns: Vec<Name>,
    /// Bounds of the cells of each column; `null` for none.
    pub min: Option<Vec<Node>>,
    pub max: Option<Vec<Node>>,
    /// As many cells as columns.
    pub rows: Vec<(Name, Vec<Node>)>,
}

impl ParamEntry {
    #[must_use]
    pub fn name(&self) -> &Name {
        match self {
            Self::One(param) => &param.name,
            Self::Grid(grid) => &grid.name,
        }
    }
}
