//! Where the parts of a path stand. The parser gives no places; its tree is walked beside these tokens, which come in the same order.

use std::ops::Range;

use wf_source::{ScalarMap, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Dollar,
    At,
    Open,
    Star,
    /// A name after a dot.
    Name,
    /// A text in quotes, a name in brackets among them.
    Text,
    /// The name of a function, before its bracket.
    Function,
}

pub(super) struct Tokens<'t> {
    pub text: &'t str,
    map: &'t ScalarMap,
    all: Vec<(Token, Range<usize>)>,
    next: usize,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str, map: &'t ScalarMap) -> Self {
        Self { text, map, all: scan(text), next: 0 }
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.all.get(self.next).map(|(token, _)| *token)
    }

    /// The bytes of the next token, which is of this kind; an empty range when it is not, which only a change of the parser could bring.
    pub(super) fn take(&mut self, token: Token) -> Range<usize> {
        match self.all.get(self.next) {
            Some((found, range)) if *found == token => {
                self.next += 1;
                range.clone()
            }
            _ => 0..0,
        }
    }

    /// Where the next token begins; where the text ends after the last one.
    pub(super) fn at(&self) -> usize {
        self.all.get(self.next).map_or(self.text.len(), |(_, range)| range.start)
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        if range.is_empty() { self.map.whole() } else { self.map.span(range.start, range.end) }
    }

    pub(super) fn part(&self, range: &Range<usize>) -> ScalarMap {
        self.map.part(range.start, range.end)
    }

    /// The names that follow one another without anything between, from the next token on: their bytes, dots included, and how many.
    pub(super) fn names(&self) -> (Range<usize>, usize) {
        let mut names = self.all[self.next.min(self.all.len())..].iter();
        let Some((Token::Name, first)) = names.next() else { return (0..0, 0) };
        let mut range = first.clone();
        let mut count = 1;
        for (token, next) in names {
            if *token != Token::Name || self.text.get(range.end..next.start) != Some(".") {
                break;
            }
            range.end = next.end;
            count += 1;
        }
        (range, count)
    }
}

fn scan(text: &str) -> Vec<(Token, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        let token = match byte {
            b'$' => Token::Dollar,
            b'@' => Token::At,
            b'[' => Token::Open,
            b'*' => Token::Star,
            b'\'' | b'"' => {
                while bytes.get(at).is_some_and(|b| b != byte) {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at = (at + 1).min(text.len());
                Token::Text
            }
            b'.' => {
                let name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
                if !bytes.get(at).is_some_and(|b| name(b) && !b.is_ascii_digit()) {
                    continue;
                }
                let length = bytes[at..].iter().take_while(|b| name(b)).count();
                tokens.push((Token::Name, at..at + length));
                at += length;
                continue;
            }
            b'a'..=b'z' => {
                at += bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
                if bytes.get(at) != Some(&b'(') {
                    continue;
                }
                Token::Function
            }
            _ => continue,
        };
        tokens.push((token, start..at));
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_texts_and_brackets_are_found() {
        let text = "$.edges[?@.loss > 1.5 && @['a b'] == '.x' || count(@.z) != null]..y.*";
        let found: Vec<(Token, &str)> = scan(text).into_iter().map(|(t, r)| (t, &text[r])).collect();
        assert_eq!(
            found,
            [
                (Token::Dollar, "$"),
                (Token::Name, "edges"),
                (Token::Open, "["),
                (Token::At, "@"),
                (Token::Name, "loss"),
                (Token::At, "@"),
                (Token::Open, "["),
                (Token::Text, "'a b'"),
                (Token::Text, "'.x'"),
                (Token::Function, "count"),
                (Token::At, "@"),
                (Token::Name, "z"),
                (Token::Name, "y"),
                (Token::Star, "*"),
            ]
        );
    }
}
