//! Messages of connector cases: what arrives, and what was replied.

use std::collections::BTreeMap;

use wf_syntax::ast::{Binding, CaseRequest};
use wf_syntax::tree::Node;
use wf_value::{Map, Text, Value};

use crate::data;
use crate::expected::{Difference, Expected, Mode, show};
use crate::stop::Stop;

/// A message as it arrives.
pub(crate) struct Message {
    pub(crate) payload: Vec<u8>,
    /// Copied into the reply, when there is one.
    pub(crate) request_id: Option<String>,
}

impl Message {
    /// The `number`th message of a case. `None`: it named a stored payload that is gone, and so never arrives.
    pub(crate) fn read(request: &CaseRequest, number: usize, stored: &Stored) -> Result<Option<Self>, Stop> {
        let unsendable =
            |e: wf_value::EncodeError| Stop::broken(format!("the message cannot be sent: {e}"), Some(request.span));
        if let Some(payload) = &request.payload {
            let value = data::value(payload);
            let payload = match &value {
                Value::Text(text) => text.to_string(),
                other => other.encode().map_err(unsendable)?,
            };
            let Some(payload) = stored.resolve(payload) else { return Ok(None) };
            let sent = wf_value::decode(payload.as_str()).unwrap_or_default();
            let request_id = sent.as_map().and_then(|m| m.raw("request_id")?.as_str().map(str::to_owned));
            return Ok(Some(Self { payload: payload.into_bytes(), request_id }));
        }
        let request_id = format!("case-{number}");
        let mut message: Vec<(Text, Value)> = vec![("request_id".into(), request_id.as_str().into())];
        message.extend(request.body.as_ref().map(|body| ("body".into(), data::value(body))));
        let payload = Value::from(message.into_iter().collect::<Map>()).encode().map_err(unsendable)?;
        Ok(Some(Self { payload: payload.into_bytes(), request_id: Some(request_id) }))
    }
}

/// Payloads over the limit of the bus, by token (wire contract 3).
#[derive(Debug, Default)]
pub(crate) struct Stored(BTreeMap<String, String>);

impl Stored {
    /// What the store holds. Values that are no texts stand for their JSON.
    pub(crate) fn read(state: &[Binding]) -> Self {
        let text = |node: &Node| match data::value(node) {
            Value::Text(text) => text.to_string(),
            other => other.encode().unwrap_or_default(),
        };
        Self(state.iter().map(|b| (b.name.as_str().to_owned(), text(&b.value))).collect())
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The payload itself, or the one that it names.
    fn resolve(&self, payload: String) -> Option<String> {
        match token(&payload) {
            Some(token) => self.0.get(&token).cloned(),
            None => Some(payload),
        }
    }
}

/// The token that stands for a payload, in either format of the wire.
pub(crate) fn token(payload: &str) -> Option<String> {
    if payload.starts_with("_NATS_TMP") {
        return Some(payload.to_owned());
    }
    let message = wf_value::decode(payload).ok()?;
    let map = message.as_map()?;
    let stored = map.raw("is_stored").and_then(Value::as_bool) == Some(true);
    map.raw("token").filter(|_| stored).and_then(Value::as_str).map(str::to_owned)
}

/// How a reply differs from what the case expects, which is `none` or `{status, body}`.
pub(crate) fn differences(expected: &Node, request_id: Option<&str>, reply: Option<&[u8]>) -> Vec<Difference> {
    let differs = |path: &str, expected_words: String, actual: String| {
        vec![Difference { path: path.to_owned(), expected: expected_words, actual, span: expected.span }]
    };
    let wanted = Expected::read(expected);
    let Some(reply) = reply else {
        return if expected.is_map() { differs("", wanted.words(), "no reply".into()) } else { vec![] };
    };
    let text = String::from_utf8_lossy(reply);
    if !expected.is_map() {
        return differs("", "no reply".into(), text.into_owned());
    }
    let Ok(value) = wf_value::decode(text.as_ref()) else {
        return differs("", "a reply in JSON".into(), format!("{text:?}"));
    };
    let Some(map) = value.as_map() else { return differs("", "an object".into(), show(&value)) };
    let (id, rest): (Vec<_>, Vec<_>) = map.raw_iter().partition(|(key, _)| key.as_str() == "request_id");
    let id = id.first().map(|(_, id)| *id);
    let rest: Map = rest.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    let mut found = wanted.differences(&rest.into(), Mode::Exact);
    if id.and_then(Value::as_str) != request_id {
        let words = |id: Option<String>| id.unwrap_or_else(|| "absent".into());
        found.extend(differs("request_id", words(request_id.map(|id| format!("{id:?}"))), words(id.map(show))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::tests::node;

    #[test]
    fn tokens_of_both_formats_are_known() {
        assert_eq!(token(r#"{"is_stored": true, "token": "abc"}"#).as_deref(), Some("abc"));
        assert_eq!(token(r#"{"is_stored": 1, "token": "abc"}"#), None);
        assert_eq!(token("_NATS_TMP abc").as_deref(), Some("_NATS_TMP abc"));
        assert_eq!(token("plain"), None);
    }

    #[test]
    fn a_reply_is_compared_with_its_id_and_its_silence() {
        let paths = |expected: &str, id: Option<&str>, reply: Option<&str>| {
            let found = differences(&node(expected), id, reply.map(str::as_bytes));
            found.into_iter().map(|d| format!("{}: {} / {}", d.path, d.expected, d.actual)).collect::<Vec<_>>()
        };
        let right = r#"{"request_id":"a","status":200,"body":[1]}"#;
        assert_eq!(paths("{status: 200, body: [1]}", Some("a"), Some(right)), Vec::<String>::new());
        assert_eq!(paths("none", Some("a"), None), Vec::<String>::new());
        assert_eq!(paths("{status: 200}", Some("b"), Some(right)), ["body: absent / [1]", "request_id: \"b\" / \"a\""]);
        assert_eq!(paths("none", None, Some("x")), [": no reply / x"]);
        assert_eq!(paths("{status: 200}", None, None), [": {status: 200} / no reply"]);
    }
}
