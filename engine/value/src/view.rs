//! A value read as its declared type says.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::{Enum, Id, Time, Type, Unknown, UnknownKind, Value};

impl Value {
    /// The value as `ty` says: a text becomes the time it writes, a map or list remembers what its members are.
    /// What does not fit is unknown ([`UnknownKind::Drift`]); members are looked at only when they are read.
    #[must_use]
    pub fn typed(self, ty: &Type) -> Self {
        self.fitted(ty).unwrap_or_else(|value| misfit(ty, &value))
    }

    /// The value as `ty` says, or what came when that does not fit: putting the reason into words is left to who needs it.
    fn fitted(self, ty: &Type) -> Result<Self, Self> {
        let parsed = match (ty, &self) {
            (Type::Integer, Self::Float(f)) => crate::number::exact_int(*f).map(Self::Int),
            (Type::Id, Self::Int(n)) => Some(Self::Id(Id::Number(*n))),
            (Type::Duration, Self::Text(text)) => crate::duration::parse(text).map(Self::Duration),
            (Type::Size, Self::Text(text)) => crate::size::parse(text).map(Self::Int),
            (Type::Bytes, Self::Text(text)) => {
                STANDARD.decode(text.as_bytes()).ok().map(|bytes| Self::Bytes(bytes.into()))
            }
            (Type::Optional(_) | Type::Null, Self::Null) => return Ok(self),
            (Type::Optional(inner), _) => return self.fitted(inner),
            (Type::Time(format), _) if !matches!(self, Self::Time(_) | Self::Unknown(_)) => match format.read(&self) {
                Some(at) => return Ok(Self::Time(Arc::new(Time { at, written: Some(self) }))),
                None => None,
            },
            (Type::Union(types), _) => return self.first_fit(types),
            _ => return self.declared_so(ty),
        };
        parsed.ok_or(self)
    }

    /// What is what its type says already, but for what its members are.
    fn declared_so(self, ty: &Type) -> Result<Self, Self> {
        Ok(match (ty, self) {
            (Type::Id, Self::Text(text)) => Self::Id(Id::Text(text)),
            (Type::Secret, value @ Self::Text(_)) => value.secret(),
            (Type::List(element), Self::List(list)) if !matches!(**element, Type::Any) => {
                list.of(element.clone()).into()
            }
            (Type::Map(shape), Self::Map(map)) if !matches!(shape.others, None | Some(Type::Any)) => {
                map.of(shape.clone()).into()
            }
            (Type::Shape(shape), Self::Map(map)) => map.of(shape.clone()).into(),
            (ty, value) if value.is_already(ty) => value,
            (_, value) => return Err(value),
        })
    }

    /// Whether it is read as `ty` without any change.
    #[must_use]
    pub fn is_already(&self, ty: &Type) -> bool {
        match (ty, self) {
            (Type::Any, _)
            | (_, Self::Unknown(_))
            | (Type::Optional(_) | Type::Null, Self::Null)
            | (Type::Boolean, Self::Bool(_))
            | (Type::Integer | Type::Size, Self::Int(_) | Self::Big(_))
            | (Type::Number, Self::Int(_) | Self::Float(_) | Self::Big(_))
            | (Type::Text | Type::Regex | Type::Zone | Type::Url, Self::Text(_))
            | (Type::Text, Self::Id(Id::Text(_)))
            | (Type::Id, Self::Id(_) | Self::Big(_))
            | (Type::Scalar, Self::Int(_) | Self::Float(_) | Self::Big(_) | Self::Text(_) | Self::Id(_))
            | (Type::Time(_), Self::Time(_))
            | (Type::Duration, Self::Duration(_))
            | (Type::Bytes, Self::Bytes(_))
            | (Type::Secret, Self::Secret(_)) => true,
            (Type::List(element), Self::List(_)) => matches!(**element, Type::Any),
            (Type::Map(shape), Self::Map(_)) => matches!(shape.others, None | Some(Type::Any)),
            (Type::Range(_), Self::List(list)) => list.len() == 2,
            (Type::Enum(set), Self::Text(text)) => set.open || set.values.iter().any(|v| v == text),
            (Type::Optional(inner), _) => self.is_already(inner),
            // the first form that may fit decides; null is no form of anything else
            (Type::Union(types), _) => match types.iter().find(|ty| !matches!(ty, Type::Null) || self.is_null()) {
                Some(ty) => self.is_already(ty),
                None => false,
            },
            _ => false,
        }
    }

    /// As the first of these types that fits.
    fn first_fit(self, types: &[Type]) -> Result<Self, Self> {
        let mut value = self;
        for ty in types {
            match value.fitted(ty) {
                Ok(fit) => return Ok(fit),
                Err(back) => value = back,
            }
        }
        Err(value)
    }
}

