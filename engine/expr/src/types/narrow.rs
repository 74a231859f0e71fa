//! What a condition says of the names in it: `x != null`, `x.kind == 'edge'`.

use std::sync::Arc;

use wf_value::{Field, ShapeType, Text, Type, Value};

use super::TypeEnv;
use super::infer::{Infer, Scope};
use super::join::{closed_set, forms, is_text, join, join_all, nothing, only_forms};
use crate::{BinaryOp, Code, Kind, Slot};

/// Where a path of fields begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    Local(u16),
    Slot(Slot),
    Param(u32),
}

/// A name, and the type it has where a condition holds.
#[derive(Clone, Debug)]
pub struct Fact {
    pub root: Root,
    pub ty: Type,
}

/// The types of names where `code` holds (`holds`) or does not: guards narrow for the steps after them.
pub fn facts(code: &Code, holds: bool, env: &mut dyn TypeEnv) -> Vec<Fact> {
    let mut scope = Scope { locals: Vec::new(), facts: Vec::new() };
    Infer { env: &mut Quiet(env), scope: &mut scope }.facts(code, holds)
}

/// Types again what was typed, and its mistakes reported, before.
struct Quiet<'a>(&'a mut dyn TypeEnv);

impl TypeEnv for Quiet<'_> {
    fn slot(&mut self, slot: Slot) -> Type {
        self.0.slot(slot)
    }
    fn param(&mut self, number: u32) -> Type {
        self.0.param(number)
    }
    fn env(&mut self) -> Type {
        self.0.env()
    }
    fn define(&mut self, id: crate::DefineId, args: &[Type], site: &super::Site<'_>) -> Type {
        self.0.define(id, args, site)
    }
    fn table(&mut self, id: crate::TableId, args: &[Type], site: &super::Site<'_>) -> Type {
        self.0.table(id, args, site)
    }
    fn template(&mut self, _: crate::TemplateId, _: &[(Text, Type)], _: &super::Site<'_>) -> Type {
        Type::Text
    }
    fn report(&mut self, _: wf_source::Diagnostic, _: Option<super::Subject>, _: &Text) {}
}

/// What is known of a value.
enum Is {
    Null,
    NotNull,
    /// One of these texts.
    Text(Vec<Text>),
    /// None of these.
    NotText(Vec<Text>),
}

impl Infer<'_> {
    pub(super) fn facts(&mut self, code: &Code, holds: bool) -> Vec<Fact> {
        match &code.kind {
            Kind::Not(of) => self.facts(of, !holds),
            Kind::And(a, b) if holds => self.facts_of_both(a, b, true),
            Kind::Or(a, b) if !holds => self.facts_of_both(a, b, false),
            Kind::And(a, b) | Kind::Or(a, b) => {
                // one of the two: only what both say of a name is known
                let (a, b) = (self.facts(a, holds), self.facts(b, holds));
                let last = |facts: &[Fact], root| facts.iter().rev().find(|f| f.root == root).map(|f| f.ty.clone());
                let both = a
                    .iter()
                    .filter_map(|fact| Some(Fact { root: fact.root, ty: join(fact.ty.clone(), last(&b, fact.root)?) }));
                both.collect()
            }
            Kind::Binary(op @ (BinaryOp::Equal | BinaryOp::NotEqual), a, b) => {
                let equal = (*op == BinaryOp::Equal) == holds;
                let (path, other) = if path(a).is_some() { (a, b) } else { (b, a) };
                let is = match (&other.kind, equal) {
                    (Kind::Literal(Value::Null), true) => Is::Null,
                    (Kind::Literal(Value::Null), false) => Is::NotNull,
                    (Kind::Literal(Value::Text(text)), true) => Is::Text(vec![text.clone()]),
                    (Kind::Literal(Value::Text(text)), false) => Is::NotText(vec![text.clone()]),
                    _ => return vec![],
                };
                self.fact(path, &is)
            }
            Kind::Binary(BinaryOp::In, x, list) => {
                let texts = match &list.kind {
                    Kind::Literal(Value::List(list)) => list.raw().iter().map(text).collect(),
                    Kind::List(items) => items.iter().map(literal_text).collect::<Option<Vec<Text>>>(),
                    _ => None,
                };
                match texts {
                    Some(texts) if holds => self.fact(x, &Is::Text(texts)),
                    Some(texts) => self.fact(x, &Is::NotText(texts)),
                    None => vec![],
                }
            }
            Kind::Call { function, args, .. } => match (function.name, args.as_slice()) {
                ("has", [x]) if holds => self.fact(x, &Is::NotNull),
                ("empty", [x]) if !holds => self.fact(x, &Is::NotNull),
                _ => vec![],
            },
            _ => vec![],
        }
    }

    fn facts_of_both(&mut self, a: &Code, b: &Code, holds: bool) -> Vec<Fact> {
        let mut facts = self.facts(a, holds);
        facts.extend(self.given(a, holds, |this| this.facts(b, holds)));
        facts
    }

    /// The type of the root of `code` where its end is so.
    fn fact(&mut self, code: &Code, is: &Is) -> Vec<Fact> {
        let Some((root, fields)) = path(code) else { return vec![] };
        let ty = self.root(root);
        let narrowed = narrow(&ty, &fields, is);
        match narrowed {
            Some(narrowed) if narrowed != ty => vec![Fact { root, ty: narrowed }],
            _ => vec![],
        }
    }
}

