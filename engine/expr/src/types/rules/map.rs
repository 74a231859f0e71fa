//! Functions of maps. Objects whose fields are known keep them.

use std::sync::Arc;

use wf_source::{Diagnostic, nearest, one_of};
use wf_value::{Field, ShapeType, Text, Type, Value};

use crate::Kind;
use crate::functions::case;
use crate::types::fields::field_of;
use crate::types::findings::UNKNOWN_FIELD;
use crate::types::join::{field, forms, join, join_all, keys_of};
use crate::types::{Takes, TypeCall};

/// `get(key)` of a map: null when absent. Of an object whose fields are declared, or that is written, the key is one of them.
pub fn get(call: &mut TypeCall<'_>) -> Type {
    call.demand(0, Takes::Map);
    let ty = call.arg(0);
    let Some(key) = call.text(1).cloned() else {
        call.keyed(0, 1);
        return join_all(forms(&ty).iter().map(value_of)).optional();
    };
    let written = matches!(call.args.first().map(|on| &on.kind), Some(Kind::Literal(_)));
    let mut lacking = vec![];
    let mut found = vec![];
    for form in forms(&ty) {
        match (field_of(&form, &key), &form) {
            (Some(ty), Type::Shape(_)) => found.push(ty),
            (None, Type::Shape(shape)) if written || !shape.name.is_empty() => lacking.push(shape.clone()),
            // it may come, and nothing is said of it
            (None, Type::Shape(_)) => found.push(Type::Any),
            _ => found.push(value_of(&form)),
        }
    }
    if found.is_empty() {
        let shapes: Vec<&ShapeType> = lacking.iter().map(|shape| &**shape).collect();
        call.no_field(&shapes, &key, 1);
        return Type::Any;
    }
    call.reads(0, &key);
    join_all(found).optional()
}

fn value_of(form: &Type) -> Type {
    match form {
        Type::Map(shape) | Type::Shape(shape) => {
            let all: Vec<Type> = shape.fields.iter().map(|f| f.ty.clone()).chain(shape.others.clone()).collect();
            if all.is_empty() { Type::Any } else { join_all(all) }
        }
        _ => Type::Any,
    }
}

pub fn keys(call: &mut TypeCall<'_>) -> Type {
    call.demand(0, Takes::Map);
    let keys = forms(&call.arg(0)).into_iter().map(|form| match form {
        Type::Map(shape) | Type::Shape(shape) => keys_of(&shape),
        _ => Type::Text,
    });
    Type::list(join_all(keys))
}

pub fn values(call: &mut TypeCall<'_>) -> Type {
    call.demand(0, Takes::Map);
    Type::list(join_all(forms(&call.arg(0)).iter().map(value_of)))
}

/// `with(name, value)`
pub fn with(call: &mut TypeCall<'_>) -> Type {
    call.demand(0, Takes::Map);
    call.demand(1, Takes::Text);
    let (ty, value) = (call.arg(0), call.arg(2));
    let name = call.text(1).cloned();
    each_form(&ty, |form| match (form, &name) {
        (Type::Shape(shape), Some(name)) => {
            let mut fields = copied(shape, |_| true);
            put(&mut fields, field(name.clone(), value.clone()));
            shape_of(fields, shape)
        }
        (Type::Map(shape), _) => Type::map(join(shape.others.clone().unwrap_or(Type::Any), value.clone())),
        _ => Type::Any,
    })
}

/// `without(names…)`
pub fn without(call: &mut TypeCall<'_>) -> Type {
    call.demand(0, Takes::Map);
    let names: Option<Vec<Text>> = (1..call.args.len()).map(|i| call.text(i).cloned()).collect();
    for i in 1..call.args.len() {
        call.demand(i, Takes::Text);
    }
    let ty = call.arg(0);
    each_form(&ty, |form| match (form, &names) {
        (Type::Shape(shape), Some(names)) => shape_of(copied(shape, |f| !names.contains(&f.name)), shape),
        (Type::Map(_), _) => form.clone(),
        _ => Type::Any,
    })
}

/// `only([names])`
pub fn only(call: &mut TypeCall<'_>) -> Type {
    call.demand(0, Takes::Map);
    call.demand(1, Takes::ListOfText);
    let ty = call.arg(0);
    let Some(names) = literal_texts(call, 1) else {
        return each_form(&ty, |form| if matches!(form, Type::Map(_)) { form.clone() } else { Type::Any });
    };
    if let [Type::Shape(shape)] = forms(&ty).as_slice()
        && shape.others.is_none()
        && !shape.name.is_empty()
        && let Some(odd) = names.iter().find(|name| shape.field(name).is_none())
    {
        let fields = shape.fields.iter().map(|f| f.name.as_str());
        let span = call.args.get(1).map_or(call.span, |code| code.span);
        let found = Diagnostic::error(&UNKNOWN_FIELD, span, format!("{} has no field `{odd}`", shape.name));
        let found = match nearest(odd, fields.clone()) {
            Some(near) => found.help(format!("did you mean `{near}`?")),
            None => found.help(format!("it has {}", one_of(fields, 12))),
        };
        call.report(1, found);
    }
    each_form(&ty, |form| match form {
        Type::Shape(shape) => shape_of(copied(shape, |f| names.contains(&f.name)), shape),
        Type::Map(_) => form.clone(),
        _ => Type::Any,
    })
}

