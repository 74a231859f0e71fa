//! What an answer means to the caller.

use std::sync::Arc;

use jiff::Timestamp;
use wf_plan::{About, Accept, Action, Address, Answered, Request, Word};
use wf_value::{Map, Text, Unknown, UnknownKind, Value};

use crate::failure::Failure;
use crate::holes;
use crate::turn::Turn;

/// Characters of a refusal that a sentence quotes.
const QUOTED: usize = 500;

/// An answer, judged.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// `crm.get_ticket`
    pub(crate) call: Text,
    pub(crate) ok: bool,
    pub(crate) status: u16,
    pub(crate) outcome: Option<Text>,
    pub(crate) cause: Option<Text>,
    pub(crate) why: Option<Word>,
    /// As it came.
    pub(crate) raw: Value,
    /// With its type when the answer is ok, else unknown.
    body: Value,
}

impl Turn<'_, '_> {
    /// Names the outcome and says whether it is ok.
    pub(crate) fn judge(&self, action: &Action, accept: Option<&Accept>, answered: Answered) -> Verdict {
        let Answered { status, body: raw, cause, why } = answered;
        let call = action.full_name().clone();
        // no usable answer is a 503, whatever stands beside it
        let status = if cause.is_some() { 503 } else { status };
        let named = if cause.is_some() { None } else { action.outcome(status, &raw, self.now()) };
        let ok = Accept::takes(accept, status, named.as_deref(), cause.is_some());
        let body = if ok && cause.is_none() {
            match raw.clone().typed(&action.output) {
                Value::Unknown(why) if raw.as_unknown().is_none() => {
                    let why = Arc::unwrap_or_clone(why);
                    why.from_call(Some(call.clone())).into()
                }
                body => body,
            }
        } else {
            let said = said(status, &raw, cause.as_ref());
            Unknown::new(UnknownKind::Failed, format!("{call} failed: {said}")).from_call(Some(call.clone())).into()
        };
        Verdict { call, ok, status, outcome: named, cause, why, raw, body }
    }
}

impl Verdict {
    /// What came of a connector's request, after its `answers` and `reply`: its status is the action's, missing answers have one, too.
    pub(crate) fn of_request(call: Text, request: &Request, answered: Answered) -> Self {
        let Answered { status, body: raw, cause, why } = answered;
        // rows have given every answer a status, a missing one, too
        let ok = Accept::takes(request.accept.as_ref(), status, None, false);
        let body = if ok {
            let ty = request.output.as_ref().or(request.reply.is_none().then_some(&request.vendor));
            match ty.map(|ty| raw.clone().typed(ty)) {
                // a row may have given another body than the vendor's
                None | Some(Value::Unknown(_)) => raw.clone(),
                Some(body) => body,
            }
        } else {
            let said = said(status, &raw, cause.as_ref());
            Unknown::new(UnknownKind::Failed, format!("{call} failed: {said}")).from_call(Some(call.clone())).into()
        };
        Self { call, ok, status, outcome: None, cause, why, raw, body }
    }

    /// What a refused call said; null when it was not refused, or said nothing that we know.
    pub(crate) fn refusal(&self) -> Value {
        if self.ok || self.cause.is_some() { Value::Null } else { self.raw.clone() }
    }

    /// `{ok, failed, status, outcome, cause, body, refusal}`
    pub(crate) fn result(&self) -> Value {
        let text = |text: &Option<Text>| text.clone().map_or(Value::Null, Value::Text);
        let values = vec![
            Value::Bool(self.ok),
            Value::Bool(!self.ok),
            Value::Int(self.status.into()),
            text(&self.outcome),
            text(&self.cause),
            self.body.clone(),
            self.refusal(),
        ];
        Map::with_shape(holes::result_shape().clone(), values).into()
    }

    /// `Error 502 - what it said`, or why there was no answer.
    pub(crate) fn message(&self) -> Text {
        match &self.cause {
            Some(cause) => cause.clone(),
            None => format!("Error {}", said(self.status, &self.raw, None)).into(),
        }
    }

    pub(crate) fn failure(&self, address: Address) -> Failure {
        let said = said(self.status, &self.raw, self.cause.as_ref());
        let mut failure = Failure::new(address, self.call.clone(), format!("{} failed: {said}", self.call));
        failure.status = Some(self.status);
        failure.outcome = self.outcome.clone();
        failure.refusal = self.refusal();
        failure.cause = self.cause.clone();
        failure.why = self.why;
        failure.result = Some(self.result());
        failure
    }
}

/// `500 - boom`, or the cause.
fn said(status: u16, raw: &Value, cause: Option<&Text>) -> String {
    if let Some(cause) = cause {
        return cause.to_string();
    }
    let said = raw.print_lenient();
    if said.is_empty() {
        return status.to_string();
    }
    let end = said.char_indices().nth(QUOTED).map_or(said.len(), |(end, _)| end);
    let dots = if end < said.len() { "…" } else { "" };
    format!("{status} - {}{dots}", said.get(..end).unwrap_or_default())
}

/// What a report shows of something that was sent: what it was about, or the beginning of its texts where the action names nothing.
pub(crate) fn shown(of: &[About], input: &Value, now: Timestamp) -> Text {
    let named = About::print(of, input, now);
    if !named.is_empty() {
        return named;
    }
    let texts = input.as_map().into_iter().flat_map(Map::raw_iter).filter_map(|(_, value)| value.as_str());
    texts.collect::<Vec<_>>().join(", ").chars().take(QUOTED).collect::<String>().into()
}
