//! The tree of an expression as it is written, names not yet resolved.

use jiff::SignedDuration;
use wf_source::Span;
use wf_value::Text;

use crate::BinaryOp;

/// An expression as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    /// Where it stands in its file.
    pub span: Span,
    /// As it is written, without blanks and brackets around it.
    pub text: Text,
    /// Where `text` begins in the decoded text, in bytes.
    pub at: usize,
    /// Nodes on the longest way down, this one among them.
    pub depth: u16,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    Name,
    /// `on.name`
    Field {
        on: Box<Expr>,
        name: Ident,
    },
    /// `on[key]`
    Index {
        on: Box<Expr>,
        key: Box<Expr>,
    },
    /// `name(args)`, `on.name(args)`
    Call {
        on: Option<Box<Expr>>,
        name: Ident,
        args: Vec<Expr>,
    },
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    /// `!x`, `not x`
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    /// `x in a..b`
    InRange(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `if(c, a, b)`, `c ? a : b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Something that was reported already.
    Broken,
}

/// A name that is not an expression: of a field, a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    pub text: Text,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Text),
    Bytes(Vec<u8>),
    /// `1h30m`
    Duration(SignedDuration),
}

impl ExprKind {
    /// The parts, in reading order.
    pub fn parts(&self) -> impl Iterator<Item = &Expr> {
        let (boxed, listed, pairs): ([Option<&Expr>; 3], &[Expr], &[(Expr, Expr)]) = match self {
            Self::Literal(_) | Self::Name | Self::Broken => ([None; 3], &[], &[]),
            Self::Field { on, .. } => ([Some(on), None, None], &[], &[]),
            Self::Not(a) | Self::Negate(a) => ([Some(a), None, None], &[], &[]),
            Self::Index { on, key } => ([Some(on), Some(key), None], &[], &[]),
            Self::Binary(_, a, b) | Self::And(a, b) | Self::Or(a, b) => ([Some(a), Some(b), None], &[], &[]),
            Self::InRange(a, b, c) | Self::If(a, b, c) => ([Some(a), Some(b), Some(c)], &[], &[]),
            Self::Call { on, args, .. } => ([on.as_deref(), None, None], args, &[]),
            Self::List(items) => ([None; 3], items, &[]),
            Self::Map(pairs) => ([None; 3], &[], pairs),
        };
        boxed.into_iter().flatten().chain(listed).chain(pairs.iter().flat_map(|(k, v)| [k, v]))
    }
}
