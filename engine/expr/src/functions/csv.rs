//! Tables as CSV.

use std::sync::Arc;

use wf_value::{List, Map, MapBuilder, Text, Unknown, UnknownKind, Value};

use super::convert::print;
use super::{Answer, Args, Body::Nulls, Body::Special, Function, Param, Run, Unfit};
use crate::code::Ready;
use crate::types::rules;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method(
        "csv",
        &[Param::Variable, Param::Lambda, Param::Value],
        "list.csv(x, row, style)",
        Special(rows),
        rules::csv,
    )
    .doc(
        "A table with a row for each element: `row` gives a mapping, whose keys are the header and whose \
             values are the cells, printed as holes `{{ }}` print. `style` is `{quotes: needed or all, line_end: \
             LF or CRLF, separator}`, the first being the default. Unknown when a cell is, or when the list is \
             partial.",
    )
    .examples(&[
        ("[1, 2].csv(n, {'n': n, 'twice': n * 2}, {})", "'n,twice\\n1,2\\n2,4\\n'"),
        ("['a,b'].csv(t, {'t': t}, {'line_end': 'CRLF'})", "'t\\r\\n\"a,b\"\\r\\n'"),
        ("[].csv(t, {'t': t}, {'quotes': 'all'})", "'\"t\"\\n'"),
    ])
    .ready(prepare),
    Function::method("csv", &[Param::Value, Param::Optional], "list.csv(columns, style)", Nulls(columns), rules::csv)
        .doc("A table of maps with these columns; what a map lacks is an empty cell.")
        .examples(&[("[{'a': 1, 'b': null}].csv(['b', 'a'])", "'b,a\\n,1\\n'")])
        .ready(prepare),
];

struct Style {
    all: bool,
    line_end: &'static str,
    separator: Text,
}

impl Style {
    fn of(value: &Value) -> Result<Self, Arc<Unknown>> {
        let mut style = Self { all: false, line_end: "\n", separator: ",".into() };
        let refused = |reason: String| Err(Unknown::new(UnknownKind::Operand, reason).into());
        let map = match value {
            Value::Null => return Ok(style),
            Value::Map(map) => map,
            other => return refused(format!("the style of a table is a map, not {}", other.kind())),
        };
        for (name, value) in map.iter() {
            match (name.as_str(), value.as_str()) {
                ("quotes", Some("needed")) => style.all = false,
                ("quotes", Some("all")) => style.all = true,
                ("line_end", Some("LF")) => style.line_end = "\n",
                ("line_end", Some("CRLF")) => style.line_end = "\r\n",
                ("separator", Some(separator)) if !separator.is_empty() => style.separator = separator.into(),
                _ => {
                    return refused(format!(
                        "`{name}` of a table's style: there is quotes (needed or all), line_end (LF or CRLF), separator"
                    ));
                }
            }
        }
        Ok(style)
    }

    fn write(&self, header: &[Text], rows: &[Map]) -> Answer {
        let mut table = String::new();
        let mut secret = false;
        self.line(&mut table, header);
        for row in rows {
            let mut cells = Vec::with_capacity(header.len());
            for name in header {
                let cell = row.get(name);
                secret |= cell.has_secret();
                cells.push(print(&cell)?);
            }
            self.line(&mut table, &cells);
        }
        let table = Value::from(table);
        Ok(if secret { table.secret() } else { table })
    }

    fn line(&self, table: &mut String, cells: &[Text]) {
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                table.push_str(&self.separator);
            }
            // a line of one empty cell would be no line
            let needed = cell.contains(['"', '\r', '\n'])
                || cell.contains(self.separator.as_str())
                || cell.is_empty() && cells.len() == 1;
            if self.all || needed {
                table.extend(["\"", &cell.replace('"', "\"\""), "\""]);
            } else {
                table.push_str(cell);
            }
        }
        table.push_str(self.line_end);
    }
}

/// A style that is a constant is one that there is.
fn prepare(args: &[Option<&Value>]) -> Result<Option<Box<dyn Ready>>, Unfit> {
    let style = args.get(2).copied().flatten().map(Style::of);
    match style {
        Some(Err(reason)) => Err(Unfit { arg: 2, message: reason.reason.to_string(), offset: None }),
        _ => Ok(None),
    }
}

fn whole(list: &List) -> Result<(), Arc<Unknown>> {
    list.partial_reason().map_or(Ok(()), |reason| Err(reason.into()))
}

fn rows(run: &mut Run<'_, '_>) -> Answer {
    let list = run.list(0)?;
    whole(&list)?;
    let style = Style::of(&run.known(2)?)?;
    let mut rows = Vec::with_capacity(list.len());
    for i in 0..list.len() {
        let row = run.apply_at(&list, i, 1);
        rows.push(as_row(run, row)?);
    }
    if rows.is_empty() {
        // the names of a row are known before there is one, as far as they do not depend on it
        let nobody = Unknown::new(UnknownKind::Missing, "there is no row");
        if let Value::Map(row) = run.apply(nobody.into(), 1) {
            return style.write(row.shape().keys(), &[]);
        }
        return Ok(String::new().into());
    }
    let mut header = MapBuilder::default();
    for name in rows.iter().flat_map(|row| row.shape().keys()) {
        header.insert_new(name.clone(), Value::Null);
    }
    style.write(header.finish().shape().keys(), &rows)
}

fn as_row(run: &Run<'_, '_>, row: Value) -> Result<Map, Arc<Unknown>> {
    match row {
        Value::Map(row) => Ok(row),
        Value::Unknown(reason) => Err(reason),
        other => Err(run.call.wrong(1, "a map", &other)),
    }
}

fn columns(args: &Args<'_>) -> Answer {
    let list = args.whole_list(0)?;
    let style = Style::of(args.value(2))?;
    let header = args.whole_list(1)?.iter().map(|name| print(&name)).collect::<Result<Vec<_>, _>>()?;
    let row = |element: Value| match element {
        Value::Map(row) => Ok(row),
        Value::Unknown(reason) => Err(reason),
        other => Err(args.call.wrong(0, "a list of maps", &other)),
    };
    style.write(&header, &list.iter().map(row).collect::<Result<Vec<_>, _>>()?)
}
