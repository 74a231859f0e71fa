//! Replies of message flows: only status and body travel, so each outcome has a status of its own.

use wf_expr::{Key, Written, WrittenKind};
use wf_plan::{Block, LoopBody, LoopError, OnError, Plan, TriggerKind, Verb};
use wf_source::{Diagnostic, Span};
use wf_value::{Text, Value};

use super::rules;

/// An outcome as a flow returns it.
struct Said {
    outcome: Text,
    at: Span,
    /// `None`: it is computed.
    status: Option<i64>,
}

/// Outcomes of message flows that their callers cannot tell apart.
pub(super) fn check(plan: &Plan) -> Vec<Diagnostic> {
    let mut found = vec![];
    for trigger in plan.triggers.iter().filter(|trigger| matches!(trigger.kind, TriggerKind::Message { .. })) {
        let Some(flow) = plan.module.flow(trigger.flow) else { continue };
        let mut said = vec![];
        collect(&flow.body, &mut said);
        for (i, one) in said.iter().enumerate() {
            let Some(status) = one.status else {
                let message = format!("the status of the outcome `{}` is computed", one.outcome);
                found.push(
                    Diagnostic::error(&rules::SHARED_STATUS, one.at, message)
                        .help("callers know an outcome by its status: write a number, another one for each outcome"),
                );
                continue;
            };
            let other = said.iter().take(i).find(|other| other.status == Some(status) && other.outcome != one.outcome);
            if let Some(other) = other {
                let message = format!("`{}` and `{}` have the same status, {status}", other.outcome, one.outcome);
                found.push(
                    Diagnostic::error(&rules::SHARED_STATUS, one.at, message)
                        .note(Some(other.at), "this one has it, too")
                        .help("callers know an outcome by its status: give each its own"),
                );
            }
        }
    }
    found
}

fn collect(block: &Block, said: &mut Vec<Said>) {
    for step in block.steps.iter() {
        match &step.verb {
            Verb::Return(Some(value)) => said.extend(outcome_of(value)),
            Verb::For(each) => {
                if let LoopBody::Steps(steps) = &each.body {
                    collect(steps, said);
                }
                if let LoopError::Block { block, .. } = &each.on_error {
                    collect(block, said);
                }
            }
            _ => {}
        }
        if let OnError::Block { block, .. } = &step.on_error {
            collect(block, said);
        }
    }
}

fn outcome_of(value: &Written) -> Option<Said> {
    let WrittenKind::Map(entries) = &value.kind else { return None };
    let entry = |name: &str| {
        entries.iter().find(|e| matches!(&e.key, Key::Text(key) if key.as_str() == name)).map(|e| &e.value)
    };
    let outcome = entry("outcome")?;
    let WrittenKind::Literal { value: Value::Text(name), .. } = &outcome.kind else { return None };
    let status = match entry("status").map(|status| &status.kind) {
        None => Some(200),
        Some(WrittenKind::Literal { value, .. }) => value.as_int(),
        Some(_) => None,
    };
    Some(Said { outcome: name.clone(), at: outcome.span, status })
}