fn text(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn literal_text(code: &Code) -> Option<Text> {
    match &code.kind {
        Kind::Literal(value) => text(value),
        _ => None,
    }
}

/// `a.b.c`: its root and the names after it.
fn path(code: &Code) -> Option<(Root, Vec<&Text>)> {
    match &code.kind {
        Kind::Local(local) => Some((Root::Local(*local), vec![])),
        Kind::Slot(slot) => Some((Root::Slot(*slot), vec![])),
        Kind::Param(number) => Some((Root::Param(*number), vec![])),
        Kind::Field { on, name, .. } => {
            let (root, mut fields) = path(on)?;
            fields.push(name);
            Some((root, fields))
        }
        _ => None,
    }
}

/// The type, where its field `fields` is so; `None`: no value of the type can be.
fn narrow(ty: &Type, fields: &[&Text], is: &Is) -> Option<Type> {
    let Some((name, rest)) = fields.split_first() else { return end(ty, is) };
    // whoever has a field that is not null is not null itself
    let forms = match ty {
        Type::Optional(inner) if matches!(is, Is::Null) => return Some(narrow(inner, fields, is)?.optional()),
        _ => forms(ty),
    };
    let kept: Vec<Type> = forms.iter().filter_map(|form| with_field(form, name, rest, is)).collect();
    (!kept.is_empty()).then(|| join_all(kept))
}

fn with_field(form: &Type, name: &Text, rest: &[&Text], is: &Is) -> Option<Type> {
    let Type::Shape(shape) = form else { return Some(form.clone()) };
    let Some(at) = shape.fields.iter().position(|f| f.name == *name) else {
        // of a form that lacks the field it is unknown, so nothing holds of it
        return (shape.others.is_some() || matches!(is, Is::Null)).then(|| form.clone());
    };
    let narrowed = narrow(&shape.fields[at].ty, rest, is)?;
    if narrowed == shape.fields[at].ty {
        return Some(form.clone());
    }
    let fields = shape.fields.iter().enumerate().map(|(i, f)| Field {
        name: f.name.clone(),
        ty: if i == at { narrowed.clone() } else { f.ty.clone() },
        default: f.default.clone(),
    });
    let fields = fields.collect();
    Some(Type::Shape(Arc::new(ShapeType { name: shape.name.clone(), fields, others: shape.others.clone() })))
}

/// A type of which the value itself is so. Sets keep their texts: what a text was compared with before does not make another
/// comparison wrong. Only forms of a union go.
fn end(ty: &Type, is: &Is) -> Option<Type> {
    match is {
        Is::Null => Some(ty.clone()),
        Is::NotNull => match ty {
            Type::Optional(inner) => Some((**inner).clone()),
            Type::Null => None,
            other => Some(other.clone()),
        },
        Is::Text(texts) => {
            let can = |form: &Type| match closed_set(form) {
                Some(set) => texts.iter().any(|text| set.contains(text)),
                None => matches!(form, Type::Any | Type::Id | Type::Scalar) || is_text(form),
            };
            only(ty, can)
        }
        Is::NotText(texts) => {
            let never = |form: &Type| closed_set(form).is_some_and(|set| set.iter().all(|text| texts.contains(text)));
            match ty {
                Type::Optional(inner) => Some(only(inner, |form| !never(form)).unwrap_or_else(nothing).optional()),
                other => only(other, |form| !never(form)),
            }
        }
    }
}

fn only(ty: &Type, can: impl Fn(&Type) -> bool) -> Option<Type> {
    let kept: Vec<Type> = forms(ty).into_iter().filter(|form| can(form)).collect();
    (!kept.is_empty()).then(|| only_forms(kept))
}
