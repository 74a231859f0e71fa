//! One connector case, from its first step to its last.

use std::sync::Arc;

use wf_host::clock::attend;
use wf_host::ports::Clock;
use wf_plan::Connector;
use wf_source::Span;
use wf_syntax::ast::{CaseStep, ConnectorCase};

use super::message::{Message, Stored, differences, token};
use super::settings::SECRETS;
use super::world::World;
use crate::data;
use crate::logs::Logs;
use crate::report::{Failure, Verdict};
use crate::stop::{Stop, duration, verdict};

/// Runs a case against the connector that it is about.
pub(crate) async fn run(connector: &Arc<Connector>, case: &ConnectorCase, logs: &Logs) -> Verdict {
    logs.take();
    let done = carry_out(connector, case).await;
    let leaks = leaks(&logs.take(), "the log", case.span);
    verdict(done.map(|failures| failures.into_iter().chain(leaks).collect()))
}

async fn carry_out(connector: &Arc<Connector>, case: &ConnectorCase) -> Result<Vec<Failure>, Stop> {
    let stored = built(case)?;
    let world = World::make(connector, case).await?;
    let clock: Arc<dyn Clock> = world.clock.clone();
    attend(clock, steps(&world, case, &stored)).await
}

async fn steps(world: &World, case: &ConnectorCase, stored: &Stored) -> Result<Vec<Failure>, Stop> {
    let mut failures = Vec::new();
    for (i, step) in case.steps.iter().enumerate() {
        let wait = duration(step.after.as_ref())?;
        world.clock.sleep(wait.unsigned_abs()).await;
        let name = format!("step {}", i + 1);
        let expected = world.requests.get(i).cloned().unwrap_or_default();
        world.vendor.script().expect(&name, expected, step.unordered.is_none());
        let reply = ask(world, step, i + 1, stored).await?;
        failures.extend(world.vendor.script().end());
        failures.extend(judge(step, &name, &reply));
    }
    let differences = world.vendor.mailbox().differences(&case.mailbox_after);
    if !differences.is_empty() {
        failures.push(Failure::Differs { what: "the mailbox afterwards".to_owned(), differences });
    }
    Ok(failures)
}

/// What was sent, and what came back.
struct Exchange {
    request_id: Option<String>,
    reply: Option<Vec<u8>>,
}

async fn ask(world: &World, step: &CaseStep, number: usize, stored: &Stored) -> Result<Exchange, Stop> {
    let request = step.request.as_ref().ok_or_else(|| Stop::broken("the step has no request", Some(step.span)))?;
    let subject =
        request.subject.as_ref().ok_or_else(|| Stop::broken("the request has no subject", Some(request.span)))?;
    let Some(message) = Message::read(request, number, stored)? else {
        return Ok(Exchange { request_id: None, reply: None });
    };
    let reply = world.bus.ask(subject.as_str(), message.payload.into()).await;
    let reply = reply.map_err(|e| Stop::broken(e.to_string(), Some(subject.span)))?;
    Ok(Exchange { request_id: message.request_id, reply: reply.map(|r| r.to_vec()) })
}

fn judge(step: &CaseStep, name: &str, exchange: &Exchange) -> Vec<Failure> {
    let mut failures = Vec::new();
    if let Some(expected) = &step.reply {
        let found = differences(expected, exchange.request_id.as_deref(), exchange.reply.as_deref());
        if !found.is_empty() {
            failures.push(Failure::Differs { what: format!("{name}: the reply"), differences: found });
        }
    }
    let text = String::from_utf8_lossy(exchange.reply.as_deref().unwrap_or_default());
    failures.extend(leaks(&text, &format!("{name}: the reply"), step.span));
    failures
}

/// Secrets where they can be seen.
fn leaks(text: &str, what: &str, span: Span) -> Vec<Failure> {
    let lines =
        SECRETS.iter().filter_map(|secret| text.lines().find(|line| line.contains(secret)).map(|l| (secret, l)));
    let told = |(secret, line): (&&str, &str)| Failure::Broken {
        message: format!("{what} holds a secret: {}", line.replace(*secret, "***")),
        span: Some(span),
    };
    lines.map(told).collect()
}

/// The payloads that the case stores; what else it wants of a store is not built.
fn built(case: &ConnectorCase) -> Result<Stored, Stop> {
    let stored = Stored::read(&case.state);
    let payloads = case.steps.iter().filter_map(|step| step.request.as_ref()?.payload.as_ref());
    let tokens: Vec<String> = payloads.filter_map(|p| token(&data::value(p).encode().unwrap_or_default())).collect();
    if !case.state_after.is_empty() || stored.keys().any(|key| !tokens.iter().any(|t| t == key)) {
        return Err(Stop::Skipped("cases do not look into a store of records yet".into()));
    }
    Ok(stored)
}
