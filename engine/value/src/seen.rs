//! A value where it stands: looking at a field of a field copies nothing.

use crate::{Hint, List, Map, ShapeType, Type, Value};

/// A value somewhere, and what it is to be read as there.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'v> {
    raw: &'v Value,
    /// What a list or a map is declared as where it stands; `None`: it says itself what its members are.
    ty: Option<&'v Type>,
}

static NULL: Value = Value::Null;

impl<'v> Seen<'v> {
    /// A value as it is.
    #[must_use]
    pub fn of(raw: &'v Value) -> Self {
        Self { raw, ty: None }
    }

    #[must_use]
    pub fn null() -> Self {
        Self::of(&NULL)
    }

    /// The value as `ty` says; `None` when it has to be made, as a time of a text, or does not fit.
    #[must_use]
    pub fn typed(raw: &'v Value, ty: &'v Type) -> Option<Self> {
        match (ty, raw) {
            _ if raw.is_already(ty) => Some(Self::of(raw)),
            (Type::Optional(inner), _) => Self::typed(raw, inner),
            (Type::Shape(_) | Type::Map(_), Value::Map(_)) | (Type::List(_), Value::List(_)) => {
                Some(Self { raw, ty: Some(ty) })
            }
            _ => None,
        }
    }

    /// The value itself, when it stands there just so.
    #[must_use]
    pub fn plain(self) -> Option<&'v Value> {
        self.ty.is_none().then_some(self.raw)
    }

    /// As it came, without its type.
    #[must_use]
    pub fn raw(self) -> &'v Value {
        self.raw
    }

    /// The value, as a copy of its own.
    #[must_use]
    pub fn value(self) -> Value {
        match self.ty {
            Some(ty) => self.raw.clone().typed(ty),
            None => self.raw.clone(),
        }
    }

    /// The map that it is.
    #[must_use]
    pub fn map(self) -> Option<SeenMap<'v>> {
        match (self.raw, self.ty) {
            (Value::Map(map), Some(Type::Shape(ty) | Type::Map(ty))) => Some(SeenMap { map, ty: Some(ty) }),
            (Value::Map(map), _) => Some(SeenMap::of(map)),
            _ => None,
        }
    }

    /// Its element at `i`, where that stands in the list as it is.
    #[must_use]
    pub fn element(self, i: usize) -> Option<Self> {
        match (self.raw, self.ty) {
            (Value::List(list), Some(Type::List(element))) => Self::typed(list.raw().get(i)?, element),
            (Value::List(list), _) => list.seen(i),
            _ => None,
        }
    }

    /// Its element at `i`, read as its type says; null where there is none.
    #[must_use]
    pub fn get(self, i: usize) -> Value {
        match (self.raw, self.ty) {
            (Value::List(list), Some(Type::List(element))) => {
                list.raw().get(i).map(|raw| raw.clone().typed(element)).unwrap_or_default()
            }
            (Value::List(list), _) => list.get(i).unwrap_or_default(),
            _ => Value::Null,
        }
    }

    /// The list that it is, however its elements are to be read.
    #[must_use]
    pub fn list(self) -> Option<&'v List> {
        self.raw.as_list()
    }
}

/// A map where it stands, and what is declared of its fields there.
#[derive(Clone, Copy, Debug)]
pub struct SeenMap<'v> {
    map: &'v Map,
    ty: Option<&'v ShapeType>,
}

impl<'v> SeenMap<'v> {
    #[must_use]
    pub fn of(map: &'v Map) -> Self {
        Self { map, ty: map.shape_type().map(AsRef::as_ref) }
    }

