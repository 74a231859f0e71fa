//! Types of values and of branches.

use std::sync::Arc;

use wf_value::{Enum, Field, ShapeType, Text, Type, Value};

/// Texts that a closed set made of literals may have; more are just text.
const LARGEST_SET: usize = 400;
/// Forms that a union made of branches may have; more are anything.
const MOST_FORMS: usize = 8;

/// The set of just this text.
#[must_use]
pub fn literal(text: &Text) -> Type {
    Type::Enum(Arc::new(Enum { name: Text::default(), values: vec![text.clone()], open: false }))
}

/// The type of no value at all: elements of an empty list.
#[must_use]
pub fn nothing() -> Type {
    Type::Union(Arc::from([]))
}

#[must_use]
pub fn is_nothing(ty: &Type) -> bool {
    matches!(ty, Type::Union(forms) if forms.is_empty())
}

/// The type that a value shows: texts are the sets of just these texts, maps shapes without a name.
#[must_use]
pub fn of_value(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Boolean,
        Value::Int(_) | Value::Big(_) => Type::Integer,
        Value::Float(_) => Type::Number,
        Value::Text(text) => literal(text),
        Value::Id(_) => Type::Id,
        Value::Time(_) => Type::timestamp(),
        Value::Duration(_) => Type::Duration,
        Value::Bytes(_) => Type::Bytes,
        Value::Secret(_) => Type::Secret,
        Value::Unknown(_) => Type::Any,
        Value::List(list) => match list.element_type() {
            Some(element) => Type::List(element.clone()),
            None => Type::list(join_all(list.raw().iter().map(of_value))),
        },
        Value::Map(map) => match map.shape_type() {
            Some(shape) => Type::Shape(shape.clone()),
            None => Type::shape("", map.raw_iter().map(|(key, v)| field(key.clone(), of_value(v))).collect()),
        },
    }
}

#[must_use]
pub fn field(name: Text, ty: Type) -> Field {
    Field { name, ty, default: None }
}

/// The type of elements of a list of nothing is unknown.
#[must_use]
pub fn element(of: &Type) -> Type {
    if is_nothing(of) { Type::Any } else { of.clone() }
}

#[must_use]
pub fn join_all(types: impl IntoIterator<Item = Type>) -> Type {
    types.into_iter().reduce(join).unwrap_or_else(nothing)
}

/// The type of a value that has the one type or the other.
#[must_use]
pub fn join(a: Type, b: Type) -> Type {
    if a == b || is_nothing(&b) {
        return a;
    }
    match (a, b) {
        (Type::Any, _) | (_, Type::Any) => Type::Any,
        (a, b) if is_nothing(&a) => b,
        (Type::Null, other) | (other, Type::Null) => other.optional(),
        (Type::Optional(a), Type::Optional(b)) => join((*a).clone(), (*b).clone()).optional(),
        (Type::Optional(a), b) | (b, Type::Optional(a)) => join((*a).clone(), b).optional(),
        (Type::Enum(a), Type::Enum(b)) => sets(&a, &b),
        (Type::Secret, other) | (other, Type::Secret) if is_text(&other) => Type::Secret,
        (a, b) if is_text(&a) && is_text(&b) => Type::Text,
        (Type::Integer | Type::Size, Type::Integer | Type::Size) => Type::Integer,
        (a, b) if is_number(&a) && is_number(&b) => Type::Number,
        (Type::Scalar, other) | (other, Type::Scalar) if is_text(&other) || is_number(&other) => Type::Scalar,
        (Type::Scalar, Type::Id) | (Type::Id, Type::Scalar) => Type::Scalar,
        (Type::Id, other) | (other, Type::Id) if is_text(&other) || other == Type::Integer => Type::Id,
        (Type::Time(a), Type::Time(_)) => Type::Time(a),
        (Type::List(a), Type::List(b)) => Type::list(join((*a).clone(), (*b).clone())),
        (Type::Map(a), Type::Map(b)) => match (&a.others, &b.others) {
            (Some(a), Some(b)) => Type::map(join(a.clone(), b.clone())),
            _ => Type::map(Type::Any),
        },
        (Type::Shape(a), Type::Shape(b)) => shapes(a, b),
        (a, b) => union(a, b),
    }
}

