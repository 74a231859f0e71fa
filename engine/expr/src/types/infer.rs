//! The type of an expression.

use wf_source::Diagnostic;
use wf_value::{Type, Value};

use super::call::TypeCall;
use super::findings::NOT_A_CONDITION;
use super::join::{as_read, closed_set, field, join, join_all, of_value};
use super::narrow::{Fact, Root};
use super::written::in_scope;
use super::{Site, Subject, TypeEnv, words};
use crate::{Code, Kind};

/// The type of `code`; `locals` are the types of the frame that it stands in (arguments of a define, columns of a table).
pub fn infer(code: &Code, env: &mut dyn TypeEnv, locals: &mut Vec<Type>) -> Type {
    in_scope(env, locals, |infer| infer.infer(code))
}

/// As [`infer`], for a condition: what is no boolean is reported.
pub fn condition(code: &Code, env: &mut dyn TypeEnv, locals: &mut Vec<Type>) {
    in_scope(env, locals, |infer| infer.condition(code));
}

/// A word that stands for true or false where its place says so.
fn is_word(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "yes" | "no" | "on" | "off" | "true" | "false")
}

/// What is known where an expression stands.
pub(super) struct Scope {
    pub locals: Vec<Type>,
    /// What conditions around it have decided, the innermost last.
    pub facts: Vec<Fact>,
}

pub(super) struct Infer<'a> {
    pub env: &'a mut dyn TypeEnv,
    pub scope: &'a mut Scope,
}

