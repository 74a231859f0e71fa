//! Which row a box stands in, and where in it: every row below those that lead to it, with few crossings.

use super::model::How;

/// Boxes and wires in rows, with the ways between neighbours.
pub struct Rows {
    pub nodes: Vec<Node>,
    /// Numbers of nodes, from left to right.
    pub rows: Vec<Vec<usize>>,
    pub ways: Vec<Way>,
}

/// Something that takes room in a row.
pub struct Node {
    /// The number of its box; `None`: a wire that passes the row.
    pub card: Option<usize>,
    pub row: usize,
    pub width: f64,
    /// Its centre.
    pub x: f64,
}

/// From a node to one of the next row.
#[derive(Clone, Copy, PartialEq)]
pub struct Way {
    pub from: usize,
    pub to: usize,
    pub how: How,
}

/// Between two neighbours of a row.
pub const GAP: f64 = 24.0;
/// The room that a wire takes.
const WIRE: f64 = 10.0;
const SWEEPS: usize = 16;

/// Boxes by their widths and edges between them; no row is wider than `limit` unless a single box is.
pub fn order(widths: &[f64], edges: &[(usize, usize, How)], limit: f64) -> Rows {
    let edges = forward(widths.len(), edges);
    let mut rows = build(widths, &edges, &chunks(widths, &edges, limit));
    spread(&mut rows, limit);
    rows
}

/// The edges without those that lead back to where one came from: a recheck may begin its own flow again.
fn forward(cards: usize, edges: &[(usize, usize, How)]) -> Vec<(usize, usize, How)> {
    fn visit(at: usize, edges: &[(usize, usize, How)], state: &mut [u8], kept: &mut Vec<(usize, usize, How)>) {
        state[at] = 1;
        for edge in edges.iter().filter(|edge| edge.0 == at) {
            if state[edge.1] != 1 {
                kept.push(*edge);
            }
            if state[edge.1] == 0 {
                visit(edge.1, edges, state, kept);
            }
        }
        state[at] = 2;
    }
    let mut state = vec![0; cards];
    let mut kept = Vec::new();
    for card in 0..cards {
        if state[card] == 0 {
            visit(card, edges, &mut state, &mut kept);
        }
    }
    kept
}

/// The boxes of each row: by the longest way that leads to them, and on to further rows where one is full.
fn chunks(widths: &[f64], edges: &[(usize, usize, How)], limit: f64) -> Vec<Vec<usize>> {
    let mut rank = vec![0; widths.len()];
    for _ in 0..widths.len() {
        for (from, to, _) in edges {
            rank[*to] = rank[*to].max(rank[*from] + 1);
        }
    }
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut place = vec![0.0; widths.len()];
    let mut placed = vec![false; widths.len()];
    for level in 0..=rank.iter().copied().max().unwrap_or(0) {
        let mut cards: Vec<usize> = (0..widths.len()).filter(|card| rank[*card] == level).collect();
        let wanted = |card: usize| {
            let above: Vec<f64> = edges.iter().filter(|e| e.1 == card).map(|e| place[e.0]).collect();
            mean(&above).unwrap_or(0.0)
        };
        // those that come from one box stand in the order in which it leads to them
        let first = |card: usize| edges.iter().position(|e| e.1 == card);
        let wanted: Vec<(f64, Option<usize>)> = (0..widths.len()).map(|card| (wanted(card), first(card))).collect();
        cards.sort_by(|a, b| wanted[*a].0.total_cmp(&wanted[*b].0).then(wanted[*a].1.cmp(&wanted[*b].1)));
        let total: f64 = cards.iter().map(|card| widths[*card] + GAP).sum();
        while !cards.is_empty() {
            // rows of one level are about equally full
            let passing = |taken: &[usize]| {
                let after = |card: usize| !placed[card] && !taken.contains(&card);
                let targets = (0..widths.len()).filter(|to| after(*to));
                let wires = targets.filter(|to| edges.iter().any(|e| e.1 == *to && placed[e.0])).count();
                #[allow(clippy::cast_precision_loss, reason = "a handful")]
                let wires = wires as f64;
                wires * (WIRE + GAP)
            };
            let pieces = (total / limit).ceil().max(1.0);
            let mut row: Vec<usize> = Vec::new();
            let mut used = 0.0;
            while let Some(card) = cards.first().copied() {
                let mut with = row.clone();
                with.push(card);
                let full = used + widths[card] + passing(&with) > limit;
                let even = used + widths[card] / 2.0 > total / pieces;
                if !row.is_empty() && (full || even) {
                    break;
                }
                used += widths[card] + GAP;
                row.push(cards.remove(0));
            }
            #[allow(clippy::cast_precision_loss, reason = "a handful")]
            for (at, card) in row.iter().enumerate() {
                place[*card] = (at as f64 + 0.5) / row.len() as f64;
                placed[*card] = true;
            }
            rows.push(row);
        }
    }
    rows
}

