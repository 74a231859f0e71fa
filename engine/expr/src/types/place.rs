//! A written value, held against the type of its place: each mistake at the member that makes it.

use wf_source::{Diagnostic, Span, nearest, one_of};
use wf_value::{ShapeType, Type};

use super::findings::{WRONG_FIELDS, WRONG_TYPE};
use super::fits::fits;
use super::infer::Infer;
use super::join::forms;
use super::written::in_scope;
use super::{TypeEnv, words};
use crate::{Entry, Key, Written, WrittenKind};

/// Types a written value and reports what can never fit a place of type `place`; `coerced` as in [`fits`].
pub fn check(written: &Written, place: &Type, coerced: bool, env: &mut dyn TypeEnv, locals: &mut Vec<Type>) -> Type {
    check_named(written, place, None, coerced, env, locals)
}

/// [`check`], where it is known what the place is called.
pub fn check_named(
    written: &Written,
    place: &Type,
    name: Option<&str>,
    coerced: bool,
    env: &mut dyn TypeEnv,
    locals: &mut Vec<Type>,
) -> Type {
    in_scope(env, locals, |infer| infer.check(written, place, name, coerced))
}

impl Infer<'_> {
    fn check(&mut self, written: &Written, place: &Type, name: Option<&str>, coerced: bool) -> Type {
        let wanted = forms(place);
        match &written.kind {
            WrittenKind::Map(entries) => {
                let shape = wanted.iter().find_map(|form| match form {
                    Type::Shape(shape) | Type::Map(shape) => Some(shape),
                    _ => None,
                });
                if let Some(shape) = shape {
                    self.entries(entries, shape, written.span, coerced);
                    self.env.note_type(written.span, place);
                    return place.required().clone();
                }
            }
            WrittenKind::List(items) => {
                let of = wanted.iter().find_map(|form| match form {
                    Type::List(of) => Some(of.clone()),
                    _ => None,
                });
                if let Some(of) = of {
                    for item in items {
                        self.check(item, &of, None, coerced);
                    }
                    self.env.note_type(written.span, place);
                    return place.required().clone();
                }
            }
            // read as its place means it
            WrittenKind::Literal { raw: Some(raw), .. } if crate::read(raw, place).is_some() => {
                self.env.note_type(written.span, place);
                return place.clone();
            }
            _ => {}
        }
        let ty = self.written(written);
        if !fits(&ty, place, coerced) {
            let place_words = match place.required() {
                Type::List(of) if **of == Type::Any => "a list".to_owned(),
                place => words::a(place),
            };
            let message = format!("this is {}, and {place_words} is wanted here", words::a(&ty));
            let mut found = Diagnostic::error(&WRONG_TYPE, written.span, message);
            if let [Type::Enum(set)] = wanted.as_slice()
                && let Some(text) =
                    super::join::closed_set(&ty).filter(|all| all.len() == 1).and_then(|all| all.first().cloned())
            {
                let near = nearest(&text, set.values.iter().map(wf_value::Text::as_str));
                found = match near {
                    Some(near) => found.help(format!("did you mean `{near}`?")),
                    None => found.help(format!("it takes {}", words::texts(&set.values))),
                };
            }
            match &written.kind {
                WrittenKind::Code(code) => {
                    found.span = code.span;
                    let found = super::suggest(found, code, &ty, name, |form| fits(form, place, coerced));
                    let found = match (&found.help, wanted.as_slice()) {
                        (None, [Type::List(of)])
                            if **of != Type::Any && fits(&ty, of, coerced) && !code.text.is_empty() =>
                        {
                            let listed = format!("[{}]", code.text);
                            found.help(format!("write `{listed}`")).fix(code.span, listed)
                        }
                        _ => found,
                    };
                    self.complain(found, code);
                }
                _ => self.env.report(found, None, &wf_value::Text::default()),
            }
        }
        ty
    }

    fn entries(&mut self, entries: &[Entry], shape: &ShapeType, span: Span, coerced: bool) {
        let (mut holes, mut unknown) = (false, false);
        for entry in entries {
            let Key::Text(key) = &entry.key else {
                holes = true;
                if let Key::Holes(template) = &entry.key {
                    self.template(template);
                }
                self.check(&entry.value, shape.others.as_ref().unwrap_or(&Type::Any), None, coerced);
                continue;
            };
            let Some(ty) = shape.field(key).map(|f| &f.ty).or(shape.others.as_ref()) else {
                let names = shape.fields.iter().map(|f| f.name.as_str());
                let what = if shape.name.is_empty() { "this" } else { shape.name.as_str() };
                let found = Diagnostic::error(&WRONG_FIELDS, entry.key_span, format!("{what} has no field `{key}`"));
                let found = match nearest(key, names.clone()) {
                    Some(near) => found.did_you_mean(Some(near), entry.key_span),
                    None => found.help(format!("it has {}", one_of(names, 12))),
                };
                self.env.report(found, None, &wf_value::Text::default());
                unknown = true;
                self.written(&entry.value);
                continue;
            };
            self.check(&entry.value, ty, Some(key), coerced);
        }
        let given = |name: &str| entries.iter().any(|e| matches!(&e.key, Key::Text(key) if key.as_str() == name));
        let missing: Vec<&str> = shape
            .fields
            .iter()
            .filter(|f| f.default.is_none() && !f.ty.is_optional() && !given(&f.name))
            .map(|f| f.name.as_str())
            .collect();
        // unknown and missing at once is one mistake
        if !missing.is_empty() && !holes && !unknown {
            let message =
                format!("{} is missing here", missing.iter().map(|m| format!("`{m}`")).collect::<Vec<_>>().join(", "));
            self.env.report(Diagnostic::error(&WRONG_FIELDS, span, message), None, &wf_value::Text::default());
        }
    }
}
