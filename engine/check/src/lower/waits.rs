//! How long a caller waits for an action when it says nothing: the declared sum and 5 s (`connectors.md` §6).

use jiff::Timestamp;
use wf_expr::{Ctx, NoVars, Written};
use wf_plan::{AuthKind, Block, Flow, Limits, LoopBody, Module, OnError, Request, Retry, Verb, Wait};
use wf_value::Value;

/// Of one vendor call, when nothing is said.
const CALL: i64 = 60_000;
/// A retry for ever is given up by its caller.
const MOST_ATTEMPTS: i64 = 20;

/// In milliseconds, with the defaults of all settings.
pub(crate) fn wait_ms(flow: &Flow, limits: &Limits, module: &Module) -> i64 {
    let params: Vec<Value> = module.params.iter().map(|p| p.default.clone().unwrap_or(Value::Null)).collect();
    let env = Value::Null;
    let ctx = Ctx::new(&module.program, &NoVars, &params, &env, Timestamp::UNIX_EPOCH);
    let sum = block(&flow.body, limits, &ctx);
    sum.max(if flow.body.steps.is_empty() { CALL } else { 0 }).saturating_add(5_000)
}

fn block(steps: &Block, limits: &Limits, ctx: &Ctx<'_>) -> i64 {
    steps.steps.iter().fold(0_i64, |sum, step| {
        let own = match &step.verb {
            Verb::Request(asked) => request(asked, limits, ctx),
            Verb::Call(call) => call.action.wait_ms,
            Verb::For(each) => match &each.body {
                LoopBody::Steps(inner) => block(inner, limits, ctx),
                LoopBody::Run { .. } => 0,
            },
            _ => 0,
        };
        let handled = match &step.on_error {
            OnError::Block { block: inner, .. } => block(inner, limits, ctx),
            _ => 0,
        };
        sum.saturating_add(own).saturating_add(handled)
    })
}

/// timeout × attempts × logins, and the waits between attempts.
fn request(request: &Request, limits: &Limits, ctx: &Ctx<'_>) -> i64 {
    let timeout = request.limits.timeout.as_ref().or(limits.timeout.as_ref());
    let timeout = timeout.and_then(|written| millis(written, ctx)).unwrap_or(CALL);
    let (attempts, waits) = request.retry.as_ref().map_or((1, 0), |retry| tries(retry, ctx));
    let logs_in =
        request.auth.as_ref().filter(|auth| matches!(auth.kind, AuthKind::Login { .. } | AuthKind::OAuth2 { .. }));
    // the login itself, and each repetition after a new one
    let logins = logs_in.map_or(1, |auth| 1 + i64::from(auth.repeat) + 1);
    timeout.saturating_mul(attempts).saturating_mul(logins).saturating_add(waits)
}

fn tries(retry: &Retry, ctx: &Ctx<'_>) -> (i64, i64) {
    let attempts = match &retry.attempts {
        None => MOST_ATTEMPTS,
        Some(written) => written.value(ctx).as_int().unwrap_or(1),
    };
    let attempts = attempts.clamp(1, MOST_ATTEMPTS);
    let longest = match &retry.wait {
        Wait::Fixed(written) | Wait::Between(_, written) => millis(written, ctx).unwrap_or(0),
        Wait::List(all) => all.iter().filter_map(|written| millis(written, ctx)).max().unwrap_or(0),
    };
    (attempts, longest.saturating_mul(attempts - 1))
}

fn millis(written: &Written, ctx: &Ctx<'_>) -> Option<i64> {
    match written.value(ctx) {
        Value::Duration(d) => i64::try_from(d.as_millis()).ok().filter(|ms| *ms >= 0),
        _ => None,
    }
}
