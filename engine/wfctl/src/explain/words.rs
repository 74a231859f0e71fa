//! Decisions in words.

use jiff::Timestamp;
use wf_source::{Files, Span};
use wf_value::{Text, Value};

use super::brief::{brief, counted, on_one_line};
use super::entry::Saw;
use super::origins::Origins;

/// Characters of a condition that are shown.
const CONDITION: usize = 300;
/// Values of one decision that are shown.
const SEEN: usize = 12;

/// The text of a condition, without the `=` before it.
#[must_use]
pub fn source(files: &Files, span: Span) -> String {
    on_one_line(files.text(span).trim_start_matches('='), CONDITION)
}

/// The values that a condition at `span` saw, params with who set them.
#[must_use]
pub fn saw(values: &[(Text, Value)], span: Span, origins: &Origins) -> Vec<Saw> {
    let saw = |(name, value): &(Text, Value)| Saw {
        name: on_one_line(name, CONDITION),
        value: brief(value),
        from: origins.of(name, span),
    };
    values.iter().take(SEEN).map(saw).collect()
}

/// The members of what is sent.
#[must_use]
pub fn members(body: &Value) -> Vec<Saw> {
    match body {
        Value::Map(map) => {
            let saw = |(name, value): (&Text, &Value)| Saw { name: name.to_string(), value: brief(value), from: None };
            map.raw_iter().filter(|(_, value)| !value.is_null()).take(SEEN).map(saw).collect()
        }
        Value::Null => Vec::new(),
        other => vec![Saw { name: "body".into(), value: brief(other), from: None }],
    }
}

/// `yes`, `no`, `unknown: why`
#[must_use]
pub fn truth(holds: Option<bool>, why: Option<&Text>) -> String {
    match holds {
        Some(true) => "yes".into(),
        Some(false) => "no".into(),
        None => format!("unknown: {}", why.map_or("nobody knows why", Text::as_str)),
    }
}

/// What came back: `200, 14 rows`, `409 exists`, `503: no answer within 60s`.
#[must_use]
pub fn answer(status: u16, outcome: Option<&Text>, body: &Value, cause: Option<&Text>) -> String {
    if let Some(cause) = cause {
        return format!("{status}: {cause}");
    }
    let named = outcome.map(|name| format!(" {name}")).unwrap_or_default();
    match body {
        Value::List(list) => format!("{status}{named}, {}", counted(list.len(), "row")),
        Value::Null => format!("{status}{named}"),
        _ if (200..300).contains(&status) => format!("{status}{named}"),
        said => format!("{status}{named}: {}", brief(said)),
    }
}

/// Why a function left an element out, where its condition does not say it.
#[must_use]
pub fn dropped(function: &str, unknown: Option<&Text>) -> String {
    match (function, unknown) {
        (_, Some(why)) => format!("unknown: {why}"),
        ("distinctBy" | "distinct", None) => "one with the same key came before".into(),
        ("indexBy" | "toMap", None) => "its key is null".into(),
        _ => "no".into(),
    }
}

/// A time as people read it, in UTC.
#[must_use]
pub fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::decode;

    #[test]
    fn answers_are_said_in_words() {
        let of = |status, outcome: Option<&str>, body: &str, cause: Option<&str>| {
            let (outcome, cause) = (outcome.map(Text::from), cause.map(Text::from));
            answer(status, outcome.as_ref(), &decode(body).unwrap_or_default(), cause.as_ref())
        };
        assert_eq!(of(200, None, "[1, 2]", None), "200, 2 rows");
        assert_eq!(of(409, Some("exists"), "12", None), "409 exists: 12");
        assert_eq!(of(200, None, "{\"a\": 1}", None), "200");
        assert_eq!(of(503, None, "null", Some("no answer within 1m")), "503: no answer within 1m");
    }
}
