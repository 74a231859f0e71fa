//! Small helpers for JSON that came from outside.

use serde_json::{Map, Value};

/// A field that may be written in any case, as some vendors take it; null counts as absent.
pub(crate) fn field<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    let map = body.as_object()?;
    map.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_null()).map(|(_, value)| value)
}

/// An integer, also one written as text.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Text, also of a number.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The texts of a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    value.as_array().map(|list| list.iter().filter_map(text).collect()).unwrap_or_default()
}

/// Puts the fields of `changes` over those of `row`, then takes away `omit`.
pub(crate) fn amend(row: &mut Value, changes: &Map<String, Value>, omit: &[String]) {
    let Some(row) = row.as_object_mut() else { return };
    for (name, value) in changes {
        row.insert(name.clone(), value.clone());
    }
    for name in omit {
        row.shift_remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_found_in_any_case() {
        let body = json!({"DetailId": 7, "serviceNumber": null});
        assert_eq!(field(&body, "detailId").and_then(integer), Some(7));
        assert_eq!(field(&body, "serviceNumber"), None);
        assert_eq!(field(&json!([1]), "x"), None);
    }

    #[test]
    fn rows_are_amended() {
        let mut row = json!({"a": 1, "b": 2, "c": 3});
        amend(&mut row, json!({"a": null}).as_object().unwrap(), &["b".to_owned()]);
        assert_eq!(row, json!({"a": null, "c": 3}));
    }
}
