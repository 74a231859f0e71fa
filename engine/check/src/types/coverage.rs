//! Decision tables: combinations that no row holds for, rows that are never reached.

use std::collections::{BTreeMap, BTreeSet};

use wf_expr::types::join::{closed_set, forms, is_number};
use wf_expr::{BinaryOp, Cell, Code, Kind, Program, Table, TableId};
use wf_source::{Diagnostic, Span};
use wf_value::{Type, Value};

use super::rules;

/// Combinations that are tried out.
const MOST: usize = 4_096;

/// Checks all tables that were looked at; `columns`: types of their columns for each tuple they were called with.
/// `said`: of tables in which something else is wrong nothing is told.
pub(super) fn check(
    program: &Program,
    columns: &BTreeMap<TableId, Vec<Vec<Type>>>,
    said: &[&Diagnostic],
) -> Vec<Diagnostic> {
    let mut found = vec![];
    for (id, all) in columns {
        let Some(table) = program.tables.get(id.0 as usize) else { continue };
        let columns = table.columns.iter().filter_map(|column| column.code.as_ref().map(|code| code.span));
        let places: Vec<Span> = columns.chain(table.rows.iter().map(|row| row.span)).collect();
        let inside = |d: &Diagnostic| {
            places
                .iter()
                .any(|place| place.file == d.span.file && place.start <= d.span.start && d.span.end <= place.end)
        };
        if said.iter().any(|d| inside(d)) {
            continue;
        }
        let types: Vec<Type> = (0..table.columns.len())
            .map(|i| wf_expr::types::join::join_all(all.iter().filter_map(|types| types.get(i).cloned())))
            .collect();
        found.extend(one(table, &types));
    }
    found
}

/// What a column can be: a value that a cell names, or that its type has.
#[derive(Clone, Debug, PartialEq)]
enum Atom {
    Is(Value),
    /// Any other value.
    Other,
}

/// A column as far as its cells tell its values apart.
struct Domain {
    atoms: Vec<Atom>,
    /// All values of the column are among the atoms.
    known: bool,
}

fn one(table: &Table, types: &[Type]) -> Vec<Diagnostic> {
    let used: BTreeSet<usize> =
        table.rows.iter().flat_map(|row| row.cells.iter().map(|(column, _, _)| *column)).collect();
    let domains: Vec<Domain> = (0..table.columns.len())
        .map(|column| match used.contains(&column) {
            true => domain(table, column, types.get(column).unwrap_or(&Type::Any)),
            false => Domain { atoms: vec![Atom::Other], known: true },
        })
        .collect();
    let size = domains.iter().fold(1_usize, |size, domain| size.saturating_mul(domain.atoms.len()));
    if size == 0 || size > MOST {
        return vec![];
    }
    let mut reached = vec![false; table.rows.len()];
    let mut uncovered = None;
    for number in 0..size {
        let atoms = combination(&domains, number);
        // the first row that surely holds ends it; rows before it may hold
        let mut covered = false;
        for (i, row) in table.rows.iter().enumerate() {
            match holds(table, i, &atoms) {
                Some(true) => {
                    reached[i] = true;
                    covered = true;
                    break;
                }
                Some(false) => {}
                None => reached[i] = true,
            }
            let _ = row;
        }
        if !covered && uncovered.is_none() {
            uncovered = Some(atoms.into_iter().cloned().collect::<Vec<Atom>>());
        }
    }
    let mut found = vec![];
    for (row, _) in table.rows.iter().zip(&reached).filter(|(_, reached)| !**reached) {
        found.push(
            Diagnostic::error(
                &rules::UNREACHED_ROW,
                row.span,
                "this row is never reached: the rows above take all that it could",
            )
            .help("put it above them, or take it away"),
        );
    }
    let closed = domains.iter().all(|domain| domain.known);
    if let Some(atoms) = uncovered.filter(|_| table.otherwise.is_none() && closed && found.is_empty()) {
        let shown: Vec<String> = atoms
            .iter()
            .zip(&table.columns)
            .enumerate()
            .filter(|(column, _)| used.contains(column))
            .map(|(_, (atom, column))| format!("{}: {}", column.name, words(atom)))
            .collect();
        let message = format!("no row of `{}` holds for {}", table.name, shown.join(", "));
        found.push(
            Diagnostic::error(&rules::UNCOVERED, table.span, message)
                .help("add a row for it, or `otherwise:` with what the table gives then"),
        );
    }
    found
}

fn combination(domains: &[Domain], mut number: usize) -> Vec<&Atom> {
    let mut atoms = vec![];
    for domain in domains {
        let count = domain.atoms.len().max(1);
        if let Some(atom) = domain.atoms.get(number % count) {
            atoms.push(atom);
        }
        number /= count;
    }
    atoms
}

