//! Lines for a terminal: text on the left, indented; the place in the file in the right margin.

use std::io::IsTerminal;

/// How much a terminal shows.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// Columns.
    pub width: usize,
    pub colour: bool,
}

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    Plain,
    Bold,
    Dim,
    Good,
    Bad,
}

/// Deeper lines are not indented further.
const DEEPEST: usize = 12;

impl Sheet {
    /// The terminal at standard output; 80 columns where nobody says how many there are.
    #[must_use]
    pub fn of_stdout() -> Self {
        let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { width: width.unwrap_or(80).clamp(40, 140), colour }
    }

    #[must_use]
    pub fn tinted(self, text: &str, tint: Tint) -> String {
        let code = match tint {
            _ if !self.colour || text.is_empty() => return text.to_owned(),
            Tint::Plain => return text.to_owned(),
            Tint::Bold => 1,
            Tint::Dim => 2,
            Tint::Good => 32,
            Tint::Bad => 33,
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// A title, on as many lines as it needs.
    #[must_use]
    pub fn titled(self, title: &str) -> String {
        let mut out = String::new();
        self.put(&mut out, 0, title, Tint::Bold, "");
        out
    }

    /// A text as far as it fits on one line.
    #[must_use]
    pub fn cut(self, level: usize, text: &str) -> String {
        let room = self.width.saturating_sub(level.min(DEEPEST) * 2).max(20);
        match text.char_indices().nth(room) {
            None => text.to_owned(),
            Some(_) => text.chars().take(room - 1).chain(['…']).collect(),
        }
    }

    /// Adds a text to `out`, broken between words, with the place behind it: on its last line if there is room, else on a line of its own.
    pub fn put(self, out: &mut String, level: usize, text: &str, tint: Tint, place: &str) {
        let blanks = text.chars().take_while(|c| *c == ' ').count();
        let indent = level.min(DEEPEST) * 2 + blanks.min(self.width / 4);
        let text = text.trim_start();
        let lines = broken(text, self.width.saturating_sub(indent).max(20));
        let last = lines.len().saturating_sub(1);
        for (i, line) in lines.iter().enumerate() {
            // the lines that follow stand a little to the right
            let indent = indent + if i > 0 { 2 } else { 0 };
            out.push_str(&" ".repeat(indent));
            out.push_str(&self.tinted(line, tint));
            if i == last && !place.is_empty() {
                let used = indent + line.chars().count();
                let wanted = place.chars().count();
                let room = self.width.checked_sub(used + wanted).filter(|room| *room >= 2);
                match room {
                    Some(room) => out.push_str(&" ".repeat(room)),
                    None => {
                        out.push('\n');
                        out.push_str(&" ".repeat(self.width.saturating_sub(wanted)));
                    }
                }
                out.push_str(&self.tinted(place, Tint::Dim));
            }
            out.push('\n');
        }
    }
}

/// A text in lines of at most `width` characters, those behind the first two shorter; words that are longer are cut.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let room = if lines.is_empty() { width } else { width.saturating_sub(2) };
        let mut word: String = word.to_owned();
        let mut length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        while length > width.saturating_sub(2) {
            let at = word.char_indices().nth(width.saturating_sub(2)).map_or(word.len(), |(i, _)| i);
            let rest = word.split_off(at);
            lines.push(std::mem::replace(&mut word, rest));
            length = word.chars().count();
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(&word);
        used += length;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(text: &str, place: &str) -> String {
        let mut out = String::new();
        Sheet { width: 40, colour: false }.put(&mut out, 1, text, Tint::Plain, place);
        out
    }

    #[test]
    fn places_stand_in_the_right_margin() {
        assert_eq!(put("short", "a.yaml:1:2"), "  short                       a.yaml:1:2\n");
        let long = put("just too long for one line with place", "a.yaml:1:2");
        assert_eq!(long, format!("  just too long for one line with place\n{}a.yaml:1:2\n", " ".repeat(30)));
        assert_eq!(put("no place", ""), "  no place\n");
    }

    #[test]
    fn long_texts_are_broken_between_words() {
        let text = put(&"word ".repeat(12), "a.yaml:1:2");
        assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
        assert_eq!(text.matches("word").count(), 12);
        let cut = put(&"x".repeat(100), "");
        assert_eq!(cut.matches('x').count(), 100);
        assert!(cut.lines().all(|line| line.chars().count() <= 40), "{cut}");
    }

    #[test]
    fn only_terminals_get_colours() {
        assert_eq!(Sheet { width: 80, colour: false }.tinted("x", Tint::Bad), "x");
        assert_eq!(Sheet { width: 80, colour: true }.tinted("x", Tint::Dim), "\x1b[2mx\x1b[0m");
    }
}
