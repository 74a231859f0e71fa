//! Brackets, and going on after a mistake.

use wf_source::{Diagnostic, Span};

use super::parser::{MAX_DEPTH, Parser};
use super::rules;
use super::token::{Punct, TokenKind};

impl Parser<'_> {
    pub(super) fn open(&mut self) {
        if let Some(token) = self.tokens.get(self.at) {
            self.open.push(token.clone());
        }
        self.next();
    }

    /// The bracket that closes `opener`, or a complaint about it.
    pub(super) fn close(&mut self, opener: Punct) {
        let closer = opener.closer().unwrap_or(opener);
        if self.peek() != &TokenKind::Punct(closer) && self.peek() != &TokenKind::End {
            self.unexpected_after();
            self.recover_to_closer();
        }
        let opened = self.open.pop();
        let told = std::mem::take(&mut self.quiet) || self.after_broken();
        if self.eat(closer) {
            return;
        }
        let Some(opened) = opened.filter(|_| !told) else {
            self.quiet = self.peek() == &TokenKind::End;
            return;
        };
        let span = self.map.span(opened.start, opened.end);
        let found = match self.peek() {
            TokenKind::End => format!("the `{}` is never closed", opener.text()),
            _ => format!("the `{}` is closed by `{}`", opener.text(), self.word()),
        };
        let here = self.current();
        let mut diagnostic =
            Diagnostic::error(&rules::UNBALANCED, span, found).label(format!("`{}` is missing", closer.text()));
        match self.peek() {
            TokenKind::Punct(p) if p.is_closer() => {
                diagnostic = diagnostic.note(Some(here), format!("`{}` is expected here", closer.text()));
                // one that nobody else waits for was meant for us
                let wrong = *p;
                if !self.open.iter().any(|t| matches!(t.kind, TokenKind::Punct(o) if o.closer() == Some(wrong))) {
                    self.next();
                }
            }
            _ => {}
        }
        self.report(diagnostic);
        self.quiet = self.peek() == &TokenKind::End;
    }

    /// The text before this place could not be read to its end.
    pub(super) fn after_broken(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        self.peek() == &TokenKind::End && before.is_some_and(|t| t.kind == TokenKind::Broken)
    }

    pub(super) fn stray_closer(&mut self, punct: Punct) {
        let span = self.current();
        self.report(Diagnostic::error(&rules::UNBALANCED, span, format!("this `{}` closes nothing", punct.text())));
    }

    /// On to the comma or bracket that ends what the parser is in.
    pub(super) fn recover(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                TokenKind::End => return,
                TokenKind::Punct(Punct::Comma) if depth == 0 => return,
                TokenKind::Punct(p) if p.is_closer() => {
                    if depth == 0 {
                        return;
                    }
                    depth -= 1;
                }
                TokenKind::Punct(p) if p.closer().is_some() => depth += 1,
                _ => {}
            }
            self.next();
        }
    }

    pub(super) fn recover_to_closer(&mut self) {
        self.recover();
        while self.eat(Punct::Comma) {
            self.recover();
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if !self.quiet && !self.stopped {
            self.diagnostics.push(diagnostic);
        }
    }

    pub(super) fn error(&mut self, span: Span, message: impl Into<String>, help: Option<&str>) {
        let mut diagnostic = Diagnostic::error(&rules::SYNTAX, span, message);
        diagnostic.help = help.map(Into::into);
        self.report(diagnostic);
        self.quiet = true;
    }

    pub(super) fn too_deep(&mut self, start: usize) {
        let span = self.map.span(start, start + 1);
        let message = format!("this expression is more than {MAX_DEPTH} levels deep");
        self.report(Diagnostic::error(&rules::TOO_LARGE, span, message).help("name its parts with `let` or `define`"));
        self.stopped = true;
        self.at = self.tokens.len().saturating_sub(1);
    }

    pub(super) fn expected(&mut self, what: &str) {
        if self.peek() == &TokenKind::Broken {
            return;
        }
        let (span, found) = match self.peek() {
            TokenKind::End => (self.before(), "the expression ends".to_owned()),
            _ => (self.current(), format!("`{}` stands here", self.word())),
        };
        self.error(span, format!("{found}, expected {what}"), None);
    }

    /// Nothing that can begin a value stands where one must.
    pub(super) fn operand_missing(&mut self) {
        let found = self.peek().clone();
        match found {
            TokenKind::End => {
                let after = self.tokens.get(self.at.saturating_sub(1)).and_then(|t| self.text.get(t.start..t.end));
                let message = format!("something is missing after `{}`", after.unwrap_or_default());
                let span = self.before();
                self.error(span, message, None);
            }
            TokenKind::Punct(p) => {
                let message = match p {
                    Punct::Range => "`..` stands only after `in`: x in 1..5".to_owned(),
                    Punct::Comma | Punct::CloseParen | Punct::CloseBracket | Punct::CloseBrace => {
                        format!("something is missing before `{}`", p.text())
                    }
                    _ => format!("`{}` cannot begin a value", p.text()),
                };
                let span = self.current();
                let compares = matches!(p.text(), "<" | "<=" | ">" | ">=" | "==" | "!=");
                let help = compares.then_some("say once more what is compared: `x >= 1 && x < 3`");
                self.error(span, message, help);
            }
            _ => {
                let message = format!("`{}` cannot begin a value", self.word());
                let span = self.current();
                self.error(span, message, None);
            }
        }
    }

    /// A value is complete, and something follows that does not go on with it.
    pub(super) fn unexpected_after(&mut self) {
        let span = self.current();
        match self.peek().clone() {
            TokenKind::Broken => self.quiet = true,
            TokenKind::End => {}
            TokenKind::Punct(p) if p.is_closer() => {}
            TokenKind::Punct(Punct::Range) => self.error(
                span,
                "`..` stands only after `in`, as in `x in 1..5`",
                Some("a list of numbers is written out, [1, 2, 3], or `lists.range(n)`: 0 to n - 1"),
            ),
            TokenKind::Punct(Punct::Comma) => {
                self.error(span, "a comma cannot stand here", Some("a list is written [a, b]"))
            }
            TokenKind::Punct(Punct::Colon) => {
                self.error(
                    span,
                    "`:` cannot stand here",
                    Some("a map is written {'key': value}, a choice if(c, a, b)"),
                );
            }
            TokenKind::Punct(p) => {
                let message = format!("`{}` is no operator here", p.text());
                self.error(span, message, None);
            }
            _ => {
                let message = format!("an operator is missing before `{}`", self.word());
                let help = match self.spoken_call() {
                    Some(call) => format!("a function takes its arguments in brackets: `{call}`"),
                    None if self.word() == "if" || self.word_before() == "if" => {
                        "a choice is written if(condition, then, otherwise)".to_owned()
                    }
                    None => "a text stands in quotes: 'like this'".to_owned(),
                };
                self.error(span, message, Some(&help));
            }
        }
    }
}
