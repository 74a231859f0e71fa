//! The picture as an SVG file: head, boxes and ways, then tables and params.

use super::boxes::Card;
use super::layout::Layout;
use super::measure::{Face, Font};
use super::model::{Act, Graph};
use super::pen::{PILL, Pen, ink};
use super::sheets;

const MARGIN: f64 = 40.0;
/// No picture is wider than this, margins and all.
const WIDEST: f64 = 1600.0;
const TITLE: Font = Font::new(Face::Bold, 20.0);
const SUB: Font = Font::new(Face::Sans, 12.5);
const SECTION: f64 = 44.0;

/// Draws what the graph shows.
#[must_use]
pub fn svg(graph: &Graph) -> String {
    let limit = WIDEST - 2.0 * MARGIN;
    let mut cards: Vec<Card> = graph.starts.iter().map(Card::start).collect();
    let around = graph.flows.iter().any(|flow| flow.aside);
    // as wide as four, or five, beside each other may be
    let width = match &graph.view {
        None => 362.0,
        Some(_) if around => 700.0,
        Some(_) => 284.0,
    };
    cards.extend(graph.flows.iter().map(|flow| Card::flow(flow, if flow.aside { 284.0 } else { width })));
    let layout = Layout::new(graph, cards, limit);
    let inner = layout.width.max(840.0);
    let mut pen = Pen::default();
    let mut y = head(&mut pen, graph, inner);
    layout.draw(&mut pen, (MARGIN + (inner - layout.width) / 2.0, y));
    y += layout.height + SECTION;
    if !graph.tables.is_empty() {
        y = shelf(&mut pen, &graph.tables.iter().map(sheets::table).collect::<Vec<_>>(), inner, y);
    }
    if !graph.params.is_empty() {
        let card = sheets::params(&graph.params, inner);
        card.draw(&mut pen, (MARGIN, y));
        y += card.height + SECTION;
    }
    pen.finish(inner + 2.0 * MARGIN, y - SECTION + MARGIN, &format!("{}: {}", graph.workflow, graph.title))
}

/// The title, and what the words in the boxes mean; gives where the boxes begin.
fn head(pen: &mut Pen, graph: &Graph, inner: f64) -> f64 {
    let mut y = 52.0;
    for line in TITLE.wrap(&graph.title, inner, 2) {
        pen.text((MARGIN, y), &line, TITLE, ink::TEXT);
        y += 26.0;
    }
    let about = match &graph.view {
        Some(view) => format!("{} · {view}", graph.workflow),
        None => graph.workflow.clone(),
    };
    pen.text((MARGIN, y - 2.0), &SUB.fit(&about, inner), SUB, ink::QUIET);
    y += 14.0;
    let mut x = MARGIN;
    let shown = |act: Act| graph.flows.iter().any(|flow| flow.lines.iter().any(|line| line.act == act));
    let words = [
        (Act::Read, "asks, changes nothing"),
        (Act::Write, "changes something, once"),
        (Act::Tell, "says what happened"),
        (Act::Recheck, "looks again later"),
        (Act::Defer, "books work for later"),
    ];
    for (act, means) in words.into_iter().filter(|(act, _)| shown(*act)) {
        let width = PILL.0 + 8.0 + SUB.width(means) + 22.0;
        if x + width > MARGIN + inner && x > MARGIN {
            (x, y) = (MARGIN, y + 24.0);
        }
        pen.pill((x, y), act);
        pen.text((x + PILL.0 + 8.0, y + 12.5), means, SUB, ink::QUIET);
        x += width;
    }
    y + if x > MARGIN { 46.0 } else { 14.0 }
}

/// Sheets beside each other as far as they fit; gives where the next part begins.
fn shelf(pen: &mut Pen, cards: &[Card], inner: f64, top: f64) -> f64 {
    let (mut x, mut y, mut deepest) = (0.0, top, 0.0_f64);
    for card in cards {
        if x > 0.0 && x + card.width > inner {
            y += deepest + 20.0;
            (x, deepest) = (0.0, 0.0);
        }
        card.draw(pen, (MARGIN + x, y));
        x += card.width + 20.0;
        deepest = deepest.max(card.height);
    }
    y + deepest + 20.0
}
