//! Inputs: of flows, triggers and actions.

use wf_source::Span;
use wf_syntax::ast::{self, Inputs, TypeExpr, TypeKind};
use wf_syntax::tree::Node;
use wf_value::{Extra, Fallback, InputField, InputSpec, Presence, Type};

use super::literals::literal;
use super::types::Types;
use crate::names::{DefKind, Found, UnitId};

/// One input as it is written.
pub(crate) struct InputDecl {
    pub(crate) name: ast::Name,
    /// `None`: typed by its callers.
    pub(crate) ty: Option<Type>,
    pub(crate) presence: Presence,
    pub(crate) default: Option<Node>,
    pub(crate) keep_empty: bool,
    pub(crate) single: bool,
    pub(crate) min: Option<Node>,
    pub(crate) max: Option<Node>,
}

impl InputDecl {
    /// It must be handed over.
    pub(crate) fn is_required(&self) -> bool {
        self.default.is_none() && self.presence != Presence::Optional
    }

    fn untyped(name: &ast::Name) -> Self {
        Self {
            name: name.clone(),
            ty: None,
            presence: Presence::Required,
            default: None,
            keep_empty: false,
            single: false,
            min: None,
            max: None,
        }
    }
}

impl Types<'_> {
    /// The inputs that a file writes, in their order.
    pub(crate) fn inputs(&self, unit: UnitId, inputs: &Inputs) -> Vec<InputDecl> {
        match inputs {
            Inputs::None => vec![],
            Inputs::Names(names) => names.iter().map(InputDecl::untyped).collect(),
            Inputs::Typed(fields) => fields.iter().map(|f| self.input(unit, f)).collect(),
            Inputs::Shape(name) => {
                let ty = TypeExpr { span: name.span, kind: TypeKind::Named(name.value.clone()) };
                self.resolve(unit, &ty);
                let Some(Found::One(key) | Found::Clash(key, _)) = self.world.find(unit, DefKind::Type, name.as_str())
                else {
                    return vec![];
                };
                match self.world.unit(key.unit).types.get(key.index as usize).map(|f| &f.ty.kind) {
                    Some(TypeKind::Shape(shape)) => shape.fields.iter().map(|f| self.input(unit, f)).collect(),
                    _ => vec![],
                }
            }
        }
    }

    fn input(&self, unit: UnitId, field: &ast::Field) -> InputDecl {
        let mut input = InputDecl::untyped(&field.name);
        self.fill(unit, &field.ty, &mut input);
        input
    }

    fn fill(&self, unit: UnitId, ty: &TypeExpr, input: &mut InputDecl) {
        match &ty.kind {
            TypeKind::Optional(inner) => {
                self.fill(unit, inner, input);
                input.presence = Presence::Optional;
            }
            TypeKind::Nullable(inner) => {
                self.fill(unit, inner, input);
                input.presence = Presence::Nullable;
            }
            TypeKind::Field(decl) => {
                let presence = match decl.ty.as_ref().map(|t| &t.kind) {
                    Some(TypeKind::Optional(_)) => Presence::Optional,
                    Some(TypeKind::Nullable(_)) => Presence::Nullable,
                    _ => Presence::Required,
                };
                let flag = |flag: &Option<ast::Spanned<bool>>| flag.as_ref().is_some_and(|f| f.value);
                let says_type = decl.ty.is_some() || decl.default.as_ref().is_some_and(|d| !is_open(d));
                *input = InputDecl {
                    name: input.name.clone(),
                    ty: says_type.then(|| self.declared(unit, decl).required().clone()),
                    presence,
                    default: decl.default.clone(),
                    keep_empty: flag(&decl.keep_empty),
                    single: flag(&decl.single),
                    min: decl.min.clone(),
                    max: decl.max.clone(),
                };
            }
            _ => input.ty = Some(self.resolve(unit, ty).required().clone()),
        }
    }

    /// What callers must give, and what becomes of it.
    pub(crate) fn spec(&self, inputs: &[InputDecl]) -> InputSpec {
        let fields = inputs.iter().map(|input| {
            let ty = input.ty.clone().unwrap_or(Type::Any);
            let bound = |node: &Option<Node>| {
                let ty = match &ty {
                    Type::Text | Type::List(_) => &Type::Integer,
                    other => other,
                };
                node.as_ref()
                    .and_then(|n| literal(n, ty, "m").map_err(|found| self.found.borrow_mut().extend(found)).ok())
            };
            let default = input.default.as_ref().map(|node| match computed(node) {
                true => Fallback::Computed,
                false => self.default_of(node, &ty.clone().optional(), "m").map_or(Fallback::Computed, Fallback::Value),
            });
            InputField {
                name: (*input.name.value).into(),
                presence: input.presence,
                default,
                keep_empty: input.keep_empty,
                single: input.single,
                min: bound(&input.min),
                max: bound(&input.max),
                ty,
            }
        });
        InputSpec { fields: fields.collect(), ..InputSpec::default() }
    }

    /// With what an action says beside its fields.
    pub(crate) fn action_spec(&self, unit: UnitId, action: &ast::Action) -> InputSpec {
        let spec = self.spec(&self.inputs(unit, &action.input));
        let names = |names: &[ast::Name]| names.iter().map(|n| (*n.value).into()).collect();
        let by_proto = matches!(&action.input, Inputs::Shape(name) if name.value.contains('.'));
        let extra = match action.extra.as_ref().map(|e| e.value) {
            None if by_proto => Extra::Any,
            None => Extra::Drop,
            Some(ast::Extra::Scalars) => Extra::Scalars,
            Some(ast::Extra::Any) => Extra::Any,
        };
        InputSpec {
            extra,
            refuse_nulls: action.refuse_nulls,
            needs: names(&action.needs),
            any_of: names(&action.any_of),
            ..spec
        }
    }
}

/// A default of null, or one that is computed, says no type.
fn is_open(default: &Node) -> bool {
    default.is_null() || computed(default)
}

/// Something in it is an expression.
pub(crate) fn computed(node: &Node) -> bool {
    use wf_syntax::tree::Kind;
    match &node.kind {
        Kind::Scalar(s) => s.is_computed() || s.is_path() || s.text.contains("{{"),
        Kind::Seq(items) => items.iter().any(computed),
        Kind::Map(entries) => entries.iter().any(|e| computed(&e.value)),
        Kind::Broken => true,
    }
}

/// Where the key of a value stands: `with` of `with: {…}`. The value itself where the key is not right before it.
pub(crate) fn key_of(files: &wf_source::Files, value: Span, key: &str) -> Span {
    let before = files.get(value.file).and_then(|f| f.text.get(..value.start as usize)).unwrap_or("");
    let trimmed = before.trim_end_matches(|c: char| c.is_whitespace());
    let Some(at) = trimmed.strip_suffix(':').map(str::trim_end).filter(|t| t.ends_with(key)) else { return value };
    Span::new(value.file, at.len() - key.len(), at.len())
}