fn literal_texts(call: &TypeCall<'_>, i: usize) -> Option<Vec<Text>> {
    let text = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    match &call.args.get(i)?.kind {
        Kind::Literal(Value::List(list)) => list.raw().iter().map(text).collect(),
        Kind::List(items) => items
            .iter()
            .map(|item| match &item.kind {
                Kind::Literal(value) => text(value),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// `merge(map)`: the other's fields win.
pub fn merge(call: &mut TypeCall<'_>) -> Type {
    call.takes(&[Takes::Map, Takes::Map]);
    let (ty, other) = (call.arg(0), call.arg(1));
    each_form(&ty, |a| {
        each_form(&other, |b| match (a, b) {
            (Type::Shape(a), Type::Shape(b)) => {
                let mut fields = copied(a, |_| true);
                for new in copied(b, |_| true) {
                    put(&mut fields, new);
                }
                let others = a.others.clone().or_else(|| b.others.clone());
                Type::Shape(Arc::new(ShapeType { name: Text::default(), fields, others }))
            }
            (Type::Map(_), Type::Map(_)) => join(a.clone(), b.clone()),
            (Type::Any, _) | (_, Type::Any) => Type::Any,
            _ => Type::map(join(value_of(a), value_of(b))),
        })
    })
}

/// `renameKeys(k, expr)`: keys are texts.
pub fn rename_keys(call: &mut TypeCall<'_>) -> Type {
    call.demand(0, Takes::Map);
    call.lambda(1, &[Type::Text]);
    let ty = call.arg(0);
    Type::map(join_all(forms(&ty).iter().map(value_of)))
}

/// `pascalKeys()`: the same objects under other names, at every depth.
pub fn pascal_keys(call: &mut TypeCall<'_>) -> Type {
    recased(&call.arg(0), case::pascal)
}

/// `snakeKeys()`
pub fn snake_keys(call: &mut TypeCall<'_>) -> Type {
    recased(&call.arg(0), case::snake)
}

/// `camelKeys()`
pub fn camel_keys(call: &mut TypeCall<'_>) -> Type {
    recased(&call.arg(0), case::camel)
}

/// The type with its fields called otherwise: what it was called no longer says what it has.
fn recased(ty: &Type, name: fn(&str) -> Text) -> Type {
    match ty {
        Type::Optional(inner) => recased(inner, name).optional(),
        Type::List(of) => Type::list(recased(of, name)),
        Type::Union(types) => join_all(types.iter().map(|ty| recased(ty, name))),
        Type::Map(shape) => Type::map(shape.others.as_ref().map_or(Type::Any, |of| recased(of, name))),
        Type::Shape(shape) => {
            let fields = shape.fields.iter().map(|f| Field {
                name: name(&f.name),
                ty: recased(&f.ty, name),
                default: f.default.clone(),
            });
            shape_of(fields.collect(), shape)
        }
        other => other.clone(),
    }
}

/// `compact()` of a list drops nulls, of a map members that are null.
pub fn compact(call: &mut TypeCall<'_>) -> Type {
    let ty = call.arg(0);
    let holds = |form: &Type| matches!(form, Type::Any | Type::List(_) | Type::Map(_) | Type::Shape(_));
    if !forms(&ty).iter().any(holds) {
        call.wrong(0, "a list or a map");
        return Type::Any;
    }
    each_form(&ty, |form| match form {
        Type::List(of) => Type::list(of.required().clone()),
        Type::Map(shape) => Type::map(shape.others.as_ref().map_or(Type::Any, |of| of.required().clone())),
        other => other.clone(),
    })
}

fn each_form(ty: &Type, what: impl Fn(&Type) -> Type) -> Type {
    join_all(forms(ty).iter().map(what))
}

fn copied(shape: &ShapeType, keep: impl Fn(&Field) -> bool) -> Vec<Field> {
    let copy = |f: &Field| Field { name: f.name.clone(), ty: f.ty.clone(), default: f.default.clone() };
    shape.fields.iter().filter(|f| keep(f)).map(copy).collect()
}

fn put(fields: &mut Vec<Field>, new: Field) {
    match fields.iter_mut().find(|f| f.name == new.name) {
        Some(old) => *old = new,
        None => fields.push(new),
    }
}

fn shape_of(fields: Vec<Field>, was: &ShapeType) -> Type {
    Type::Shape(Arc::new(ShapeType { name: Text::default(), fields, others: was.others.clone() }))
}