/// Why a value is not what its type says.
fn misfit(ty: &Type, value: &Value) -> Value {
    match (ty, value) {
        (Type::Optional(inner), _) => misfit(inner, value),
        (Type::Enum(set), Value::Text(_)) => not_in(set, value),
        _ => drift(ty, value),
    }
}

fn drift(ty: &Type, value: &Value) -> Value {
    let reason = match value {
        Value::Null => format!("it is null, it should be {}", ty.noun()),
        Value::Text(text) if text.len() <= 60 => format!("'{text}' is not {}", ty.noun()),
        other => format!("it is {}, it should be {}", other.kind(), ty.noun()),
    };
    Unknown::new(UnknownKind::Drift, reason).into()
}

fn not_in(set: &Enum, value: &Value) -> Value {
    let known = wf_source::one_of(set.values.iter().map(crate::Text::as_str), 6);
    let reason = format!("'{}' is none of {known}", value.as_str().unwrap_or_default());
    Unknown::new(UnknownKind::Drift, reason).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, Map, Text};

    fn link() -> Type {
        Type::shape(
            "link",
            vec![
                Field { name: "edgeState".into(), ty: Type::Text, default: None },
                Field { name: "seen".into(), ty: Type::timestamp().optional(), default: None },
            ],
        )
    }

    fn row(pairs: &[(&str, &str)]) -> Value {
        pairs.iter().map(|(k, v)| (Text::from(*k), Value::text(*v))).collect::<Map>().into()
    }

    #[test]
    fn a_field_is_read_declared_so_and_the_object_stays_as_it_came() {
        let value = Value::from(vec![row(&[("edgeState", "OFFLINE"), ("seen", "2022-06-01T13:58:00.000Z")])])
            .typed(&Type::list(link()));
        let first = value.as_list().and_then(|l| l.get(0)).unwrap_or_default();
        let map = first.as_map().cloned().unwrap_or_default();
        assert!(matches!(map.get("seen"), Value::Time(_)));
        assert!(matches!(map.raw("seen"), Some(Value::Text(_))));
    }

    #[test]
    fn what_is_promised_and_absent_is_unknown_only_where_it_is_used() {
        let map = row(&[("other", "x")]).typed(&link()).as_map().cloned().unwrap_or_default();
        assert_eq!(map.get("edgeState").as_unknown().map(|u| u.kind), Some(UnknownKind::Missing));
        assert!(map.get("seen").is_null());
        assert_eq!(map.get("other"), Value::text("x"));
    }

    #[test]
    fn what_travels_as_text_is_read_back() {
        let read = |text: &str, ty: &Type| Value::text(text).typed(ty);
        assert_eq!(read("1h30m", &Type::Duration), Value::Duration(jiff::SignedDuration::from_mins(90)));
        assert_eq!(read("4MB", &Type::Size), Value::Int(4_000_000));
        assert_eq!(read("aGk=", &Type::Bytes), Value::Bytes(Arc::from(&b"hi"[..])));
        for ty in [Type::Duration, Type::Size, Type::Bytes] {
            assert_eq!(read("#", &ty).as_unknown().map(|u| u.kind), Some(UnknownKind::Drift));
        }
    }

    #[test]
    fn a_nullable_field_may_be_null_and_may_not_be_absent() {
        let ty = Type::shape("x", vec![Field { name: "state".into(), ty: Type::Text.nullable(), default: None }]);
        let read = |map: Map| Value::Map(map).typed(&ty).as_map().map(|m| m.get("state")).unwrap_or_default();
        let with = |state: Value| [(Text::from("state"), state)].into_iter().collect::<Map>();
        assert!(read(with(Value::Null)).is_null());
        assert_eq!(read(with("UP".into())), Value::text("UP"));
        assert_eq!(read(Map::default()).as_unknown().map(|u| u.kind), Some(UnknownKind::Missing));
        assert_eq!(read(with(Value::Int(1))).as_unknown().map(|u| u.kind), Some(UnknownKind::Drift));
    }

    #[test]
    fn the_first_form_that_fits_is_taken() {
        let never = Type::Enum(Arc::new(Enum {
            name: "never".into(),
            values: vec!["0000-00-00 00:00:00".into()],
            open: false,
        }));
        let seen = Type::Union(vec![Type::timestamp(), never].into());
        assert!(matches!(Value::text("0000-00-00 00:00:00").typed(&seen), Value::Text(_)));
        assert!(matches!(Value::text("2022-06-01T13:58:00Z").typed(&seen), Value::Time(_)));
        assert!(matches!(Value::text("yesterday").typed(&seen), Value::Unknown(_)));
    }
}
