//! A value made to fit a type, without loss.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::refusal::{Refusal, Step};
use crate::{Field, Id, List, Map, MapBuilder, ShapeType, Text, Time, TimeFormat, Type, Value, decode, duration, size};

/// The value as `ty` wants it, where nothing is lost by that: digits for an integer (`"0012"` too), a whole float for an integer, digits
/// for a number, a number for a text, `true false yes no 1 0` for a boolean, ISO text with a zone (or a text as the type says times are
/// written) for a timestamp, `30s` for a duration, base64 for bytes. Inside lists, maps and shapes too; defaults of fields of shapes
/// are filled in, and members that a shape does not name pass.
///
/// # Errors
/// Everything that does not fit, in the order of the value; fields of a shape in the order of the shape.
pub fn coerce(value: &Value, ty: &Type) -> Result<Value, Vec<Refusal>> {
    coerce_with(value, ty, false)
}

/// [`coerce`]; with `refuse_nulls` an optional member that is null is refused, too.
pub(super) fn coerce_with(value: &Value, ty: &Type, refuse_nulls: bool) -> Result<Value, Vec<Refusal>> {
    let refused = || Err(vec![Refusal::of(ty, value)]);
    let fits = |fits: Option<Value>| fits.ok_or_else(|| vec![Refusal::of(ty, value)]);
    match (ty, value) {
        (_, Value::Unknown(unknown)) => {
            Err(vec![Refusal::new("type_error", format!("is unknown: {}", unknown.sentence()))])
        }
        (Type::Any, _) | (Type::Optional(_) | Type::Null, Value::Null) => Ok(value.clone()),
        (_, Value::Null) => Err(vec![Refusal::null(ty)]),
        (Type::Optional(inner), _) => coerce_with(value, inner, refuse_nulls),
        (Type::Secret, Value::Secret(_)) => Ok(value.clone()),
        (Type::Secret, _) => fits(text(value)).map(Value::secret),
        (_, Value::Secret(secret)) => match coerce_with(secret.expose(), ty, refuse_nulls) {
            Ok(value) => Ok(value.secret()),
            Err(_) => refused(),
        },
        (Type::Boolean, _) => fits(boolean(value)),
        (Type::Integer, _) => fits(integer(value)),
        (Type::Number, _) => fits(number(value)),
        (Type::Size, Value::Text(text)) => fits(size::parse(text).map(Value::Int)),
        (Type::Size, _) => fits(integer(value)),
        (Type::Zone, _) => fits(value.as_str().filter(|name| crate::is_zone(name)).map(|_| value.clone())),
        (Type::Text | Type::Regex | Type::Url, _) => fits(text(value)),
        (Type::Id, Value::Id(_)) => Ok(value.clone()),
        (Type::Id, Value::Text(_) | Value::Int(_) | Value::Big(_)) => Ok(value.clone().typed(ty)),
        (Type::Scalar, Value::Text(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Id(_)) => {
            Ok(value.clone())
        }
        (Type::Time(_), Value::Time(_)) => Ok(value.clone()),
        (Type::Time(format), _) => fits(time(value, format)),
        (Type::Duration, Value::Duration(_)) | (Type::Bytes, Value::Bytes(_)) => Ok(value.clone()),
        (Type::Duration, Value::Text(text)) => fits(duration::parse(text).map(Value::Duration)),
        (Type::Bytes, Value::Text(text)) => fits(STANDARD.decode(text.as_bytes()).ok().map(|b| Value::Bytes(b.into()))),
        (Type::Enum(set), _) => match text(value) {
            Some(Value::Text(text)) if set.open || set.values.contains(&text) => Ok(Value::Text(text)),
            _ => refused(),
        },
        (Type::List(element), Value::List(items)) => list(items, element, refuse_nulls),
        (Type::Range(of), Value::List(items)) if items.len() == 2 => list(items, of, refuse_nulls),
        (Type::Map(shape) | Type::Shape(shape), Value::Map(map)) => object(map, shape, refuse_nulls),
        (Type::Union(types), _) => {
            let mut fitting = types.iter().filter_map(|ty| coerce_with(value, ty, refuse_nulls).ok());
            fits(fitting.next())
        }
        _ => refused(),
    }
}

fn boolean(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(_) => Some(value.clone()),
        Value::Int(0) => Some(false.into()),
        Value::Int(1) => Some(true.into()),
        Value::Text(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true.into()),
            "false" | "no" | "0" => Some(false.into()),
            _ => None,
        },
        _ => None,
    }
}

