//! Parts of a request on their way out: places that take no such value, texts that are encoded for where they stand.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use wf_value::{Map, Text, Unknown, Value};

/// Why a request cannot be built.
#[derive(Clone, Debug)]
pub(crate) enum NotBuilt {
    /// A value that its place does not take: `bad_input`.
    Bad(Bad),
    /// A value of the login is null: `no_account`.
    NoAccount(String),
    /// Something unknown, a base URL that is none: `unusable`.
    Unusable(String),
}

/// A value that stands where no such value can. The value itself is never told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    /// The placeholder or the name of the parameter.
    pub(crate) place: String,
    /// `is null, it should be a text or a number`
    pub(crate) expectation: String,
}

impl Bad {
    pub(crate) fn value(place: &str, value: &Value) -> Self {
        let is = match value {
            Value::Text(_) => "empty",
            other => other.kind(),
        };
        Self { place: place.to_owned(), expectation: format!("is {is}, it should be a text or a number") }
    }

    /// `{loc, msg, type}`, as refusals of inputs are told.
    pub(crate) fn to_value(&self) -> Value {
        let pairs = [
            (Text::from("loc"), Value::from(vec![Value::from(self.place.as_str())])),
            ("msg".into(), self.expectation.as_str().into()),
            ("type".into(), "type_error".into()),
        ];
        pairs.into_iter().collect::<Map>().into()
    }
}

impl From<Arc<Unknown>> for NotBuilt {
    fn from(why: Arc<Unknown>) -> Self {
        Self::Unusable(why.sentence())
    }
}

impl From<Bad> for NotBuilt {
    fn from(bad: Bad) -> Self {
        Self::Bad(bad)
    }
}

/// Texts and numbers as they are sent where only text can stand; secrets laid open. `None`: it has no such form.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Secret(secret) => plain(secret.expose()),
        Value::Time(_) => plain(&value.written()).or_else(|| value.print().ok().map(|text| text.to_string())),
        Value::Text(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Big(_)
        | Value::Id(_)
        | Value::Duration(_)
        | Value::Bytes(_) => value.print().ok().map(|text| text.to_string()),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) | Value::Unknown(_) => None,
    }
}

/// Name and text of each pair, in order; a list repeats its name.
pub(crate) fn pairs(value: &Value, what: &str) -> Result<Vec<(String, String)>, NotBuilt> {
    let map = match value {
        Value::Map(map) => map,
        Value::Null => return Ok(Vec::new()),
        Value::Secret(secret) => return pairs(secret.expose(), what),
        Value::Unknown(why) => return Err(why.clone().into()),
        other => return Err(NotBuilt::Unusable(format!("the {what} is {}, it should be a map", other.kind()))),
    };
    let mut pairs = Vec::with_capacity(map.len());
    for (name, value) in map.raw_iter() {
        let values = match value {
            Value::List(list) => list.raw().as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values {
            let text = plain(value).ok_or_else(|| Bad::value(name, value))?;
            pairs.push((name.to_string(), text));
        }
    }
    Ok(pairs)
}

/// What no place of a URL gives a meaning to stands as it is.
const MEANT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encoded, all but what no place of a URL gives a meaning to.
pub(crate) fn percent(text: &str) -> String {
    utf8_percent_encode(text, MEANT).to_string()
}

/// `a=1&b=2`
pub(crate) fn encoded(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, text)| format!("{}={}", percent(name), percent(text))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(json: &str) -> Value {
        wf_value::decode(json).unwrap_or_default()
    }

    #[test]
    fn lists_repeat_their_name_and_numbers_become_text() {
        let found = pairs(&map(r#"{"a":["x y","ü&="],"n":1.50,"big":12345678901234567890,"none":[]}"#), "query")
            .map(|p| encoded(&p));
        assert_eq!(found.ok().as_deref(), Some("a=x%20y&a=%C3%BC%26%3D&n=1.5&big=12345678901234567890"));
    }

    #[test]
    fn what_has_no_text_is_refused_by_name_and_not_told() {
        for (json, expectation) in [
            (r#"{"q":true}"#, "is a boolean, it should be a text or a number"),
            (r#"{"q":[null]}"#, "is null, it should be a text or a number"),
            (r#"{"q":{"s3cret":1}}"#, "is a map, it should be a text or a number"),
        ] {
            let Err(NotBuilt::Bad(bad)) = pairs(&map(json), "query") else { panic!("{json} passed") };
            assert_eq!((bad.place.as_str(), bad.expectation.as_str()), ("q", expectation));
        }
    }
}