fn sets(a: &Arc<Enum>, b: &Arc<Enum>) -> Type {
    let within = |small: &Enum, large: &Enum| small.values.iter().all(|v| large.values.contains(v));
    // what a declared set holds already adds nothing to it
    if (!a.name.is_empty() || a.open) && !b.open && within(b, a) {
        return Type::Enum(a.clone());
    }
    if (!b.name.is_empty() || b.open) && !a.open && within(a, b) {
        return Type::Enum(b.clone());
    }
    let mut values = a.values.clone();
    values.extend(b.values.iter().filter(|v| !a.values.contains(v)).cloned());
    if values.len() > LARGEST_SET {
        return Type::Text;
    }
    Type::Enum(Arc::new(Enum { name: Text::default(), values, open: a.open || b.open }))
}

/// Two objects written in place with the same fields are one shape; others are two forms.
fn shapes(a: Arc<ShapeType>, b: Arc<ShapeType>) -> Type {
    if !alike(&a, &b) {
        return union(Type::Shape(a), Type::Shape(b));
    }
    let fields = a.fields.iter().zip(&b.fields).map(|(a, b)| Field {
        name: a.name.clone(),
        ty: join(a.ty.clone(), b.ty.clone()),
        default: a.default.clone(),
    });
    let others = a.others.clone().or_else(|| b.others.clone());
    Type::Shape(Arc::new(ShapeType { name: a.name.clone(), fields: fields.collect(), others }))
}

fn alike(a: &ShapeType, b: &ShapeType) -> bool {
    a.name == b.name
        && a.fields.len() == b.fields.len()
        && a.fields.iter().zip(&b.fields).all(|(a, b)| a.name == b.name)
}

fn union(a: Type, b: Type) -> Type {
    let null = a.takes_null() || b.takes_null();
    let mut forms = forms(&a);
    for form in self::forms(&b) {
        if forms.contains(&form) {
            continue;
        }
        // two lists, two texts, two numbers are one form
        match forms.iter().position(|have| one_form(have, &form)) {
            Some(i) => forms[i] = join(forms[i].clone(), form),
            None => forms.push(form),
        }
    }
    let joined = if forms.len() > MOST_FORMS { Type::Any } else { only_forms(forms) };
    if null { joined.optional() } else { joined }
}

fn one_form(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::List(_), Type::List(_)) | (Type::Enum(_), Type::Enum(_)) => true,
        (Type::Map(_), Type::Map(_)) | (Type::Time(_), Type::Time(_)) => true,
        (Type::Shape(a), Type::Shape(b)) => alike(a, b),
        (a, b) => is_text(a) && is_text(b) || is_number(a) && is_number(b),
    }
}

/// The forms of a type: one, or those of a union. Null is none of them.
#[must_use]
pub fn forms(ty: &Type) -> Vec<Type> {
    match ty {
        Type::Optional(inner) => forms(inner),
        Type::Union(types) => types.iter().filter(|ty| **ty != Type::Null).flat_map(forms).collect(),
        Type::Null => vec![Type::Any],
        other => vec![other.clone()],
    }
}

/// A type as it is read: whether a field must be there does not matter any more, only that it may be null.
#[must_use]
pub fn as_read(ty: &Type) -> Type {
    match ty {
        Type::Union(types) if types.contains(&Type::Null) => only_forms(forms(ty)).optional(),
        other => other.clone(),
    }
}

/// The type of just these forms.
#[must_use]
pub fn only_forms(mut forms: Vec<Type>) -> Type {
    match forms.len() {
        1 => forms.remove(0),
        _ => Type::Union(forms.into()),
    }
}

/// A text, whatever it stands for.
#[must_use]
pub fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Enum(_) | Type::Regex | Type::Zone | Type::Url | Type::Secret)
}

#[must_use]
pub fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Integer | Type::Number | Type::Size)
}

/// What the keys of an object are: where all its fields are known, and nobody else declared them, just these.
#[must_use]
pub fn keys_of(shape: &ShapeType) -> Type {
    let known = shape.name.is_empty() && shape.others.is_none() && !shape.fields.is_empty();
    if !known || shape.fields.len() > LARGEST_SET {
        return Type::Text;
    }
    let values = shape.fields.iter().map(|field| field.name.clone()).collect();
    Type::Enum(Arc::new(Enum { name: Text::default(), values, open: false }))
}

/// The texts that are known of a value.
pub struct Known {
    pub texts: Vec<Text>,
    /// Others may come.
    pub open: bool,
    /// All of them are declared together: none of them is a slip of another.
    pub declared: bool,
}

