//! `x.name` and `x[key]`.

use wf_source::{Diagnostic, Span, equally_near, nearest, one_of};
use wf_value::{ShapeType, Text, Type, Value};

use super::findings::{NO_FIELDS, UNDECLARED_KEY, UNKNOWN_FIELD, WRONG_INDEX};
use super::infer::Infer;
use super::join::{as_read, closed_set, element, forms, is_number, is_text, join_all};
use super::sets::{literal, only_texts};
use super::words;
use crate::{Code, Kind};

impl Infer<'_> {
    /// The type of field `name` of `on`. A form of a union that lacks it is fine as long as another has it.
    pub(super) fn field(&mut self, ty: &Type, name: &Text, name_span: Span, on: &Code) -> Type {
        let all = forms(ty);
        let found: Vec<Type> = all.iter().filter_map(|form| field_of(form, name)).collect();
        if found.is_empty() {
            self.no_field(&all, name, name_span, on);
            return Type::Any;
        }
        if self.note_read(&all, name) {
            self.used(on);
        }
        join_all(found)
    }

    /// Whether a field is one of a shape; that it is read is noted.
    pub(super) fn note_read(&mut self, forms: &[Type], name: &Text) -> bool {
        let mut declared = false;
        for form in forms {
            if let Type::Shape(shape) = form
                && shape.field(name).is_some()
            {
                declared = true;
                self.env.read(&shape.name, name);
            }
        }
        declared
    }

    fn no_field(&mut self, all: &[Type], name: &Text, at: Span, on: &Code) {
        let shapes: Vec<&ShapeType> = all
            .iter()
            .filter_map(|form| match form {
                Type::Shape(shape) => Some(&**shape),
                _ => None,
            })
            .collect();
        if !shapes.is_empty() {
            let found = self.no_field_of_shapes(&shapes, name, at);
            return self.complain(found, on);
        }
        let found = match all {
            [Type::Map(_)] => {
                let message = format!("nothing declares `{name}`: {} is a map of anything", words::name(on));
                let found = Diagnostic::error(&UNDECLARED_KEY, at, message).help(format!("write `.get('{name}')`"));
                found.fix(on.span.to(at), format!("{}.get('{name}')", on.text))
            }
            [ty @ Type::List(of)] => {
                let message = format!("{} is {}, which has no field `{name}`", words::name(on), words::a(ty));
                let has = forms(of).iter().any(|form| field_of(form, name).is_some());
                let help = match has && !matches!(**of, Type::Any) {
                    // a variable of a lambda: the list around it is one of lists
                    true if matches!(on.kind, Kind::Local(_)) => {
                        format!(
                            "its elements have: `.flatten()` makes one list of a list of lists, or write `.first().{name}`"
                        )
                    }
                    true => format!(
                        "its elements have: write `.first().{name}` for that of the first, `.map(x, x.{name})` for all"
                    ),
                    false => "an element is `.first()`, `[0]`, or the variable of a `for`".to_owned(),
                };
                Diagnostic::error(&NO_FIELDS, at, message).help(help)
            }
            _ => {
                let joined = join_all(all.iter().cloned());
                let message = match (&on.kind, on.text.strip_prefix("params.")) {
                    (Kind::Param(_), Some(param)) => {
                        format!("there is no param `{param}.{name}`: `{param}` is one, {}", words::a(&joined))
                    }
                    _ => format!("{} is {}, which has no fields", words::name(on), words::a(&joined)),
                };
                let mut found = Diagnostic::error(&NO_FIELDS, at, message);
                if crate::functions::overloads(name).any(|f| f.receiver) {
                    found = found.help(format!("`{name}` is a function: write `.{name}()`"));
                }
                found
            }
        };
        self.complain(found, on);
    }

    pub(super) fn no_field_of_shapes(&mut self, shapes: &[&ShapeType], name: &Text, at: Span) -> Diagnostic {
        let what = match shapes {
            [one] if one.name.is_empty() => "this object".to_owned(),
            _ => one_of(shapes.iter().map(|s| s.name.as_str()).filter(|n| !n.is_empty()), words::MOST),
        };
        let fields: Vec<&str> = shapes.iter().flat_map(|s| s.fields.iter().map(|f| f.name.as_str())).collect();
        let near = same_ending(name, &fields).or_else(|| nearest(name, fields.iter().copied()));
        let mut found = Diagnostic::error(&UNKNOWN_FIELD, at, format!("{what} has no field `{name}`"));
        found = match near {
            Some(near) => {
                let others = equally_near(name, near, fields.iter().copied());
                found.did_you_mean(Some(near), at).or_mean(&others)
            }
            None => {
                let function = crate::functions::overloads(name).any(|f| f.receiver);
                let function = function.then(|| format!("`{name}` is a function: write `.{name}()`"));
                let has =
                    (!fields.is_empty()).then(|| format!("it has {}", one_of(fields, 12).replace(" or ", " and ")));
                match (has, function) {
                    (Some(has), Some(function)) => found.help(format!("{has}; {function}")),
                    (Some(help), None) | (None, Some(help)) => found.help(help),
                    (None, None) => found,
                }
            }
        };
        for shape in shapes.iter().filter(|s| !s.name.is_empty()) {
            self.env.missed(&shape.name, name, at);
            if let Some(declared) = self.env.declared(&shape.name) {
                found = found.note(Some(declared), format!("`{}` is declared here", shape.name));
            }
        }
        found
    }

    /// `x[key]`, where it is known what `key` can be, and `x` has only what is declared: all of them are there.
    fn key_of_none(&mut self, ty: &Type, key_ty: &Type, on: &Code, key: &Code) {
        let mut fields: Vec<Text> = vec![];
        for form in forms(ty) {
            match form {
                Type::Shape(shape) if shape.others.is_none() && !shape.fields.is_empty() => {
                    fields.extend(shape.fields.iter().map(|field| field.name.clone()));
                }
                _ => return,
            }
        }
        if literal(key).is_some() || !only_texts(key_ty) {
            return;
        }
        let known = closed_set(key_ty).unwrap_or_default();
        // conditions around may keep the others away: sure is only what is misspelt
        let fields: Vec<&str> = fields.iter().map(Text::as_str).collect();
        let strange = known.iter().filter(|text| !fields.contains(&text.as_str()));
        let meant = strange.filter_map(|text| Some((text, nearest(text, fields.iter().copied())?))).next();
        let Some((strange, near)) = meant else { return };
        let message =
            format!("{} can be '{strange}', and {} has nothing of that name", words::name(key), words::name(on));
        let found = Diagnostic::error(&UNKNOWN_FIELD, key.span, message).help(format!("did you mean '{near}'?"));
        self.env.stranger(strange, near, key.span);
        self.complain(found, key);
    }

    pub(super) fn index(&mut self, ty: &Type, key_ty: &Type, on: &Code, key: &Code) -> Type {
        self.keys_meet(on, (key, key_ty));
        self.key_of_none(ty, key_ty, on, key);
        let keys = forms(key_ty);
        let number = keys.iter().any(|k| is_number(k) || matches!(k, Type::Any | Type::Scalar | Type::Id));
        let text = keys.iter().any(|k| is_text(k) || matches!(k, Type::Any | Type::Scalar | Type::Id));
        let mut found = Vec::new();
        for form in forms(ty) {
            match &form {
                Type::Any => found.push(Type::Any),
                Type::List(of) if number => found.push(element(of)),
                Type::Range(of) if number => found.push((**of).clone()),
                Type::Map(shape) if number || text => found.push(shape.others.clone().unwrap_or(Type::Any)),
                Type::Shape(shape) if text => match &key.kind {
                    Kind::Literal(Value::Text(name)) => match field_of(&form, name) {
                        Some(ty) => found.push(ty),
                        None => {
                            let mut diagnostic = self.no_field_of_shapes(&[shape], name, key.span);
                            if let Some(fix) = &mut diagnostic.fix {
                                fix.replacement = format!("'{}'", fix.replacement);
                            }
                            self.complain(diagnostic, on);
                            return Type::Any;
                        }
                    },
                    _ => found.push(by_any_key(shape, key_ty)),
                },
                _ => {}
            }
        }
        if found.is_empty() {
            let (what, key_words) = (words::a(ty), words::a(key_ty));
            let message = match ty.required() {
                Type::List(_) => {
                    format!("elements of a list are counted by whole numbers from 0, not by {key_words}")
                }
                Type::Map(_) | Type::Shape(_) => format!("keys are texts, not {key_words}"),
                _ => format!("{} is {what}, which has no elements", words::name(on)),
            };
            // whoever counts means a list
            let counted = number && matches!(ty.required(), Type::Shape(_));
            let indexed = matches!(ty.required(), Type::List(_) | Type::Map(_) | Type::Shape(_)) && !counted;
            let (span, about) = if indexed { (key.span, key) } else { (on.span, on) };
            let message =
                if counted { format!("{} is {what}, which has no elements", words::name(on)) } else { message };
            let found = Diagnostic::error(&WRONG_INDEX, span, message);
            let found =
                if counted { super::suggest(found, on, ty, None, |form| matches!(form, Type::List(_))) } else { found };
            self.complain(found, about);
            return Type::Any;
        }
        join_all(found)
    }
}