fn domain(table: &Table, column: usize, ty: &Type) -> Domain {
    let mut atoms: Vec<Atom> = vec![];
    let mut add = |value: Value| {
        let atom = Atom::Is(value);
        if !atoms.contains(&atom) {
            atoms.push(atom);
        }
    };
    let all = forms(ty);
    let (booleans, texts) = (all.iter().all(|form| *form == Type::Boolean), closed_set(ty));
    if ty.is_optional() && !matches!(ty, Type::Any) {
        add(Value::Null);
    }
    if booleans {
        add(Value::Bool(true));
        add(Value::Bool(false));
    } else if let Some(texts) = &texts {
        texts.iter().for_each(|text| add(Value::Text(text.clone())));
    }
    let known = booleans || texts.is_some() && all.iter().all(|form| matches!(form, Type::Enum(_)));
    let cells = table.rows.iter().flat_map(|row| &row.cells).filter(|(c, _, _)| *c == column);
    for (_, cell, _) in cells {
        if !known {
            values(cell, &mut add);
        }
    }
    if !known {
        let mut bounds = vec![];
        cells_of(table, column).for_each(|cell| bounds_of(cell, &mut bounds));
        let numbers = all.iter().all(is_number) && !bounds.is_empty();
        between(bounds).into_iter().for_each(&mut add);
        // of numbers the bounds leave out none
        if !numbers {
            atoms.push(Atom::Other);
        }
    }
    Domain { atoms, known }
}

fn cells_of(table: &Table, column: usize) -> impl Iterator<Item = &Cell> {
    table.rows.iter().flat_map(|row| &row.cells).filter(move |(c, _, _)| *c == column).map(|(_, cell, _)| cell)
}

fn values(cell: &Cell, add: &mut impl FnMut(Value)) {
    match cell {
        Cell::Is(value) => add(value.clone()),
        Cell::Any(cells) => cells.iter().for_each(|cell| values(cell, add)),
        Cell::Range(..) | Cell::Compare(..) => {}
    }
}

/// Numbers that ranges and comparisons name.
fn bounds_of(cell: &Cell, bounds: &mut Vec<f64>) {
    match cell {
        Cell::Is(value) => bounds.extend(number(value)),
        Cell::Any(cells) => cells.iter().for_each(|cell| bounds_of(cell, bounds)),
        Cell::Range(from, to) => bounds.extend([from, to].into_iter().filter_map(number)),
        Cell::Compare(_, code) => bounds.extend(compared(code).and_then(number)),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        #[allow(clippy::cast_precision_loss, reason = "it tells apart what cells name")]
        Value::Int(n) => Some(*n as f64),
        Value::Float(n) => Some(*n),
        _ => None,
    }
}

fn compared(code: &Code) -> Option<&Value> {
    match &code.kind {
        Kind::Literal(value) => Some(value),
        _ => None,
    }
}

/// The bounds themselves, and a number below, between and above them: no cell tells apart what lies between two bounds.
fn between(mut bounds: Vec<f64>) -> Vec<Value> {
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    let (Some(first), Some(last)) = (bounds.first().copied(), bounds.last().copied()) else { return vec![] };
    let middle = bounds.windows(2).map(|pair| pair[0].midpoint(pair[1]));
    let all = bounds.iter().copied().chain(middle).chain([first - 1.0, last + 1.0]);
    all.map(Value::Float).collect()
}

/// Whether a row holds; `None`: for some values.
fn holds(table: &Table, row: usize, atoms: &[&Atom]) -> Option<bool> {
    let Some(row) = table.rows.get(row) else { return Some(false) };
    let mut sure = true;
    for (column, cell, _) in &row.cells {
        let Some(atom) = atoms.get(*column) else { continue };
        match cell_holds(cell, atom) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => sure = false,
        }
    }
    sure.then_some(true)
}

fn cell_holds(cell: &Cell, atom: &Atom) -> Option<bool> {
    match (cell, atom) {
        (Cell::Is(wanted), Atom::Is(value)) => Some(same(wanted, value)),
        (Cell::Is(_), Atom::Other) => Some(false),
        (Cell::Any(cells), atom) => {
            let all: Vec<Option<bool>> = cells.iter().map(|cell| cell_holds(cell, atom)).collect();
            match (all.contains(&Some(true)), all.contains(&None)) {
                (true, _) => Some(true),
                (false, true) => None,
                (false, false) => Some(false),
            }
        }
        // in a table no cell but `null` holds for null
        (Cell::Range(..) | Cell::Compare(..), Atom::Is(Value::Null)) => Some(false),
        (Cell::Range(from, to), Atom::Is(value)) => {
            let within = from.order(value)?.is_le() && value.order(to)?.is_le();
            Some(within)
        }
        (Cell::Compare(op, code), Atom::Is(value)) => {
            let order = value.order(compared(code)?);
            match op {
                BinaryOp::Less => Some(order?.is_lt()),
                BinaryOp::LessEqual => Some(order?.is_le()),
                BinaryOp::Greater => Some(order?.is_gt()),
                BinaryOp::GreaterEqual => Some(order?.is_ge()),
                _ => None,
            }
        }
        // of a number every bound is among the atoms, and of what is none no cell knows more
        (Cell::Range(..) | Cell::Compare(..), Atom::Other) => None,
    }
}

fn same(a: &Value, b: &Value) -> bool {
    a.equals(b) == Some(true)
}

fn words(atom: &Atom) -> String {
    match atom {
        Atom::Is(Value::Bool(true)) => "yes".into(),
        Atom::Is(Value::Bool(false)) => "no".into(),
        Atom::Is(value) => value.print_lenient().to_string(),
        Atom::Other => "anything else".into(),
    }
}
