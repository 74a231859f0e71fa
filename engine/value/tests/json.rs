//! The decoder beside another one, and there and back again.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::Value as Json;
use wf_value::{Expose, Value, decode};

/// JSON of all kinds, with keys that repeat so that shapes do.
fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_filter("JSON has no such number", |n| n.is_finite()).prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        "[a-z]{0,12}".prop_map(Json::from),
    ];
    let key = prop_oneof!["[abc]", any::<String>()];
    leaf.prop_recursive(6, 120, 12, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..12).prop_map(Json::from),
            btree_map(key.clone(), inner, 0..12).prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// Rows of one kind, as answers have them: most of plain scalars, some with something deeper or odd in them.
fn rows() -> impl Strategy<Value = Json> {
    let leaf = || {
        prop_oneof![
            8 => prop_oneof![
                Just(Json::Null),
                any::<bool>().prop_map(Json::from),
                any::<i32>().prop_map(Json::from),
                (-1e6..1e6).prop_map(Json::from),
                "[ -~é]{0,9}".prop_map(Json::from),
            ],
            1 => json(),
        ]
    };
    let row = vec(leaf(), 7).prop_map(|values| {
        Json::Object(values.into_iter().enumerate().map(|(i, value)| (format!("key{i}"), value)).collect())
    });
    vec(row, 2..6).prop_map(Json::from)
}

/// The same, the order of keys too; numbers by `number`.
fn same(ours: &Value, theirs: &Json, number: fn(&Value, &serde_json::Number) -> bool) -> bool {
    match (ours, theirs) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(a), Json::Bool(b)) => a == b,
        (ours, Json::Number(theirs)) => number(ours, theirs),
        (Value::Text(a), Json::String(b)) => a.as_str() == b,
        (Value::List(a), Json::Array(b)) => {
            a.len() == b.len() && a.raw().iter().zip(b).all(|(a, b)| same(a, b, number))
        }
        (Value::Map(a), Json::Object(b)) => {
            let pairs = || a.raw_iter().zip(b);
            a.len() == b.len() && pairs().all(|((k, a), (l, b))| k.as_str() == l && same(a, b, number))
        }
        _ => false,
    }
}

fn exactly(ours: &Value, theirs: &serde_json::Number) -> bool {
    match ours {
        Value::Int(n) => theirs.as_i64() == Some(*n),
        Value::Big(digits) => theirs.as_u64().is_some_and(|n| n.to_string() == digits.as_str()),
        Value::Float(n) => theirs.is_f64() && theirs.as_f64().map(f64::to_bits) == Some(n.to_bits()),
        _ => false,
    }
}

/// The other reader keeps no whole numbers beyond 64 bits, and no fraction to its last digit.
fn nearly(ours: &Value, theirs: &serde_json::Number) -> bool {
    let (Ok(ours), Some(theirs)) = (format!("{ours:?}").parse::<f64>(), theirs.as_f64()) else { return false };
    ours == theirs || ((ours - theirs) / theirs).abs() < 1e-9
}

proptest! {
    #[test]
    fn what_is_written_is_read(json in prop_oneof![json(), rows()], pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) };
        let value = decode(text.unwrap_or_default());
        prop_assert!(value.as_ref().is_ok_and(|value| same(value, &json, exactly)), "{json} was read as {value:?}");
    }

    /// Broken JSON: both refuse the same texts. Numbers beyond 64 bits aside, which only we keep, and halves of surrogate pairs.
    #[test]
    fn what_is_refused(json in prop_oneof![json(), rows()], at: prop::sample::Index, with in "[\\[\\]{}\",:0-9a-z\\\\. +-]{0,3}") {
        let text = json.to_string();
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let mut broken = text.clone();
        broken.replace_range(at.., &with);
        let rest: String = text.get(at..).unwrap_or_default().chars().skip(1).collect();
        broken.push_str(&rest);
        let (ours, theirs) = (decode(&broken), serde_json::from_str::<Json>(&broken));
        let surrogate = theirs.as_ref().is_err_and(|e| e.to_string().contains("surrogate") || e.to_string().contains("end of hex"));
        prop_assert!(ours.is_ok() == theirs.is_ok() || surrogate, "{broken}: {ours:?}, {theirs:?}");
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert!(same(&ours, &theirs, nearly), "{broken} was read as {theirs}");
        }
    }

    #[test]
    fn a_row_is_what_it_is_however_it_is_read(rows in rows(), pretty in any::<bool>(), order in vec(0_usize..7, 0..30)) {
        let text = if pretty { serde_json::to_string_pretty(&rows) } else { serde_json::to_string(&rows) };
        let text = text.unwrap_or_default();
        let read = decode(&text).unwrap_or_default();
        for (i, row) in rows.as_array().into_iter().flatten().enumerate() {
            // one that stands alone is made at once
            let alone = decode(row.to_string()).unwrap_or_default();
            let row = read.as_list().and_then(|list| list.get(i)).unwrap_or_default();
            let (Some(row), Some(alone)) = (row.as_map(), alone.as_map()) else { panic!("maps") };
            for key in &order {
                let key = format!("key{key}");
                prop_assert_eq!(row.get(&key), alone.get(&key));
            }
        }
        prop_assert!(same(&read, &rows, exactly), "{}", text);
    }

    #[test]
    fn no_bytes_make_it_fall_over(bytes in vec(any::<u8>(), 0..200)) {
        let _ = decode(bytes);
    }
}

/// Keeps the members' order, so that equal texts are the same document.
fn value() -> impl Strategy<Value = Value> {
    json().prop_map(|json| decode(json.to_string()).unwrap_or_default())
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(value in value()) {
        let text = value.encode();
        prop_assert!(text.is_ok());
        let text = text.unwrap_or_default();
        let back = decode(&text);
        prop_assert_eq!(back.as_ref(), Ok(&value));
        // also what is equal without being the same: 1 and 1.0, the order of keys
        prop_assert_eq!(back.map(|back| back.encode()), Ok(Ok(text.clone())));
        prop_assert!(text.is_ascii());
        prop_assert!(serde_json::from_str::<Json>(&text).is_ok());
    }

    #[test]
    fn equal_values_have_one_canonical_form(value in value(), other in value()) {
        let canonical = value.canonical(Expose::No);
        let back = canonical.clone().map(|text| decode(text).unwrap_or_default());
        prop_assert_eq!(back.as_ref(), Ok(&value));
        prop_assert_eq!(back.and_then(|back| back.canonical(Expose::No)), canonical.clone());
        prop_assert_eq!(value.equals(&other) == Some(true), canonical == other.canonical(Expose::No));
    }
}
