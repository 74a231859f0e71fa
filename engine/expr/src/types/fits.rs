//! Whether a value of one type can be taken by a place of another.

use wf_value::Type;

use super::join::{closed_set, forms, is_nothing, is_number, is_text};

/// Whether some value of type `given` is taken by a place of type `place`. Gradual: only what can never fit does not. `coerced`: at the
/// input of an action, where digits are a number and a number is a text.
#[must_use]
pub fn fits(given: &Type, place: &Type, coerced: bool) -> bool {
    if is_nothing(given) || *given == Type::Null {
        return true;
    }
    let places = forms(place);
    let named = named(&places);
    forms(given).iter().any(|given| {
        let of_kind = !named.is_empty() && has_kind(given);
        let places = if of_kind { &named } else { &places };
        places.iter().any(|place| form_fits(given, place, coerced))
    })
}

/// The forms that `X or any` names: others go through as they come, but nobody means to hand over an object, a list or a duration where a
/// time is due. Empty where it is `any` alone, or none of them is.
#[must_use]
pub(super) fn named(places: &[Type]) -> Vec<Type> {
    match places.contains(&Type::Any) {
        true => places.iter().filter(|place| **place != Type::Any).cloned().collect(),
        false => vec![],
    }
}

/// What is no text and no number, so that it cannot be one in another spelling.
fn has_kind(given: &Type) -> bool {
    matches!(
        given,
        Type::Boolean | Type::Duration | Type::Bytes | Type::List(_) | Type::Range(_) | Type::Map(_) | Type::Shape(_)
    )
}

fn form_fits(given: &Type, place: &Type, coerced: bool) -> bool {
    match (given, place) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::Enum(_), Type::Enum(set)) if !set.open => match closed_set(given) {
            Some(texts) => texts.iter().any(|text| set.values.contains(text)),
            None => true,
        },
        (Type::Secret, Type::Secret) => true,
        // a secret goes where secrets go, and into texts on their way to the vendor
        (given, place) if is_text(given) && is_text(place) => true,
        (given, place) if is_number(given) && is_number(place) => true,
        (Type::Id | Type::Scalar, place) | (place, Type::Id | Type::Scalar) => {
            is_text(place) || is_number(place) || matches!(place, Type::Id | Type::Scalar)
        }
        (Type::Time(_), Type::Time(_)) => true,
        (given, Type::Time(format)) if format.format().is_some_and(|f| f.as_str() == "epoch_ms") => is_number(given),
        (given, Type::Time(_)) => is_text(given),
        (Type::List(given), Type::List(place)) => fits(given, place, coerced),
        (Type::Range(given), Type::Range(place)) => fits(given, place, coerced),
        (Type::List(given), Type::Range(place)) => fits(given, place, coerced),
        (Type::Shape(given), Type::Shape(place)) => place.fields.iter().all(|wanted| match given.field(&wanted.name) {
            Some(field) => fits(&field.ty, &wanted.ty, coerced),
            None => given.others.is_some() || wanted.default.is_some() || wanted.ty.is_optional(),
        }),
        (Type::Shape(given), Type::Map(place)) => match &place.others {
            Some(of) => given.fields.iter().all(|field| fits(&field.ty, of, coerced)),
            None => true,
        },
        (Type::Map(_), Type::Shape(_)) => true,
        (Type::Map(given), Type::Map(place)) => match (&given.others, &place.others) {
            (Some(given), Some(place)) => fits(given, place, coerced),
            _ => true,
        },
        (given, place) if coerced && is_number(given) && is_text(place) => true,
        (given, place) if coerced && is_text(given) => coerces(given, place),
        (given, place) => given == place,
    }
}

/// A text that may write a value of another type. Of a literal it is known whether it does.
fn coerces(given: &Type, place: &Type) -> bool {
    let known = closed_set(given);
    let all = known.iter().flatten();
    match place {
        Type::Integer | Type::Number | Type::Size => {
            known.is_none() || all.into_iter().any(|text| text.parse::<f64>().is_ok())
        }
        Type::Boolean => {
            let words = ["true", "false", "yes", "no", "1", "0"];
            known.is_none() || all.into_iter().any(|text| words.contains(&text.as_str()))
        }
        Type::Duration => known.is_none() || all.into_iter().any(|text| wf_value::duration::parse(text).is_some()),
        Type::Bytes => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::join::{field, literal, nothing};

    #[test]
    fn only_what_can_never_fit_does_not() {
        assert!(fits(&Type::Any, &Type::Integer, false));
        assert!(fits(&Type::Text.optional(), &Type::Text, false));
        assert!(fits(&Type::Integer, &Type::Id, false));
        assert!(!fits(&Type::Text, &Type::Integer, false));
        assert!(fits(&Type::Text, &Type::Integer, true));
        assert!(!fits(&literal(&"abc".into()), &Type::Integer, true));
        assert!(fits(&Type::Integer, &Type::Text, true));
        assert!(!fits(&Type::list(Type::Integer), &Type::list(Type::Boolean), false));
        assert!(fits(&Type::list(nothing()), &Type::list(Type::Boolean), false));
    }

    #[test]
    fn beside_any_only_texts_and_numbers_go_through() {
        let place = Type::Union([Type::timestamp(), Type::Any].into());
        for given in [Type::timestamp(), Type::Text, Type::Integer, Type::Any, Type::Text.optional()] {
            assert!(fits(&given, &place, true), "{given:?}");
        }
        for given in [Type::Duration, Type::list(Type::timestamp()), Type::shape("note", vec![])] {
            assert!(!fits(&given, &place, true), "{given:?}");
        }
    }

    #[test]
    fn what_may_be_null_is_held_against_the_rest_of_its_type() {
        assert!(!fits(&Type::list(Type::Text), &Type::Text.nullable(), false));
        assert!(fits(&Type::Null, &Type::Text.nullable(), false));
    }

    #[test]
    fn an_object_must_have_what_is_required() {
        let place = Type::shape("p", vec![field("a".into(), Type::Text), field("b".into(), Type::Text.optional())]);
        assert!(fits(&Type::shape("", vec![field("a".into(), Type::Text)]), &place, false));
        assert!(!fits(&Type::shape("", vec![field("b".into(), Type::Text)]), &place, false));
        assert!(!fits(&Type::shape("", vec![field("a".into(), Type::Boolean)]), &place, false));
    }
}
