//! What a flow can do to the world, whatever happens: what its steps, and those of all flows it runs, could send.

use std::collections::BTreeSet;

use wf_plan::{Block, Effect, FlowId, LoopBody, LoopError, Module, OnError, TellWhen, Verb};

/// Whether no run of the flow can ever write, tell or book: then nothing of it need be kept but that it was.
#[must_use]
pub fn only_reads(module: &Module, flow: FlowId) -> bool {
    let mut seen = BTreeSet::new();
    let mut flows = vec![flow];
    while let Some(flow) = flows.pop() {
        if !seen.insert(flow) {
            continue;
        }
        let Some(flow) = module.flow(flow) else { continue };
        if !block_only_reads(module, &flow.body, &mut flows) {
            return false;
        }
    }
    true
}

fn block_only_reads(module: &Module, block: &Block, flows: &mut Vec<FlowId>) -> bool {
    block.steps.iter().all(|step| {
        let verb = match &step.verb {
            Verb::Call(call) => {
                let reports = module.reporter.is_some() && !matches!(call.tell, TellWhen::Never);
                call.action.effect == Effect::Read && !reports
            }
            Verb::Publish(_) | Verb::Recheck { .. } | Verb::Defer { .. } | Verb::Cancel { .. } => false,
            Verb::Request(request) => !request.is_write,
            Verb::Run { flow, .. } => {
                flows.push(*flow);
                true
            }
            Verb::For(each) => {
                let body = match &each.body {
                    LoopBody::Steps(block) => block_only_reads(module, block, flows),
                    LoopBody::Run { flow, .. } => {
                        flows.push(*flow);
                        true
                    }
                };
                body && match &each.on_error {
                    LoopError::Block { block, .. } => block_only_reads(module, block, flows),
                    LoopError::GoOn | LoopError::LeaveOut | LoopError::Fail => true,
                }
            }
            Verb::Let(_) | Verb::Leave(_) | Verb::Return(_) | Verb::Metric { .. } | Verb::Set(_) => true,
        };
        verb && match &step.on_error {
            OnError::Block { block, .. } => block_only_reads(module, block, flows),
            OnError::Fail | OnError::Skip | OnError::Ignore => true,
        }
    })
}
