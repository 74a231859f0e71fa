//! What people write as they would say it, or as other languages have it: `f x`, `if a then b else c`.

use super::parser::Parser;
use super::rules;
use super::token::{Punct, TokenKind};
use wf_source::Diagnostic;

impl Parser<'_> {
    /// `f(x, y)` for `f x y`, when the name before this place begins a value and operands alone follow, to the end of what the parser is in.
    pub(super) fn spoken_call(&self) -> Option<String> {
        let name = self.at.checked_sub(1)?;
        let is_name = |i: usize| self.tokens.get(i).is_some_and(|t| t.kind == TokenKind::Name);
        let after_point = name.checked_sub(1).and_then(|i| self.tokens.get(i)).is_some_and(|t| {
            matches!(t.kind, TokenKind::Punct(Punct::Dot) | TokenKind::Punct(Punct::CloseParen | Punct::CloseBracket))
        });
        if !is_name(name) || after_point {
            return None;
        }
        let called = self.tokens.get(name).and_then(|t| self.text.get(t.start..t.end))?;
        if matches!(called, "if" | "true" | "false" | "null") {
            return None;
        }
        let mut args: Vec<(usize, usize)> = vec![];
        let mut at = self.at;
        loop {
            let first = self.tokens.get(at)?;
            match first.kind {
                TokenKind::Name if matches!(self.text.get(first.start..first.end), Some("if" | "then" | "else")) => {
                    return None;
                }
                TokenKind::Name
                | TokenKind::Int(_)
                | TokenKind::Float(_)
                | TokenKind::Duration(_)
                | TokenKind::Text(_) => {}
                TokenKind::End => break,
                TokenKind::Punct(p) if p.is_closer() => break,
                _ => return None,
            }
            at += 1;
            // the fields of an argument belong to it
            while self.is_punct(at, Punct::Dot) && is_name(at + 1) {
                at += 2;
            }
            args.push((first.start, self.tokens.get(at - 1)?.end));
        }
        let args: Vec<&str> = args.into_iter().filter_map(|(start, end)| self.text.get(start..end)).collect();
        Some(format!("{called}({})", args.join(", ")))
    }

    /// `if a then b else c`, where `if` was read and no bracket follows: told with the call that is meant.
    pub(super) fn spoken_choice(&mut self) -> bool {
        let start = self.at;
        if matches!(self.peek(), TokenKind::End | TokenKind::Broken)
            || matches!(self.peek(), TokenKind::Punct(p) if p.closer().is_none() && *p != Punct::Not)
        {
            return false;
        }
        let Some(then) = self.word_ahead(start, "then") else { return false };
        let Some(otherwise) = self.word_ahead(then + 1, "else") else { return false };
        let end = self.end_of_part(otherwise + 1);
        let text = |from: usize, to: usize| {
            let (from, to) = (self.tokens.get(from)?, self.tokens.get(to.checked_sub(1)?)?);
            self.text.get(from.start..to.end)
        };
        let parts = (text(start, then), text(then + 1, otherwise), text(otherwise + 1, end));
        let (Some(condition), Some(yes), Some(no)) = parts else { return false };
        let call = format!("if({condition}, {yes}, {no})");
        let span = self.span_of(start).to(self.span_of(end - 1));
        let whole = self.span_of(start - 1).to(span);
        self.report(
            Diagnostic::error(&rules::SYNTAX, span, "a choice is written as a call")
                .help(format!("write `{call}`"))
                .fix(whole, call),
        );
        self.quiet = true;
        self.at = end;
        true
    }

    fn is_punct(&self, at: usize, punct: Punct) -> bool {
        self.tokens.get(at).is_some_and(|t| t.kind == TokenKind::Punct(punct))
    }

    /// Where a word stands from `from` on, inside the brackets that `from` is in.
    fn word_ahead(&self, from: usize, word: &str) -> Option<usize> {
        let end = self.end_of_part(from);
        let mut depth = 0_usize;
        (from..end).find(|at| {
            let Some(token) = self.tokens.get(*at) else { return false };
            match token.kind {
                TokenKind::Punct(p) if p.is_closer() => depth = depth.saturating_sub(1),
                TokenKind::Punct(p) if p.closer().is_some() => depth += 1,
                TokenKind::Name => return depth == 0 && self.text.get(token.start..token.end) == Some(word),
                _ => {}
            }
            false
        })
    }

    /// The comma, closing bracket or end that ends what the parser is in.
    fn end_of_part(&self, from: usize) -> usize {
        let mut depth = 0_usize;
        let ends = |at: &usize| match self.tokens.get(*at).map(|t| &t.kind) {
            None | Some(TokenKind::End) => true,
            Some(TokenKind::Punct(Punct::Comma)) => depth == 0,
            Some(TokenKind::Punct(p)) if p.is_closer() => {
                let outer = depth == 0;
                depth = depth.saturating_sub(1);
                outer
            }
            Some(TokenKind::Punct(p)) if p.closer().is_some() => {
                depth += 1;
                false
            }
            Some(_) => false,
        };
        (from..=self.tokens.len()).find(ends).unwrap_or(self.tokens.len())
    }
}
