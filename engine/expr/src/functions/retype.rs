//! Maps made from maps, and what is declared of their fields then.
//!
//! Members are copied as they came, and each keeps the declaration it came with: so an object that lacks a required member goes on
//! without it, and only who reads the member gets unknown.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use wf_value::{Field, Map, Shape, ShapeType, Text, Type, Value};

/// `map` with `value` behind `name`. Nothing is declared of the new member but what its value knows itself.
pub(super) fn with(map: &Map, name: Text, value: Value) -> Map {
    merge(map, &Map::with_shape(Arc::new(Shape::new(vec![name])), vec![value]))
}

/// `map` with the members of `over` in place of its own.
pub(super) fn merge(map: &Map, over: &Map) -> Map {
    let layout = Layout::of(map, over);
    let mut values = Vec::with_capacity(layout.shape.keys().len());
    values.extend(map.raw_iter().map(|(key, raw)| declared(map, key, raw)));
    values.resize(layout.shape.keys().len(), Value::Null);
    for ((key, raw), place) in over.raw_iter().zip(&layout.places) {
        if let Some(slot) = values.get_mut(*place) {
            *slot = declared(over, key, raw);
        }
    }
    let aside = map.aside().iter().chain(over.aside()).cloned().collect();
    let made = Map::with_shape(layout.shape.clone(), values).with_aside(aside);
    match &layout.ty {
        Some(ty) => made.of(ty.clone()),
        None => made,
    }
}

/// Where members go and what is declared of them: the same for all maps of a kind, so that rows made from rows share it.
struct Layout {
    types: [Option<Arc<ShapeType>>; 2],
    shapes: [Arc<Shape>; 2],
    shape: Arc<Shape>,
    /// Of the members of the upper map.
    places: Vec<usize>,
    ty: Option<Arc<ShapeType>>,
}

/// Layouts that a thread remembers: the nested merges of a row, and some more.
const REMEMBERED: usize = 8;
/// What has more keys is a map by key, and the next one has others.
const KEYS_OF_A_RECORD: usize = 256;

impl Layout {
    fn of(map: &Map, over: &Map) -> Rc<Self> {
        thread_local! {
            static LATEST: RefCell<Vec<Rc<Layout>>> = const { RefCell::new(Vec::new()) };
        }
        LATEST.with_borrow_mut(|latest| {
            if let Some(layout) = latest.iter().find(|layout| layout.fits(map, over)) {
                return layout.clone();
            }
            let layout = Rc::new(Self::new(map, over));
            if layout.shape.keys().len() > KEYS_OF_A_RECORD {
                return layout;
            }
            if latest.len() >= REMEMBERED {
                latest.remove(0);
            }
            latest.push(layout.clone());
            layout
        })
    }

    fn fits(&self, map: &Map, over: &Map) -> bool {
        let same =
            |a: &Option<Arc<ShapeType>>, b: Option<&Arc<ShapeType>>| a.as_ref().map(Arc::as_ptr) == b.map(Arc::as_ptr);
        let alike = |a: &Arc<Shape>, b: &Arc<Shape>| Arc::ptr_eq(a, b) || a.keys() == b.keys();
        let ([below, above], [lower, upper]) = (&self.types, &self.shapes);
        same(below, map.shape_type())
            && same(above, over.shape_type())
            && alike(upper, over.shape())
            && alike(lower, map.shape())
    }

    fn new(map: &Map, over: &Map) -> Self {
        let mut keys = map.shape().keys().to_vec();
        let mut places = Vec::with_capacity(over.len());
        for key in over.shape().keys() {
            let place = map.shape().find(key, 0).unwrap_or(keys.len());
            if place == keys.len() {
                keys.push(key.clone());
            }
            places.push(place);
        }
        let shape = if keys.len() == map.len() { map.shape().clone() } else { Arc::new(Shape::new(keys)) };
        Self {
            types: [map.shape_type().cloned(), over.shape_type().cloned()],
            shapes: [map.shape().clone(), over.shape().clone()],
            shape,
            places,
            ty: merged_type(map, over),
        }
    }
}

