//! A trigger of a workflow with its values filled in.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use wf_expr::Written;
use wf_machine::Scope;
use wf_plan::{AtStart, Cron, Envelope, FlowId, Trigger, TriggerKind};
use wf_value::{InputSpec, Text, Value};

use crate::schedule::{DEFAULT_GRACE, Timing};
use crate::workflow::Workflow;

/// One thing that starts runs. Of a trigger with `for:` there is one for each entry.
#[derive(Clone, Debug)]
pub struct Bound {
    /// Unique in the engine, and the same after a reload: `monitor@north/main`.
    pub name: String,
    pub workflow: Arc<Workflow>,
    /// Which of the workflow's triggers.
    pub index: usize,
    pub entry: Option<(Text, Value)>,
    pub kind: BoundKind,
}

#[derive(Clone, Debug)]
pub enum BoundKind {
    Schedule {
        timing: Timing,
        /// How long after the engine's start it also ticks.
        at_start: Option<SignedDuration>,
    },
    Message {
        subject: String,
        queue: String,
        envelope: Envelope,
    },
    Http {
        method: String,
        path: String,
        timeout: Option<SignedDuration>,
        raw_body: bool,
    },
    Task {
        kind: Text,
        every: SignedDuration,
        give_up_after: Option<SignedDuration>,
        gave_up: Option<FlowId>,
    },
}

/// How often tasks are looked for where nothing is said.
const POLL: SignedDuration = SignedDuration::from_secs(60);

/// A trigger that cannot be used.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the trigger {trigger} cannot be used: {why}")]
pub struct BindError {
    pub trigger: String,
    pub why: String,
}

impl Bound {
    #[must_use]
    pub fn trigger(&self) -> Option<&Trigger> {
        self.workflow.plan.triggers.get(self.index)
    }

    /// What comes from outside must fit this.
    #[must_use]
    pub fn inputs(&self) -> Option<&InputSpec> {
        self.trigger().and_then(|t| t.inputs.as_ref()).or(self.workflow.plan.inputs.as_ref())
    }
}

/// All triggers of a workflow.
pub(crate) fn bind(workflow: &Arc<Workflow>, now: Timestamp) -> Result<Vec<Bound>, BindError> {
    let mut bound: Vec<Bound> = Vec::new();
    for (index, trigger) in workflow.plan.triggers.iter().enumerate() {
        let at = At { workflow, trigger, index, now };
        match &trigger.each {
            None => bound.push(at.bind(None)?),
            Some((var, list)) => {
                let entries = match workflow.value(list, now) {
                    Value::List(list) if !list.is_partial() => list,
                    other => return Err(at.error(format!("what it stands for each of is {}", said(&other)))),
                };
                for entry in entries.iter() {
                    bound.push(at.bind(Some((var.clone(), entry)))?);
                }
            }
        }
    }
    // Two of one name are told apart by their order.
    for i in 1..bound.len() {
        let twins = bound[..i].iter().filter(|b| b.name == bound[i].name).count();
        if twins > 0 {
            bound[i].name = format!("{}#{}", bound[i].name, twins + 1);
        }
    }
    Ok(bound)
}

struct At<'a> {
    workflow: &'a Arc<Workflow>,
    trigger: &'a Trigger,
    index: usize,
    now: Timestamp,
}

