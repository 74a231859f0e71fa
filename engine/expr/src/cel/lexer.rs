//! Text to tokens. Goes on after every mistake, so that all are told at once.

use wf_source::{Diagnostic, ScalarMap};

use super::literal;
use super::rules;
use super::token::{Punct, Token, TokenKind};

/// Cuts `text` into tokens; the last one is [`TokenKind::End`]. The flag says whether remarks (`//`) were left out.
pub(super) fn lex(text: &str, map: &ScalarMap, diagnostics: &mut Vec<Diagnostic>) -> (Vec<Token>, bool) {
    let mut lexer = Lexer { text, map, at: 0, diagnostics, tokens: Vec::new(), remarks: false };
    lexer.run();
    (lexer.tokens, lexer.remarks)
}

struct Lexer<'a> {
    text: &'a str,
    map: &'a ScalarMap,
    at: usize,
    diagnostics: &'a mut Vec<Diagnostic>,
    tokens: Vec<Token>,
    remarks: bool,
}

impl Lexer<'_> {
    fn run(&mut self) {
        loop {
            self.blanks();
            let start = self.at;
            let Some(first) = self.rest().chars().next() else { break };
            let kind = match first {
                '0'..='9' => self.number(),
                '.' if self.byte(1).is_some_and(|b| b.is_ascii_digit()) && !self.after_operand() => self.number(),
                '\'' | '"' => self.quoted(0),
                'r' | 'R' | 'b' | 'B' if self.prefix().is_some() => self.quoted(self.prefix().unwrap_or(0)),
                'a'..='z' | 'A'..='Z' | '_' => self.name(),
                '`' => self.quoted_name(),
                '‘' | '’' | '“' | '”' | '«' | '»' | '´' => self.typographic(first),
                _ => match self.punct() {
                    Some(kind) => kind,
                    None => {
                        self.at += first.len_utf8();
                        self.stray(first, start);
                        continue;
                    }
                },
            };
            self.tokens.push(Token { start, end: self.at, kind });
        }
        self.tokens.push(Token { start: self.at, end: self.at, kind: TokenKind::End });
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
            self.at += blank;
            if !self.rest().starts_with("//") {
                return;
            }
            self.remarks = true;
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    /// Whether the last token ends an operand: then a point selects.
    fn after_operand(&self) -> bool {
        self.tokens.last().is_some_and(|t| match &t.kind {
            TokenKind::Punct(p) => p.is_closer(),
            _ => t.end == self.at,
        })
    }

    /// Letters before a quote: `r`, `b`, `br`.
    fn prefix(&self) -> Option<usize> {
        let bytes = &self.text.as_bytes()[self.at..];
        let n = match bytes {
            [b'b' | b'B', b'r' | b'R', ..] => 2,
            _ => 1,
        };
        matches!(bytes.get(n), Some(b'\'' | b'"')).then_some(n)
    }

    fn name(&mut self) -> TokenKind {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.at += end;
        TokenKind::Name
    }

    /// `` `content-type` ``, for a field whose name is no identifier.
    fn quoted_name(&mut self) -> TokenKind {
        let start = self.at;
        let end = self.rest().get(1..).and_then(|rest| rest.find('`'));
        match end {
            Some(end) if end > 0 => {
                self.at += end + 2;
                TokenKind::QuotedName
            }
            _ => {
                self.at = self.text.len();
                self.report(
                    Diagnostic::error(&rules::TEXT, self.map.span(start, start + 1), "this name is never closed")
                        .help("close it with another `"),
                );
                TokenKind::Broken
            }
        }
    }

    fn number(&mut self) -> TokenKind {
        match literal::number(self.rest()) {
            Ok((kind, len)) => {
                self.at += len;
                kind
            }
            Err(bad) => {
                let start = self.at;
                self.at += bad.len;
                let mut diagnostic =
                    Diagnostic::error(&rules::NUMBER, self.map.span(start, self.at), bad.message).help(bad.help);
                diagnostic.fix =
                    bad.fix.map(|replacement| wf_source::Fix { span: self.map.span(start, self.at), replacement });
                self.report(diagnostic);
                TokenKind::Broken
            }
        }
    }

    /// A text or bytes; `prefix` is the length of the letters before the quote.
    fn quoted(&mut self, prefix: usize) -> TokenKind {
        let start = self.at;
        let letters = self.text[start..start + prefix].to_ascii_lowercase();
        let (raw, bytes) = (letters.contains('r'), letters.contains('b'));
        let body = &self.text[start + prefix..];
        let quote = if body.starts_with("'''") || body.starts_with("\"\"\"") { &body[..3] } else { &body[..1] };
        let Some(inner) = literal::inside(&body[quote.len()..], quote, raw) else {
            let span = self.map.span(start, start + prefix + quote.len());
            self.at = self.text.len();
            self.report(
                Diagnostic::error(&rules::TEXT, span, "this text is never closed")
                    .label("it begins here")
                    .help(format!("close it with another {quote}")),
            );
            return TokenKind::Broken;
        };
        let from = start + prefix + quote.len();
        self.at = from + inner.len() + quote.len();
        if quote.len() == 1
            && let Some(line_end) = inner.find(['\n', '\r'])
        {
            let span = self.map.span(start, from + line_end);
            self.report(
                Diagnostic::error(&rules::TEXT, span, "this text is not closed on its line")
                    .help("write \\n where a line shall end, or put the text between '''…'''"),
            );
            return TokenKind::Broken;
        }
        match literal::unescape(inner, raw, bytes) {
            Ok(value) if bytes => TokenKind::Bytes(value),
            Ok(value) => TokenKind::Text(String::from_utf8_lossy(&value).into_owned()),
            Err(bad) => {
                let span = self.map.span(from + bad.at, from + bad.at + bad.len);
                let mut diagnostic = Diagnostic::error(&rules::TEXT, span, bad.message);
                diagnostic.help = bad.help;
                if bad.raw_helps && !bytes {
                    diagnostic = diagnostic.fix(self.map.span(start, start), "r");
                }
                self.report(diagnostic);
                TokenKind::Broken
            }
        }
    }

    /// A text between quotes that an editor made pretty: told, and taken for the text it was meant to be.
    fn typographic(&mut self, first: char) -> TokenKind {
        let start = self.at;
        let closers: &[char] = match first {
            '‘' | '’' | '´' => &['’', '‘', '´', '\''],
            _ => &['”', '“', '»', '«', '"'],
        };
        let from = start + first.len_utf8();
        let inner = self.text[from..].find(closers).map(|end| &self.text[from..from + end]);
        let end = inner.map_or(from, |inner| {
            let close = from + inner.len();
            close + self.text[close..].chars().next().map_or(0, char::len_utf8)
        });
        self.at = end;
        let mut diagnostic = Diagnostic::error(
            &rules::CHARACTER,
            self.map.span(start, from),
            format!("{first} is a typographic quote, texts stand in ' or \""),
        );
        if let Some(inner) = inner
            && !inner.contains(['\'', '\\', '\n'])
        {
            diagnostic =
                diagnostic.help(format!("write '{inner}'")).fix(self.map.span(start, end), format!("'{inner}'"));
        }
        self.report(diagnostic);
        inner.map_or(TokenKind::Broken, |inner| TokenKind::Text(inner.to_owned()))
    }

    fn punct(&mut self) -> Option<TokenKind> {
        let rest = self.rest();
        let (punct, text) = Punct::ALL.iter().find(|(_, text)| rest.starts_with(text))?;
        let punct = match punct {
            // `c ?.5 : 1` and `c ?[1] : x` are fine CEL; a name after the point is another language
            Punct::OptionalField if !rest[2..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') => {
                Punct::Question
            }
            Punct::OptionalIndex => Punct::Question,
            // `a.?b`
            Punct::Dot if rest.starts_with(".?") => Punct::OptionalField,
            Punct::Increment => Punct::Plus,
            other => *other,
        };
        self.at += if punct == Punct::OptionalField { 2 } else { punct.text().len().min(text.len()) };
        Some(TokenKind::Punct(punct))
    }

    fn stray(&mut self, c: char, start: usize) {
        let span = self.map.span(start, self.at);
        let diagnostic = match c {
            '\u{a0}' | '\u{202f}' | '\u{200b}' | '\u{feff}' => {
                Diagnostic::error(&rules::CHARACTER, span, "an invisible character that is no blank stands here")
                    .help("delete it and type a blank")
                    .fix(span, " ")
            }
            '–' | '—' | '−' => {
                Diagnostic::error(&rules::CHARACTER, span, format!("{c} is no minus")).help("write -").fix(span, "-")
            }
            '≤' => foreign(span, c, "<="),
            '≥' => foreign(span, c, ">="),
            '≠' => foreign(span, c, "!="),
            c if c.is_alphabetic() => {
                while self.rest().starts_with(char::is_alphanumeric) {
                    self.at += self.rest().chars().next().map_or(1, char::len_utf8);
                }
                let span = self.map.span(start, self.at);
                Diagnostic::error(&rules::CHARACTER, span, "names have letters a to z, digits and _ only")
                    .help("a field with another name is read with ['…'], a text stands in '…'")
            }
            c => Diagnostic::error(&rules::CHARACTER, span, format!("{c} means nothing in an expression")),
        };
        self.report(diagnostic);
        // an operand is likely what is missing, an operator what was meant: either way nothing more is said here
        self.tokens.push(Token { start, end: self.at, kind: TokenKind::Broken });
    }
}

fn foreign(span: wf_source::Span, c: char, right: &str) -> Diagnostic {
    Diagnostic::error(&rules::CHARACTER, span, format!("{c} is written {right}"))
        .help(format!("write {right}"))
        .fix(span, right)
}