/// Nodes for the boxes, and wires where an edge passes a row: those to one box share a wire.
fn build(widths: &[f64], edges: &[(usize, usize, How)], chunks: &[Vec<usize>]) -> Rows {
    let mut built = Rows { nodes: Vec::new(), rows: vec![Vec::new(); chunks.len()], ways: Vec::new() };
    let mut of_card = vec![0; widths.len()];
    for (row, cards) in chunks.iter().enumerate() {
        for card in cards {
            of_card[*card] = built.nodes.len();
            built.rows[row].push(built.nodes.len());
            built.nodes.push(Node { card: Some(*card), row, width: widths[*card], x: 0.0 });
        }
    }
    let mut wires: Vec<(usize, How, usize, usize)> = Vec::new();
    for (from, to, how) in edges {
        let mut at = of_card[*from];
        for row in built.nodes[at].row + 1..built.nodes[of_card[*to]].row {
            let known = wires.iter().find(|(target, h, r, _)| target == to && h == how && *r == row).map(|w| w.3);
            let wire = known.unwrap_or_else(|| {
                let node = built.nodes.len();
                built.nodes.push(Node { card: None, row, width: WIRE, x: 0.0 });
                built.rows[row].push(node);
                wires.push((*to, *how, row, node));
                node
            });
            built.way(Way { from: at, to: wire, how: *how });
            at = wire;
        }
        built.way(Way { from: at, to: of_card[*to], how: *how });
    }
    built
}

impl Rows {
    fn way(&mut self, way: Way) {
        if !self.ways.contains(&way) {
            self.ways.push(way);
        }
    }

    /// Centres of the neighbours above, or below.
    fn neighbours(&self, node: usize, above: bool) -> Vec<f64> {
        let of = |way: &Way| match above {
            true => (way.to == node).then_some(way.from),
            false => (way.from == node).then_some(way.to),
        };
        self.ways.iter().filter_map(of).map(|other| self.nodes[other].x).collect()
    }

    fn crossings(&self) -> usize {
        let ends = |way: &Way| (self.nodes[way.from].row, self.nodes[way.from].x, self.nodes[way.to].x);
        let ends: Vec<_> = self.ways.iter().map(ends).collect();
        let crossed = |(a, b): (&(usize, f64, f64), &(usize, f64, f64))| a.0 == b.0 && (a.1 - b.1) * (a.2 - b.2) < 0.0;
        ends.iter()
            .enumerate()
            .flat_map(|(i, a)| ends[i + 1..].iter().map(move |b| (a, b)))
            .filter(|p| crossed(*p))
            .count()
    }
}

/// Sorts each row by where its neighbours stand and moves it towards them, down and up again; the best arrangement stays.
fn spread(rows: &mut Rows, limit: f64) {
    for row in 0..rows.rows.len() {
        settle(rows, row, &vec![limit / 2.0; rows.rows[row].len()], limit);
    }
    let mut best: Option<(usize, Vec<f64>, Vec<Vec<usize>>)> = None;
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        for step in 0..rows.rows.len() {
            let row = if down { step } else { rows.rows.len() - 1 - step };
            let wish = |node: usize| {
                let near = mean(&rows.neighbours(node, down));
                // the last sweeps look both ways, so that boxes stand in the middle of what they belong to
                let far = (sweep + 4 >= SWEEPS).then(|| mean(&rows.neighbours(node, !down))).flatten();
                match (near, far) {
                    (Some(near), Some(far)) => f64::midpoint(near, far),
                    (Some(wish), None) | (None, Some(wish)) => wish,
                    (None, None) => rows.nodes[node].x,
                }
            };
            let mut wished: Vec<(usize, f64)> = rows.rows[row].iter().map(|node| (*node, wish(*node))).collect();
            wished.sort_by(|a, b| a.1.total_cmp(&b.1));
            rows.rows[row] = wished.iter().map(|(node, _)| *node).collect();
            let wishes: Vec<f64> = wished.iter().map(|(_, wish)| *wish).collect();
            settle(rows, row, &wishes, limit);
        }
        let crossings = rows.crossings();
        if best.as_ref().is_none_or(|(least, ..)| crossings <= *least) {
            best = Some((crossings, rows.nodes.iter().map(|n| n.x).collect(), rows.rows.clone()));
        }
    }
    if let Some((_, xs, order)) = best {
        rows.rows = order;
        for (node, x) in rows.nodes.iter_mut().zip(xs) {
            node.x = x;
        }
    }
}

