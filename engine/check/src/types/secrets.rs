//! Where secrets must not go: replies, rows, keys, reasons.

use wf_expr::template::Part;
use wf_expr::{Code, Kind, Written, WrittenKind};
use wf_source::{Diagnostic, Span};
use wf_value::Type;

use super::at::TypesAt;
use super::rules;
use super::walk::Walk;

impl Walk<'_> {
    /// Types what others will read: no secret may stand in it. `place`: `a reply`.
    pub(super) fn public(&mut self, written: &Written, place: &str) -> Type {
        let ty = self.infer(written);
        let leak = leak_of(written, &self.notes.borrow().types);
        if let Some(at) = leak {
            self.tell(
                Diagnostic::error(&rules::SECRET_LEAVES, at, format!("a secret stands in {place}"))
                    .help("secrets go to the vendor only: into logins, headers, queries and bodies of requests"),
            );
        }
        ty
    }

    /// What an action is handed, typed already: a secret only where its input is one. `place`: its type.
    pub(super) fn handed_over(&mut self, written: &Written, place: &Type, name: &str, action: &str) {
        if holds_secret(place) {
            return;
        }
        let leak = leak_of(written, &self.notes.borrow().types);
        if let Some(at) = leak {
            let message = format!("a secret is handed to `{action}` as its `{name}`, which is none");
            self.tell(
                Diagnostic::error(&rules::SECRET_LEAVES, at, message)
                    .help("what an action keeps for itself has the type `secret` among its inputs"),
            );
        }
    }

    /// A text that people read.
    pub(super) fn logged(&mut self, written: &Written) {
        self.public(written, "a text that people read");
    }
}

/// The smallest part of a place that brings a secret into its value.
fn leak_of(written: &Written, types: &TypesAt) -> Option<Span> {
    match &written.kind {
        WrittenKind::Literal { .. } => None,
        WrittenKind::Code(code) => leak(code, types),
        WrittenKind::Path(path) => holds_secret(types.of(written.span)?).then_some(path.root.span),
        WrittenKind::Text(template) => leak_of_parts(&template.parts, types),
        WrittenKind::List(items) => items.iter().find_map(|item| leak_of(item, types)),
        WrittenKind::Map(entries) => entries.iter().find_map(|entry| leak_of(&entry.value, types)),
    }
}

fn leak_of_parts(parts: &[Part], types: &TypesAt) -> Option<Span> {
    parts.iter().find_map(|part| match part {
        Part::Text(_) => None,
        Part::Hole { code, .. } => leak(code, types),
        Part::If { then, otherwise, .. } => leak_of_parts(then, types).or_else(|| leak_of_parts(otherwise, types)),
        Part::Each { body, otherwise, .. } => leak_of_parts(body, types).or_else(|| leak_of_parts(otherwise, types)),
        Part::Partial { handed, .. } => handed.iter().find_map(|handed| leak(&handed.value, types)),
    })
}

/// What of an expression brings a secret into its value. Of what may be anything, all that it is made of counts.
fn leak(code: &Code, types: &TypesAt) -> Option<Span> {
    let ty = types.of(code.span);
    let secret = ty.is_some_and(holds_secret);
    if !secret && ty.is_some_and(|ty| !may_be_anything(ty)) {
        return None;
    }
    let inside: Vec<&Code> = match &code.kind {
        Kind::Field { on, .. } | Kind::Index { on, .. } => vec![on],
        Kind::List(items) | Kind::Define(_, items) | Kind::Table(_, items) => items.iter().collect(),
        Kind::Call { args, .. } => args.iter().collect(),
        Kind::Map(pairs) => pairs.iter().map(|(_, value)| value).collect(),
        Kind::Binary(_, a, b) | Kind::If(_, a, b) => vec![a, b],
        Kind::Template(_, args) => args.iter().map(|(_, arg)| arg).collect(),
        _ => vec![],
    };
    inside.into_iter().find_map(|code| leak(code, types)).or(secret.then_some(code.span))
}

fn may_be_anything(ty: &Type) -> bool {
    match ty {
        Type::Any => true,
        Type::List(of) | Type::Range(of) | Type::Optional(of) => may_be_anything(of),
        Type::Map(shape) | Type::Shape(shape) => {
            shape.fields.iter().any(|field| may_be_anything(&field.ty))
                || shape.others.as_ref().is_some_and(may_be_anything)
        }
        Type::Union(types) => types.iter().any(may_be_anything),
        _ => false,
    }
}

/// Whether a value of the type is a secret, or one stands in it.
pub(super) fn holds_secret(ty: &Type) -> bool {
    match ty {
        Type::Secret => true,
        Type::List(of) | Type::Range(of) | Type::Optional(of) => holds_secret(of),
        Type::Map(shape) | Type::Shape(shape) => {
            shape.fields.iter().any(|field| holds_secret(&field.ty)) || shape.others.as_ref().is_some_and(holds_secret)
        }
        Type::Union(types) => types.iter().any(holds_secret),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::Field;

    #[test]
    fn a_secret_is_found_wherever_it_stands() {
        let account = Type::shape(
            "account",
            vec![
                Field { name: "host".into(), ty: Type::Text, default: None },
                Field { name: "password".into(), ty: Type::Secret.optional(), default: None },
            ],
        );
        assert!(holds_secret(&Type::list(account).optional()));
        assert!(!holds_secret(&Type::list(Type::Text)));
    }
}
