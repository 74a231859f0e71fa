//! Types in words (language.md §4): `list of ticket`, `optional text`, `[A, B]`, `{type: …, default: …}`, shapes.

use std::sync::Arc;

use wf_source::{Diagnostic, Span};

use crate::{
    ast::{Name, Spanned, Text, rules, type_words},
    keys::{Key, Keys, Kind, may, must},
    read::{Fields, Reader},
    tree::{Entry, Kind as NodeKind, Node},
};

/// A type in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeExpr {
    pub span: Span,
    pub kind: TypeKind,
}

/// What the words mean; names are not looked up yet.
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

/// A name with its type, and what else is said of it.
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

/// `{type, default, …}`
pub(crate) static FIELD: Keys = Keys { id: "field", what: "a field", groups: &[FIELD_KEYS] };

pub(crate) const FIELD_KEYS: &[Key] = &[
    may("type", Kind::Type, "What values it takes, in words: text, list of id, optional timestamp."),
    may("of", Kind::Type, "What the entries of the default list or map are."),
    may("default", Kind::Value, "What it is when nothing else is said; the type may come from it."),
    may("min", Kind::Value, "The least value, or the shortest text."),
    may("max", Kind::Value, "The greatest value, or the longest text."),
    may("unit", Kind::Text, "What a bare number counts: ms, events, characters."),
    may("doc", Kind::Text, "A sentence that says what it is for."),
    may("example", Kind::Value, "A value as it may look."),
    may("format", Kind::Text, "How a time is written: M/D/YYYY h:mm:ss A, ISO, epoch_ms."),
    may("zone", Kind::Text, "The time zone of a time that is written without one."),
    may("matches", Kind::Text, "The regex that a text must match, or the constant that holds it."),
    may("keep_empty", Kind::Flag, "An empty text, list or map counts as given."),
    may("single", Kind::Flag, "One value counts as a list of one."),
    may("env", Kind::Text, "The variable that the setting comes from."),
    may("parse", Kind::Expr, "Turns the `text` of the variable into the value."),
];

/// `{values: [A, B], open: true}`
pub(crate) static ENUM: Keys = Keys {
    id: "enum",
    what: "an enum",
    groups: &[&[
        must("values", Kind::List(&Kind::Text), "The texts that it can be."),
        may("open", Kind::Flag, "Other texts may come, too."),
    ]],
};

pub(crate) const ENUM_KIND: Kind = Kind::Any(&[Kind::List(&Kind::Text), Kind::Keys(&ENUM)]);
pub(crate) const SHAPE_KIND: Kind = Kind::Map("field", &Kind::Type);

