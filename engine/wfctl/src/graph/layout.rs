//! Where boxes and ways stand on the page.

use super::boxes::Card;
use super::model::{End, Graph, How};
use super::order::{Rows, order};
use super::pen::Pen;

/// Between two rows: room for the ways.
const BETWEEN: f64 = 62.0;

/// Boxes in rows, with the ways between them.
pub struct Layout {
    cards: Vec<Card>,
    rows: Rows,
    /// Top and bottom of each row.
    bands: Vec<(f64, f64)>,
    /// What lies left of the leftmost box.
    left: f64,
    pub width: f64,
    pub height: f64,
}

impl Layout {
    /// `cards`: the starts, then the flows of the graph.
    pub fn new(graph: &Graph, cards: Vec<Card>, limit: f64) -> Self {
        let starts = graph.starts.len();
        let number = |end: End| match end {
            End::Start(start) => start,
            End::Flow(flow) => starts + flow,
        };
        let edges: Vec<(usize, usize, How)> =
            graph.edges.iter().map(|edge| (number(edge.from), starts + edge.to, edge.how)).collect();
        let widths: Vec<f64> = cards.iter().map(|card| card.width).collect();
        let rows = order(&widths, &edges, limit);
        let mut bands = Vec::new();
        let mut top = 0.0;
        for row in &rows.rows {
            let heights = row.iter().filter_map(|node| rows.nodes.get(*node)?.card).filter_map(|card| cards.get(card));
            let bottom = top + heights.map(|card| card.height).fold(0.0, f64::max);
            bands.push((top, bottom));
            top = bottom + BETWEEN;
        }
        let left = rows.nodes.iter().map(|node| node.x - node.width / 2.0).fold(f64::INFINITY, f64::min);
        let right = rows.nodes.iter().map(|node| node.x + node.width / 2.0).fold(0.0, f64::max);
        let left = if left.is_finite() { left } else { 0.0 };
        let height = bands.last().map_or(0.0, |band| band.1);
        Self { cards, rows, bands, left, width: right - left, height }
    }

    pub fn draw(&self, pen: &mut Pen, (left, top): (f64, f64)) {
        let left = left - self.left;
        for (number, way) in self.rows.ways.iter().enumerate() {
            let (Some(from), Some(to)) = (self.rows.nodes.get(way.from), self.rows.nodes.get(way.to)) else { continue };
            let (Some(above), Some(below)) = (self.bands.get(from.row), self.bands.get(to.row)) else { continue };
            let begin = from.card.and_then(|card| self.cards.get(card)).map_or(above.1, |card| above.0 + card.height);
            let end = if to.card.is_some() { None } else { Some(top + below.1) };
            pen.way(
                (left + self.port(number, true), top + begin),
                (top + above.1, top + below.0),
                (left + self.port(number, false), 0.0),
                end,
                way.how == How::Later,
            );
        }
        for node in &self.rows.nodes {
            let card = node.card.and_then(|card| self.cards.get(card));
            if let (Some(card), Some(band)) = (card, self.bands.get(node.row)) {
                card.draw(pen, (left + node.x - card.width / 2.0, top + band.0));
            }
        }
    }

    /// Where a way leaves its box or comes to one: side by side, in the order of their other ends.
    fn port(&self, number: usize, leaving: bool) -> f64 {
        let Some(way) = self.rows.ways.get(number) else { return 0.0 };
        let here = if leaving { way.from } else { way.to };
        let Some(node) = self.rows.nodes.get(here) else { return 0.0 };
        if node.card.is_none() {
            return node.x;
        }
        let other = |number: usize| {
            let way = self.rows.ways.get(number)?;
            let (mine, other) = if leaving { (way.from, way.to) } else { (way.to, way.from) };
            (mine == here).then(|| self.rows.nodes.get(other).map(|node| node.x)).flatten()
        };
        let mut all: Vec<(usize, f64)> =
            (0..self.rows.ways.len()).filter_map(|number| Some((number, other(number)?))).collect();
        all.sort_by(|a, b| a.1.total_cmp(&b.1));
        let at = all.iter().position(|(other, _)| *other == number).unwrap_or(0);
        #[allow(clippy::cast_precision_loss, reason = "a handful")]
        let (at, count) = (at as f64, all.len() as f64);
        node.x + (at - (count - 1.0) / 2.0) * (node.width * 0.7 / count).min(26.0)
    }
}
