//! The wire's envelope: how a request, its body and its reply stand in a message (wire contract 2).

use std::cell::RefCell;
use std::collections::HashMap;

use bytes::Bytes;
use wf_plan::{Answered, Envelope, Word};
use wf_value::{DecodeError, Decoder, EncodeError, Map, MapBuilder, Value};

use crate::ports::BusError;

/// A request as a replier reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Opaque; copied into the reply when there is one.
    pub request_id: Option<Value>,
    /// `None`: there was none, or null.
    pub body: Option<Value>,
    /// Whether somebody waits for the reply: of `notify` the place of the payload tells, everywhere else somebody may.
    pub way: Way,
}

/// Whether somebody waits for the reply, or nobody (`notify` tells them apart by where the payload stands).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Call,
    Publish,
}

/// The message that asks for an action.
///
/// # Errors
/// The body holds what cannot go out: something unknown, a secret.
pub fn write_request(envelope: Envelope, way: Way, request_id: &str, body: &Value) -> Result<Bytes, EncodeError> {
    let id = Value::text(request_id);
    let payload = match (envelope, way) {
        (Envelope::None, _) => body.encode(),
        (Envelope::Body, _) | (Envelope::Notify, Way::Publish) => {
            Value::encode_members([("request_id", &id), ("body", body)])
        }
        (Envelope::Notify, Way::Call) => {
            let mut payload = MapBuilder::default();
            payload.insert("request_id".into(), id);
            for (key, value) in body.as_map().into_iter().flat_map(Map::raw_iter) {
                payload.insert(key.clone(), value.clone());
            }
            Value::Map(payload.finish()).encode()
        }
    };
    Ok(payload?.into())
}

/// What a replier makes of a message. `first` is the first field of the action's input: for `notify` it shows where the payload stands.
/// `None`: no JSON, no object, nothing that can be answered; it is dropped.
#[must_use]
pub fn read_request(envelope: Envelope, first: Option<&str>, payload: &[u8]) -> Option<Request> {
    let value = Decoder::new().decode(payload).ok()?;
    if envelope == Envelope::None {
        return Some(Request { request_id: None, body: Some(value).filter(|v| !v.is_null()), way: Way::Call });
    }
    let map = value.as_map()?;
    let request_id = map.raw("request_id").filter(|id| !id.is_null()).cloned();
    let body = map.raw("body").filter(|b| !b.is_null()).cloned();
    if envelope == Envelope::Notify && body.is_none() && first.is_some_and(|f| map.contains(f)) {
        let rest = map.raw_iter().filter(|(key, _)| key.as_str() != "request_id");
        let rest = rest.map(|(key, value)| (key.clone(), value.clone())).collect::<Map>();
        return Some(Request { request_id, body: Some(rest.into()), way: Way::Call });
    }
    let silent = envelope == Envelope::Notify && body.is_some();
    Some(Request { request_id, body, way: if silent { Way::Publish } else { Way::Call } })
}

/// The reply to a request; of `notify` without a body.
///
/// # Errors
/// The body holds what cannot go out.
pub fn write_reply(
    envelope: Envelope,
    request_id: Option<&Value>,
    status: u16,
    body: &Value,
) -> Result<Bytes, EncodeError> {
    let mut reply = MapBuilder::with_capacity(3);
    if let Some(id) = request_id {
        reply.insert("request_id".into(), id.clone());
    }
    reply.insert("status".into(), Value::Int(i64::from(status)));
    if envelope != Envelope::Notify {
        reply.insert("body".into(), body.clone());
    }
    Ok(Value::Map(reply.finish()).encode()?.into())
}

/// The short reply to a request whose own is over the bus's limit and could not be stored: its requester need not run into its timeout.
#[must_use]
pub fn write_unsent(envelope: Envelope, first: Option<&str>, request: &[u8], why: &BusError) -> Option<Bytes> {
    let Request { request_id, way, .. } = read_request(envelope, first, request)?;
    if way == Way::Publish {
        return None;
    }
    let body = Value::from(format!("the reply cannot be sent: {why}"));
    write_reply(envelope, request_id.as_ref(), 500, &body).ok()
}