impl At<'_> {
    fn bind(&self, entry: Option<(Text, Value)>) -> Result<Bound, BindError> {
        // In its values the entry is the only name.
        let scope = Scope { frames: vec![entry.iter().map(|(_, value)| value.clone()).collect()] };
        let kind = self.kind(&scope)?;
        let mut name = format!("{}/{}", self.workflow.name(), self.what());
        if let Some((_, value)) = &entry {
            name.push_str(&format!("/{}", value.print_lenient()));
        }
        Ok(Bound { name, workflow: self.workflow.clone(), index: self.index, entry, kind })
    }

    /// How people tell it from the workflow's others.
    fn what(&self) -> String {
        match &self.trigger.kind {
            TriggerKind::Message { subject, .. } => subject.to_string(),
            TriggerKind::Http { method, path, .. } => format!("{method} {path}"),
            TriggerKind::Task { task, .. } => format!("task {task}"),
            TriggerKind::Every { .. } | TriggerKind::Cron { .. } => {
                self.workflow.plan.module.flow(self.trigger.flow).map(|f| f.name.to_string()).unwrap_or_default()
            }
        }
    }

    fn kind(&self, scope: &Scope) -> Result<BoundKind, BindError> {
        Ok(match &self.trigger.kind {
            TriggerKind::Every { interval, at_start } => {
                let interval = self.positive("its interval", interval, scope)?;
                BoundKind::Schedule { timing: Timing::Every(interval), at_start: self.at_start(at_start, scope)? }
            }
            TriggerKind::Cron { pattern, timezone, misfire_grace, at_start } => {
                let pattern = self.text("its pattern", pattern, scope)?;
                let cron = Cron::parse(&pattern).map_err(|e| self.error(e.to_string()))?;
                let zone = match timezone {
                    Some(zone) => self.zone(&self.text("its time zone", zone, scope)?)?,
                    None => TimeZone::UTC,
                };
                let grace = match misfire_grace {
                    Some(grace) => self.duration("its misfire_grace", grace, scope)?,
                    None => DEFAULT_GRACE,
                };
                BoundKind::Schedule {
                    timing: Timing::Cron { cron, zone, grace },
                    at_start: self.at_start(at_start, scope)?,
                }
            }
            TriggerKind::Message { subject, queue, envelope } => BoundKind::Message {
                subject: subject.to_string(),
                // Engines of one workflow share its messages.
                queue: queue.as_ref().unwrap_or(&self.workflow.plan.name).to_string(),
                envelope: *envelope,
            },
            TriggerKind::Http { method, path, timeout, raw_body } => {
                let timeout = timeout.as_ref().map(|t| self.duration("its timeout", t, scope)).transpose()?;
                BoundKind::Http { method: method.to_string(), path: path.to_string(), timeout, raw_body: *raw_body }
            }
            TriggerKind::Task { task, every, give_up_after, gave_up } => BoundKind::Task {
                kind: task.clone(),
                every: every.as_ref().map_or(Ok(POLL), |e| self.positive("its interval", e, scope))?,
                give_up_after: give_up_after.as_ref().map(|g| self.duration("give_up_after", g, scope)).transpose()?,
                gave_up: *gave_up,
            },
        })
    }

    fn at_start(&self, at_start: &AtStart, scope: &Scope) -> Result<Option<SignedDuration>, BindError> {
        match at_start {
            AtStart::No => Ok(None),
            AtStart::Now => Ok(Some(SignedDuration::ZERO)),
            AtStart::After(written) => match self.value(written, scope) {
                Value::Bool(at_start) => Ok(at_start.then_some(SignedDuration::ZERO)),
                Value::Duration(after) if !after.is_negative() => Ok(Some(after)),
                other => Err(self.error(format!("at_start is {}", said(&other)))),
            },
        }
    }

    fn zone(&self, name: &str) -> Result<TimeZone, BindError> {
        TimeZone::get(name).map_err(|_| self.error(format!("'{name}' is no time zone")))
    }

    fn text(&self, what: &str, written: &Written, scope: &Scope) -> Result<String, BindError> {
        match self.value(written, scope) {
            Value::Text(text) => Ok(text.to_string()),
            other => Err(self.error(format!("{what} is {}", said(&other)))),
        }
    }

    fn duration(&self, what: &str, written: &Written, scope: &Scope) -> Result<SignedDuration, BindError> {
        match self.value(written, scope) {
            Value::Duration(duration) if !duration.is_negative() => Ok(duration),
            other => Err(self.error(format!("{what} is {}", said(&other)))),
        }
    }

    fn positive(&self, what: &str, written: &Written, scope: &Scope) -> Result<SignedDuration, BindError> {
        match self.duration(what, written, scope)? {
            SignedDuration::ZERO => Err(self.error(format!("{what} is zero"))),
            duration => Ok(duration),
        }
    }

    fn value(&self, written: &Written, scope: &Scope) -> Value {
        self.workflow.value_seeing(written, self.now, scope)
    }

    fn error(&self, why: String) -> BindError {
        BindError { trigger: format!("{}/{}", self.workflow.name(), self.what()), why }
    }
}

fn said(value: &Value) -> String {
    match value {
        Value::Unknown(why) => why.sentence(),
        Value::Duration(_) => "negative".into(),
        other => other.kind().to_owned(),
    }
}
