//! What stands below the picture: decision tables, and the params with their defaults.

use super::boxes::Card;
use super::measure::{Face, Font};
use super::model::{Param, Table};
use super::pen::ink;

const PAD: f64 = 14.0;
const CELL: Font = Font::new(Face::Sans, 11.5);
const HEAD: Font = Font::new(Face::Bold, 11.0);
const SMALL: Font = Font::new(Face::Mono, 10.5);
const PITCH: f64 = 18.0;
/// Between two columns of a table.
const GAP: f64 = 18.0;
/// A column is no wider than this.
const WIDEST: f64 = 300.0;

/// A table as a table: the columns with their computations, then a line for each row.
pub fn table(table: &Table) -> Card {
    let heads: Vec<&str> = table.columns.iter().map(String::as_str).chain(["then"]).collect();
    let mut widths: Vec<f64> = heads.iter().map(|head| HEAD.width(head)).collect();
    for row in &table.rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = width.max(CELL.width(cell)).min(WIDEST);
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "a handful")]
    let inner = widths.iter().sum::<f64>() + GAP * widths.len().saturating_sub(1) as f64;
    let title = Font::new(Face::Bold, 14.0).width(&table.title);
    let width = (inner.max(title) + 2.0 * PAD).max(260.0);
    let mut card = Card::sheet(width, &table.title);
    for line in &table.computed {
        card.rows(PAD, &SMALL.wrap(line, width - 2.0 * PAD, 2), SMALL, 14.0, ink::QUIET);
    }
    card.height += 6.0;
    columns(&mut card, &heads, &widths, HEAD, ink::QUIET);
    card.rule((0.0, card.height + 3.0), (width, card.height + 3.0));
    card.height += 5.0;
    for row in &table.rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        columns(&mut card, &cells, &widths, CELL, ink::TEXT);
    }
    card.height += 10.0;
    card
}

fn columns(card: &mut Card, cells: &[&str], widths: &[f64], font: Font, colour: &'static str) {
    let mut x = PAD;
    for (cell, width) in cells.iter().zip(widths) {
        let y = card.height + PITCH - 4.0;
        card.put((x, y), &font.fit(cell, *width), font, colour);
        x += width + GAP;
    }
    card.height += PITCH;
}

/// Names and defaults in columns, read downward.
pub fn params(params: &[Param], width: f64) -> Card {
    let mut card = Card::sheet(width, "params");
    let columns = if width > 1200.0 { 3 } else { 2 };
    let rows = params.len().div_ceil(columns);
    #[allow(clippy::cast_precision_loss, reason = "a handful")]
    let pitch = (width - 2.0 * PAD) / columns as f64;
    let top = card.height;
    for (number, param) in params.iter().enumerate() {
        #[allow(clippy::cast_precision_loss, reason = "a handful")]
        let (x, y) = (PAD + (number / rows) as f64 * pitch, top + (number % rows) as f64 * PITCH + PITCH - 4.0);
        let name = SMALL.fit(&param.name, pitch * 0.6);
        let room = pitch - 28.0 - SMALL.width(&name) - 12.0;
        card.put((x, y), &name, SMALL, ink::TEXT);
        let unset = param.default.is_empty();
        let default = if unset { "set by the environment" } else { &param.default };
        let colour = if unset { ink::QUIET } else { ink::TEXT };
        card.put_right((x + pitch - 28.0, y), &HEAD.fit(default, room), HEAD, colour);
    }
    #[allow(clippy::cast_precision_loss, reason = "a handful")]
    {
        card.height = top + rows as f64 * PITCH + 10.0;
    }
    card
}
