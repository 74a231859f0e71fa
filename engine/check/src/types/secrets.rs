//! Where secrets must not go: replies, rows, keys, reasons.

use wf_expr::Written;
use wf_source::{Diagnostic, Span};
use wf_value::Type;

use super::rules;
use super::walk::Walk;

impl Walk<'_> {
    /// Types what others will read: no secret may stand in it. `place`: `a reply`.
    pub(super) fn public(&mut self, written: &Written, place: &str) -> Type {
        let before = self.notes.borrow_mut().traced.replace(vec![]);
        let ty = self.infer(written);
        let traced = std::mem::replace(&mut self.notes.borrow_mut().traced, before).unwrap_or_default();
        if !holds_secret(&ty) {
            return ty;
        }
        let inside: Vec<Span> = traced.into_iter().filter(|span| within(*span, written.span)).collect();
        let smallest = inside.iter().filter(|span| !inside.iter().any(|other| other != *span && within(*other, **span)));
        let at = smallest.min_by_key(|span| span.start).copied().unwrap_or(written.span);
        self.tell(
            Diagnostic::error(&rules::SECRET_LEAVES, at, format!("a secret stands in {place}"))
                .help("secrets go to the vendor only: into logins, headers, queries and bodies of requests"),
        );
        ty
    }

    /// A text that people read.
    pub(super) fn logged(&mut self, written: &Written) {
        self.public(written, "a text that people read");
    }
}

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
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
        let account = Type::shape("account", vec![
            Field { name: "host".into(), ty: Type::Text, default: None },
            Field { name: "password".into(), ty: Type::Secret.optional(), default: None },
        ]);
        assert!(holds_secret(&Type::list(account).optional()));
        assert!(!holds_secret(&Type::list(Type::Text)));
    }
}
