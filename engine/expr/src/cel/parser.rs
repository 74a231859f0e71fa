//! Tokens to tree: precedence climbing, with recovery inside of every bracket.

use wf_source::{Diagnostic, ScalarMap};
use wf_value::Text;

use super::ast::{Expr, ExprKind, Ident, Literal};
use super::lexer::lex;
use super::operators::{self, Infix};
use super::rules;
use super::token::{Punct, Token, TokenKind};
use crate::BinaryOp;

/// Nodes on the way from the whole expression down to its deepest part.
pub const MAX_DEPTH: u16 = 250;
/// Bytes of an expression.
pub const MAX_SIZE: usize = 64 * 1024;

/// What a text says.
#[derive(Debug)]
pub struct Parsed {
    pub expr: Expr,
    /// Empty: the tree has no [`ExprKind::Broken`] in it.
    pub diagnostics: Vec<Diagnostic>,
    /// Remarks (`// …`) were left out.
    pub remarks: bool,
}

/// Reads an expression. `map` says where the text stands.
#[must_use]
pub fn parse(text: &str, map: &ScalarMap) -> Parsed {
    let mut diagnostics = Vec::new();
    if text.len() > MAX_SIZE {
        let message = format!("this expression has {} characters, {MAX_SIZE} are allowed", text.len());
        diagnostics.push(Diagnostic::error(&rules::TOO_LARGE, map.whole(), message));
        let expr = Expr { kind: ExprKind::Broken, span: map.whole(), text: Text::default(), at: 0, depth: 1 };
        return Parsed { expr, diagnostics, remarks: false };
    }
    let (tokens, remarks) = lex(text, map, &mut diagnostics);
    let mut parser = Parser {
        text: text.into(),
        map,
        tokens,
        at: 0,
        level: 0,
        diagnostics,
        quiet: false,
        stopped: false,
        open: Vec::new(),
    };
    let expr = parser.whole();
    Parsed { expr, diagnostics: parser.diagnostics, remarks }
}

pub(super) struct Parser<'a> {
    pub(super) text: Text,
    pub(super) map: &'a ScalarMap,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    /// Calls of `expression` and `operand` that are under way.
    pub(super) level: u16,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// A mistake was told: silence until the next comma or closing bracket, what stands between is nonsense.
    pub(super) quiet: bool,
    /// Too deep: nothing more is read or told.
    pub(super) stopped: bool,
    pub(super) open: Vec<Token>,
}

