//! Types in words (language.md §4): `list of ticket`, `optional text`, `[A, B]`, `{type: …, default: …}`, shapes.

use std::sync::Arc;

use wf_source::Span;

use crate::{
    ast::{Name, Spanned, Text},
    tree::Node,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeExpr {
    pub span: Span,
    pub kind: TypeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// `text`, `integer`, `ticket`, `package.Message`: resolved later.
    Named(Arc<str>),
    List(Box<TypeExpr>),
    Map(Box<TypeExpr>),
    Range(Box<TypeExpr>),
    Optional(Box<TypeExpr>),
    Nullable(Box<TypeExpr>),
    /// The first that fits, in the order written.
    Or(Vec<TypeExpr>),
    Enum(Enum),
    Shape(ShapeDecl),
    /// `{type: …, default: …}`
    Field(Box<FieldDecl>),
    /// Could not be read; reported already.
    Broken,
}

/// A set of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    pub values: Vec<Name>,
    /// Others may come.
    pub open: bool,
}

/// A named or inline object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeDecl {
    pub span: Span,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Name,
    pub ty: TypeExpr,
}

/// `{type, default, min, max, …}`: a type where more is to say. Also a param and a setting of a connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDecl {
    pub span: Span,
    /// Comes from `default` when it is missing.
    pub ty: Option<TypeExpr>,
    /// Of what the default list or map is.
    pub of: Option<TypeExpr>,
    pub default: Option<Node>,
    pub min: Option<Node>,
    pub max: Option<Node>,
    pub unit: Option<Name>,
    pub doc: Option<Name>,
    pub example: Option<Node>,
    /// How a time is written: `M/D/YYYY`, `ISO`, `epoch_ms`.
    pub format: Option<Name>,
    pub zone: Option<Node>,
    /// The regex, or the constant that holds it.
    pub matches: Option<Name>,
    /// An empty text, list or map counts as given.
    pub keep_empty: Option<Spanned<bool>>,
    /// One X counts as a list of one.
    pub single: Option<Spanned<bool>>,
    /// The variable that a setting comes from.
    pub env: Option<Name>,
    /// Turns the `text` of a setting into its value.
    pub parse: Option<Text>,
}
