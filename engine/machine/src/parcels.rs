//! What is sent: evaluated, without the nulls of what is optional, in the form of its place. Or why it is not sent.

use std::sync::Arc;

use wf_expr::{Key, Written, WrittenKind};
use wf_plan::{Action, Address, Effect};
use wf_value::input::Extra;
use wf_value::{InputSpec, List, Map, MapBuilder, Text, Type, Unknown, Value};

use crate::frames::FrameId;
use crate::holes;
use crate::report::short;
use crate::scope::At;
use crate::start::Unit;
use crate::turn::Turn;

/// What becomes of a message.
#[derive(Debug)]
pub(crate) enum Parcel {
    Goes(Value),
    /// Held back; what is unknown in it shows as `?`.
    Held(Value),
    /// Something in it is unknown.
    Unknown(Arc<Unknown>),
    /// It must not go: a null where that must not mean "any", a secret.
    Refused(Text),
}

impl Turn<'_, '_> {
    pub(crate) fn parcel(&mut self, id: FrameId, address: &Address, action: &Action, with: &Written) -> Parcel {
        self.parcel_of(Some(id), self.at(id, address), action, with)
    }

    /// `id`: the frame that sends; none for reports, which go out after held writes, too.
    pub(crate) fn parcel_of(&mut self, id: Option<FrameId>, at: At<'_>, action: &Action, with: &Written) -> Parcel {
        let tainted = id.is_some_and(|id| self.tainted(id).is_some());
        let tells = action.effect == Effect::Tell;
        let held_write = tainted && action.effect == Effect::Write && !action.memory;
        let mut value = if tells || held_write { self.told(at, with) } else { self.value(at, with) };
        let why = value.first_unknown();
        let holds = id.is_some_and(|id| self.holds(id, action, why.is_none()));
        if let Some(why) = why {
            if holds && (tainted || why.kind.is_held()) {
                return Parcel::Held(shown(&value));
            }
            if tells {
                // a message must never vanish
                value = with_question_marks(&value, &action.input);
            }
            if let Some(why) = value.first_unknown() {
                self.report_aside(at.address, &value);
                return Parcel::Unknown(why);
            }
        }
        if value.has_secret() && matches!(self.unit, Unit::Plan(_)) {
            // no message holds one: said here, where the step can fail
            return Parcel::Refused("it holds a secret, and secrets go from connectors to their vendors only".into());
        }
        match fitted(&value, &action.input, with) {
            Ok(value) if holds => Parcel::Held(value),
            Ok(value) => Parcel::Goes(value),
            Err(reason) => Parcel::Refused(reason),
        }
    }

    /// Where a partial list keeps something from being sent, the report says which elements, and why.
    fn report_aside(&mut self, address: &Address, value: &Value) {
        for aside in holes::aside(value) {
            self.run.report.undecided(address.clone(), short(&aside.value), aside.place, aside.reason);
        }
    }
}

/// The value as people see it: `?` stands for what is unknown.
fn shown(value: &Value) -> Value {
    shown_to(value, 64)
}

fn shown_to(value: &Value, depth: usize) -> Value {
    let shown = |value: &Value| shown_to(value, depth.saturating_sub(1));
    match value {
        Value::Unknown(_) => "?".into(),
        Value::Map(_) | Value::List(_) if depth == 0 => "…".into(),
        Value::Map(map) => map.raw_iter().map(|(key, value)| (key.clone(), shown(value))).collect::<Map>().into(),
        Value::List(list) => {
            let aside = list.aside().iter().map(|_| Value::from("?"));
            list.raw().iter().map(shown).chain(aside).collect::<List>().into()
        }
        other => other.clone(),
    }
}

/// `?` where a field of text is unknown as a whole.
fn with_question_marks(value: &Value, input: &InputSpec) -> Value {
    let Value::Map(map) = value else { return value.clone() };
    let marked = map.raw_iter().map(|(key, value)| {
        let text = input.field(key).is_some_and(|field| matches!(field.ty.required(), Type::Text | Type::Scalar));
        (key.clone(), if text && value.as_unknown().is_some() { "?".into() } else { value.clone() })
    });
    marked.collect::<Map>().into()
}

