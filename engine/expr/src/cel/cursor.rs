//! Where the parser stands: its tokens, and the nodes it makes of them.

use wf_source::Span;
use wf_value::Text;

use super::ast::{Expr, ExprKind, Ident};
use super::parser::{MAX_DEPTH, Parser};
use super::token::{Punct, TokenKind};

impl Parser<'_> {
    pub(super) fn peek(&self) -> &TokenKind {
        self.tokens.get(self.at).map_or(&TokenKind::End, |t| &t.kind)
    }

    pub(super) fn next(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    pub(super) fn eat(&mut self, punct: Punct) -> bool {
        let there = self.peek() == &TokenKind::Punct(punct);
        if there {
            self.next();
        }
        there
    }

    /// The text of the token that stands here.
    pub(super) fn word(&self) -> &str {
        self.word_after(0)
    }

    /// The text of the token `ahead` of this one.
    pub(super) fn word_after(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).and_then(|t| self.text.get(t.start..t.end)).unwrap_or("")
    }

    pub(super) fn word_before(&self) -> &str {
        let before = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        before.and_then(|t| self.text.get(t.start..t.end)).unwrap_or("")
    }

    pub(super) fn ident(&mut self) -> Ident {
        let span = self.span_of(self.at);
        let text = self.tokens.get(self.at).map_or_else(Text::default, |t| self.text.slice(t.start, t.end));
        self.next();
        Ident { text, span }
    }

    /// The offset at which the next token begins.
    pub(super) fn here(&self) -> usize {
        self.tokens.get(self.at).map_or(self.text.len(), |t| t.start)
    }

    pub(super) fn span_of(&self, token: usize) -> Span {
        match self.tokens.get(token) {
            Some(t) => self.map.span(t.start, t.end),
            None => self.map.span(self.text.len(), self.text.len()),
        }
    }

    pub(super) fn current(&self) -> Span {
        self.span_of(self.at)
    }

    /// The token before this one; the beginning when there is none.
    pub(super) fn before(&self) -> Span {
        self.span_of(self.at.saturating_sub(1))
    }

    /// The node of what stands from `start` to the token before this one.
    pub(super) fn node(&mut self, start: usize, kind: ExprKind) -> Expr {
        let end = self.at.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(start, |t| t.end).max(start);
        let depth = 1 + kind.depth_of_parts();
        if depth > MAX_DEPTH {
            self.too_deep(start);
            return self.broken(start);
        }
        Expr { kind, span: self.map.span(start, end), text: self.text.slice(start, end), at: start, depth }
    }

    pub(super) fn broken(&mut self, start: usize) -> Expr {
        Expr { kind: ExprKind::Broken, span: self.map.span(start, start), text: Text::default(), at: start, depth: 1 }
    }

    pub(super) fn enter(&mut self) -> bool {
        // two calls make one node at most
        if self.level >= 2 * MAX_DEPTH {
            let start = self.here();
            self.too_deep(start);
            return false;
        }
        self.level += 1;
        true
    }
}