/// Places a row as near to the wishes as the order and the gaps allow, by least squares (neighbours that push each other stand as a
/// group around the mean of their wishes), within the page.
fn settle(rows: &mut Rows, row: usize, wishes: &[f64], limit: f64) {
    let order = rows.rows[row].clone();
    let mut offsets = Vec::with_capacity(order.len());
    let mut end = 0.0;
    for (at, node) in order.iter().enumerate() {
        let width = rows.nodes[*node].width;
        offsets.push(end + width / 2.0);
        end += width + if at + 1 < order.len() { GAP } else { 0.0 };
    }
    // groups: sum of the wishes less the offsets, and their number
    let mut groups: Vec<(f64, f64)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        groups.push((wish - offset, 1.0));
        while let [.., (a, n), (b, m)] = groups.as_slice()
            && a / n > b / m
        {
            let joined = (a + b, n + m);
            groups.truncate(groups.len() - 2);
            groups.push(joined);
        }
    }
    let mut shifts = groups.iter().flat_map(|(sum, n)| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
        std::iter::repeat_n(sum / n, *n as usize)
    });
    for (node, offset) in order.iter().zip(&offsets) {
        let shift = shifts.next().unwrap_or(0.0).clamp(0.0, (limit - end).max(0.0));
        rows.nodes[*node].x = offset + shift;
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "a handful")]
    let n = values.len() as f64;
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(widths: &[f64], edges: &[(usize, usize)]) -> Rows {
        let edges: Vec<_> = edges.iter().map(|(from, to)| (*from, *to, How::Now)).collect();
        order(widths, &edges, 1000.0)
    }

    /// No two nodes of a row overlap, nothing leaves the page, and every way leads from a row to the next.
    fn hold(rows: &Rows) {
        for row in &rows.rows {
            for pair in row.windows(2) {
                let (a, b) = (&rows.nodes[pair[0]], &rows.nodes[pair[1]]);
                assert!(a.x + a.width / 2.0 + GAP <= b.x - b.width / 2.0 + 0.01);
            }
            for node in row {
                let node = &rows.nodes[*node];
                assert!(node.x - node.width / 2.0 >= -0.01 && node.x + node.width / 2.0 <= 1000.01);
            }
        }
        assert!(rows.ways.iter().all(|way| rows.nodes[way.to].row == rows.nodes[way.from].row + 1));
    }

    #[test]
    fn a_box_stands_below_all_that_lead_to_it() {
        let rows = rows(&[300.0; 5], &[(0, 1), (1, 2), (0, 2), (0, 3), (3, 2), (2, 4)]);
        let row = |card| rows.nodes.iter().find(|n| n.card == Some(card)).map(|n| n.row);
        assert_eq!([0, 1, 2, 3, 4].map(row), [Some(0), Some(1), Some(2), Some(1), Some(3)]);
        hold(&rows);
    }

    #[test]
    fn a_full_row_goes_on_in_the_next_and_a_way_back_is_no_way() {
        let mut edges: Vec<(usize, usize)> = (1..9).map(|to| (0, to)).collect();
        edges.extend([(8, 0), (5, 5)]);
        let rows = rows(&[300.0; 9], &edges);
        assert!(rows.rows.iter().all(|row| row.iter().filter(|n| rows.nodes[**n].card.is_some()).count() <= 3));
        assert_eq!(rows.nodes.iter().filter(|n| n.card.is_some()).count(), 9);
        hold(&rows);
    }

    #[test]
    fn what_does_not_need_to_cross_does_not() {
        let rows = rows(&[200.0; 6], &[(0, 3), (1, 5), (2, 4), (0, 4)]);
        assert_eq!(rows.crossings(), 0);
        hold(&rows);
    }

    #[test]
    fn nothing_is_arranged_as_nothing() {
        assert!(order(&[], &[], 1000.0).nodes.is_empty());
        assert_eq!(order(&[5000.0], &[], 1000.0).rows.len(), 1);
    }
}
