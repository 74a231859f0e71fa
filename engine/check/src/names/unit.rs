//! What one file defines: a workflow, a library, or one file of a connector.

use std::collections::HashMap;
use std::sync::Arc;

use wf_source::{FileId, Span};
use wf_syntax::ast;

/// Number of a file with definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitId(pub(crate) u32);

/// What can be defined. Constants are values; defines, tables and flows are called; each other kind has a space of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DefKind {
    Constant,
    Define,
    Table,
    Flow,
    Param,
    Metric,
    Pool,
    /// A shape, an enum, a named type.
    Type,
}

impl DefKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Define => "define",
            Self::Table => "table",
            Self::Flow => "flow",
            Self::Param => "param",
            Self::Metric => "metric",
            Self::Pool => "pool",
            Self::Type => "type",
        }
    }

    /// Definitions that must not have the same name.
    pub(crate) fn shares_space_with(self, other: Self) -> bool {
        let called = |kind| matches!(kind, Self::Define | Self::Table | Self::Flow);
        self == other || called(self) && called(other)
    }
}

/// A definition: the `index`th of its kind in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefKey {
    pub unit: UnitId,
    pub kind: DefKind,
    pub index: u32,
}

/// Where and under which name something is defined.
#[derive(Clone, Debug)]
pub struct Def {
    pub name: Arc<str>,
    /// The name.
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Workflow,
    Library,
    /// One file of a connector.
    Face,
}

/// A file with definitions, typed; the rest of the file is lowered elsewhere.
pub(crate) struct Unit {
    pub(crate) id: UnitId,
    pub(crate) role: Role,
    pub(crate) name: Arc<str>,
    /// Where the file says its name.
    pub(crate) named: Option<Span>,
    pub(crate) path: String,
    pub(crate) file: FileId,
    /// Something of the file could not be read.
    pub(crate) torn: bool,
    pub(crate) constants: Vec<ast::Binding>,
    pub(crate) defines: Vec<ast::Define>,
    pub(crate) tables: Vec<ast::Table>,
    pub(crate) flows: Vec<ast::Flow>,
    pub(crate) metrics: Option<ast::Metrics>,
    pub(crate) pools: Vec<ast::Binding>,
    /// Shapes, enums, named types.
    pub(crate) types: Vec<ast::Field>,
    pub(crate) params: Vec<ParamDef>,
    /// Libraries it uses, those that could be found.
    pub(crate) uses: Vec<UnitId>,
    index: HashMap<DefKind, HashMap<Arc<str>, u32>>,
}

/// A param or setting as it is written; one cell of a grid is one.
#[derive(Clone)]
pub(crate) struct ParamDef {
    pub(crate) name: ast::Name,
    pub(crate) decl: ast::FieldDecl,
    /// The grid says what its numbers are.
    pub(crate) of_grid: bool,
    /// The unit of a row of a grid: it is there to be read, and need not be.
    pub(crate) is_unit: bool,
}

impl Unit {
    pub(crate) fn of_workflow(id: UnitId, path: &str, file: FileId, torn: bool, ast: &ast::Workflow) -> Self {
        let role = if ast.role == ast::FileRole::Library { Role::Library } else { Role::Workflow };
        let types = [&ast.shapes, &ast.enums, &ast.types].into_iter().flatten().cloned().collect();
        let unit = Self {
            constants: ast.constants.clone(),
            defines: ast.define.clone(),
            tables: ast.tables.clone(),
            flows: ast.flows.clone(),
            metrics: ast.metrics.clone(),
            pools: ast.pools.clone(),
            types,
            params: ast.params.iter().flat_map(ParamDef::of_entry).collect(),
            ..Self::empty(id, role, ast.name.as_ref(), path, file, torn)
        };
        unit.indexed()
    }

    pub(crate) fn of_face(id: UnitId, path: &str, file: FileId, torn: bool, ast: &ast::Connector) -> Self {
        let types = [&ast.shapes, &ast.enums, &ast.types].into_iter().flatten().cloned().collect();
        let config =
            ast.config.iter().cloned().map(|p| ParamDef { name: p.name, decl: p.decl, of_grid: false, is_unit: false });
        let unit = Self {
            constants: ast.constants.clone(),
            defines: ast.define.clone(),
            tables: ast.tables.clone(),
            types,
            params: config.collect(),
            ..Self::empty(id, Role::Face, ast.name.as_ref(), path, file, torn)
        };
        unit.indexed()
    }