/// The input in the form of its places, without what is optional and null.
fn fitted(value: &Value, input: &InputSpec, with: &Written) -> Result<Value, Text> {
    let Value::Map(map) = value else { return Ok(value.clone()) };
    let mut fitted = Vec::with_capacity(map.len());
    for ((key, read), raw) in map.iter().zip(map.raw_values()) {
        let written = member(Some(with), key);
        let kept = written.is_some_and(Written::keeps_null);
        let Some(field) = input.field(key) else {
            if !raw.is_null() || kept || input.extra != Extra::Scalars {
                fitted.push((key, raw.clone()));
            }
            continue;
        };
        if raw.is_null() && !kept && !field.must_be_there() {
            if input.refuse_nulls {
                return Err(format!("`{key}` is null, and a filter that is null must not become no filter").into());
            }
            continue;
        }
        let sent = if read.as_unknown().is_some() { raw.clone() } else { read.for_place(&field.ty) };
        let place = Place { path: key, refuse: input.refuse_nulls };
        let sent = if field.takes_all() { sent } else { without_nulls(&sent, &field.ty, written, place)? };
        fitted.push((key, sent));
    }
    if fitted.len() == map.len() {
        let values = fitted.into_iter().map(|(_, value)| value).collect();
        return Ok(Map::with_shape(map.shape().clone(), values).into());
    }
    Ok(fitted.into_iter().map(|(key, value)| (key.clone(), value)).collect::<Map>().into())
}

#[derive(Clone, Copy)]
struct Place<'a> {
    path: &'a str,
    refuse: bool,
}

/// Drops the optional members that are null, as deep as the type says what is there.
fn without_nulls(value: &Value, ty: &Type, written: Option<&Written>, place: Place<'_>) -> Result<Value, Text> {
    match (ty, value) {
        (Type::Optional(inner), _) => without_nulls(value, inner, written, place),
        (Type::List(element), Value::List(list)) if is_deep(element) => {
            let items = list.raw().iter().enumerate().map(|(i, item)| {
                let written = match written.map(|w| &w.kind) {
                    Some(WrittenKind::List(items)) => items.get(i),
                    _ => None,
                };
                without_nulls(item, element, written, place)
            });
            Ok(Value::List(items.collect::<Result<List, Text>>()?))
        }
        (Type::Shape(shape), Value::Map(map)) => {
            let mut members = MapBuilder::with_capacity(map.len());
            for (key, raw) in map.raw_iter() {
                let written = member(written, key);
                let kept = written.is_some_and(Written::keeps_null);
                let Some(field) = shape.field(key) else {
                    members.insert(key.clone(), raw.clone());
                    continue;
                };
                if raw.is_null() && !kept && field.ty.is_optional() {
                    if place.refuse {
                        let path = place.path;
                        return Err(format!(
                            "`{path}.{key}` is null, and a filter that is null must not become no filter"
                        )
                        .into());
                    }
                    continue;
                }
                members.insert(key.clone(), without_nulls(raw, &field.ty, written, place)?);
            }
            Ok(members.finish().into())
        }
        _ => Ok(value.clone()),
    }
}

/// Whether a type says what is inside.
fn is_deep(ty: &Type) -> bool {
    match ty {
        Type::Shape(_) => true,
        Type::Optional(inner) | Type::List(inner) => is_deep(inner),
        _ => false,
    }
}

/// A member of a mapping as it is written.
fn member<'a>(written: Option<&'a Written>, key: &Text) -> Option<&'a Written> {
    let WrittenKind::Map(entries) = &written?.kind else { return None };
    let entry = entries.iter().find(|entry| matches!(&entry.key, Key::Text(name) if name == key))?;
    Some(&entry.value)
}
