//! Shapes as SVG: colours, fonts, escaping.

use std::fmt::Write;

use super::measure::{Face, Font};
use super::model::Act;

/// Colours by their use. The picture brings its own background, so that it looks the same in light and dark viewers.
pub mod ink {
    pub const PAPER: &str = "#ffffff";
    pub const CARD: &str = "#f8fafc";
    pub const EDGE: &str = "#94a3b8";
    pub const FRAME: &str = "#cbd5e1";
    pub const TEXT: &str = "#0f172a";
    pub const QUIET: &str = "#5b6b80";
    pub const LATER: &str = "#b45309";
    pub const START: &str = "#fef3c7";
    pub const START_FRAME: &str = "#e0a83a";
}

/// The size of a pill.
pub const PILL: (f64, f64) = (58.0, 16.0);

const SANS: &str = "Helvetica, Arial, 'DejaVu Sans', sans-serif";
const MONO: &str = "Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/// Writes SVG elements one after the other.
#[derive(Default)]
pub struct Pen {
    out: String,
}

impl Pen {
    /// The finished file.
    pub fn finish(self, width: f64, height: f64, title: &str) -> String {
        let mut head = String::new();
        let (w, h) = (number(width), number(height));
        let _ = writeln!(
            head,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\">"
        );
        let _ = writeln!(head, "<title>{}</title>", escape(title));
        let _ = writeln!(
            head,
            "<style>text {{ white-space: pre }} .sans {{ font-family: {SANS} }} .bold {{ font-family: {SANS}; font-weight: bold }} .mono {{ font-family: {MONO} }}</style>"
        );
        let _ = writeln!(head, "<rect width=\"{w}\" height=\"{h}\" fill=\"{}\"/>", ink::PAPER);
        format!("{head}{}</svg>\n", self.out)
    }

    pub fn text(&mut self, (x, y): (f64, f64), text: &str, font: Font, colour: &str) {
        self.anchored((x, y), text, font, colour, "");
    }

    pub fn text_to(&mut self, (x, y): (f64, f64), text: &str, font: Font, colour: &str) {
        self.anchored((x, y), text, font, colour, " text-anchor=\"end\"");
    }

    fn anchored(&mut self, (x, y): (f64, f64), text: &str, font: Font, colour: &str, anchor: &str) {
        let class = match font.face {
            Face::Sans => "sans",
            Face::Bold => "bold",
            Face::Mono => "mono",
        };
        let (x, y, size) = (number(x), number(y), number(font.size));
        let text = escape(text);
        let _ = writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{y}\" class=\"{class}\" font-size=\"{size}\" fill=\"{colour}\"{anchor}>{text}</text>"
        );
    }

    /// A rectangle with round corners; `dashed` for what stands aside.
    pub fn frame(&mut self, (x, y, w, h): (f64, f64, f64, f64), round: f64, fill: &str, line: &str, dashed: bool) {
        let (x, y, w, h, round) = (number(x), number(y), number(w), number(h), number(round));
        let dashes = if dashed { " stroke-dasharray=\"5 4\"" } else { "" };
        let _ = writeln!(
            self.out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{round}\" fill=\"{fill}\" stroke=\"{line}\"{dashes}/>"
        );
    }

    pub fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), colour: &str) {
        let (x1, y1, x2, y2) = (number(x1), number(y1), number(x2), number(y2));
        let _ = writeln!(self.out, "<path d=\"M{x1} {y1}L{x2} {y2}\" stroke=\"{colour}\" fill=\"none\"/>");
    }

    /// A way from one box to the next: down, over in a curve, and down again; with a head where it ends at a box.
    pub fn way(&mut self, from: (f64, f64), bend: (f64, f64), to: (f64, f64), end: Option<f64>, later: bool) {
        let (colour, dashes) = if later { (ink::LATER, " stroke-dasharray=\"6 4\"") } else { (ink::EDGE, "") };
        let middle = number(f64::midpoint(bend.0, bend.1));
        let head = if end.is_none() { 7.0 } else { 0.0 };
        let mut d = format!("M{} {}V{}", number(from.0), number(from.1), number(bend.0));
        if (from.0 - to.0).abs() < 0.5 {
            let _ = write!(d, "V{}", number(bend.1 - head));
        } else {
            let (x1, x2) = (number(from.0), number(to.0));
            let _ = write!(d, "C{x1} {middle} {x2} {middle} {x2} {}", number(bend.1 - head));
        }
        if let Some(end) = end {
            let _ = write!(d, "V{}", number(end));
        }
        let _ = writeln!(self.out, "<path d=\"{d}\" stroke=\"{colour}\" stroke-width=\"1.6\" fill=\"none\"{dashes}/>");
        if end.is_none() {
            let (x, y) = (to.0, bend.1);
            let head =
                [(x, y), (x - 4.5, y - 9.0), (x + 4.5, y - 9.0)].map(|(x, y)| format!("{} {}", number(x), number(y)));
            let _ = writeln!(self.out, "<path d=\"M{}Z\" fill=\"{colour}\"/>", head.join("L"));
        }
    }

    /// What a line does, as a coloured word: filled where it changes something, framed where it only reads.
    pub fn pill(&mut self, (x, y): (f64, f64), act: Act) {
        let (fill, line, text) = match act {
            Act::Read => (ink::PAPER, "#2563eb", "#1d4ed8"),
            Act::Write => ("#c2410c", "#c2410c", ink::PAPER),
            Act::Tell => ("#7c3aed", "#7c3aed", ink::PAPER),
            Act::Run => ("#1e293b", "#1e293b", ink::PAPER),
            Act::For => (ink::PAPER, "#0f766e", "#0f766e"),
            Act::Let | Act::Set => ("#e2e8f0", "#e2e8f0", "#475569"),
            Act::Skip | Act::Stop => ("#64748b", "#64748b", ink::PAPER),
            Act::Fail | Act::OnError => ("#b91c1c", "#b91c1c", ink::PAPER),
            Act::Return => ("#15803d", "#15803d", ink::PAPER),
            Act::Recheck | Act::Defer | Act::Cancel => ("#b45309", "#b45309", ink::PAPER),
            Act::Metric => (ink::PAPER, "#be185d", "#be185d"),
        };
        self.frame((x, y, PILL.0, PILL.1), 4.0, fill, line, false);
        let (x, y) = (number(x + PILL.0 / 2.0), number(y + 11.5));
        let word = act.word().to_uppercase();
        let _ = writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{y}\" class=\"bold\" font-size=\"9\" fill=\"{text}\" text-anchor=\"middle\">{word}</text>"
        );
    }
}

/// With one digit behind the dot, and only where it says something: files stay small and the same everywhere.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// As XML takes it: what it cannot hold at all is replaced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
