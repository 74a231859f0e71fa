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
    /// How deep the deepest part is; 0 without parts.
    pub(super) fn depth_of_parts(&self) -> u16 {
        let deepest = |exprs: &[Expr]| exprs.iter().map(|e| e.depth).max().unwrap_or(0);
        match self {
            Self::Literal(_) | Self::Name | Self::Broken => 0,
            Self::Field { on: a, .. } | Self::Not(a) | Self::Negate(a) => a.depth,
            Self::Index { on: a, key: b } | Self::Binary(_, a, b) | Self::And(a, b) | Self::Or(a, b) => {
                a.depth.max(b.depth)
            }
            Self::InRange(a, b, c) | Self::If(a, b, c) => a.depth.max(b.depth).max(c.depth),
            Self::Call { on, args, .. } => on.as_ref().map_or(0, |on| on.depth).max(deepest(args)),
            Self::List(items) => deepest(items),
            Self::Map(pairs) => pairs.iter().map(|(k, v)| k.depth.max(v.depth)).max().unwrap_or(0),
        }
    }
}