impl Reader<'_> {
    /// A type; `None` only when nothing stands there.
    pub(crate) fn type_expr(&mut self, node: Option<&Node>) -> Option<TypeExpr> {
        let node = node?;
        let kind = match &node.kind {
            NodeKind::Broken => TypeKind::Broken,
            NodeKind::Scalar(scalar) => return Some(type_words::read(self, scalar, node.span)),
            NodeKind::Seq(_) => TypeKind::Enum(Enum { values: self.names(Some(node), "type"), open: false }),
            NodeKind::Map(_) if node.get("values").is_some_and(Node::is_seq) => self.enumeration(node),
            NodeKind::Map(_) if is_field(node) => match self.field_decl(node, node.span) {
                Some(decl) => TypeKind::Field(Box::new(decl)),
                None => TypeKind::Broken,
            },
            NodeKind::Map(_) => TypeKind::Shape(ShapeDecl { span: node.span, fields: self.fields(Some(node)) }),
        };
        Some(TypeExpr { span: node.span, kind })
    }

    /// The section `enums`.
    pub(crate) fn enums(&mut self, node: Option<&Node>) -> Vec<Field> {
        let entries = self.section(node, "an enum", ENUM_KIND);
        let types = entries.into_iter().map(|e| {
            let span = e.value.span;
            let kind = match &e.value.kind {
                NodeKind::Map(_) => self.enumeration(&e.value),
                NodeKind::Seq(_) => {
                    TypeKind::Enum(Enum { values: self.names(Some(&e.value), e.key.text()), open: false })
                }
                _ => TypeKind::Broken,
            };
            Field { name: (&e.key).into(), ty: TypeExpr { span, kind } }
        });
        types.collect()
    }

    /// The section `shapes`: each entry is one, whatever its fields are called.
    pub(crate) fn shapes(&mut self, node: Option<&Node>) -> Vec<Field> {
        let entries = self.section(node, "a shape", SHAPE_KIND);
        let types = entries.into_iter().map(|e| {
            let span = e.value.span;
            let kind = match &e.value.kind {
                NodeKind::Map(_) => TypeKind::Shape(ShapeDecl { span, fields: self.fields(Some(&e.value)) }),
                _ => TypeKind::Broken,
            };
            Field { name: (&e.key).into(), ty: TypeExpr { span, kind } }
        });
        types.collect()
    }

    fn enumeration(&mut self, node: &Node) -> TypeKind {
        let Some(fields) = Fields::open(self, node, &ENUM, node.span) else { return TypeKind::Broken };
        let values = self.names(fields.get("values"), "values");
        TypeKind::Enum(Enum { values, open: self.flag(fields.get("open")).is_some_and(|f| f.value) })
    }

    /// The fields of a shape, of inputs, of a section of types: names are any text.
    pub(crate) fn fields(&mut self, node: Option<&Node>) -> Vec<Field> {
        let Some(node) = node else { return vec![] };
        let mut fields = vec![];
        for entry in node.entries().iter().filter(|e| !e.key.text().is_empty()) {
            if entry.value.is_null() {
                let message = format!("`{}` has no type", entry.key.text());
                self.push(
                    Diagnostic::error(&rules::WRONG_TYPE, entry.key.span, message)
                        .help(format!("as in `{}: text`; `any` must be written out", entry.key.text())),
                );
            } else if let Some(ty) = self.type_expr(Some(&entry.value)) {
                fields.push(Field { name: (&entry.key).into(), ty });
            }
        }
        fields
    }

    pub(crate) fn field_decl(&mut self, node: &Node, owner: Span) -> Option<FieldDecl> {
        let fields = Fields::open(self, node, &FIELD, owner)?;
        Some(self.decl_of(&fields, node.span))
    }

    /// The declaration in a mapping that was opened with the keys of a field, a param or a setting.
    pub(crate) fn decl_of(&mut self, fields: &Fields<'_>, span: Span) -> FieldDecl {
        FieldDecl {
            span,
            ty: self.type_expr(fields.maybe("type")),
            of: self.type_expr(fields.maybe("of")),
            default: fields.maybe("default").cloned(),
            min: fields.maybe("min").cloned(),
            max: fields.maybe("max").cloned(),
            unit: self.name(fields.maybe("unit")),
            doc: self.name(fields.maybe("doc")),
            example: fields.maybe("example").cloned(),
            format: self.name(fields.maybe("format")),
            zone: fields.maybe("zone").cloned(),
            matches: self.name(fields.maybe("matches")),
            keep_empty: self.flag(fields.maybe("keep_empty")),
            single: self.flag(fields.maybe("single")),
            env: self.name(fields.maybe("env")),
            parse: self.expr(fields.maybe("parse")),
        }
    }
}

impl FieldDecl {
    /// A declaration that says the type and nothing else.
    #[must_use]
    pub fn of_type(ty: TypeExpr) -> Self {
        Self {
            span: ty.span,
            ty: Some(ty),
            of: None,
            default: None,
            min: None,
            max: None,
            unit: None,
            doc: None,
            example: None,
            format: None,
            zone: None,
            matches: None,
            keep_empty: None,
            single: None,
            env: None,
            parse: None,
        }
    }
}

/// A mapping with only keys of a field is one, any other is a shape, so that a shape may have a field `type`. Where a default or a doc
/// stands beside the type, an odd key that is nearly one of a field's is a misspelling.
fn is_field(node: &Node) -> bool {
    let known = |e: &Entry| FIELD.find(e.key.text()).is_some();
    let says_type = node.entries().iter().any(|e| matches!(e.key.text(), "type" | "default"));
    let says_more =
        node.entries().iter().any(|e| matches!(e.key.text(), "default" | "doc" | "matches" | "format" | "example"));
    let meant = |e: &Entry| wf_source::nearest(e.key.text(), FIELD.names());
    let meant_type = says_more && node.entries().iter().any(|e| matches!(meant(e), Some("type" | "default")));
    (says_type || meant_type) && node.entries().iter().all(|e| known(e) || says_more && meant(e).is_some())
}