/// A name that ends as another does, in other letters: `edgeSerialNumber` and `serial_number`.
fn same_ending<'f>(name: &str, fields: &[&'f str]) -> Option<&'f str> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let asked = plain(name);
    let ends = fields.iter().filter(|field| field.len() >= SHORTEST && asked.ends_with(&plain(field)));
    ends.max_by_key(|field| field.len()).copied()
}

/// A shorter ending is one by chance.
const SHORTEST: usize = 4;

/// What a field of that name is; `None`: values of this form have none.
pub(super) fn field_of(form: &Type, name: &str) -> Option<Type> {
    match form {
        Type::Any => Some(Type::Any),
        Type::Shape(shape) => match (shape.field(name), &shape.others) {
            (Some(field), _) if field.default.is_some() => Some(field.ty.required().clone()),
            (Some(field), _) => Some(as_read(&field.ty)),
            (None, Some(others)) => Some(others.clone().optional()),
            // `{}`: the beginning of anything
            (None, None) if shape.fields.is_empty() && shape.name.is_empty() => Some(Type::Any),
            (None, None) => None,
        },
        // of a map of something every key may be there
        Type::Map(shape) => match &shape.others {
            Some(Type::Any) | None => None,
            Some(others) => Some(others.clone().optional()),
        },
        _ => None,
    }
}

/// What stands behind a key that is known only when it runs.
fn by_any_key(shape: &ShapeType, key: &Type) -> Type {
    let known = closed_set(key).unwrap_or_default();
    let named = |field: &&wf_value::Field| known.is_empty() || known.contains(&field.name);
    join_all(shape.fields.iter().filter(named).map(|f| f.ty.clone()).chain(shape.others.clone()))
}