fn integer(value: &Value) -> Option<Value> {
    match value {
        Value::Int(_) | Value::Big(_) => Some(value.clone()),
        Value::Float(f) => crate::number::exact_int(*f).map(Value::Int),
        Value::Id(Id::Number(n)) => Some(Value::Int(*n)),
        Value::Text(text) | Value::Id(Id::Text(text)) => digits(text),
        _ => None,
    }
}

/// Digits, with zeros in front or not, as the whole number that they write, whatever its length.
fn digits(text: &Text) -> Option<Value> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    let written = if digits.is_empty() { "0".to_owned() } else { format!("{sign}{digits}") };
    Some(written.parse().map_or_else(|_| Value::Big(written.into()), Value::Int))
}

fn number(value: &Value) -> Option<Value> {
    match value {
        Value::Int(_) | Value::Float(_) | Value::Big(_) => Some(value.clone()),
        Value::Text(text) => digits(text).or_else(|| match decode(text.as_str()) {
            Ok(number @ Value::Float(_)) if !text.starts_with(char::is_whitespace) => Some(number),
            _ => None,
        }),
        _ => integer(value),
    }
}

fn text(value: &Value) -> Option<Value> {
    match value {
        Value::Text(_) => Some(value.clone()),
        Value::Int(_) | Value::Big(_) | Value::Id(_) => Some(Value::Text(value.print_lenient())),
        Value::Float(f) if f.is_finite() => value.encode().ok().map(Value::from),
        _ => None,
    }
}

/// Written as the type says, or in ISO with its zone; it goes on as it came.
fn time(value: &Value, format: &TimeFormat) -> Option<Value> {
    let at = format.read(value).or_else(|| TimeFormat::default().read(value))?;
    Some(Value::Time(Time { at, written: Some(value.clone()) }.into()))
}

fn list(items: &List, element: &Type, refuse_nulls: bool) -> Result<Value, Vec<Refusal>> {
    if let Some(partial) = items.partial_reason() {
        return Err(vec![Refusal::new("type_error", format!("is a partial list: {}", partial.sentence()))]);
    }
    let mut refusals = Vec::new();
    let mut fitting = Vec::with_capacity(items.len());
    for (i, item) in items.raw().iter().enumerate() {
        match coerce_with(item, element, refuse_nulls) {
            Ok(item) => fitting.push(item),
            Err(inside) => refusals.extend(inside.into_iter().map(|refusal| refusal.inside(Step::Element(i)))),
        }
    }
    if refusals.is_empty() { Ok(fitting.into()) } else { Err(refusals) }
}

fn object(map: &Map, shape: &Arc<ShapeType>, refuse_nulls: bool) -> Result<Value, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut object = MapBuilder::with_capacity(map.len());
    for (key, value) in map.raw_iter() {
        object.insert(key.clone(), value.clone());
    }
    for field in &shape.fields {
        let inside = |refusal: Refusal| refusal.inside(Step::Field(field.name.clone()));
        match member(map.raw(&field.name), field, refuse_nulls) {
            Ok(Some(value)) => object.insert(field.name.clone(), value),
            Ok(None) => {}
            Err(bad) => refusals.extend(bad.into_iter().map(inside)),
        }
    }
    if let Some(others) = &shape.others {
        for (key, value) in map.raw_iter().filter(|(key, _)| shape.field(key).is_none()) {
            match coerce_with(value, others, refuse_nulls) {
                Ok(value) => object.insert(key.clone(), value),
                Err(bad) => refusals.extend(bad.into_iter().map(|refusal| refusal.inside(Step::Field(key.clone())))),
            }
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let object = object.finish();
    Ok(if shape.fields.is_empty() { object } else { object.of(shape.clone()) }.into())
}

/// A field of a shape inside the input; `None` when it is absent and may be.
fn member(raw: Option<&Value>, field: &Field, refuse_nulls: bool) -> Result<Option<Value>, Vec<Refusal>> {
    match raw {
        None | Some(Value::Null) if field.default.is_some() => Ok(field.default.clone()),
        None if field.ty.is_optional() => Ok(None),
        None => Err(vec![Refusal::missing(&field.ty)]),
        Some(Value::Null) if refuse_nulls && !matches!(field.ty, Type::Any) => Err(vec![Refusal::null(&field.ty)]),
        Some(raw) => coerce_with(raw, &field.ty, refuse_nulls).map(Some),
    }
}