    /// What [`Map::field`] gives, where that stands somewhere as it is; `None` where it has to be made.
    #[must_use]
    pub fn standing(self, key: &str, hint: &mut Hint) -> Option<Seen<'v>> {
        let raw = match self.map.place(key, hint) {
            // of a row that is still as it was written it has to be made
            Some(place) => Some(self.map.standing(place)?),
            None => None,
        };
        if raw.is_none() && !self.map.aside().is_empty() {
            return None;
        }
        let plain = || raw.map_or_else(Seen::null, Seen::of);
        let Some(ty) = self.ty else { return Some(plain()) };
        match (ty.find(key, &mut hint.field), &ty.others, raw) {
            (Some(field), _, Some(raw)) if !raw.is_null() => Seen::typed(raw, &field.ty),
            (Some(field), _, raw) => match &field.default {
                Some(default) => Some(Seen::of(default)),
                None => field.may_be_null(raw.is_some()).then(Seen::null),
            },
            (None, Some(others), Some(raw)) => Seen::typed(raw, others),
            (None, _, _) => Some(plain()),
        }
    }

    /// [`Self::standing`] of a key that the map has.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<Seen<'v>> {
        let mut hint = Hint::default();
        self.map.place(key, &mut hint)?;
        self.standing(key, &mut hint)
    }

    /// What [`Map::field`] gives.
    #[must_use]
    pub fn field(self, key: &str, hint: &mut Hint) -> Value {
        self.map.field_of(self.ty, key, hint)
    }

    #[must_use]
    pub fn map(self) -> &'v Map {
        self.map
    }

    /// Whether a field of that name is declared.
    #[must_use]
    pub fn declares(self, key: &str) -> bool {
        self.ty.is_some_and(|ty| ty.field(key).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, Text};

    fn edge() -> Type {
        let field = |name: &str, ty| Field { name: name.into(), ty, default: None };
        let inner = Type::shape("site", vec![field("name", Type::Text), field("id", Type::Id)]);
        let default = Field { name: "kind".into(), ty: Type::Text, default: Some("none".into()) };
        let fields = vec![
            field("site", inner),
            field("seen", Type::timestamp()),
            field("note", Type::Text.optional()),
            field("must", Type::Text),
            field("names", Type::list(Type::Id)),
            default,
        ];
        Type::shape("edge", fields)
    }

    #[test]
    fn it_sees_what_reading_gives_or_nothing() {
        let raw = crate::decode(
            r#"{"site":{"name":"A","id":7},"seen":"2022-06-01T13:58:00.000Z","note":null,"must":null,"names":[1,"2"],"more":1}"#,
        )
        .unwrap_or_default();
        let ty = edge();
        let (seen, value) = (Seen::typed(&raw, &ty), raw.clone().typed(&ty));
        let (Some(seen), Some(map)) = (seen.and_then(Seen::map), value.as_map()) else { panic!("a map") };
        for (name, stands) in [
            ("site", true),
            ("seen", false),
            ("note", true),
            ("must", false),
            ("names", true),
            ("kind", true),
            ("more", true),
            ("absent", true),
        ] {
            let standing = seen.standing(name, &mut Hint::default());
            assert_eq!(standing.is_some(), stands, "{name}");
            let read = map.get(name);
            assert_eq!(seen.field(name, &mut Hint::default()), read, "{name}");
            if let Some(standing) = standing {
                assert_eq!(standing.value(), read, "{name}");
            }
        }
        let site = seen.standing("site", &mut Hint::default()).and_then(Seen::map);
        assert_eq!(site.and_then(|site| site.standing("name", &mut Hint::default())?.plain()), Some(&Value::text("A")));
        // an id is made of the number
        assert!(site.is_some_and(|site| site.standing("id", &mut Hint::default()).is_none()));
        let names = seen.standing("names", &mut Hint::default());
        assert!(names.and_then(|names| names.element(0)).is_none());
    }

    #[test]
    fn what_a_partial_map_lacks_does_not_stand_there() {
        let reason = crate::Unknown::new(crate::UnknownKind::Missing, "x").into();
        let aside = crate::SetAside { value: Value::Null, reason, place: Text::default() };
        let map = Map::default().with_aside(vec![aside]);
        assert!(SeenMap::of(&map).standing("a", &mut Hint::default()).is_none());
    }
}
