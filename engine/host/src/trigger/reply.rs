//! What comes in from outside, and what goes back.

use wf_machine::Ended;
use wf_value::input::Refusal;
use wf_value::{InputSpec, Text, Value};

use crate::driver::{CutShort, how, reason};

/// What whoever asked is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Value>) -> Self {
        Self { status, body: body.into() }
    }
}

/// The inputs of a flow that a body gives; what does not fit is refused.
pub(crate) fn inputs(spec: Option<&InputSpec>, body: Option<&Value>) -> Result<Vec<(Text, Value)>, String> {
    let Some(spec) = spec else {
        let fields = body.and_then(Value::as_map).into_iter().flat_map(|m| m.raw_iter());
        return Ok(fields.map(|(key, value)| (key.clone(), value.clone())).collect());
    };
    let mut computed = Vec::new();
    let taken = spec.take(body.unwrap_or(&Value::Null), |field| {
        computed.push(field.name.clone());
        Value::Null
    });
    // What the flow computes itself is left to it.
    let keep = |(key, value): (&Text, &Value)| (!computed.contains(key)).then(|| (key.clone(), value.clone()));
    match taken {
        Ok(map) => Ok(map.raw_iter().filter_map(keep).collect()),
        Err(refusals) => Err(Refusal::sentence(&refusals)),
    }
}

/// The reply that a run's end makes. A flow that returns nothing is answered with null; one that fails with 500 and why.
pub(crate) fn reply_of(ended: &Result<Ended, CutShort>) -> Reply {
    match ended {
        Ok(ended) => reply(how(&ended.how), reason(&ended.how).0, ended.returned.as_ref()),
        Err(stopped) => Reply::new(503, stopped.to_string()),
    }
}

/// The same of a run whose end was recorded ([`crate::driver::report_value`]).
pub(crate) fn reply_again(how: &str, report: &Value) -> Reply {
    let field = |name: &str| report.as_map().and_then(|map| map.raw(name));
    let reason = field("reason").and_then(Value::as_str).unwrap_or_default().to_owned();
    reply(how, reason, field("returned"))
}

fn reply(how: &str, reason: String, returned: Option<&Value>) -> Reply {
    match (how, returned) {
        ("failed" | "undecided" | "held", _) => Reply::new(500, reason),
        ("cancelled", _) => Reply::new(503, reason),
        (_, Some(Value::Map(map))) if map.raw("status").and_then(Value::as_int).is_some() => {
            let status = map.raw("status").and_then(Value::as_int).and_then(|s| u16::try_from(s).ok());
            Reply::new(status.unwrap_or(500), map.raw("body").cloned().unwrap_or_default())
        }
        (_, Some(value)) => Reply::new(200, value.clone()),
        (_, None) => Reply::new(200, Value::Null),
    }
}
