//! Every step of a path, held against what is declared.

use std::sync::Arc;

use wf_source::{Diagnostic, Span};
use wf_value::{ShapeType, Text, Type};

use super::fields::field_of;
use super::findings::{WRONG_ARGUMENT, WRONG_TYPE};
use super::infer::Infer;
use super::join::{element, forms, is_text, join_all, of_value};
use super::words;
use crate::path::rules::PATH_FINDS_NOTHING;
use crate::path::{Comparison, Filter, Function, Operand, Path, Query, Segment, Selector, SelectorKind};
use crate::{BinaryOp, Code, Kind};

/// Objects inside objects that `..` looks into: types may contain themselves only through lists of any.
const DEEPEST: usize = 24;

impl Infer<'_> {
    pub(super) fn path(&mut self, path: &Path) -> Type {
        let root = self.infer(&path.root);
        let found = self.steps(root, &path.segments, &path.root);
        if path.singular { found } else { Type::list(found) }
    }

    /// What is found from `ty` on; `root` is the expression that a mistake of the first step is about.
    fn steps(&mut self, ty: Type, segments: &[Segment], root: &Code) -> Type {
        segments.iter().fold(ty, |ty, segment| {
            let found = segment.selectors.iter().map(|selector| self.selector(&ty, segment.deep, selector, root));
            join_all(found.collect::<Vec<_>>())
        })
    }

    fn selector(&mut self, ty: &Type, deep: bool, selector: &Selector, root: &Code) -> Type {
        let forms = if deep { below(ty) } else { forms(ty) };
        if let SelectorKind::Filter(filter) = &selector.kind {
            let members: Vec<Type> = forms.iter().filter_map(members).collect();
            if members.is_empty() {
                self.nothing(ty, selector, root);
                return Type::Any;
            }
            let member = join_all(members);
            self.filter(filter, &element(&member));
            return member;
        }
        let found: Vec<Type> = forms
            .iter()
            .filter_map(|form| match (&selector.kind, form) {
                (_, Type::Any) => Some(Type::Any),
                (SelectorKind::Name(name), Type::Map(shape)) => match shape.others.clone() {
                    // whoever selects asks what is there
                    Some(others) => Some(others),
                    None => field_of(form, name),
                },
                (SelectorKind::Name(name), form) => field_of(form, name),
                (SelectorKind::All, form) => members(form),
                (SelectorKind::Index(_) | SelectorKind::Slice { .. }, Type::List(of)) => Some(element(of)),
                _ => None,
            })
            .collect();
        if found.is_empty() {
            self.nothing(ty, selector, root);
            return Type::Any;
        }
        if let SelectorKind::Name(name) = &selector.kind {
            self.note_read(&forms, name);
        }
        join_all(found)
    }

    fn nothing(&mut self, ty: &Type, selector: &Selector, root: &Code) {
        let shapes: Vec<Arc<ShapeType>> = forms(ty)
            .into_iter()
            .filter_map(|form| match form {
                Type::Shape(shape) => Some(shape),
                _ => None,
            })
            .collect();
        let what = words::a(ty);
        let found = match &selector.kind {
            SelectorKind::Name(name) if !shapes.is_empty() => {
                let shapes: Vec<&ShapeType> = shapes.iter().map(|s| &**s).collect();
                self.no_field_of_shapes(&shapes, name, selector.span)
            }
            SelectorKind::Name(name) => {
                let found =
                    Diagnostic::error(&PATH_FINDS_NOTHING, selector.span, format!("{what} has no field `{name}`"));
                match ty.required() {
                    Type::List(_) => found.help(format!("its elements: `[*].{name}`")),
                    _ => found,
                }
            }
            SelectorKind::Index(_) | SelectorKind::Slice { .. } => {
                let message = format!("{what} is no list: nothing is counted in it");
                Diagnostic::error(&PATH_FINDS_NOTHING, selector.span, message)
            }
            SelectorKind::All | SelectorKind::Filter(_) => {
                Diagnostic::error(&PATH_FINDS_NOTHING, selector.span, format!("{what} has nothing in it"))
            }
        };
        self.complain(found, root);
    }

    fn filter(&mut self, filter: &Filter, current: &Type) {
        match filter {
            Filter::Any(all) | Filter::All(all) => all.iter().for_each(|filter| self.filter(filter, current)),
            Filter::Not(filter) => self.filter(filter, current),
            Filter::Exists(query) => {
                self.query(query, current);
            }
            Filter::Compare(comparison) => {
                let Comparison { op, left, right, span } = &**comparison;
                let (left_ty, right_ty) = (self.operand(left, current), self.operand(right, current));
                let (left, right) = (standing_for(left), standing_for(right));
                let (left, right) = ((&left, &left_ty), (&right, &right_ty));
                match op {
                    BinaryOp::Equal | BinaryOp::NotEqual => self.equality(left, right, *span),
                    op => self.order(*op, left, right, *span),
                }
            }
            Filter::Test(function) => {
                self.function(function, current, filter_span(function));
            }
        }
    }

    fn query(&mut self, query: &Query, current: &Type) -> Type {
        let placeholder = named("this", query.span);
        match &query.root {
            Some(root) => {
                let ty = self.infer(root);
                self.steps(ty, &query.segments, root)
            }
            None => self.steps(current.clone(), &query.segments, &placeholder),
        }
    }

    fn operand(&mut self, operand: &Operand, current: &Type) -> Type {
        match operand {
            Operand::Literal(value, _) => of_value(value),
            Operand::Query(query) => self.query(query, current),
            Operand::Function(function, span) => self.function(function, current, *span),
        }
    }

    fn function(&mut self, function: &Function, current: &Type, span: Span) -> Type {
        match function {
            Function::Length(operand) => {
                let ty = self.operand(operand, current);
                let sized = |form: &Type| {
                    is_text(form)
                        || matches!(form, Type::Any | Type::List(_) | Type::Map(_) | Type::Shape(_) | Type::Id)
                };
                if !forms(&ty).iter().any(sized) {
                    let message = format!("{} has no length", words::a(&ty));
                    self.env.report(Diagnostic::error(&WRONG_ARGUMENT, span, message), None, &Text::default());
                }
                Type::Integer
            }
            Function::Count(query) => {
                self.query(query, current);
                Type::Integer
            }
            Function::Value(query) => self.query(query, current),
            Function::Match { text, regex, .. } => {
                for operand in [text, regex] {
                    let ty = self.operand(operand, current);
                    if !forms(&ty)
                        .iter()
                        .any(|form| is_text(form) || matches!(form, Type::Any | Type::Id | Type::Scalar))
                    {
                        let message = format!("only a text matches, and this is {}", words::a(&ty));
                        self.env.report(
                            Diagnostic::error(&WRONG_TYPE, operand_span(operand), message),
                            None,
                            &Text::default(),
                        );
                    }
                }
                Type::Boolean
            }
        }
    }
}

