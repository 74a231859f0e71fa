//! What goes out to a place: times as the place writes them, everything else as it came.

use crate::{List, Map, ShapeType, Type, Value};

impl Value {
    /// As it was written: a time as the text (or number) it came as, a computed one as ISO; everything else as it is.
    #[must_use]
    pub fn written(&self) -> Self {
        match self {
            Self::Time(time) => time.as_written(),
            other => other.clone(),
        }
    }

    /// The value as a place of type `ty` wants it sent: where the place says how a time is written ([`crate::TimeFormat::format`]), a
    /// time is written so, however it came; all else goes as it came. Inside lists and maps too, read there as their own types say.
    #[must_use]
    pub fn for_place(&self, ty: &Type) -> Self {
        if !restyles(ty) {
            return self.clone();
        }
        match (ty, self) {
            (Type::Optional(inner), _) => self.for_place(inner),
            (Type::Time(format), Self::Time(time)) => format.print(time.at),
            (Type::Union(types), _) => {
                types.iter().find(|ty| holds(ty, self)).map_or_else(|| self.clone(), |ty| self.for_place(ty))
            }
            (Type::List(element), Self::List(list)) => {
                let items = list.iter().zip(list.raw()).map(|(read, raw)| sent(read, raw, element)).collect();
                List::partial(items, list.aside().to_vec()).with_origin(list.origin().cloned()).into()
            }
            (Type::Shape(shape) | Type::Map(shape), Self::Map(map)) => members(map, shape).into(),
            (_, Self::Secret(secret)) => secret.expose().for_place(ty).secret(),
            _ => self.clone(),
        }
    }
}

fn members(map: &Map, shape: &ShapeType) -> Map {
    let mut hint = 0;
    let values = map.iter().zip(map.raw_values()).map(|((key, read), raw)| {
        let ty = shape.find(key, &mut hint).map(|field| &field.ty).or(shape.others.as_ref());
        ty.map_or_else(|| raw.clone(), |ty| sent(read, raw, ty))
    });
    Map::with_shape(map.shape().clone(), values.collect()).with_aside(map.aside().to_vec())
}

/// A member that does not fit its own type goes as it came.
fn sent(read: Value, raw: &Value, ty: &Type) -> Value {
    match (restyles(ty), read) {
        (true, Value::Unknown(_)) | (false, _) => raw.clone(),
        (true, read) => read.for_place(ty),
    }
}

/// Whether the type says anywhere how a time is written.
fn restyles(ty: &Type) -> bool {
    match ty {
        Type::Time(format) => format.format().is_some(),
        Type::Optional(inner) | Type::List(inner) => restyles(inner),
        Type::Shape(shape) | Type::Map(shape) => {
            shape.fields.iter().any(|field| restyles(&field.ty)) || shape.others.as_ref().is_some_and(restyles)
        }
        Type::Union(types) => types.iter().any(restyles),
        _ => false,
    }
}

/// Whether the value is of the kind of `ty` when it is handed on: the moment of a time counts, not how it was written.
fn holds(ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Time(_), Value::Time(_)) => true,
        (_, Value::Time(_)) => false,
        _ => value.clone().typed(ty).as_unknown().is_none(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Field, TimeFormat, decode};

    fn time(format: Option<&str>) -> Type {
        Type::Time(Arc::new(TimeFormat::new(format, Some("UTC")).unwrap_or_default()))
    }

    fn row(seen: Type) -> Type {
        let field = |name: &str, ty| Field { name: name.into(), ty, default: None };
        Type::shape("row", vec![field("seen", seen), field("n", Type::Integer)])
    }

    #[test]
    fn a_time_goes_out_as_its_place_says_else_as_it_came() {
        let american = time(Some("M/D/YYYY h:mm:ss A"));
        let seen = Value::text("2022-06-01T13:05:44.000Z").typed(&Type::timestamp());
        assert_eq!(seen.for_place(&american), Value::text("6/1/2022 1:05:44 PM"));
        assert_eq!(seen.for_place(&american.clone().optional()), Value::text("6/1/2022 1:05:44 PM"));
        assert_eq!(seen.for_place(&time(Some("epoch_ms"))), Value::Int(1_654_088_744_000));
        assert_eq!(seen.for_place(&Type::Any).encode().as_deref(), Ok(r#""2022-06-01T13:05:44.000Z""#));
        assert_eq!(seen.for_place(&time(None)).encode().as_deref(), Ok(r#""2022-06-01T13:05:44.000Z""#));
        let or_any = Type::Union(vec![american, Type::Any].into());
        assert_eq!(seen.for_place(&or_any), Value::text("6/1/2022 1:05:44 PM"));
        assert_eq!(Value::Int(5).for_place(&or_any), Value::Int(5));
    }

    #[test]
    fn rows_are_rewritten_where_they_hold_times() {
        let rows = decode(r#"[{"seen":"2022-06-01T13:05:44Z","n":"odd"},{"seen":"never","n":2}]"#).unwrap_or_default();
        let rows = rows.typed(&Type::list(row(Type::timestamp())));
        let sent = rows.for_place(&Type::list(row(time(Some("YYYY-MM-DD")))));
        assert_eq!(sent.encode().as_deref(), Ok(r#"[{"seen":"2022-06-01","n":"odd"},{"seen":"never","n":2}]"#));
    }
}
