//! `params` (language.md §5): single ones and grids.

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{FieldDecl, Name, rules, types::FIELD_KEYS},
    keys::{Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::{Entry, Node},
};

/// A param, or a grid of them.
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
    /// As it stands in the file; dots nest.
    #[must_use]
    pub fn name(&self) -> &Name {
        match self {
            Self::One(param) => &param.name,
            Self::Grid(grid) => &grid.name,
        }
    }
}

/// A param, written out.
/// A param, or a grid of them.
pub(crate) const PARAM_KIND: Kind = Kind::Any(&[Kind::Keys(&PARAM), Kind::Open(&GRID, &Kind::List(&Kind::Value))]);

static PARAM: Keys = Keys {
    id: "param",
    what: "a param",
    groups: &[&[
        may("default", Kind::Value, "Its value where no environment sets another; without it each environment must."),
        may("type", Kind::Type, "What values it takes; it may be left out where the default tells it."),
        may("of", Kind::Type, "What the entries of the default list or map are."),
        may("min", Kind::Value, "The least value that an environment may set."),
        may("max", Kind::Value, "The greatest value that an environment may set."),
        may("unit", Kind::Text, "What a bare number counts: ms, events, characters."),
        must("doc", Kind::Text, "A sentence that says what it changes."),
        may("example", Kind::Value, "A value as it may look."),
        may("format", Kind::Text, "How a time is written."),
        may("zone", Kind::Text, "The time zone of a time that is written without one."),
        may("matches", Kind::Text, "The regex that the text must match."),
    ]],
};

/// A setting of a connector, written out.
static SETTING: Keys = Keys { id: "setting", what: "a setting", groups: &[FIELD_KEYS] };

/// The keys of a grid that are no rows.
static GRID: Keys = Keys {
    id: "grid",
    what: "a grid of params",
    groups: &[&[
        must("doc", Kind::Text, "A sentence that says what the numbers are."),
        must("columns", Kind::List(&Kind::Text), "Names of the columns; `unit` is the unit of each row."),
        may("min", Kind::List(&Kind::Value), "The least value of each column, null for none."),
        may("max", Kind::List(&Kind::Value), "The greatest value of each column, null for none."),
    ]],
};

impl Reader<'_> {
    pub(crate) fn params(&mut self, node: Option<&Node>) -> Vec<ParamEntry> {
        let entries = self.section(node, "a param", Kind::Value);
        entries
            .into_iter()
            .filter_map(|entry| {
                if entry.value.get("columns").is_some() {
                    return self.grid(entry).map(ParamEntry::Grid);
                }
                if !entry.value.is_map() {
                    self.no_param(entry);
                    return None;
                }
                self.param(entry, &PARAM).map(ParamEntry::One)
            })
            .collect()
    }

    fn no_param(&mut self, entry: &Entry) {
        let value =
            self.text.get(entry.value.span.start as usize..entry.value.span.end as usize).unwrap_or("").to_owned();
        let message =
            format!("a param is a mapping with a default or a type, and a doc; `{}` has none", entry.key.text());
        let shown = if value.is_empty() || value.contains('\n') { "…" } else { value.as_str() };
        let place = if value.is_empty() { entry.key.span } else { entry.value.span };
        if !entry.value.is_broken() {
            self.push(
                Diagnostic::error(&rules::WRONG_KIND, place, message)
                    .help(format!("write `{}: {{default: {shown}, doc: what it changes}}`", entry.key.text())),
            );
        }
    }

    /// Settings of a connector: a type alone, or written out.
    pub(crate) fn settings(&mut self, node: Option<&Node>) -> Vec<Param> {
        let entries = self.section(node, "a setting", Kind::Type);
        entries
            .into_iter()
            .filter_map(|entry| {
                if entry.value.is_map() {
                    return self.param(entry, &SETTING);
                }
                let ty = self.type_expr(Some(&entry.value))?;
                Some(Param { name: (&entry.key).into(), decl: FieldDecl::of_type(ty) })
            })
            .collect()
    }

    fn param(&mut self, entry: &Entry, keys: &'static Keys) -> Option<Param> {
        let fields = Fields::open(self, &entry.value, keys, entry.key.span)?;
        if !fields.has("default") && !fields.has("type") {
            // an unknown key was told already, and may be the one that is missing
            if entry.value.entries().iter().all(|e| keys.find(e.key.text()).is_some()) {
                let message = format!("`{}` needs a default or a type", entry.key.text());
                self.push(
                    Diagnostic::error(&rules::MISSING_KEY, entry.key.span, message)
                        .help("`default: 10m` gives it a value, `type: duration` leaves it to the environments"),
                );
            }
        }
        let decl = self.decl_of(&fields, entry.value.span);
        Some(Param { name: (&entry.key).into(), decl })
    }

    fn grid(&mut self, entry: &Entry) -> Option<Grid> {
        let node = &entry.value;
        let known = |key: &str| GRID.find(key).is_some();
        let columns = self.names(node.get("columns"), "columns");
        let row = |reader: &mut Self, key: &Entry| -> Option<Vec<Node>> {
            if !key.value.is_seq() {
                reader.wrong_kind(&key.value, key.key.text(), Kind::List(&Kind::Value));
                return None;
            }
            let cells = key.value.items();
            if cells.len() != columns.len() {
                let message =
                    format!("`{}` has {} cells, but there are {} columns", key.key.text(), cells.len(), columns.len());
                let names = wf_source::one_of(columns.iter().map(|c| &*c.value), 20);
                reader.push(
                    Diagnostic::error(&rules::ROW_LENGTH, key.value.span, message)
                        .help(format!("the columns are {names}")),
                );
                return None;
            }
            Some(cells.to_vec())
        };
        let min = node.entry("min").and_then(|e| row(self, e));
        let max = node.entry("max").and_then(|e| row(self, e));
        let rows = node.entries().iter().filter(|e| !known(e.key.text()));
        let rows: Vec<(Name, Vec<Node>)> = rows.filter_map(|e| Some(((&e.key).into(), row(self, e)?))).collect();
        if columns.is_empty() {
            self.error(&rules::ROW_LENGTH, entry.key.span, "a grid needs the names of its columns");
        }
        if node.entries().iter().all(|e| known(e.key.text())) {
            self.error(&rules::MISSING_KEY, entry.key.span, "a grid needs rows beside its columns");
        }
        if node.get("doc").is_none() {
            let missing = Diagnostic::error(&rules::MISSING_KEY, entry.key.span, "a grid of params needs `doc`");
            self.push(missing.help("`doc: …`: a sentence that says what the numbers are"));
        }
        let doc = self.name(node.get("doc"));
        Some(Grid { span: node.span, name: (&entry.key).into(), doc, columns, min, max, rows })
    }
}
