//! A written value, held against the type of its place: each mistake at the member that makes it.

use wf_source::{Diagnostic, Span, nearest, one_of};
use wf_value::{ShapeType, Text, Type, Value};

use super::findings::{WRONG_FIELDS, WRONG_TYPE};
use super::fits::fits;
use super::infer::Infer;
use super::join::{closed_set, forms, join_all, known_texts, of_value};
use super::sets::unlikely;
use super::written::in_scope;
use super::{Subject, TypeEnv, words};
use crate::{Code, Entry, Key, Kind, Written, WrittenKind};

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

/// Where a value stands that is written, and under which name.
struct At<'a> {
    span: Span,
    text: Text,
    subject: Option<Subject>,
    /// What its place is called.
    name: Option<&'a str>,
}

impl<'a> At<'a> {
    fn of(written: &Written, code: Option<&Code>, name: Option<&'a str>) -> Self {
        let span = code.map_or(written.span, |code| code.span);
        let text = code.map(|code| code.text.clone()).unwrap_or_default();
        Self { span, text, subject: code.and_then(Subject::of), name }
    }

    /// The constant that holds the text, or the text of it that is meant.
    fn subject(&self, text: Option<&Text>) -> Option<Subject> {
        match &self.subject {
            Some(Subject::Constant { name, used, .. }) => {
                Some(Subject::Constant { name: name.clone(), used: *used, element: text.cloned() })
            }
            other => other.clone(),
        }
    }
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
                if let Some(Value::Text(text)) = crate::read(raw, place)
                    && let Some(found) = self.slip(&text, place, written.span, name)
                {
                    self.env.report(found, None, &Text::default());
                }
                self.env.note_type(written.span, place);
                return place.clone();
            }
            _ => {}
        }
        let ty = self.written(written);
        if !fits(&ty, place, coerced) {
            let code = match &written.kind {
                WrittenKind::Code(code) => Some(code),
                _ => None,
            };
            self.misfit(written.span, code, &ty, place, name, coerced);
            return ty;
        }
        match &written.kind {
            WrittenKind::Literal { value, .. } => self.members_fit(value, place, &At::of(written, None, name), coerced),
            WrittenKind::Code(code) => match &code.kind {
                Kind::Literal(value) => self.members_fit(value, place, &At::of(written, Some(code), name), coerced),
                Kind::If(condition, a, b) => self.branches_fit(condition, [a, b], place, coerced),
                _ => self.texts_fit(&ty, place, &At::of(written, Some(code), name)),
            },
            _ => {}
        }
        ty
    }

    /// What `if(c, a, b)` gives is one of the two: each of them must fit.
    fn branches_fit(&mut self, condition: &Code, branches: [&Code; 2], place: &Type, coerced: bool) {
        for (code, holds) in branches.into_iter().zip([true, false]) {
            let ty = self.given(condition, holds, |this| this.infer(code));
            if !fits(&ty, place, coerced) {
                self.misfit(code.span, Some(code), &ty, place, None, coerced);
            }
        }
    }

    fn misfit(&mut self, span: Span, code: Option<&Code>, ty: &Type, place: &Type, name: Option<&str>, coerced: bool) {
        let wanted = forms(place);
        let named = super::fits::named(&wanted);
        let place_words = match place.required() {
            Type::List(of) if **of == Type::Any => "a list".to_owned(),
            _ if !named.is_empty() => words::a(&join_all(named.iter().cloned())),
            place => words::a(place),
        };
        let message = match member(ty, &wanted, coerced) {
            Some((name, Some((given, wanted)))) => {
                format!("its `{name}` is {}, and {} is wanted here", words::a(&given), words::a(&wanted))
            }
            Some((name, None)) => format!("this has no `{name}`, which is wanted here"),
            None => format!("this is {}, and {place_words} is wanted here", words::a(ty)),
        };
        let mut found = Diagnostic::error(&WRONG_TYPE, span, message);
        found = of_set(found, ty, &wanted);
        let Some(code) = code else { return self.env.report(found, None, &Text::default()) };
        found.span = code.span;
        let time = |form: &Type| matches!(form, Type::Time(_));
        // what is named beside `any` is what is meant
        let meant = |form: &Type| match named.iter().any(time) {
            true => time(form),
            false => fits(form, place, coerced),
        };
        let mut found = super::suggest(found, code, ty, name, meant);
        if found.help.is_none() && !code.text.is_empty() {
            let repaired = match wanted.as_slice() {
                [Type::List(of)] if **of != Type::Any && fits(ty, of, coerced) => Some(format!("[{}]", code.text)),
                wanted if *ty.required() == Type::Duration && wanted.iter().any(time) => {
                    Some(format!("now - {}", code.text))
                }
                _ => None,
            };
            if let Some(repaired) = repaired {
                found = found.help(format!("write `{repaired}`")).fix(code.span, repaired);
            }
        }
        self.complain(found, code);
    }

    /// A value that is written is held against its place member by member: all of it arrives.
    fn members_fit(&mut self, value: &Value, place: &Type, at: &At<'_>, coerced: bool) {
        match value {
            Value::Text(text) => {
                if let Some(found) = self.slip(text, place, at.span, at.name) {
                    self.env.report(found, at.subject(Some(text)), &at.text);
                }
            }
            Value::List(items) => {
                let Some(of) = forms(place).iter().find_map(|form| match form {
                    Type::List(of) => Some(of.clone()),
                    _ => None,
                }) else {
                    return;
                };
                for item in items.raw().iter() {
                    let ty = of_value(item);
                    if fits(&ty, &of, coerced) {
                        self.members_fit(item, &of, at, coerced);
                        continue;
                    }
                    let message = format!("this holds {}, and {} is wanted here", words::a(&ty), words::a(&of));
                    let found = of_set(Diagnostic::error(&WRONG_TYPE, at.span, message), &ty, &forms(&of));
                    let text = match item {
                        Value::Text(text) => Some(text),
                        _ => None,
                    };
                    self.env.report(found, at.subject(text), &at.text);
                }
            }
            _ => {}
        }
    }

    /// Texts that a list is known to hold, as one that was handed down from a constant.
    fn texts_fit(&mut self, ty: &Type, place: &Type, at: &At<'_>) {
        let (Type::List(given), Some(of)) = (ty.required(), forms(place).into_iter().find_map(element_of)) else {
            return;
        };
        for text in closed_set(given).unwrap_or_default() {
            if let Some(found) = self.slip(&text, &of, at.span, at.name) {
                self.env.report(found, at.subject(Some(&text)), &at.text);
            }
        }
    }

    /// A text for a place that knows some, and takes others too.
    fn slip(&mut self, text: &Text, place: &Type, at: Span, name: Option<&str>) -> Option<Diagnostic> {
        let known = known_texts(place).filter(|known| known.open)?;
        let what = name.map_or_else(|| "what is taken here".to_owned(), |name| format!("`{name}`"));
        unlikely(text, at, &known, &what)
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
                self.env.report(found, None, &Text::default());
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
            self.env.report(Diagnostic::error(&WRONG_FIELDS, span, message), None, &Text::default());
        }
    }
}

