//! How wide texts are. Nobody knows the fonts of the viewer, so they are taken to be wide ones: no text leaves its box.

/// A face and its size in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Font {
    pub face: Face,
    pub size: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Sans,
    Bold,
    Mono,
}

impl Font {
    pub const fn new(face: Face, size: f64) -> Self {
        Self { face, size }
    }

    /// In pixels, rather too much than too little.
    pub fn width(self, text: &str) -> f64 {
        text.chars().map(|c| self.advance(c)).sum::<f64>() * self.size
    }

    fn advance(self, c: char) -> f64 {
        let plain = match c {
            _ if !c.is_ascii() => 1.0,
            _ if self.face == Face::Mono => return 0.605,
            'i' | 'j' | 'l' | 'I' | '\'' | '|' => 0.29,
            ' ' | '.' | ',' | ':' | ';' | '!' => 0.34,
            'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.42,
            'm' | 'M' | 'W' | '%' | '@' => 1.0,
            'w' | '=' | '<' | '>' | '+' => 0.84,
            _ if c.is_ascii_uppercase() => 0.75,
            _ => 0.635,
        };
        if self.face == Face::Bold { plain * 1.1 } else { plain }
    }

    /// The text, cut with `…` where it is too long.
    pub fn fit(self, text: &str, room: f64) -> String {
        if self.width(text) <= room {
            return text.to_owned();
        }
        let mut kept = String::new();
        let mut left = room - self.width("…");
        for c in text.chars() {
            left -= self.advance(c) * self.size;
            if left < 0.0 {
                break;
            }
            kept.push(c);
        }
        format!("{}…", kept.trim_end())
    }

    /// The text in lines, at most so many; words that are too long are broken, and what is left over is cut with `…`.
    pub fn wrap(self, text: &str, room: f64, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if lines.len() + 1 >= most {
                lines.push(self.fit(rest, room));
                break;
            }
            let (line, more) = rest.split_at(self.cut(rest, room));
            lines.push(line.trim_end().to_owned());
            rest = more.trim_start();
        }
        lines
    }

    /// Where the first line ends: behind a blank, a comma or a dot if one is near enough.
    fn cut(self, text: &str, room: f64) -> usize {
        let mut used = 0.0;
        let mut good = 0;
        for (at, c) in text.char_indices() {
            used += self.advance(c) * self.size;
            if used > room && c != ' ' {
                return if good > at / 3 { good } else { at.max(c.len_utf8()) };
            }
            if c == ' ' || c == ',' || c == '(' {
                good = at + c.len_utf8();
            } else if c == '.' && at > 0 {
                good = at;
            }
        }
        text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONO: Font = Font::new(Face::Mono, 10.0);

    #[test]
    fn lines_are_broken_between_words_and_cut_at_the_end() {
        let room = MONO.width("0123456789");
        assert_eq!(MONO.wrap("short", room, 2), ["short"]);
        assert_eq!(MONO.wrap("two words here", room, 2), ["two words", "here"]);
        assert_eq!(MONO.wrap("one and two and three", room, 2), ["one and", "two and…"]);
        assert_eq!(MONO.wrap("0123456789abc", room, 3), ["0123456789", "abc"]);
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        for face in [Face::Sans, Face::Bold, Face::Mono] {
            let font = Font::new(face, 12.0);
            for text in
                ["äöü ein Satz mit, (Klammern) und langenWörternOhneEnde.die.nicht.passen", "WWWWWWWWWWWW", "世界"]
            {
                for line in font.wrap(text, 70.0, 4) {
                    assert!(font.width(&line) <= 70.0, "{line}");
                }
            }
            assert_eq!(font.wrap("  ", 70.0, 4), Vec::<String>::new());
        }
    }
}
