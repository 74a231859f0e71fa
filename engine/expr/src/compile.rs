//! Names of an expression resolved: tree to code.

mod calls;
mod missing;
pub mod rules;

use wf_source::{Diagnostic, ScalarMap};
use wf_value::{Text, Value};

use crate::cel;
use crate::cel::ast::{Expr, ExprKind, Literal};
use crate::{Code, Kind, Named, Names};

/// Compiles the expression that `text` is; `map` says where it stands. `None`: there are errors, and all are told.
#[must_use]
pub fn compile(text: &str, map: &ScalarMap, names: &dyn Names) -> (Option<Code>, Vec<Diagnostic>) {
    let parsed = cel::parse(text, map);
    let mut compiler = Compiler { map, names, variables: Vec::new(), diagnostics: parsed.diagnostics };
    let code = compiler.lower(&parsed.expr);
    let mut diagnostics = compiler.diagnostics;
    diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
    let code = code.filter(|_| !diagnostics.iter().any(Diagnostic::is_error));
    (code, diagnostics)
}

struct Compiler<'a> {
    map: &'a ScalarMap,
    names: &'a dyn Names,
    /// Lambda variables in sight, the innermost last.
    variables: Vec<(Text, u16)>,
    diagnostics: Vec<Diagnostic>,
}