/// What is known of the texts that a value of this type can be: sets in all its forms that are texts.
#[must_use]
pub fn known_texts(ty: &Type) -> Option<Known> {
    let mut known: Option<Known> = None;
    for form in forms(ty) {
        match form {
            Type::Enum(set) => {
                let known = known.get_or_insert(Known { texts: vec![], open: false, declared: !set.name.is_empty() });
                known.declared &= known.texts.is_empty();
                known.texts.extend(set.values.iter().cloned());
                known.open |= set.open;
            }
            Type::Any | Type::Id | Type::Scalar => return None,
            form if is_text(&form) => return None,
            _ => {}
        }
    }
    known
}

/// The texts that a value of this type can be, where no others may come.
#[must_use]
pub fn closed_set(ty: &Type) -> Option<Vec<Text>> {
    known_texts(ty).filter(|known| !known.open && !known.texts.is_empty()).map(|known| known.texts)
}

/// The type without what is known only of literals: of a value that may be another one later.
#[must_use]
pub fn widened(ty: &Type) -> Type {
    match ty {
        Type::Enum(set) if set.name.is_empty() && !set.open => Type::Text,
        Type::Optional(inner) => widened(inner).optional(),
        Type::List(element) => Type::list(widened(element)),
        Type::Union(types) => join_all(types.iter().map(widened)),
        other => other.clone(),
    }
}

/// The type that a body sees of what it is handed: a single text is known, and may be another one in the next call.
#[must_use]
pub fn handed(ty: &Type) -> Type {
    match ty {
        Type::Enum(set) if set.name.is_empty() && !set.open && set.values.len() == 1 => {
            Type::Enum(Arc::new(Enum { name: Text::default(), values: set.values.clone(), open: true }))
        }
        Type::Enum(_) => ty.clone(),
        Type::Optional(inner) => handed(inner).optional(),
        other => widened(other),
    }
}

/// The texts that a value surely is one of: all of a closed set, or the one that a body was handed.
#[must_use]
pub fn sure_texts(ty: &Type) -> Vec<Text> {
    let handed = |known: &Known| known.open && !known.declared && known.texts.len() == 1;
    let known = known_texts(ty).filter(|known| !known.open || handed(known));
    known.map(|known| known.texts).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(text: &str) -> Type {
        literal(&text.into())
    }

    #[test]
    fn branches_are_joined() {
        assert_eq!(closed_set(&join(lit("a"), lit("b"))), Some(vec!["a".into(), "b".into()]));
        assert_eq!(join(lit("a"), Type::Text), Type::Text);
        assert_eq!(join(Type::Null, Type::Integer), Type::Integer.optional());
        assert_eq!(join(Type::Integer, Type::Number), Type::Number);
        assert_eq!(join(Type::list(nothing()), Type::list(Type::Id)), Type::list(Type::Id));
        assert_eq!(join(Type::Any, Type::Id), Type::Any);
        assert!(matches!(join(Type::Boolean, Type::Text), Type::Union(_)));
    }

    #[test]
    fn a_declared_set_takes_its_own_texts() {
        let declared = Type::Enum(Arc::new(Enum {
            name: "state".into(),
            values: vec!["CONNECTED".into(), "OFFLINE".into()],
            open: false,
        }));
        assert_eq!(join(declared.clone(), lit("OFFLINE")), declared);
        assert_eq!(join(lit("OFFLINE"), declared.clone()), declared);
        assert_eq!(closed_set(&join(declared, lit("GONE"))).map(|s| s.len()), Some(3));
    }

    #[test]
    fn objects_written_alike_are_one_shape() {
        let one = |ty| Type::shape("", vec![field("a".into(), ty)]);
        assert_eq!(join(one(Type::Null), one(Type::Integer)), one(Type::Integer.optional()));
        let other = Type::shape("", vec![field("b".into(), Type::Text)]);
        assert_eq!(forms(&join(one(Type::Integer), other)).len(), 2);
    }

    #[test]
    fn the_type_of_a_value_is_what_it_shows() {
        let list = Value::from(vec![Value::text("a"), Value::Null, Value::text("b")]);
        let Type::List(element) = of_value(&list) else { panic!("a list") };
        assert!(element.is_optional());
        assert_eq!(closed_set(&element).map(|s| s.len()), Some(2));
    }
}
