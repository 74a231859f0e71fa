//! Types of value places: texts with holes, paths, mappings and lists.

use wf_source::Diagnostic;
use wf_value::{Text, Type};

use super::findings::{PRINTED_OBJECT, WRONG_ARGUMENT};
use super::infer::{Infer, Scope};
use super::join::{element, field, forms, is_number, is_text, join_all};
use super::{Site, TypeEnv, words};
use crate::path::Path;
use crate::template::{Part, Template};
use crate::{Code, Key, Written, WrittenKind};

/// The type of a value place; `locals` are the types of the frame that it stands in.
pub fn infer_written(written: &Written, env: &mut dyn TypeEnv, locals: &mut Vec<Type>) -> Type {
    in_scope(env, locals, |infer| infer.written(written))
}

/// Types the holes of a text; the text is a secret when one of them is.
pub fn infer_template(template: &Template, env: &mut dyn TypeEnv, locals: &mut Vec<Type>) -> Type {
    in_scope(env, locals, |infer| infer.template(template))
}

pub fn infer_path(path: &Path, env: &mut dyn TypeEnv, locals: &mut Vec<Type>) -> Type {
    in_scope(env, locals, |infer| infer.path(path))
}

pub(super) fn in_scope<T>(env: &mut dyn TypeEnv, locals: &mut Vec<Type>, what: impl FnOnce(&mut Infer<'_>) -> T) -> T {
    let mut scope = Scope { locals: std::mem::take(locals), facts: Vec::new() };
    let result = what(&mut Infer { env, scope: &mut scope });
    *locals = scope.locals;
    result
}

impl Infer<'_> {
    pub(super) fn written(&mut self, written: &Written) -> Type {
        let ty = match &written.kind {
            WrittenKind::Literal { value, .. } => super::join::of_value(value),
            // its own span is noted there
            WrittenKind::Code(code) => return self.infer(code),
            WrittenKind::Path(path) => self.path(path),
            WrittenKind::Text(template) => self.template(template),
            WrittenKind::List(items) => Type::list(join_all(items.iter().map(|item| self.written(item)))),
            WrittenKind::Map(entries) => {
                let keys: Option<Vec<Text>> = entries
                    .iter()
                    .map(|entry| match &entry.key {
                        Key::Text(text) => Some(text.clone()),
                        Key::Holes(_) => None,
                    })
                    .collect();
                for entry in entries {
                    if let Key::Holes(template) = &entry.key {
                        self.template(template);
                    }
                }
                let values = entries.iter().map(|entry| self.written(&entry.value));
                match keys {
                    Some(keys) => Type::shape("", keys.into_iter().zip(values).map(|(k, v)| field(k, v)).collect()),
                    None => Type::map(join_all(values)),
                }
            }
        };
        self.env.note_type(written.span, &ty);
        ty
    }

    pub(super) fn template(&mut self, template: &Template) -> Type {
        if self.parts(&template.parts) { Type::Secret } else { Type::Text }
    }

    /// Types the parts of a text; whether one of them is a secret.
    fn parts(&mut self, parts: &[Part]) -> bool {
        let mut secret = false;
        for part in parts {
            secret |= self.part(part);
        }
        secret
    }

    /// An object with declared fields prints as JSON, and one of its fields was meant.
    fn printed(&mut self, code: &Code, ty: &Type) {
        let all = forms(ty);
        let named = |form: &Type| matches!(form, Type::Shape(shape) if !shape.name.is_empty());
        if all.is_empty() || !all.iter().all(named) {
            return;
        }
        let name = words::name(code);
        let message = format!("{name} is {}, and prints as JSON", words::a(ty));
        let found = Diagnostic::hint(&PRINTED_OBJECT, code.span, message);
        let mut found = super::suggest(found, code, ty, None, |form| {
            is_text(form) || is_number(form) || matches!(form, Type::Id | Type::Scalar | Type::Time(_))
        });
        let json = format!("`{}.toJson()` says that JSON is meant", name.trim_matches('`'));
        found.help = Some(match found.help {
            Some(help) => format!("{help}; {json}"),
            None => json,
        });
        self.complain(found, code);
    }

    fn part(&mut self, part: &Part) -> bool {
        match part {
            Part::Text(_) => false,
            Part::Hole { code, .. } => {
                let ty = self.infer(code);
                self.printed(code, &ty);
                forms(&ty).contains(&Type::Secret)
            }
            Part::If { condition, then, otherwise } => {
                self.condition(condition);
                let then = self.given(condition, true, |this| this.parts(then));
                self.given(condition, false, |this| this.parts(otherwise)) || then
            }
            Part::Each { list, item, index, body, otherwise } => {
                let ty = self.infer(list);
                let elements: Vec<Type> = forms(&ty)
                    .iter()
                    .filter_map(|form| match form {
                        Type::Any => Some(Type::Any),
                        Type::List(of) => Some(element(of)),
                        _ => None,
                    })
                    .collect();
                if elements.is_empty() {
                    let message =
                        format!("`{{{{#each}}}}` goes over a list, and {} is {}", words::name(list), words::a(&ty));
                    let mut found = Diagnostic::error(&WRONG_ARGUMENT, list.span, message);
                    if forms(&ty).iter().any(|form| matches!(form, Type::Map(_) | Type::Shape(_))) {
                        found = found.help("its keys are `.keys()`, its values `.values()`");
                    }
                    found = super::suggest(found, list, &ty, None, |form| matches!(form, Type::List(_)));
                    self.complain(found, list);
                }
                if !elements.is_empty() && !matches!(ty.required(), Type::Any) {
                    self.used(list);
                }
                let of = if elements.is_empty() { Type::Any } else { join_all(elements) };
                let locals: Vec<u16> = std::iter::once(*item).chain(*index).collect();
                let body = self.with_locals(&locals, &[of, Type::Integer], |this| this.parts(body));
                self.parts(otherwise) || body
            }
            Part::Partial { template, span, handed, .. } => {
                let types: Vec<(Text, Type)> = handed.iter().map(|h| (h.name.clone(), self.infer(&h.value))).collect();
                let args: Vec<_> = handed.iter().map(|h| &h.value).collect();
                let text = self.env.template(*template, &types, &Site { span: *span, args: &args });
                forms(&text).contains(&Type::Secret)
            }
        }
    }
}