impl Compiler<'_> {
    /// The code of an expression; `None` when something in it was told.
    fn lower(&mut self, expr: &Expr) -> Option<Code> {
        let kind = match &expr.kind {
            ExprKind::Broken => return None,
            ExprKind::Literal(literal) => Kind::Literal(value(literal)),
            ExprKind::Name => return self.name(expr),
            ExprKind::Field { on, name } => {
                if let Some((root, path)) = self.params_path(expr) {
                    return self.param(expr, root, &path);
                }
                let on = self.lower(on)?.into();
                Kind::Field { on, name: name.text.clone(), name_span: name.span, hint: 0.into() }
            }
            ExprKind::Index { on, key } => {
                let (on, key) = (self.lower(on), self.lower(key));
                Kind::Index { on: on?.into(), key: key?.into() }
            }
            ExprKind::Call { on, name, args } => return self.call(expr, on.as_deref(), name, args),
            ExprKind::List(items) => Kind::List(self.all(items)?),
            ExprKind::Map(entries) => {
                let entries: Vec<_> = entries.iter().map(|(k, v)| (self.lower(k), self.lower(v))).collect();
                Kind::Map(entries.into_iter().map(|(k, v)| Some((k?, v?))).collect::<Option<_>>()?)
            }
            ExprKind::Not(inner) => Kind::Not(self.lower(inner)?.into()),
            ExprKind::Negate(inner) => Kind::Negate(self.lower(inner)?.into()),
            ExprKind::Binary(op, a, b) => {
                let (a, b) = self.both(a, b)?;
                Kind::Binary(*op, a, b)
            }
            ExprKind::And(a, b) => {
                let (a, b) = self.both(a, b)?;
                Kind::And(a, b)
            }
            ExprKind::Or(a, b) => {
                let (a, b) = self.both(a, b)?;
                Kind::Or(a, b)
            }
            ExprKind::InRange(a, b, c) => {
                let (a, b, c) = self.three(a, b, c)?;
                Kind::InRange(a, b, c)
            }
            ExprKind::If(a, b, c) => {
                let (a, b, c) = self.three(a, b, c)?;
                Kind::If(a, b, c)
            }
        };
        Some(code(expr, kind))
    }

    // all parts are looked at before one that is missing ends it, so that every mistake is told

    fn all(&mut self, exprs: &[Expr]) -> Option<Vec<Code>> {
        let codes: Vec<Option<Code>> = exprs.iter().map(|expr| self.lower(expr)).collect();
        codes.into_iter().collect()
    }

    fn both(&mut self, a: &Expr, b: &Expr) -> Option<(Box<Code>, Box<Code>)> {
        let (a, b) = (self.lower(a), self.lower(b));
        Some((a?.into(), b?.into()))
    }

    fn three(&mut self, a: &Expr, b: &Expr, c: &Expr) -> Option<(Box<Code>, Box<Code>, Box<Code>)> {
        let (a, b, c) = (self.lower(a), self.lower(b), self.lower(c));
        Some((a?.into(), b?.into(), c?.into()))
    }

    fn name(&mut self, expr: &Expr) -> Option<Code> {
        if let Some(local) = self.variable(&expr.text) {
            return Some(code(expr, Kind::Local(local)));
        }
        let kind = match self.names.name(&expr.text, expr.span) {
            Some(Named::Slot(slot)) => Kind::Slot(slot),
            Some(Named::Member(slot, name)) => {
                let on = code(expr, Kind::Slot(slot)).into();
                Kind::Field { on, name, name_span: expr.span, hint: 0.into() }
            }
            Some(Named::Local(n)) => Kind::Local(n),
            Some(Named::Constant(value)) => Kind::Literal(value),
            Some(Named::Define(id)) => Kind::Define(id, Vec::new()),
            Some(Named::Now) => Kind::Now,
            Some(Named::Env) => Kind::Env,
            Some(Named::Params) => return self.param(expr, expr, &[]),
            None => {
                let diagnostic = self.unknown_name(expr);
                self.diagnostics.push(diagnostic);
                return None;
            }
        };
        Some(code(expr, kind))
    }

    fn variable(&self, name: &str) -> Option<u16> {
        self.variables.iter().rev().find(|(n, _)| n.as_str() == name).map(|(_, local)| *local)
    }

    /// `params.a.b`: the root, and the nodes of its members from the root on.
    fn params_path<'e>(&self, expr: &'e Expr) -> Option<(&'e Expr, Vec<&'e Expr>)> {
        let mut path = Vec::new();
        let mut at = expr;
        while let ExprKind::Field { on, .. } = &at.kind {
            path.push(at);
            at = on;
        }
        path.reverse();
        let name = at.kind == ExprKind::Name && self.variable(&at.text).is_none();
        (name && matches!(self.names.name(&at.text, at.span), Some(Named::Params))).then_some((at, path))
    }

    /// The code of the longest beginning of the path that is a param or a group of them, then the fields that follow.
    fn param(&mut self, expr: &Expr, root: &Expr, path: &[&Expr]) -> Option<Code> {
        let members: Vec<&str> = path.iter().map(|node| member(node)).collect();
        let Some((found, taken)) = self.names.param(&members, expr.span) else {
            let diagnostic = self.unknown_param(root, path);
            self.diagnostics.push(diagnostic);
            return None;
        };
        let place = taken.checked_sub(1).and_then(|i| path.get(i)).map_or(root, |node| *node);
        let mut result = Code { kind: found.kind, span: place.span, text: place.text.clone() };
        for node in path.iter().skip(taken) {
            let ExprKind::Field { name, .. } = &node.kind else { continue };
            let (name, name_span) = (name.text.clone(), name.span);
            result = code(node, Kind::Field { on: result.into(), name, name_span, hint: 0.into() });
        }
        Some(result)
    }
}

fn member(node: &Expr) -> &str {
    match &node.kind {
        ExprKind::Field { name, .. } => &name.text,
        _ => "",
    }
}

fn code(expr: &Expr, kind: Kind) -> Code {
    Code { kind, span: expr.span, text: expr.text.clone() }
}

fn value(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(b) => Value::Bool(*b),
        Literal::Int(n) => Value::Int(*n),
        Literal::Float(f) => Value::Float(*f),
        Literal::Text(text) => Value::Text(text.clone()),
        Literal::Bytes(bytes) => Value::Bytes(bytes.as_slice().into()),
        Literal::Duration(d) => Value::Duration(*d),
    }
}