/// What a caller makes of a reply. `call` names the action (`tickets.get`) as the origin of what came. A reply that parses but has
/// no whole status or no body is like none (wire contract 2.4).
#[must_use]
pub fn read_reply(envelope: Envelope, call: &str, reply: &[u8]) -> Answered {
    let value = match decode(call, reply) {
        Ok(value) => value,
        Err(error) => return Answered::lost(Word::Unusable, format!("the reply is no JSON: {error}")),
    };
    let Some(map) = value.as_map() else {
        return Answered::lost(Word::Unusable, format!("the reply is {}, not an object", value.kind()));
    };
    let status = match map.raw("status") {
        Some(Value::Int(n)) if (100..=999).contains(n) => u16::try_from(*n).unwrap_or(503),
        Some(Value::Int(n)) => return Answered::lost(Word::Unusable, format!("the reply has status {n}")),
        Some(other) => return Answered::lost(Word::Unusable, format!("the reply's status is {}", other.kind())),
        None => return Answered::lost(Word::Unusable, "the reply has no status"),
    };
    match map.raw("body") {
        Some(body) => Answered::new(status, body.clone()),
        None if envelope == Envelope::Notify => Answered::new(status, Value::Null),
        None => Answered::lost(Word::Unusable, "the reply has no body"),
    }
}

/// Answers of one action are alike: each thread remembers the shapes of those it read, as long as they are not too many.
fn decode(call: &str, reply: &[u8]) -> Result<Value, DecodeError> {
    const ACTIONS: usize = 64;
    thread_local! {
        static DECODERS: RefCell<HashMap<String, Decoder>> = RefCell::default();
    }
    DECODERS.with_borrow_mut(|decoders| {
        if let Some(decoder) = decoders.get_mut(call) {
            return decoder.decode(reply);
        }
        if decoders.len() >= ACTIONS {
            decoders.clear();
        }
        let mut decoder = Decoder::new();
        decoder.call(call);
        decoders.entry(call.to_owned()).or_insert(decoder).decode(reply)
    })
}

/// What a reply or a cause begins with when nobody knows whether something was written, and it was not asked for again.
pub const IN_DOUBT: &str = "in doubt";