/// A member as it came where its field is declared by name, else as the rule for other members reads it.
fn declared(map: &Map, key: &Text, raw: &Value) -> Value {
    match map.shape_type() {
        Some(ty) if ty.field(key).is_none() => match &ty.others {
            Some(others) => raw.clone().typed(others),
            None => raw.clone(),
        },
        _ => raw.clone(),
    }
}

fn merged_type(map: &Map, over: &Map) -> Option<Arc<ShapeType>> {
    let (below, above) = (map.shape_type(), over.shape_type());
    let below_fields = below.map_or(&[][..], |ty| &ty.fields);
    let above_fields = above.map_or(&[][..], |ty| &ty.fields);
    if below_fields.is_empty() && above_fields.is_empty() {
        return None;
    }
    // most often a few members are laid over an object without touching what is declared of it
    if let Some(ty) = below
        && above_fields.is_empty()
        && ty.others.is_none()
        && !over.shape().keys().iter().any(|key| ty.field(key).is_some())
    {
        return Some(ty.clone());
    }
    let mut fields = Vec::with_capacity(below_fields.len() + above_fields.len());
    for field in below_fields {
        if !over.contains(&field.name) {
            fields.push(copy(field));
        } else if above.is_none_or(|ty| ty.field(&field.name).is_none()) {
            fields.push(Field { name: field.name.clone(), ty: Type::Any, default: None });
        }
    }
    for field in above_fields {
        let kept = below_fields.iter().any(|f| f.name == field.name);
        if over.contains(&field.name) || !(kept || map.contains(&field.name)) {
            fields.push(copy(field));
        }
    }
    Some(Arc::new(ShapeType { name: Text::default(), fields, others: None }))
}

fn copy(field: &Field) -> Field {
    Field { name: field.name.clone(), ty: field.ty.clone(), default: field.default.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::UnknownKind;

    fn map(members: &[(&str, Value)], ty: Option<&Type>) -> Map {
        let map: Map = members.iter().map(|(k, v)| (Text::from(*k), v.clone())).collect();
        let value = Value::from(map);
        let value = ty.map_or(value.clone(), |ty| value.typed(ty));
        value.as_map().cloned().unwrap_or_default()
    }

    fn ticket() -> Type {
        let field = |name: &str, ty| Field { name: name.into(), ty, default: None };
        Type::shape("ticket", vec![field("id", Type::Id), field("seen", Type::timestamp()), field("note", Type::Text)])
    }

    fn kind(value: &Value) -> Option<UnknownKind> {
        value.as_unknown().map(|u| u.kind)
    }

    #[test]
    fn what_is_declared_stays_declared() {
        let seen = Value::text("2022-06-01T14:00:00Z");
        let ticket = map(&[("id", 7.into()), ("seen", seen.clone())], Some(&ticket()));
        let made = with(&ticket, "id".into(), 1.5.into());
        assert_eq!(made.get("id"), Value::Float(1.5));
        assert!(matches!(made.get("seen"), Value::Time(_)));
        assert_eq!(made.raw("seen"), Some(&seen));
        assert_eq!(kind(&made.get("note")), Some(UnknownKind::Missing));
        assert!(!made.contains("note"));
    }

    #[test]
    fn a_merged_member_comes_with_its_own_declaration() {
        let ticket_type = ticket();
        let seen = Value::text("2022-06-01T14:00:00Z");
        let ticket = map(&[("id", 7.into()), ("seen", seen.clone()), ("extra", true.into())], Some(&ticket_type));
        let plain = map(&[("seen", "never".into()), ("more", 1.into())], None);
        let made = merge(&ticket, &plain);
        assert_eq!(made.get("seen"), Value::text("never"));
        assert!(matches!(made.get("id"), Value::Id(_)));
        assert_eq!((made.get("extra"), made.get("more")), (true.into(), 1.into()));
        let made = merge(&plain, &ticket);
        assert!(matches!(made.get("seen"), Value::Time(_)));
        assert_eq!(kind(&made.get("note")), Some(UnknownKind::Missing));
        // what the upper one only declares does not hide what the lower one has
        let made = merge(&map(&[("note", "x".into())], None), &ticket);
        assert_eq!(made.get("note"), Value::text("x"));
        let made = merge(&ticket, &map(&[("new", 1.into())], None));
        assert_eq!(made.shape_type().map(Arc::as_ptr), ticket.shape_type().map(Arc::as_ptr));
    }
}
