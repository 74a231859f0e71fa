//! Operators between two values, those of other languages among them.

use wf_source::Diagnostic;

use super::parser::Parser;
use super::rules;
use super::token::{Punct, TokenKind};
use crate::BinaryOp;

/// How tight operators bind, from the loosest on.
pub(super) const CHOOSE: u8 = 1;
pub(super) const OR: u8 = 2;
pub(super) const AND: u8 = 3;
/// `not x`: looser than comparisons, tighter than `&&`.
pub(super) const NOT: u8 = 5;
pub(super) const RELATION: u8 = 5;
pub(super) const SUM: u8 = 7;
pub(super) const PRODUCT: u8 = 8;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Infix {
    /// `c ? a : b`
    Choose,
    Or,
    And,
    Binary(BinaryOp),
    /// Told already; its right side is read and forgotten.
    Nothing,
}

impl Infix {
    pub(super) fn binds(self) -> u8 {
        match self {
            Self::Choose => CHOOSE,
            Self::Or | Self::Nothing => OR,
            Self::And => AND,
            Self::Binary(op) => binds(op),
        }
    }
}

pub(super) fn binds(op: BinaryOp) -> u8 {
    use BinaryOp::{Add, Div, Mul, Rem, Sub};
    match op {
        Add | Sub => SUM,
        Mul | Div | Rem => PRODUCT,
        _ => RELATION,
    }
}

/// The operator that a token is.
fn own(punct: Punct) -> Option<Infix> {
    use BinaryOp::{Add, Div, Equal, Greater, GreaterEqual, Less, LessEqual, Mul, NotEqual, Rem, Sub};
    Some(match punct {
        Punct::Question => Infix::Choose,
        Punct::Or => Infix::Or,
        Punct::And => Infix::And,
        Punct::Equal => Infix::Binary(Equal),
        Punct::NotEqual => Infix::Binary(NotEqual),
        Punct::Less => Infix::Binary(Less),
        Punct::LessEqual => Infix::Binary(LessEqual),
        Punct::Greater => Infix::Binary(Greater),
        Punct::GreaterEqual => Infix::Binary(GreaterEqual),
        Punct::Plus => Infix::Binary(Add),
        Punct::Minus => Infix::Binary(Sub),
        Punct::Star => Infix::Binary(Mul),
        Punct::Slash => Infix::Binary(Div),
        Punct::Percent => Infix::Binary(Rem),
        _ => return None,
    })
}

/// What an operator of another language is here.
fn foreign(punct: Punct) -> Option<(Infix, &'static str)> {
    Some(match punct {
        Punct::Assign | Punct::StrictEqual => (Infix::Binary(BinaryOp::Equal), "=="),
        Punct::StrictNotEqual | Punct::Unlike => (Infix::Binary(BinaryOp::NotEqual), "!="),
        Punct::BitAnd => (Infix::And, "&&"),
        Punct::BitOr => (Infix::Or, "||"),
        Punct::Arrow => (Infix::Binary(BinaryOp::GreaterEqual), ">="),
        Punct::EqualLess => (Infix::Binary(BinaryOp::LessEqual), "<="),
        _ => return None,
    })
}

/// What a word of another language is here.
fn word(word: &str) -> Option<(Infix, &'static str)> {
    let lower = word.to_ascii_lowercase();
    Some(match lower.as_str() {
        "and" => (Infix::And, "&&"),
        "or" => (Infix::Or, "||"),
        "is" | "eq" | "equals" => (Infix::Binary(BinaryOp::Equal), "=="),
        "ne" => (Infix::Binary(BinaryOp::NotEqual), "!="),
        "gt" => (Infix::Binary(BinaryOp::Greater), ">"),
        "ge" | "gte" => (Infix::Binary(BinaryOp::GreaterEqual), ">="),
        "lt" => (Infix::Binary(BinaryOp::Less), "<"),
        "le" | "lte" => (Infix::Binary(BinaryOp::LessEqual), "<="),
        "mod" => (Infix::Binary(BinaryOp::Rem), "%"),
        _ => return None,
    })
}

/// An operator that stands at the parser's place.
pub(super) struct Found {
    pub(super) infix: Infix,
    /// Of how many tokens.
    tokens: usize,
    /// How it is written here, when it is of another language.
    right: Option<&'static str>,
}

impl Parser<'_> {
    /// The operator that stands here, without taking it.
    pub(super) fn infix(&self) -> Option<Found> {
        let one = |infix| Some(Found { infix, tokens: 1, right: None });
        let other = |(infix, right), tokens| Found { infix, tokens, right: Some(right) };
        match self.peek() {
            TokenKind::Punct(Punct::Coalesce) => one(Infix::Nothing),
            TokenKind::Punct(punct) => match own(*punct) {
                Some(infix) => one(infix),
                None => foreign(*punct).map(|found| other(found, 1)),
            },
            TokenKind::Name => {
                let next = self.word_after(1);
                match (self.word_after(0), next) {
                    ("in", _) => one(Infix::Binary(BinaryOp::In)),
                    ("not", "in") => Some(other((Infix::Binary(BinaryOp::In), "not x in y"), 2)),
                    ("is", "not") => Some(other((Infix::Binary(BinaryOp::NotEqual), "!="), 2)),
                    (first, _) => word(first).map(|found| other(found, 1)),
                }
            }
            _ => None,
        }
    }

    /// Takes the operator, and tells when it is of another language.
    pub(super) fn take(&mut self, found: &Found) {
        let span = self.current().to(self.span_of(self.at + found.tokens - 1));
        let written: Vec<String> = (0..found.tokens).map(|i| self.word_after(i).to_owned()).collect();
        let written = written.join(" ");
        for _ in 0..found.tokens {
            self.next();
        }
        if found.infix == Infix::Nothing {
            let message = format!("`{written}` is no operator here");
            self.report(
                Diagnostic::error(&rules::FOREIGN_OPERATOR, span, message)
                    .help("a value for null is `x.orElse(d)`: it sees through nulls along the whole path"),
            );
            return;
        }
        let Some(right) = found.right else { return };
        let diagnostic =
            Diagnostic::error(&rules::FOREIGN_OPERATOR, span, format!("`{written}` is written `{right}` here"))
                .help(format!("write `{right}`"));
        // `a not in b` is repaired in front of `a`
        self.report(if found.tokens == 2 && right != "!=" { diagnostic } else { diagnostic.fix(span, right) });
    }
}
