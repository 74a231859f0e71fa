//! Fields, indexes, membership.

use std::sync::atomic::{AtomicU64, Ordering};

use wf_value::{Hint, Id, Seen, Text, UnknownKind, Value};

use super::{operand, operators, placed, unknown};
use crate::functions::Locals;
use crate::{Code, Ctx};

/// `on.name`; `code` is the whole, `on` its left part.
pub(super) fn field(seen: Seen<'_>, name: &Text, hint: &AtomicU64, code: &Code, on: &Code, ctx: &Ctx<'_>) -> Value {
    if let Some(map) = seen.map() {
        return placed(hinted(hint, |place| map.field(name, place)), code.span);
    }
    match seen.raw() {
        Value::Unknown(reason) => Value::Unknown(reason.clone()),
        Value::Secret(secret) => field(Seen::of(secret.expose()), name, hint, code, on, ctx).secret(),
        _ if ctx.open => Value::Null,
        Value::Null => null(on),
        other => operand(format!("`{}` is {}, it has no field `{name}`", on.text, other.kind()), code.span),
    }
}

/// `on[key]`, where that stands in a list or map.
pub(super) fn standing<'v>(on: Seen<'v>, key: &Value) -> Option<Seen<'v>> {
    if let Some(map) = on.map() {
        return map.entry(as_name(key)?);
    }
    let whole = on.list().is_some_and(|list| !list.is_partial());
    whole.then(|| on.element(usize::try_from(key.as_int()?).ok()?))?
}

/// A look-up with the hint of its place. It is a guess that the look-up checks: whoever writes last wins.
pub(super) fn hinted<R>(hint: &AtomicU64, look: impl FnOnce(&mut Hint) -> R) -> R {
    let packed = hint.load(Ordering::Relaxed);
    let mut place = Hint::unpack(packed);
    let found = look(&mut place);
    let now = place.pack();
    if now != packed {
        hint.store(now, Ordering::Relaxed);
    }
    found
}

pub(super) fn null(code: &Code) -> Value {
    operand(format!("`{}` is null", code.text), code.span)
}

/// The key of a map that a value stands for: texts, ids, whole numbers, booleans.
pub(super) fn key(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) | Value::Id(Id::Text(text)) => Some(text.clone()),
        Value::Bool(b) => Some(if *b { "true".into() } else { "false".into() }),
        Value::Secret(_) => None,
        other => other.as_int().map(|n| n.to_string().into()),
    }
}

/// The key that a text is by itself.
fn as_name(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) | Value::Id(Id::Text(text)) => Some(text),
        _ => None,
    }
}

pub(super) fn no_key(value: &Value, code: &Code) -> Value {
    operand(format!("`{}` is {}, it can be no key", code.text, value.kind()), code.span)
}

impl Code {
    /// `on[key]`
    pub(super) fn index(&self, value: &Value, on: &Self, key: &Self, ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        match value {
            Value::Unknown(_) => return value.clone(),
            Value::Null => return null(on),
            _ => {}
        }
        match key.eval(ctx, locals) {
            reason @ Value::Unknown(_) => reason,
            Value::Null => null(key),
            Value::Secret(secret) => self.entry(value, secret.expose(), on, key).secret(),
            at => self.entry(value, &at, on, key),
        }
    }

    fn entry(&self, value: &Value, at: &Value, on: &Self, key_code: &Self) -> Value {
        match value {
            Value::List(list) => {
                if let Some(reason) = list.partial_reason() {
                    return placed(reason.into(), self.span);
                }
                let Some(i) = at.as_int() else {
                    return operand(
                        format!("`{}` is {}, a list is asked for a whole number", key_code.text, at.kind()),
                        key_code.span,
                    );
                };
                match usize::try_from(i).ok().and_then(|i| list.get(i)) {
                    Some(element) => placed(element, self.span),
                    None => {
                        let reason = format!("`{}` has {} elements, none at {i}", on.text, list.len());
                        unknown(UnknownKind::Range, reason, self.span)
                    }
                }
            }
            Value::Map(map) => {
                let Some(name) = key(at) else { return no_key(at, key_code) };
                let declared = map.shape_type().is_some_and(|ty| ty.field(&name).is_some());
                if declared || map.contains(&name) || !map.aside().is_empty() {
                    return placed(map.get(&name), self.span);
                }
                unknown(UnknownKind::Range, format!("`{}` has no key '{name}'", on.text), self.span)
            }
            Value::Secret(secret) => self.entry(secret.expose(), at, on, key_code).secret(),
            other => operand(format!("`{}` is {}, it has no entries", on.text, other.kind()), self.span),
        }
    }

