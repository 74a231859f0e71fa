//! Where the characters of a decoded scalar stand in the file.
//!
//! The parser decodes; here source and decoded text are walked side by side. Between two runs that stand in the file byte for byte lies what
//! was decoded: an escape, a doubled quote, a folded line end, an indentation. Should the two ever disagree the rest of the scalar keeps the
//! last place that is known, so that a message is near, and never wrong by a crash.

use wf_source::{FileId, ScalarMap, ScalarMapBuilder};

use super::Style;

/// The map of a scalar whose source is `text[start..end]`, quotes included; a block begins with the first character of its first line.
pub(super) fn scalar_map(
    file: FileId,
    text: &str,
    (start, end): (usize, usize),
    decoded: &str,
    style: Style,
) -> ScalarMap {
    if decoded.is_empty() {
        let inside = usize::from(matches!(style, Style::Single | Style::Double) && end > start);
        return ScalarMap::plain(file, start + inside, 0);
    }
    if let Some(at) = as_it_is(text, (start, end), decoded, style) {
        return ScalarMap::plain(file, at, decoded.len());
    }
    let mut walk = Walk { text, decoded, map: ScalarMapBuilder::new(file), at: start, pos: 0, end };
    match style {
        Style::Plain => walk.flow(false, None),
        Style::Single => walk.quoted('\''),
        Style::Double => walk.quoted('"'),
        Style::Literal | Style::Folded => walk.block(),
    }
    walk.map.finish(decoded.len(), walk.end)
}

/// Where the text begins when nothing was decoded in it, as in nearly all scalars: these need no walk.
fn as_it_is(text: &str, (start, end): (usize, usize), decoded: &str, style: Style) -> Option<usize> {
    let quotes = match style {
        Style::Plain => 0,
        Style::Single | Style::Double => 1,
        Style::Literal | Style::Folded => return None,
    };
    let at = start + quotes;
    let inside = text.get(at..end.checked_sub(quotes)?)?;
    (inside == decoded && !(style == Style::Double && inside.contains('\\'))).then_some(at)
}

struct Walk<'a> {
    text: &'a str,
    decoded: &'a str,
    map: ScalarMapBuilder,
    /// In the file.
    at: usize,
    /// In the decoded text.
    pos: usize,
    end: usize,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    fn wanted(&self) -> &'a str {
        self.decoded.get(self.pos..).unwrap_or("")
    }

    fn quoted(&mut self, quote: char) {
        self.at += 1;
        self.end = self.end.saturating_sub(1).max(self.at);
        self.flow(quote == '"', (quote == '\'').then_some("''"));
    }

    /// Plain and quoted scalars: lines are folded, blanks around line ends belong to the fold.
    fn flow(&mut self, escapes: bool, doubled: Option<&str>) {
        // blanks up to here end no line: looking ahead from each of them would take too long where there are thousands
        let mut no_fold_until = self.at;
        while let Some(c) = self.rest().chars().next() {
            if self.wanted().is_empty() {
                return;
            }
            let may_fold = self.at >= no_fold_until;
            if escapes && c == '\\' {
                if !self.escape() {
                    return;
                }
            } else if may_fold && let Some(fold) = fold_at(self.rest()) {
                self.at += fold.len;
                self.pos += if fold.breaks == 1 { 1 } else { fold.breaks - 1 };
            } else {
                if may_fold {
                    let rest = self.rest();
                    no_fold_until = self.at + rest.len() - rest.trim_start_matches([' ', '\t']).len();
                }
                if !self.wanted().starts_with(c) {
                    return;
                }
                self.map.run(self.pos, self.at);
                self.pos += c.len_utf8();
                self.at += if doubled.is_some_and(|d| self.rest().starts_with(d)) { 2 } else { c.len_utf8() };
            }
        }
    }

    /// `\n`, `\u00e9`, `\` at the end of a line. False when it is none that the parser could have taken.
    fn escape(&mut self) -> bool {
        let after = &self.rest()[1..];
        if let Some(len) = line_break(after) {
            let mut skipped = 1 + len;
            loop {
                let rest = &self.rest()[skipped..];
                let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                match line_break(&rest[blanks..]) {
                    Some(len) => {
                        skipped += blanks + len;
                        self.pos += 1;
                    }
                    None => {
                        self.at += skipped + blanks;
                        return true;
                    }
                }
            }
        }
        let (Some(letter), Some(c)) = (after.chars().next(), self.wanted().chars().next()) else { return false };
        let mut len = match letter {
            'x' => 4,
            'u' => 6,
            'U' => 10,
            other => 1 + other.len_utf8(),
        };
        if letter == 'u'
            && after.get(1..3).is_some_and(|hex| matches!(hex.as_bytes()[0], b'd' | b'D') && hex.as_bytes()[1] > b'7')
        {
            len += 6; // a pair of surrogates is one character
        }
        self.map.run(self.pos, self.at);
        self.pos += c.len_utf8();
        self.at += len;
        self.map.run(self.pos, self.at);
        true
    }

    /// `|` and `>`: each line without its indentation; what divides them in the decoded text is line ends, or one blank where folded.
    fn block(&mut self) {
        let before = self.text.get(..self.at).unwrap_or("");
        let line_start = before.rfind(['\n', '\r']).map_or(0, |i| i + 1);
        let indent = self.at - line_start;
        let last = self.text.get(..self.end).unwrap_or("").trim_end().len();
        self.at = line_start;
        let mut end = self.end;
        while self.at < self.end {
            let line = &self.rest()[..self.rest().find(['\n', '\r']).unwrap_or(self.rest().len())];
            let blanks = line.len() - line.trim_start_matches(' ').len();
            let content = &line[blanks.min(indent)..];
            let begins = self.at + blanks.min(indent);
            if !content.is_empty() {
                let wanted = self.wanted();
                let breaks = wanted.len() - wanted.trim_start_matches('\n').len();
                let skip = if breaks > 0 { breaks } else { usize::from(self.pos > 0 && wanted.starts_with(' ')) };
                if !wanted[skip..].starts_with(content) {
                    break;
                }
                self.pos += skip;
                self.map.run(self.pos, begins);
                self.pos += content.len();
                end = begins + content.len();
            }
            self.at += line.len();
            self.at += line_break(self.rest()).unwrap_or(1);
        }
        self.end = end.max(last.min(self.end));
    }
}

struct Fold {
    len: usize,
    breaks: usize,
}

/// Blanks and at least one line end.
fn fold_at(rest: &str) -> Option<Fold> {
    let mut fold = Fold { len: 0, breaks: 0 };
    loop {
        let here = &rest[fold.len..];
        let blanks = here.len() - here.trim_start_matches([' ', '\t']).len();
        match line_break(&here[blanks..]) {
            Some(len) => {
                fold.len += blanks + len;
                fold.breaks += 1;
            }
            None if fold.breaks > 0 => {
                fold.len += blanks;
                return Some(fold);
            }
            None => return None,
        }
    }
}

fn line_break(rest: &str) -> Option<usize> {
    match rest.as_bytes() {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}
