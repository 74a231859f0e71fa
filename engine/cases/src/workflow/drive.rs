//! The trigger of a case, and the time that passes after it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use wf_host::Workflow;
use wf_host::engine::{Engine, Finished, Schedules};
use wf_host::envelope::{Way, write_request};
use wf_host::ports::{Bus, BusError};
use wf_plan::{Plan, TriggerKind};
use wf_source::one_of;
use wf_syntax::ast::{Case, CaseTrigger};
use wf_value::Value;

use crate::data;
use crate::stop::{Stop, duration};

/// What happens.
pub(crate) enum Happens {
    Schedule {
        trigger: usize,
        fires: Fires,
    },
    Message {
        subject: String,
        payload: Bytes,
    },
    /// A workflow that only works on tasks: it looks for them by itself.
    Tasks,
}

/// How often a schedule fires: at `now`, then at its interval.
pub(crate) enum Fires {
    Times(u32),
    /// As long as the case lets time pass.
    Always,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Happened {
    pub(crate) finished: Vec<Finished>,
    /// To the message; an error when there is none.
    pub(crate) reply: Option<Result<Bytes, BusError>>,
}

/// Longer than any case: the reply to a message comes before, or never.
const LONG: Duration = Duration::from_secs(366 * 24 * 3600);

impl Happens {
    pub(crate) fn read(case: &Case, plan: &Plan) -> Result<Self, Stop> {
        match &case.trigger {
            None => Err(Stop::broken("the case has no trigger", Some(case.span.begin()))),
            Some(CaseTrigger::Broken) => {
                Err(Stop::broken("the trigger of the case cannot be read", Some(case.span.begin())))
            }
            Some(CaseTrigger::Http { .. }) => Err(Stop::Skipped("http triggers are not built yet".into())),
            Some(CaseTrigger::Schedule { runs, ticks, .. }) => {
                let always = ticks.as_ref().is_some_and(|t| t.value);
                let fires = match runs {
                    _ if always => Fires::Always,
                    None => Fires::Times(1),
                    Some(node) => {
                        let times = data::value(node).as_int().and_then(|n| u32::try_from(n).ok());
                        Fires::Times(times.ok_or_else(|| Stop::broken("`runs` is a number", Some(node.span)))?)
                    }
                };
                let is_task = |t: &wf_plan::Trigger| matches!(t.kind, TriggerKind::Task { .. });
                if schedules(plan).is_empty() && plan.triggers.iter().any(is_task) {
                    return Ok(Self::Tasks);
                }
                Ok(Self::Schedule { trigger: schedule(case, plan)?, fires })
            }
            Some(CaseTrigger::Message { span, subject, body }) => {
                let subject =
                    subject.as_ref().ok_or_else(|| Stop::broken("the message has no subject", Some(*span)))?;
                let of = |kind: &TriggerKind| match kind {
                    TriggerKind::Message { subject, envelope, .. } => Some((subject.clone(), *envelope)),
                    _ => None,
                };
                let all: Vec<_> = plan.triggers.iter().filter_map(|t| of(&t.kind)).collect();
                let Some((_, envelope)) = all.iter().find(|(known, _)| known.as_str() == subject.as_str()) else {
                    return Err(Stop::unknown("message trigger", subject, all.iter().map(|(known, _)| known.as_str())));
                };
                let body = body.as_ref().map(data::value).unwrap_or_default();
                let payload = write_request(*envelope, Way::Call, "case", &body);
                let payload =
                    payload.map_err(|e| Stop::broken(format!("the message cannot be sent: {e}"), Some(*span)))?;
                Ok(Self::Message { subject: subject.as_str().to_owned(), payload })
            }
        }
    }
}

/// The schedules of a plan, by the names of their flows.
fn schedules(plan: &Plan) -> Vec<(usize, String)> {
    let is_schedule = |kind: &TriggerKind| matches!(kind, TriggerKind::Every { .. } | TriggerKind::Cron { .. });
    let flow = |t: &wf_plan::Trigger| plan.module.flow(t.flow).map(|f| f.name.to_string()).unwrap_or_default();
    let all = plan.triggers.iter().enumerate().filter(|(_, t)| is_schedule(&t.kind));
    all.map(|(i, t)| (i, flow(t))).collect()
}

/// The schedule that the case is about: the only one, or the one whose flow its `process` names.
fn schedule(case: &Case, plan: &Plan) -> Result<usize, Stop> {
    let all = schedules(plan);
    let names = || all.iter().map(|(_, name)| name.as_str());
    match (all.as_slice(), &case.process) {
        ([], _) => Err(Stop::broken(format!("{} has no schedule", plan.name), Some(case.span.begin()))),
        ([(only, _)], _) => Ok(*only),
        (_, None) => {
            let which = one_of(names(), 12);
            Err(Stop::broken(format!("which schedule? say `process: ` {which}"), Some(case.span.begin())))
        }
        (_, Some(process)) => {
            // names of processes are written with either mark
            let wanted = process.as_str().replace('-', "_");
            let found = all.iter().find(|(_, name)| name.replace('-', "_") == wanted);
            found.map(|(i, _)| *i).ok_or_else(|| Stop::unknown("schedule of the process", process, names()))
        }
    }
}

/// Lets it happen to the first of the workflows, and `run_for` pass. Then nothing new begins, and what goes on ends.
pub(crate) async fn drive(
    engine: &Engine,
    workflows: &[Arc<Workflow>],
    happens: &Happens,
    messages: &dyn Bus,
    case: &Case,
) -> Result<Happened, Stop> {
    let clock = engine.ports().clock.clone();
    let run_for = duration(case.run_for.as_ref())?;
    let unusable = |e: String| Stop::broken(e, None);
    let Some(workflow) = workflows.first() else { return Ok(Happened::default()) };
    engine.deploy(workflows.to_vec(), Schedules::Rest).await.map_err(|e| unusable(e.to_string()))?;
    let times = times(engine, workflow, happens, clock.now(), run_for)?;
    let begun = clock.now();
    let end = times.last().copied().unwrap_or(begun).max(after(begun, run_for));
    let happening = async {
        match happens {
            Happens::Message { subject, payload } => {
                let reply = messages.request(subject, payload.clone(), LONG).await;
                Ok(Happened { finished: vec![], reply: Some(reply) })
            }
            Happens::Tasks => Ok(Happened::default()),
            Happens::Schedule { trigger, .. } => {
                let mut finished = Vec::new();
                for at in &times {
                    // one that comes while the run before goes on is skipped, as schedules do unless they say otherwise
                    if *at < clock.now() {
                        continue;
                    }
                    clock.sleep_until(*at).await;
                    finished.extend(engine.tick(workflow, *trigger).await.map_err(|e| unusable(e.to_string()))?);
                }
                Ok(Happened { finished, reply: None })
            }
        }
    };
    let passing = async {
        // what is due at the very end still begins
        clock.sleep_until(after(end, SignedDuration::from_millis(1))).await;
        engine.drain(LONG).await;
    };
    let (happened, ()) = futures::future::join(happening, passing).await;
    happened
}

/// When the schedule fires.
fn times(
    engine: &Engine,
    workflow: &Arc<Workflow>,
    happens: &Happens,
    now: Timestamp,
    run_for: SignedDuration,
) -> Result<Vec<Timestamp>, Stop> {
    let Happens::Schedule { trigger, fires } = happens else { return Ok(vec![]) };
    let (most, end) = match fires {
        Fires::Times(times) => (*times, Timestamp::MAX),
        Fires::Always => (u32::MAX, after(now, run_for)),
    };
    let mut times = Vec::new();
    let mut next = Some(now);
    while let Some(at) = next.filter(|at| *at <= end && times.len() < most as usize) {
        times.push(at);
        next = engine.next_tick(workflow, *trigger, at).map_err(|e| Stop::broken(e.to_string(), None))?;
    }
    Ok(times)
}

fn after(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// The reply to a message: status and body.
pub(crate) fn reply_of(reply: &Result<Bytes, BusError>) -> Result<Value, String> {
    let bytes = reply.as_ref().map_err(|_| "no reply".to_owned())?;
    wf_value::decode(String::from_utf8_lossy(bytes).as_ref()).map_err(|e| format!("a reply that is no JSON: {e}"))
}
