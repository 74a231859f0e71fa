//! The outermost kind of a value and of a type: all that is promised of an answer before it is read.

use wf_value::{Type, Value};

/// Whether the value is of the outermost kind of the type. Deeper down nothing is looked at: what is wrong there is drift.
pub(crate) fn fits(value: &Value, ty: &Type) -> bool {
    match (ty, value) {
        (Type::Any, _) => true,
        (_, Value::Secret(secret)) => matches!(ty, Type::Secret) || fits(secret.expose(), ty),
        (Type::Optional(_) | Type::Null, Value::Null) => true,
        (Type::Optional(inner), _) => fits(value, inner),
        (Type::Union(types), _) => types.iter().any(|ty| fits(value, ty)),
        (Type::List(_) | Type::Range(_), _) => matches!(value, Value::List(_)),
        (Type::Map(_) | Type::Shape(_), _) => matches!(value, Value::Map(_)),
        (Type::Boolean, _) => matches!(value, Value::Bool(_)),
        (Type::Integer | Type::Number | Type::Size, _) => {
            matches!(value, Value::Int(_) | Value::Float(_) | Value::Big(_))
                || matches!(value, Value::Id(wf_value::Id::Number(_)))
        }
        (Type::Id | Type::Scalar, _) => {
            is_text(value) || matches!(value, Value::Int(_) | Value::Float(_) | Value::Big(_) | Value::Id(_))
        }
        (Type::Time(_), _) => matches!(value, Value::Time(_) | Value::Int(_) | Value::Float(_)) || is_text(value),
        (Type::Bytes, _) => matches!(value, Value::Bytes(_)) || is_text(value),
        (Type::Duration, _) => matches!(value, Value::Duration(_)) || is_text(value),
        (Type::Null, _) => false,
        (Type::Text | Type::Regex | Type::Zone | Type::Url | Type::Secret | Type::Enum(_), _) => is_text(value),
    }
}

fn is_text(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Id(wf_value::Id::Text(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_outermost_kind_counts() {
        let rows = Type::list(Type::Integer);
        assert!(fits(&vec![Value::text("no number")].into(), &rows));
        assert!(!fits(&Value::Null, &rows));
        assert!(fits(&Value::Null, &rows.clone().optional()));
        assert!(!fits(&wf_value::Map::default().into(), &rows));
        assert!(fits(&Value::text("x"), &Type::Union(vec![rows, Type::Text].into())));
        assert!(!fits(&Value::Null, &Type::Text));
        assert!(fits(&Value::Int(3), &Type::Scalar) && !fits(&Value::Bool(true), &Type::Scalar));
    }
}
