//! Equality and order of values.

use std::cmp::Ordering;

use crate::{Id, Value};

impl Value {
    /// Deep equality, regardless of the order of keys. Numbers by value, ids as text; different types are never equal.
    ///
    /// `None`: not known, because something that decides it is unknown or a list is partial. A difference that is known decides.
    #[must_use]
    pub fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Secret(a), b) => a.expose().equals(b),
            (a, Self::Secret(b)) => a.equals(b.expose()),
            (Self::Unknown(_), _) | (_, Self::Unknown(_)) => None,
            (Self::Null, Self::Null) => Some(true),
            (Self::Bool(a), Self::Bool(b)) => Some(a == b),
            (Self::Text(a), Self::Text(b)) => Some(a == b),
            (Self::Big(a), Self::Big(b)) => Some(a == b),
            (Self::Id(a), Self::Id(b)) => Some(a == b),
            (Self::Id(a), Self::Int(b)) | (Self::Int(b), Self::Id(a)) => Some(*a == Id::Number(*b)),
            (Self::Id(a), Self::Text(b)) | (Self::Text(b), Self::Id(a)) => Some(*a == Id::Text(b.clone())),
            (Self::Time(a), Self::Time(b)) => Some(a.at == b.at),
            (Self::Duration(a), Self::Duration(b)) => Some(a == b),
            (Self::Bytes(a), Self::Bytes(b)) => Some(a == b),
            (Self::Int(_) | Self::Float(_), Self::Int(_) | Self::Float(_)) => {
                Some(self.order(other) == Some(Ordering::Equal))
            }
            (Self::List(a), Self::List(b)) => {
                if a.is_partial() || b.is_partial() {
                    return None;
                }
                if a.len() != b.len() {
                    return Some(false);
                }
                all(a.iter().zip(b.iter()).map(|(a, b)| a.equals(&b)))
            }
            (Self::Map(a), Self::Map(b)) => {
                if a.len() != b.len() || a.raw_iter().any(|(key, _)| !b.contains(key)) {
                    return Some(false);
                }
                all(a.iter().map(|(key, value)| value.equals(&b.get(key))))
            }
            _ => Some(false),
        }
    }

    /// Order of two values of one type; `None` across types, for null, NaN and what is unknown. Ids by number when both are whole.
    #[must_use]
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Int(a), Self::Float(b)) => int_float(*a, *b),
            (Self::Float(a), Self::Int(b)) => int_float(*b, *a).map(Ordering::reverse),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Time(a), Self::Time(b)) => Some(a.at.cmp(&b.at)),
            (Self::Duration(a), Self::Duration(b)) => Some(a.cmp(b)),
            (Self::Bytes(a), Self::Bytes(b)) => Some(a.cmp(b)),
            (Self::Id(a), Self::Id(b)) => Some(ids(a, b)),
            (Self::Id(a), Self::Int(b)) => Some(ids(a, &Id::Number(*b))),
            (Self::Int(a), Self::Id(b)) => Some(ids(&Id::Number(*a), b)),
            (Self::Id(a), Self::Text(b)) => Some(ids(a, &Id::Text(b.clone()))),
            (Self::Text(a), Self::Id(b)) => Some(ids(&Id::Text(a.clone()), b)),
            _ => None,
        }
    }
}

fn ids(a: &Id, b: &Id) -> Ordering {
    match (a.as_number(), b.as_number()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.to_text().cmp(&b.to_text()),
    }
}

/// Exact, unlike a comparison of both as floats.
fn int_float(a: i64, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    if b >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    if b < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    #[allow(clippy::cast_possible_truncation, reason = "in range")]
    let whole = b.trunc() as i64;
    Some(a.cmp(&whole).then_with(|| 0.0_f64.partial_cmp(&b.fract()).unwrap_or(Ordering::Equal)))
}

/// False as soon as one is; unknown when one is, and no other is false.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{List, SetAside, Unknown, UnknownKind};

    fn unknown() -> Value {
        Unknown::new(UnknownKind::Missing, "x is missing").into()
    }

    #[test]
    fn a_known_difference_decides_beside_an_unknown() {
        let a = Value::from(vec![Value::Int(1), unknown()]);
        let b = Value::from(vec![Value::Int(2), Value::Int(3)]);
        assert_eq!(a.equals(&b), Some(false));
        assert_eq!(a.equals(&Value::from(vec![Value::Int(1), Value::Int(3)])), None);
    }

    #[test]
    fn numbers_compare_by_value_and_types_do_not_mix() {
        assert_eq!(Value::Int(1).equals(&Value::Float(1.0)), Some(true));
        assert_eq!(Value::Int(i64::MAX).order(&Value::Float(9_223_372_036_854_775_808.0)), Some(Ordering::Less));
        assert_eq!(Value::Int(-1).order(&Value::Float(-1.5)), Some(Ordering::Greater));
        assert_eq!(Value::Int(1).equals(&Value::text("1")), Some(false));
        assert_eq!(Value::Int(1).order(&Value::text("1")), None);
    }

    #[test]
    fn partial_lists_are_equal_to_nothing_known() {
        let aside = SetAside {
            value: Value::Null,
            reason: Unknown::new(UnknownKind::Missing, "x").into(),
            place: "element 1".into(),
        };
        let partial = Value::from(List::partial(vec![], vec![aside]));
        assert_eq!(partial.equals(&Value::from(vec![])), None);
    }
}