/// Of an object that does not fit one: the member that is missing, or is something else than what is wanted.
fn member(given: &Type, wanted: &[Type], coerced: bool) -> Option<(Text, Option<(Type, Type)>)> {
    let (Type::Shape(given), [Type::Shape(place)]) = (given.required(), wanted) else { return None };
    // what has a name is something else altogether
    if !given.name.is_empty() {
        return None;
    }
    place.fields.iter().find_map(|wanted| match given.field(&wanted.name) {
        Some(field) if fits(&field.ty, &wanted.ty, coerced) => None,
        Some(field) => Some((wanted.name.clone(), Some((field.ty.clone(), wanted.ty.clone())))),
        None if wanted.default.is_some() || wanted.ty.is_optional() => None,
        None => Some((wanted.name.clone(), None)),
    })
}

fn element_of(form: Type) -> Option<Type> {
    match form {
        Type::List(of) => Some((*of).clone()),
        _ => None,
    }
}

/// The text of a set that one that is none of it most likely was meant to be.
fn of_set(found: Diagnostic, given: &Type, wanted: &[Type]) -> Diagnostic {
    let text = closed_set(given).filter(|all| all.len() == 1).and_then(|all| all.first().cloned());
    let ([Type::Enum(set)], Some(text)) = (wanted, text) else { return found };
    match nearest(&text, set.values.iter().map(Text::as_str)) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help(format!("it takes {}", words::texts(&set.values))),
    }
}