impl Parser<'_> {
    fn whole(&mut self) -> Expr {
        if self.peek() == &TokenKind::End {
            self.error(self.map.whole(), "an expression is missing here", None);
            return self.broken(0);
        }
        let mut expr = self.expression(0);
        if self.peek() != &TokenKind::End {
            self.unexpected_after();
            if let TokenKind::Punct(p) = self.peek()
                && p.is_closer()
            {
                self.stray_closer(*p);
            }
            expr = self.broken(0);
        }
        expr
    }

    /// An expression of operators that bind at least as tight as `least`.
    pub(super) fn expression(&mut self, least: u8) -> Expr {
        let start = self.here();
        if !self.enter() {
            return self.broken(start);
        }
        let mut left = self.operand();
        while let Some(found) = self.infix() {
            if found.infix.binds() < least {
                break;
            }
            self.take(&found);
            left = self.apply(found.infix, left, start);
        }
        self.level -= 1;
        left
    }

    fn apply(&mut self, infix: Infix, left: Expr, start: usize) -> Expr {
        let tighter = infix.binds() + 1;
        match infix {
            Infix::Choose => {
                let then = self.expression(operators::CHOOSE + 1);
                if !self.eat(Punct::Colon) {
                    self.expected("`:` and what it is otherwise");
                    return self.broken(start);
                }
                let otherwise = self.expression(operators::CHOOSE);
                self.node(start, ExprKind::If(left.into(), then.into(), otherwise.into()))
            }
            Infix::And => {
                let right = self.expression(tighter);
                self.node(start, ExprKind::And(left.into(), right.into()))
            }
            Infix::Or => {
                let right = self.expression(tighter);
                self.node(start, ExprKind::Or(left.into(), right.into()))
            }
            Infix::Nothing => {
                self.expression(tighter);
                self.broken(start)
            }
            Infix::Binary(op) => {
                let right = self.expression(tighter);
                if op == BinaryOp::In && self.eat(Punct::Range) {
                    let last = self.expression(tighter);
                    return self.node(start, ExprKind::InRange(left.into(), right.into(), last.into()));
                }
                self.node(start, ExprKind::Binary(op, left.into(), right.into()))
            }
        }
    }

    /// A prefix operator with its operand, or a value with its fields, indexes and calls.
    fn operand(&mut self) -> Expr {
        let start = self.here();
        if !self.enter() {
            return self.broken(start);
        }
        let expr = match self.peek().clone() {
            TokenKind::Punct(Punct::Not) => {
                self.next();
                let inner = self.operand();
                self.node(start, ExprKind::Not(inner.into()))
            }
            TokenKind::Name if self.word() == "not" => {
                self.next();
                let inner = self.expression(operators::NOT);
                self.node(start, ExprKind::Not(inner.into()))
            }
            TokenKind::Punct(Punct::Minus) => self.minus(start),
            _ => {
                let value = self.primary();
                self.members(value, start)
            }
        };
        self.level -= 1;
        expr
    }

    /// A minus before a number belongs to it, so that the least whole number can be written.
    fn minus(&mut self, start: usize) -> Expr {
        self.next();
        let selected = |kind: &TokenKind| matches!(kind, TokenKind::Punct(Punct::Dot | Punct::OpenBracket));
        let literal = match (self.peek(), self.tokens.get(self.at + 1).map(|t| &t.kind)) {
            (_, Some(next)) if selected(next) => None,
            (TokenKind::Int(n), _) => 0_i64.checked_sub_unsigned(*n).map(Literal::Int),
            (TokenKind::Float(f), _) => Some(Literal::Float(-f)),
            (TokenKind::Duration(d), _) => Some(Literal::Duration(-*d)),
            _ => None,
        };
        if let Some(literal) = literal {
            self.next();
            return self.node(start, ExprKind::Literal(literal));
        }
        let inner = self.operand();
        self.node(start, ExprKind::Negate(inner.into()))
    }

    fn primary(&mut self) -> Expr {
        let start = self.here();
        let kind = match self.peek().clone() {
            TokenKind::Int(n) => match i64::try_from(n) {
                Ok(n) => ExprKind::Literal(Literal::Int(n)),
                Err(_) => {
                    let span = self.span_of(self.at);
                    self.diagnostics.push(
                        Diagnostic::error(&rules::NUMBER, span, format!("{n} has more than 64 bits"))
                            .help("whole numbers go up to 9223372036854775807; an id that is longer is a text"),
                    );
                    ExprKind::Broken
                }
            },
            TokenKind::Float(f) => ExprKind::Literal(Literal::Float(f)),
            TokenKind::Duration(d) => ExprKind::Literal(Literal::Duration(d)),
            TokenKind::Text(text) => ExprKind::Literal(Literal::Text(text.into())),
            TokenKind::Bytes(bytes) => ExprKind::Literal(Literal::Bytes(bytes)),
            TokenKind::Broken => ExprKind::Broken,
            TokenKind::Name => return self.name(),
            TokenKind::Punct(Punct::OpenParen) => return self.parenthesised(),
            TokenKind::Punct(Punct::OpenBracket) => return self.list(),
            TokenKind::Punct(Punct::OpenBrace) => return self.map_literal(),
            _ => {
                self.operand_missing();
                return self.broken(start);
            }
        };
        self.next();
        self.node(start, kind)
    }

    fn name(&mut self) -> Expr {
        let start = self.here();
        let name = self.ident();
        let called = self.peek() == &TokenKind::Punct(Punct::OpenParen);
        let kind = match name.text.as_str() {
            "true" => ExprKind::Literal(Literal::Bool(true)),
            "false" => ExprKind::Literal(Literal::Bool(false)),
            "null" => ExprKind::Literal(Literal::Null),
            "in" => {
                self.error(name.span, "something is missing before `in`", None);
                ExprKind::Broken
            }
            "if" if called => return self.choice(name, start),
            "if" if self.spoken_choice() => return self.broken(start),
            _ if called => {
                let args = self.arguments();
                ExprKind::Call { on: None, name, args }
            }
            _ => ExprKind::Name,
        };
        self.node(start, kind)
    }

    /// `if(c, a, b)`
    fn choice(&mut self, name: Ident, start: usize) -> Expr {
        let mut args = self.arguments().into_iter();
        match (args.next(), args.next(), args.next(), args.next()) {
            (Some(condition), Some(then), Some(otherwise), None) => {
                self.node(start, ExprKind::If(condition.into(), then.into(), otherwise.into()))
            }
            _ => {
                self.error(
                    name.span,
                    "`if` takes three arguments: the condition, what it is then, what it is otherwise",
                    Some("if(edge.state == 'OFFLINE', 'down', 'up')"),
                );
                self.broken(start)
            }
        }
    }

    /// `.name`, `.name(…)`, `[key]`, as many as there are.
    fn members(&mut self, mut on: Expr, start: usize) -> Expr {
        loop {
            match self.peek() {
                TokenKind::Punct(Punct::Dot) => {
                    self.next();
                    let Some(name) = self.member_name() else { return self.broken(start) };
                    if self.peek() == &TokenKind::Punct(Punct::OpenParen) {
                        let args = self.arguments();
                        on = self.node(start, ExprKind::Call { on: Some(on.into()), name, args });
                    } else {
                        on = self.node(start, ExprKind::Field { on: on.into(), name });
                    }
                }
                TokenKind::Punct(Punct::OptionalField) => {
                    let span = self.span_of(self.at);
                    self.next();
                    let Some(name) = self.member_name() else { return self.broken(start) };
                    self.diagnostics.push(
                        Diagnostic::error(&rules::NOT_IN_LANGUAGE, span, "there are no optional fields")
                            .help(format!(
                                "write `.{}`, and `.orElse(…)` at the end: it sees through nulls along the whole path",
                                name.text
                            ))
                            .fix(span, "."),
                    );
                    on = self.node(start, ExprKind::Field { on: on.into(), name });
                }
                TokenKind::Punct(Punct::OpenBracket) => {
                    self.open();
                    self.optional_mark("`.get(key).orElse(…)`");
                    let key = self.expression(0);
                    self.close(Punct::OpenBracket);
                    on = self.node(start, ExprKind::Index { on: on.into(), key: key.into() });
                }
                TokenKind::Punct(Punct::OpenBrace) if matches!(on.kind, ExprKind::Name | ExprKind::Field { .. }) => {
                    let span = on.span;
                    self.map_literal();
                    self.report(
                        Diagnostic::error(&rules::NOT_IN_LANGUAGE, span, "there are no messages")
                            .help("write a map: {'field': value}"),
                    );
                    on = self.broken(start);
                }
                _ => return on,
            }
        }
    }

    fn member_name(&mut self) -> Option<Ident> {
        match self.peek() {
            TokenKind::Name => Some(self.ident()),
            TokenKind::QuotedName => {
                let mut ident = self.ident();
                ident.text = ident.text.slice(1, ident.text.len().saturating_sub(1));
                Some(ident)
            }
            TokenKind::Broken => {
                self.next();
                None
            }
            _ => {
                let span = self.before();
                self.error(span, "the name of a field is missing after the point", None);
                None
            }
        }
    }

    fn parenthesised(&mut self) -> Expr {
        let start = self.here();
        self.open();
        let mut inner = self.expression(0);
        if self.peek() == &TokenKind::Punct(Punct::Comma) && !self.quiet {
            let span = self.span_of(self.at);
            self.error(span, "a comma cannot stand here", Some("a list is written [a, b]"));
            inner = self.broken(start);
        }
        self.close(Punct::OpenParen);
        // what the brackets hold keeps its own place, the operators around it see the brackets
        inner
    }

    fn list(&mut self) -> Expr {
        let start = self.here();
        let items = self.comma_separated(Punct::OpenBracket, |parser| {
            parser.optional_mark("`.compact()`, which drops nulls");
            parser.expression(0)
        });
        self.node(start, ExprKind::List(items))
    }

    fn map_literal(&mut self) -> Expr {
        let start = self.here();
        let entries = self.comma_separated(Punct::OpenBrace, |parser| {
            parser.optional_mark("`.compact()`, which drops nulls");
            let key = parser.expression(operators::CHOOSE + 1);
            if parser.eat(Punct::Colon) {
                return (key, parser.expression(0));
            }
            parser.expected("`:` and the value");
            let at = parser.here();
            (key, parser.broken(at))
        });
        for (i, (key, _)) in entries.iter().enumerate() {
            if let ExprKind::Literal(literal) = &key.kind
                && let Some((first, _)) =
                    entries[..i].iter().find(|(k, _)| k.kind == ExprKind::Literal(literal.clone()))
            {
                self.diagnostics.push(
                    Diagnostic::error(&rules::DUPLICATE_KEY, key.span, format!("the key {} stands twice", key.text))
                        .note(Some(first.span), "it stands here already"),
                );
            }
        }
        self.node(start, ExprKind::Map(entries))
    }

    fn arguments(&mut self) -> Vec<Expr> {
        self.comma_separated(Punct::OpenParen, |parser| parser.expression(0))
    }

    /// What stands between brackets; a comma at the end is fine.
    fn comma_separated<T>(&mut self, opener: Punct, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        let closer = opener.closer().unwrap_or(opener);
        self.open();
        loop {
            if self.peek() == &TokenKind::Punct(closer) && (items.is_empty() || opener != Punct::OpenParen) {
                break;
            }
            items.push(item(self));
            if self.peek() != &TokenKind::Punct(Punct::Comma)
                && self.peek() != &TokenKind::Punct(closer)
                && self.peek() != &TokenKind::End
            {
                self.unexpected_after();
                self.recover();
            }
            if !self.eat(Punct::Comma) {
                break;
            }
            self.quiet = false;
        }
        self.close(opener);
        items
    }

    /// CEL's optionals, `[?x]`: told, and left out.
    fn optional_mark(&mut self, instead: &str) {
        if self.peek() == &TokenKind::Punct(Punct::Question) {
            let span = self.span_of(self.at);
            self.diagnostics.push(
                Diagnostic::error(&rules::NOT_IN_LANGUAGE, span, "there are no optional entries")
                    .help(format!("write {instead}")),
            );
            self.next();
        }
    }
}