/// A request that got no usable reply: status 503 with the cause.
#[must_use]
pub fn lost(error: &BusError) -> (Word, String) {
    let word = match error {
        // None of these was handed to anybody.
        BusError::NoResponders(_) | BusError::Connection(_) | BusError::Store { .. } => Word::NoConnection,
        BusError::Timeout(_) | BusError::Unconfirmed(_) => Word::Timeout,
        BusError::Lost(_) => Word::Unusable,
    };
    (word, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_value::Text;

    fn map<const N: usize>(pairs: [(&str, Value); N]) -> Map {
        pairs.into_iter().map(|(key, value)| (Text::from(key), value)).collect()
    }

    fn body() -> Value {
        map([("ticket_id", Value::Int(77)), ("note", Value::text("Zürich"))]).into()
    }

    fn text(message: Result<Bytes, EncodeError>) -> String {
        String::from_utf8_lossy(&message.unwrap_or_default()).into_owned()
    }

    #[test]
    fn a_request_stands_in_its_envelope() {
        assert_eq!(
            text(write_request(Envelope::Body, Way::Call, "ID", &body())),
            r#"{"request_id":"ID","body":{"ticket_id":77,"note":"Z\u00fcrich"}}"#
        );
        assert_eq!(
            text(write_request(Envelope::None, Way::Publish, "ID", &body())),
            r#"{"ticket_id":77,"note":"Z\u00fcrich"}"#
        );
        assert_eq!(
            text(write_request(Envelope::Notify, Way::Call, "ID", &body())),
            r#"{"request_id":"ID","ticket_id":77,"note":"Z\u00fcrich"}"#
        );
        assert_eq!(
            text(write_request(Envelope::Notify, Way::Publish, "ID", &body())),
            text(write_request(Envelope::Body, Way::Publish, "ID", &body()))
        );
    }

    #[test]
    fn a_request_is_read_back() {
        for envelope in [Envelope::Body, Envelope::None, Envelope::Notify] {
            for way in [Way::Call, Way::Publish] {
                let message = write_request(envelope, way, "ID", &body()).unwrap_or_default();
                let read = read_request(envelope, Some("ticket_id"), &message);
                let silent = envelope == Envelope::Notify && way == Way::Publish;
                assert_eq!(read.as_ref().map(|r| r.way == Way::Publish), Some(silent), "{envelope:?} {way:?}");
                assert_eq!(read.as_ref().and_then(|r| r.body.clone()), Some(body()), "{envelope:?} {way:?}");
                let id = read.and_then(|r| r.request_id);
                assert_eq!(id, (envelope != Envelope::None).then(|| Value::text("ID")));
            }
        }
    }

    /// Wire contract 2.3, and 2.2 for ids.
    #[test]
    fn bad_requests_are_dropped_or_have_no_body() {
        let read = |payload: &str| read_request(Envelope::Body, Some("x"), payload.as_bytes());
        assert_eq!(read("not json"), None);
        assert_eq!(read("[1]"), None);
        assert_eq!(read("5"), None);
        let request = |id: Option<&str>, body| Request { request_id: id.map(Value::from), body, way: Way::Call };
        assert_eq!(read(r#"{"request_id":"a"}"#), Some(request(Some("a"), None)));
        assert_eq!(read(r#"{"request_id":"a","body":null}"#), Some(request(Some("a"), None)));
        assert_eq!(read(r#"{"body":{}}"#), Some(request(None, Some(Map::default().into()))));
        assert_eq!(read(r#"{"body":[1]}"#).and_then(|r| r.body), Some(vec![Value::Int(1)].into()));
        let notify = |payload: &str| read_request(Envelope::Notify, Some("message"), payload.as_bytes());
        assert_eq!(notify(r#"{"request_id":"a","other":1}"#).and_then(|r| r.body), None);
        assert!(notify(r#"{"message":"hi"}"#).is_some_and(|r| r.body.is_some() && r.request_id.is_none()));
    }

    #[test]
    fn a_reply_copies_the_id_when_there_was_one() {
        assert_eq!(
            text(write_reply(Envelope::Body, Some(&"a".into()), 200, &Value::Null)),
            r#"{"request_id":"a","status":200,"body":null}"#
        );
        assert_eq!(text(write_reply(Envelope::Body, None, 404, &"no".into())), r#"{"status":404,"body":"no"}"#);
        assert_eq!(
            text(write_reply(Envelope::Notify, Some(&"a".into()), 200, &"x".into())),
            r#"{"request_id":"a","status":200}"#
        );
    }

    /// Wire contract 2.2 and 2.4.
    #[test]
    fn a_reply_without_status_or_body_is_none() {
        let read = |reply: &str| read_reply(Envelope::Body, "x.y", reply.as_bytes());
        assert_eq!(read(r#"{"request_id":"a","status":471,"body":5}"#).status, 471);
        assert_eq!(read(r#"{"body":null,"status":204}"#).cause, None);
        let lost = [
            ("", "the reply is no JSON: there is nothing at line 1, column 1"),
            ("[]", "the reply is a list, not an object"),
            (r#"{"body":1}"#, "the reply has no status"),
            (r#"{"status":200}"#, "the reply has no body"),
            (r#"{"status":null,"body":1}"#, "the reply's status is null"),
            (r#"{"status":"200","body":1}"#, "the reply's status is a text"),
            (r#"{"status":200.5,"body":1}"#, "the reply's status is a number"),
            (r#"{"status":70000,"body":1}"#, "the reply has status 70000"),
        ];
        for (reply, cause) in lost {
            let answered = read(reply);
            assert_eq!((answered.status, answered.cause.as_deref()), (503, Some(cause)), "{reply}");
            assert_eq!(answered.why, Some(Word::Unusable));
        }
        assert_eq!(read_reply(Envelope::Notify, "x.y", br#"{"status":200}"#).status, 200);
    }

    #[test]
    fn rows_of_a_reply_know_their_call() {
        let answered = read_reply(Envelope::Body, "links.list", br#"{"status":200,"body":[{"a":1}]}"#);
        assert_eq!(answered.body.as_list().map(|l| l.place(0).to_string()).as_deref(), Some("links.list, row 1"));
    }

    #[test]
    fn a_reply_that_cannot_be_stored_is_a_short_500_to_whoever_waits() {
        let why = BusError::Store { size: 5_800_000, why: "refused".into() };
        let unsent = |envelope, payload: &str| write_unsent(envelope, Some("message"), payload.as_bytes(), &why);
        let reply = unsent(Envelope::Body, r#"{"request_id":"a","body":{}}"#).unwrap_or_default();
        assert_eq!(
            String::from_utf8_lossy(&reply),
            r#"{"request_id":"a","status":500,"body":"the reply cannot be sent: the payload of 5800000 bytes is over the bus's limit and could not be stored: refused"}"#
        );
        assert!(unsent(Envelope::Notify, r#"{"message":"hi"}"#).is_some());
        assert_eq!(unsent(Envelope::Notify, r#"{"body":{"message":"hi"}}"#), None);
    }

    #[test]
    fn what_cannot_go_out_is_said() {
        let secret: Value = map([("key", Value::text("s3cret").secret())]).into();
        let error =
            write_request(Envelope::Body, Way::Call, "ID", &secret).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains("secret") && !error.contains("s3cret"), "{error}");
    }
}
