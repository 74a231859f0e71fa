//! Texts without quotes, read by what they seem to be or by what their place wants.

use wf_value::{Type, Value, duration, size, whole};

/// A text without quotes by the core schema of YAML 1.2: null, boolean, number, or text.
pub(super) fn core(raw: &str) -> Value {
    match raw {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    number(raw).unwrap_or_else(|| Value::text(raw))
}

fn number(raw: &str) -> Option<Value> {
    let unsigned = raw.strip_prefix(['-', '+']).unwrap_or(raw);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Some(hex) = raw.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().map(Value::Int);
    }
    if let Some(octal) = raw.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok().map(Value::Int);
    }
    let digits = unsigned.bytes().filter(u8::is_ascii_digit).count();
    if digits == unsigned.len() {
        let decimal = raw.strip_prefix('+').unwrap_or(raw);
        return Some(whole(decimal).map_or_else(|| Value::Big(decimal.into()), Value::Int));
    }
    let decimal = unsigned.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    let float = raw.parse::<f64>().ok().filter(|f| decimal && digits > 0 && f.is_finite())?;
    Some(Value::Float(float))
}

/// A text without quotes as a place of type `ty` means it: `no` is a boolean for one and a text for another. `None`: it writes no such
/// value.
#[must_use]
pub fn read(raw: &str, ty: &Type) -> Option<Value> {
    let fits = |value: Value| {
        let typed = value.typed(ty);
        typed.as_unknown().is_none().then_some(typed)
    };
    match ty {
        Type::Boolean => match raw {
            "yes" | "true" | "on" | "True" | "TRUE" => Some(Value::Bool(true)),
            "no" | "false" | "off" | "False" | "FALSE" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Duration => duration::parse(raw).map(Value::Duration),
        Type::Size => size::parse(raw).map(Value::Int),
        Type::Optional(_) | Type::Null if core(raw).is_null() => Some(Value::Null),
        Type::Optional(inner) => read(raw, inner),
        Type::Range(of) => {
            let (first, last) = raw.split_once(" to ")?;
            Some(vec![read(first.trim(), of)?, read(last.trim(), of)?].into())
        }
        Type::Union(types) => types.iter().find_map(|ty| read(raw, ty)),
        Type::Text | Type::Regex | Type::Zone | Type::Url | Type::Secret | Type::Enum(_) | Type::Time(_) => {
            fits(Value::text(raw)).or_else(|| fits(core(raw)))
        }
        Type::Id => fits(core(raw)).or_else(|| fits(Value::text(raw))),
        _ => fits(core(raw)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn without_a_type_texts_are_what_yaml_says() {
        assert_eq!(core("1327"), Value::Int(1327));
        assert_eq!(core("-1.5e3"), Value::Float(-1500.0));
        assert_eq!(core("0x1F"), Value::Int(31));
        assert!(matches!(core("99999999999999999999"), Value::Big(_)));
        assert!(core("~").is_null());
        for text in ["no", "30m", "2xx", "1.2.3", "-", ".", "1e", "2022-06-01", "e5", ".inf"] {
            assert!(matches!(core(text), Value::Text(_)), "{text}");
        }
    }

    #[test]
    fn a_place_reads_what_it_wants() {
        assert_eq!(read("no", &Type::Boolean), Some(Value::Bool(false)));
        assert_eq!(read("no", &Type::Text), Some(Value::text("no")));
        assert_eq!(read("1327", &Type::Text), Some(Value::text("1327")));
        assert_eq!(read("90s", &Type::Duration), Some(Value::Duration(SignedDuration::from_secs(90))));
        assert_eq!(read("90", &Type::Duration), None);
        assert_eq!(read("4MB", &Type::Size), Some(Value::Int(4_000_000)));
        assert_eq!(read("null", &Type::Text.optional()), Some(Value::Null));
        assert_eq!(read("x", &Type::Integer), None);
        assert!(read("2m to 5m", &Type::Range(Type::Duration.into())).is_some());
    }
}