    /// `value in container`
    pub(super) fn member(&self, value: &Value, container: Seen<'_>, container_code: &Self) -> Value {
        if let Some(map) = container.map() {
            let map = map.map();
            if let Some(name) = as_name(value)
                && map.contains(name)
            {
                return Value::Bool(true);
            }
            return match (key(value), map.aside().first()) {
                (Some(name), _) if map.contains(&name) => Value::Bool(true),
                (Some(name), Some(_)) => placed(map.get(&name), self.span),
                _ => Value::Bool(false),
            };
        }
        match container.raw() {
            Value::List(list) => {
                let mut open = list.partial_reason().map(|reason| placed(reason.into(), self.span));
                for i in 0..list.len() {
                    let decided = match container.element(i).and_then(Seen::plain) {
                        Some(element) => self.is_one(value, element),
                        None => self.is_one(value, &container.get(i)),
                    };
                    match decided {
                        Ok(true) => return Value::Bool(true),
                        Ok(false) => {}
                        Err(reason) => open = open.or(Some(reason)),
                    }
                }
                open.unwrap_or(Value::Bool(false))
            }
            Value::Secret(secret) => self.member(value, Seen::of(secret.expose()), container_code),
            Value::Null => null(container_code),
            other => {
                let reason = format!("`{}` is {}, nothing can be in it", container_code.text, other.kind());
                operand(reason, container_code.span)
            }
        }
    }

    /// Whether two values are equal, or why that is unknown.
    fn is_one(&self, value: &Value, element: &Value) -> Result<bool, Value> {
        value.equals(element).ok_or_else(|| operators::undecided(value, element, self))
    }

    /// `value in [a, b]`, without making the list.
    pub(super) fn one_of(&self, value: &Self, items: &[Self], ctx: &Ctx<'_>, locals: &mut Locals) -> Value {
        if let Some(value) = value.seen(ctx, locals).and_then(Seen::plain)
            && let Some(found) = self.one_of_standing(value, items, ctx, locals)
        {
            return found;
        }
        let value = value.eval(ctx, locals);
        if let Value::Unknown(_) = value {
            return value;
        }
        let mut open = None;
        for item in items {
            match item.peek(ctx, locals, |element| self.is_one(&value, element)) {
                Ok(true) => return Value::Bool(true),
                Ok(false) => {}
                Err(reason) => open = open.or(Some(reason)),
            }
        }
        open.unwrap_or(Value::Bool(false))
    }

    /// The same where all items stand somewhere, or those up to the equal one.
    fn one_of_standing(&self, value: &Value, items: &[Self], ctx: &Ctx<'_>, locals: &Locals) -> Option<Value> {
        for item in items {
            if value.equals(item.seen(ctx, locals)?.plain()?)? {
                return Some(Value::Bool(true));
            }
        }
        Some(Value::Bool(false))
    }

    /// `value in first..last`
    pub(super) fn in_range(
        &self,
        value: &Self,
        first: &Self,
        last: &Self,
        ctx: &Ctx<'_>,
        locals: &mut Locals,
    ) -> Value {
        let mut numbers = [Value::Null, Value::Null, Value::Null];
        for (number, code) in numbers.iter_mut().zip([value, first, last]) {
            *number = match code.eval(ctx, locals) {
                reason @ Value::Unknown(_) => return reason,
                Value::Secret(secret) => secret.expose().clone(),
                Value::Null if std::ptr::eq(code, value) => return Value::Bool(false),
                Value::Null => return null(code),
                other => other,
            };
            if !matches!(number, Value::Int(_) | Value::Float(_) | Value::Id(Id::Number(_))) {
                return operand(format!("`{}` is {}, a range has numbers", code.text, number.kind()), code.span);
            }
        }
        let [value, first, last] = &numbers;
        let within = value.order(first).is_some_and(std::cmp::Ordering::is_ge)
            && value.order(last).is_some_and(std::cmp::Ordering::is_le);
        Value::Bool(within)
    }
}