/// The type of all elements or members; `None`: it has none.
fn members(form: &Type) -> Option<Type> {
    match form {
        Type::Any => Some(Type::Any),
        Type::List(of) => Some(element(of)),
        Type::Map(shape) | Type::Shape(shape) => {
            let all = shape.fields.iter().map(|f| f.ty.clone()).chain(shape.others.clone());
            Some(element(&join_all(all)))
        }
        _ => None,
    }
}

/// The type and all that stands in it, at every depth.
fn below(ty: &Type) -> Vec<Type> {
    let mut all = Vec::new();
    collect(ty, 0, &mut all);
    all
}

fn collect(ty: &Type, depth: usize, all: &mut Vec<Type>) {
    for form in forms(ty) {
        if depth > DEEPEST || all.contains(&form) {
            continue;
        }
        all.push(form.clone());
        match &form {
            Type::List(of) => collect(of, depth + 1, all),
            Type::Map(shape) | Type::Shape(shape) => {
                for field in &shape.fields {
                    collect(&field.ty, depth + 1, all);
                }
                if let Some(others) = &shape.others {
                    collect(others, depth + 1, all);
                }
            }
            _ => {}
        }
    }
}

/// An expression that messages name an operand by.
fn standing_for(operand: &Operand) -> Code {
    match operand {
        Operand::Literal(value, span) => {
            Code { kind: Kind::Literal(value.clone()), span: *span, text: Text::default() }
        }
        Operand::Query(query) => {
            let last = query.segments.last().and_then(|s| s.selectors.first());
            match last.map(|selector| &selector.kind) {
                Some(SelectorKind::Name(name)) => named(name, query.span),
                _ => named("this", query.span),
            }
        }
        Operand::Function(_, span) => named("", *span),
    }
}

fn named(text: &str, span: Span) -> Code {
    Code { kind: Kind::Now, span, text: text.into() }
}

fn operand_span(operand: &Operand) -> Span {
    match operand {
        Operand::Literal(_, span) | Operand::Function(_, span) => *span,
        Operand::Query(query) => query.span,
    }
}

fn filter_span(function: &Function) -> Span {
    match function {
        Function::Length(operand) | Function::Match { text: operand, .. } => operand_span(operand),
        Function::Count(query) | Function::Value(query) => query.span,
    }
}
