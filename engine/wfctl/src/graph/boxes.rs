//! Boxes with their texts, each drawn from its own upper left corner.

use super::measure::{Face, Font};
use super::model::{Act, Flow, Line, Start};
use super::pen::{PILL, Pen, ink};

/// Something to be drawn, of a known size.
pub struct Card {
    pub width: f64,
    pub height: f64,
    kind: Kind,
    marks: Vec<Mark>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Start,
    Flow,
    Aside,
    Sheet,
}

enum Mark {
    Text { x: f64, y: f64, text: String, font: Font, colour: &'static str, right: bool },
    Pill { x: f64, y: f64, act: Act },
    Rule { from: (f64, f64), to: (f64, f64) },
}

const PAD: f64 = 14.0;
/// How much further in each block stands.
const STEP: f64 = 18.0;
const NAME: Font = Font::new(Face::Bold, 14.0);
const DOC: Font = Font::new(Face::Sans, 11.5);
const WORDS: Font = Font::new(Face::Sans, 12.0);
const CODE: Font = Font::new(Face::Mono, 11.5);
const SMALL: Font = Font::new(Face::Mono, 10.5);

impl Card {
    /// An empty sheet, for what stands below the picture.
    pub fn sheet(width: f64, title: &str) -> Self {
        let mut card = Self { width, height: 0.0, kind: Kind::Sheet, marks: Vec::new() };
        card.put((PAD, 24.0), &NAME.fit(title, width - 2.0 * PAD), NAME, ink::TEXT);
        card.height = 36.0;
        card
    }

    pub fn start(start: &Start) -> Self {
        let details: Vec<&str> = start.details.iter().map(String::as_str).collect();
        let width = NAME.width(&start.text).max(details.iter().map(|d| DOC.width(d)).fold(0.0, f64::max));
        let mut card = Self {
            width: (width + 2.0 * PAD + 1.0).clamp(180.0, 560.0),
            height: 0.0,
            kind: Kind::Start,
            marks: Vec::new(),
        };
        let room = card.width - 2.0 * PAD;
        card.put((PAD, 20.0), &start.word.to_uppercase(), Font::new(Face::Bold, 9.5), ink::LATER);
        card.put((PAD, 38.0), &NAME.fit(&start.text, room), NAME, ink::TEXT);
        card.height = 44.0;
        for detail in details {
            card.rows(PAD, &DOC.wrap(detail, room, 2), DOC, 15.0, ink::QUIET);
        }
        card.height += 8.0;
        card
    }

    pub fn flow(flow: &Flow, width: f64) -> Self {
        let kind = if flow.aside { Kind::Aside } else { Kind::Flow };
        let mut card = Self { width, height: 10.0, kind, marks: Vec::new() };
        let room = width - 2.0 * PAD;
        card.rows(PAD, &NAME.wrap(&flow.name, room, 2), NAME, 18.0, ink::TEXT);
        if !flow.inputs.is_empty() {
            card.rows(PAD, &SMALL.wrap(&flow.inputs.join(", "), room, 2), SMALL, 14.0, ink::QUIET);
        }
        if let Some(doc) = &flow.doc {
            card.height += 2.0;
            card.rows(PAD, &DOC.wrap(doc, room, 4), DOC, 15.0, ink::QUIET);
        }
        card.height += 9.0;
        if !flow.lines.is_empty() {
            card.rule((0.0, card.height), (width, card.height));
            card.height += 8.0;
            for line in &flow.lines {
                card.line(line);
            }
            card.height += 6.0;
        }
        card
    }

    fn line(&mut self, line: &Line) {
        let top = self.height;
        // blocks in blocks of blocks stand no further in: their texts need room
        let depth = line.depth.min(5);
        #[allow(clippy::cast_precision_loss, reason = "a handful")]
        let x = PAD + depth as f64 * STEP;
        let text_x = x + PILL.0 + 8.0;
        let room = self.width - PAD - text_x;
        self.marks.push(Mark::Pill { x, y: top + 1.0, act: line.act });
        let words = matches!(line.act, Act::Skip | Act::Stop | Act::Fail | Act::OnError);
        let (font, most) = if words { (WORDS, 3) } else { (CODE, 2) };
        self.rows(text_x, &font.wrap(&line.text, room, most), font, 16.0, ink::TEXT);
        self.height = self.height.max(top + 16.0);
        for detail in &line.details {
            self.rows(text_x, &SMALL.wrap(detail, room, 2), SMALL, 13.5, ink::QUIET);
        }
        self.height += 5.0;
        for level in 0..depth {
            #[allow(clippy::cast_precision_loss, reason = "a handful")]
            let x = PAD + level as f64 * STEP + 7.0;
            self.rule((x, top - 2.0), (x, self.height - 2.0));
        }
    }

    /// Lines of text below what is there.
    pub fn rows(&mut self, x: f64, rows: &[String], font: Font, pitch: f64, colour: &'static str) {
        for row in rows {
            self.put((x, self.height + pitch - 3.5), row, font, colour);
            self.height += pitch;
        }
    }

    pub fn put(&mut self, (x, y): (f64, f64), text: &str, font: Font, colour: &'static str) {
        self.marks.push(Mark::Text { x, y, text: text.to_owned(), font, colour, right: false });
    }

    /// A text that ends at `x`.
    pub fn put_right(&mut self, (x, y): (f64, f64), text: &str, font: Font, colour: &'static str) {
        self.marks.push(Mark::Text { x, y, text: text.to_owned(), font, colour, right: true });
    }

    pub fn rule(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.marks.push(Mark::Rule { from, to });
    }

    pub fn draw(&self, pen: &mut Pen, (left, top): (f64, f64)) {
        let (round, fill, line) = match self.kind {
            Kind::Start => (18.0, ink::START, ink::START_FRAME),
            Kind::Flow => (8.0, ink::CARD, ink::EDGE),
            Kind::Aside => (8.0, ink::PAPER, ink::EDGE),
            Kind::Sheet => (8.0, ink::PAPER, ink::FRAME),
        };
        pen.frame((left, top, self.width, self.height), round, fill, line, self.kind == Kind::Aside);
        for mark in &self.marks {
            match mark {
                Mark::Text { x, y, text, font, colour, right: false } => {
                    pen.text((left + x, top + y), text, *font, colour);
                }
                Mark::Text { x, y, text, font, colour, right: true } => {
                    pen.text_to((left + x, top + y), text, *font, colour);
                }
                Mark::Pill { x, y, act } => pen.pill((left + x, top + y), *act),
                Mark::Rule { from, to } => {
                    pen.line((left + from.0, top + from.1), (left + to.0, top + to.1), ink::FRAME);
                }
            }
        }
    }
}
