//! Messages of the bus in each envelope: requests, replies, and what is answered to them.

use std::time::Duration;

use wf_host::envelope::{self, Way};
use wf_host::ports::BusError;
use wf_plan::Envelope;
use wf_value::Value;

use super::{Seen, Target, Wrong, must};
use crate::Input;
use crate::repository::Repository;

pub(super) struct Messages;

const PART: &str = "message";

impl Target for Messages {
    fn name(&self) -> &'static str {
        "messages"
    }

    fn seeds(&self, _: &Repository) -> Vec<Input> {
        let messages = [
            r#"{"request_id":"4wGHXJZ6x","body":{"ticket_id":77,"note":"Zürich"}}"#,
            r#"{"request_id":7,"ticket_id":77,"note":null}"#,
            r#"{"request_id":"a","status":200,"body":[{"a":1}]}"#,
            r#"{"request_id":"a","status":404,"body":"no such ticket"}"#,
            r#"{"request_id":"a","token":"_NATS_LARGE_7","is_stored":true}"#,
            r#"{"status":200}"#,
            r#"[1,{"a":null}]"#,
        ];
        messages.into_iter().map(|text| Input::of([(PART, text)])).collect()
    }

    fn words(&self) -> &[&'static str] {
        &[
            "\"request_id\":",
            "\"status\":",
            "\"body\":",
            "\"token\":",
            "\"is_stored\":",
            "\"msg\":",
            "200",
            "99",
            "1000",
            "204",
        ]
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let (bytes, mut seen) = (input.bytes(PART), Seen::default());
        for envelope in [Envelope::Body, Envelope::None, Envelope::Notify] {
            let answered = envelope::read_reply(envelope, "tickets.get", bytes);
            seen.add(&format!("{answered:?}").chars().take(30).collect::<String>());
            for first in [None, Some("ticket_id")] {
                let Some(request) = envelope::read_request(envelope, first, bytes) else { continue };
                seen.add(&format!("{:?} {}", request.way, request.body.is_some()));
                replied(envelope, &request)?;
                let unsent =
                    envelope::write_unsent(envelope, first, bytes, &BusError::Timeout(Duration::from_secs(60)));
                let heard = unsent.is_some() || request.way == Way::Publish;
                must(heard, "a requester that hears nothing", || format!("{request:?}"))?;
            }
        }
        Ok(seen)
    }
}

/// Whatever was asked can be answered, and the answer is read as it was meant.
fn replied(envelope: Envelope, request: &envelope::Request) -> Result<(), Wrong> {
    let body = request.body.clone().unwrap_or_default();
    let reply = envelope::write_reply(envelope, request.request_id.as_ref(), 200, &body);
    let reply = reply.map_err(|why| Wrong::new("a request that cannot be answered", why.to_string()))?;
    let back = envelope::read_reply(envelope, "tickets.get", &reply);
    let same = envelope == Envelope::Notify || back.body == body;
    must(back.status == 200 && same, "a reply is read otherwise", || format!("{back:?} {body:?}"))?;
    let asked = envelope::write_request(envelope, request.way, "4wGHXJZ6x", &body);
    must(asked.is_ok() || matches!(body, Value::Secret(_)), "a request cannot be handed on", || format!("{asked:?}"))
}