impl Infer<'_> {
    pub(super) fn infer(&mut self, code: &Code) -> Type {
        let before = self.env.mistakes();
        let ty = self.kind(code);
        let ty = if self.env.mistakes() == before { ty } else { Type::Any };
        if let Some(subject @ (Subject::Param(_) | Subject::Constant { .. })) = Subject::of(code) {
            self.env.note_use(&subject, code.span);
        }
        self.env.note_type(code.span, &ty);
        ty
    }

    fn kind(&mut self, code: &Code) -> Type {
        match &code.kind {
            Kind::Literal(value) => of_value(value),
            Kind::Local(local) => self.root(Root::Local(*local)),
            Kind::Slot(slot) => self.root(Root::Slot(*slot)),
            Kind::Param(number) => self.root(Root::Param(*number)),
            Kind::Now => Type::timestamp(),
            Kind::Env => self.env.env(),
            Kind::Field { on, name, name_span, .. } => {
                let ty = self.infer(on);
                self.field(&ty, name, *name_span, on)
            }
            Kind::Index { on, key } => {
                let (ty, key_ty) = (self.infer(on), self.infer(key));
                self.index(&ty, &key_ty, on, key)
            }
            Kind::List(items) => Type::list(join_all(items.iter().map(|item| self.infer(item)))),
            Kind::Map(pairs) => self.map(pairs),
            Kind::Not(of) => {
                self.condition(of);
                Type::Boolean
            }
            Kind::Negate(of) => {
                let ty = self.infer(of);
                self.negate(&ty, of)
            }
            Kind::Binary(op, a, b) => {
                let (a_ty, b_ty) = (self.infer(a), self.infer(b));
                self.binary(*op, (a, &a_ty), (b, &b_ty), code.span)
            }
            Kind::And(a, b) => self.both(a, b, true),
            Kind::Or(a, b) => self.both(a, b, false),
            Kind::InRange(x, from, to) => self.in_range(x, from, to),
            Kind::If(c, a, b) => {
                self.condition(c);
                let a = self.given(c, true, |this| this.infer(a));
                let b = self.given(c, false, |this| this.infer(b));
                join(a, b)
            }
            Kind::Call { function, args, locals, name_span, .. } => {
                let mut call = TypeCall {
                    function,
                    args,
                    locals,
                    span: code.span,
                    name_span: *name_span,
                    types: vec![None; args.len()],
                    env: &mut *self.env,
                    scope: &mut *self.scope,
                };
                let ty = (function.ty)(&mut call);
                call.rest();
                ty
            }
            Kind::Define(id, args) => {
                let types: Vec<Type> = args.iter().map(|arg| self.infer(arg)).collect();
                let args: Vec<&Code> = args.iter().collect();
                self.env.define(*id, &types, &Site { span: code.span, args: &args })
            }
            Kind::Table(id, args) => {
                let types: Vec<Type> = args.iter().map(|arg| self.infer(arg)).collect();
                let args: Vec<&Code> = args.iter().collect();
                self.env.table(*id, &types, &Site { span: code.span, args: &args })
            }
            Kind::Template(id, args) => {
                let types: Vec<_> = args.iter().map(|(name, arg)| (name.clone(), self.infer(arg))).collect();
                let args: Vec<&Code> = args.iter().map(|(_, arg)| arg).collect();
                self.env.template(*id, &types, &Site { span: code.span, args: &args })
            }
        }
    }

    fn map(&mut self, pairs: &[(Code, Code)]) -> Type {
        let key = |code: &Code| match &code.kind {
            Kind::Literal(Value::Text(text)) => Some(text.clone()),
            Kind::Literal(Value::Int(n)) => Some(n.to_string().into()),
            _ => None,
        };
        let keys: Option<Vec<_>> = pairs.iter().map(|(k, _)| key(k)).collect();
        match keys {
            Some(keys) => {
                let fields = keys.into_iter().zip(pairs).map(|(key, (_, v))| field(key, self.infer(v)));
                Type::shape("", fields.collect())
            }
            None => {
                for (key, _) in pairs {
                    self.infer(key);
                }
                Type::map(join_all(pairs.iter().map(|(_, v)| self.infer(v))))
            }
        }
    }

    /// `a && b`: `b` is only asked where `a` holds; `a || b`: where it does not.
    fn both(&mut self, a: &Code, b: &Code, and: bool) -> Type {
        self.condition(a);
        self.given(a, and, |this| this.condition(b));
        self.one_answer(a, b, and);
        Type::Boolean
    }

    /// Types a condition; what can be no boolean is reported.
    pub(super) fn condition(&mut self, code: &Code) {
        let ty = self.infer(code);
        let boolean = super::join::forms(&ty).iter().any(|form| matches!(form, Type::Boolean | Type::Any));
        if boolean {
            return;
        }
        let name = words::name(code);
        let message = format!("a condition is true or false, and {name} is {}", words::a(&ty));
        let name = name.trim_matches('`');
        let word = closed_set(&ty).is_some_and(|set| set.iter().all(|text| is_word(text)));
        let help = match ty.required() {
            _ if word => {
                "`yes` and `no` are texts where nothing says otherwise: write `true` and `false` where it is made"
                    .into()
            }
            _ if ty.is_optional() => format!("write `{name} != null` if it must be there"),
            Type::List(_) | Type::Map(_) | Type::Text => format!("write `not empty({name})` if it must not be empty"),
            Type::Integer | Type::Number => format!("write what it is compared with: `{name} > 0`"),
            Type::Duration => format!("write what it is compared with: `{name} > 30m`"),
            Type::Time(_) => format!("write what it is compared with: `{name} < now`"),
            _ => format!("write what it is compared with: `{name} != null`"),
        };
        self.complain(Diagnostic::error(&NOT_A_CONDITION, code.span, message).help(help), code);
    }

    /// Reports a mistake about `operand`.
    pub(super) fn complain(&mut self, diagnostic: Diagnostic, operand: &Code) {
        self.env.report(diagnostic, Subject::of(operand), &operand.text);
    }

    /// Something was done with `operand` that only values like it allow.
    pub(super) fn used(&mut self, operand: &Code) {
        if let Some(subject) = Subject::of(operand) {
            self.env.used(&subject);
        }
    }

    /// The declared type of a root, as far as conditions around have not narrowed it.
    pub(super) fn root(&mut self, root: Root) -> Type {
        if let Some(fact) = self.scope.facts.iter().rev().find(|fact| fact.root == root) {
            return fact.ty.clone();
        }
        let declared = match root {
            Root::Local(local) => self.scope.locals.get(usize::from(local)).cloned().unwrap_or(Type::Any),
            Root::Slot(slot) => self.env.slot(slot),
            Root::Param(number) => self.env.param(number),
        };
        as_read(&declared)
    }

    /// `what`, where `condition` holds (or does not).
    pub(super) fn given<T>(&mut self, condition: &Code, holds: bool, what: impl FnOnce(&mut Self) -> T) -> T {
        let height = self.scope.facts.len();
        let facts = self.facts(condition, holds);
        self.scope.facts.extend(facts);
        let result = what(self);
        self.scope.facts.truncate(height);
        result
    }

    /// `what`, with locals of these types; those beyond `types` may be anything.
    pub(super) fn with_locals<T>(&mut self, locals: &[u16], types: &[Type], what: impl FnOnce(&mut Self) -> T) -> T {
        let height = self.scope.locals.len();
        let mut before = Vec::with_capacity(locals.len());
        for (i, local) in locals.iter().enumerate() {
            let place = usize::from(*local);
            if self.scope.locals.len() <= place {
                self.scope.locals.resize(place + 1, Type::Any);
            }
            let ty = types.get(i).cloned().unwrap_or(Type::Any);
            before.push((place, std::mem::replace(&mut self.scope.locals[place], ty)));
        }
        let result = what(self);
        for (place, ty) in before.into_iter().rev() {
            self.scope.locals[place] = ty;
        }
        self.scope.locals.truncate(height);
        result
    }
}