    fn empty(id: UnitId, role: Role, name: Option<&ast::Name>, path: &str, file: FileId, torn: bool) -> Self {
        Self {
            id,
            role,
            name: name.map_or_else(|| "".into(), |n| n.value.clone()),
            named: name.map(|n| n.span),
            path: path.to_owned(),
            file,
            torn,
            constants: vec![],
            defines: vec![],
            tables: vec![],
            flows: vec![],
            metrics: None,
            pools: vec![],
            types: vec![],
            params: vec![],
            uses: vec![],
            index: HashMap::new(),
        }
    }

    /// The first definition of a name counts; others are told of by [`super::twice`].
    fn indexed(mut self) -> Self {
        let mut index: HashMap<DefKind, HashMap<Arc<str>, u32>> = HashMap::new();
        for (kind, i, def) in self.definitions() {
            index.entry(kind).or_default().entry(def.name).or_insert(i);
        }
        self.index = index;
        self
    }

    pub(crate) fn find(&self, kind: DefKind, name: &str) -> Option<DefKey> {
        let index = *self.index.get(&kind)?.get(name)?;
        Some(DefKey { unit: self.id, kind, index })
    }

    /// All definitions of the file, by kind in the order of the file.
    pub(crate) fn definitions(&self) -> Vec<(DefKind, u32, Def)> {
        let mut all = vec![];
        let mut add = |kind: DefKind, names: Vec<&ast::Name>| {
            for (i, name) in names.into_iter().enumerate() {
                let def = Def { name: name.value.clone(), span: name.span };
                all.push((kind, u32::try_from(i).unwrap_or(u32::MAX), def));
            }
        };
        add(DefKind::Constant, self.constants.iter().map(|c| &c.name).collect());
        add(DefKind::Define, self.defines.iter().map(|d| &d.name).collect());
        add(DefKind::Table, self.tables.iter().map(|t| &t.name).collect());
        add(DefKind::Flow, self.flows.iter().map(|f| &f.name).collect());
        add(DefKind::Param, self.params.iter().map(|p| &p.name).collect());
        add(DefKind::Metric, self.metrics.iter().flat_map(|m| &m.list).map(|m| &m.name).collect());
        add(DefKind::Pool, self.pools.iter().map(|p| &p.name).collect());
        add(DefKind::Type, self.types.iter().map(|t| &t.name).collect());
        all
    }

    pub(crate) fn def(&self, key: DefKey) -> Option<Def> {
        let i = key.index as usize;
        let name = match key.kind {
            DefKind::Constant => &self.constants.get(i)?.name,
            DefKind::Define => &self.defines.get(i)?.name,
            DefKind::Table => &self.tables.get(i)?.name,
            DefKind::Flow => &self.flows.get(i)?.name,
            DefKind::Param => &self.params.get(i)?.name,
            DefKind::Metric => &self.metrics.as_ref()?.list.get(i)?.name,
            DefKind::Pool => &self.pools.get(i)?.name,
            DefKind::Type => &self.types.get(i)?.name,
        };
        Some(Def { name: name.value.clone(), span: name.span })
    }
}

impl ParamDef {
    /// A param, or all cells of a grid: `<column>.<row>`.
    fn of_entry(entry: &ast::ParamEntry) -> Vec<Self> {
        let grid = match entry {
            ast::ParamEntry::One(param) => {
                return vec![Self {
                    name: param.name.clone(),
                    decl: param.decl.clone(),
                    of_grid: false,
                    is_unit: false,
                }];
            }
            ast::ParamEntry::Grid(grid) => grid,
        };
        let unit_column = grid.columns.iter().position(|c| &*c.value == "unit");
        let mut cells = vec![];
        for (column, name) in grid.columns.iter().enumerate() {
            for (row, values) in &grid.rows {
                let Some(cell) = values.get(column) else { continue };
                let bound = |bounds: &Option<Vec<wf_syntax::tree::Node>>| {
                    bounds.as_ref().and_then(|b| b.get(column)).filter(|node| !node.is_null()).cloned()
                };
                let unit = unit_column.and_then(|i| values.get(i)).and_then(|node| {
                    node.as_text().filter(|t| !t.is_empty()).map(|t| ast::Spanned::new(t.into(), node.span))
                });
                let is_unit = Some(column) == unit_column;
                let kind = ast::TypeKind::Named("text".into());
                let text = ast::TypeExpr { span: cell.span, kind };
                let mut decl = ast::FieldDecl::of_type(text);
                decl.ty = decl.ty.filter(|_| is_unit && !cell.is_null());
                decl.default = Some(cell.clone());
                decl.min = bound(&grid.min);
                decl.max = bound(&grid.max);
                decl.unit = unit.filter(|_| !is_unit);
                decl.doc = grid.doc.clone();
                cells.push(Self {
                    name: ast::Spanned::new(format!("{}.{}", name.value, row.value).into(), row.span),
                    decl,
                    of_grid: true,
                    is_unit,
                });
            }
        }
        cells
    }
}
