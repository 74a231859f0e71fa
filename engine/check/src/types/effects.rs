//! What a run may change: an http GET asks, and changes nothing.

use std::collections::BTreeSet;

use wf_plan::{Block, Effect, FlowId, LoopBody, LoopError, Module, OnError, Plan, TriggerKind, Verb};
use wf_source::{Diagnostic, Span};

use super::rules;

/// Triggers of GET whose flows write, tell or book.
pub(super) fn check(plan: &Plan) -> Vec<Diagnostic> {
    let gets = plan.triggers.iter().filter(|trigger| {
        matches!(&trigger.kind, TriggerKind::Http { method, .. } if matches!(method.as_str(), "GET" | "HEAD"))
    });
    let changes = gets.filter_map(|trigger| {
        let (what, at) = Reach { module: &plan.module, seen: BTreeSet::new() }.flow(trigger.flow)?;
        let message = format!("a GET changes nothing, and this one reaches {what}");
        Some(
            Diagnostic::error(&rules::GET_CHANGES, trigger.span, message)
                .note(Some(at), "here")
                .help("whoever asks with GET may ask again at any time: make it a POST"),
        )
    });
    changes.collect()
}

struct Reach<'m> {
    module: &'m Module,
    seen: BTreeSet<FlowId>,
}

/// What changes something, and where.
type Change = (String, Span);

impl Reach<'_> {
    fn flow(&mut self, id: FlowId) -> Option<Change> {
        if !self.seen.insert(id) {
            return None;
        }
        self.block(&self.module.flow(id)?.body)
    }

    fn block(&mut self, block: &Block) -> Option<Change> {
        block.steps.iter().find_map(|step| {
            let own = match &step.verb {
                // what it keeps for itself changes nothing for others
                Verb::Call(call) if call.action.effect != Effect::Read && !call.action.memory => {
                    Some((call.action.full_name().to_string(), step.span))
                }
                Verb::Publish(call) => Some((call.action.full_name().to_string(), step.span)),
                Verb::Recheck { .. } => Some(("a recheck".to_owned(), step.span)),
                Verb::Defer { task, .. } | Verb::Cancel { task, .. } => Some((format!("the task `{task}`"), step.span)),
                Verb::Run { flow, .. } => self.flow(*flow),
                Verb::For(each) => {
                    let body = match &each.body {
                        LoopBody::Steps(steps) => self.block(steps),
                        LoopBody::Run { flow, .. } => self.flow(*flow),
                    };
                    body.or_else(|| match &each.on_error {
                        LoopError::Block { block, .. } => self.block(block),
                        _ => None,
                    })
                }
                _ => None,
            };
            own.or_else(|| match &step.on_error {
                OnError::Block { block, .. } => self.block(block),
                _ => None,
            })
        })
    }
}
