//! What a flow can do to the world, whatever happens: what its steps, and those of all flows it runs, could send.

use std::collections::BTreeSet;

use wf_plan::{Effect, FlowId, LoopBody, Module, Step, TellWhen, Verb};

/// Whether no run of the flow can ever write, tell or book: then nothing of it need be kept but that it was.
#[must_use]
pub fn only_reads(module: &Module, flow: FlowId) -> bool {
    let mut seen = BTreeSet::new();
    let mut flows = vec![flow];
    let mut only_reads = true;
    while let Some(flow) = flows.pop() {
        if !seen.insert(flow) {
            continue;
        }
        let Some(flow) = module.flow(flow) else { continue };
        flow.body.each_step(&mut |step| {
            only_reads &= step_only_reads(module, step);
            flows.extend(run_by(step));
        });
    }
    only_reads
}

fn step_only_reads(module: &Module, step: &Step) -> bool {
    match &step.verb {
        Verb::Call(call) => {
            let reports = module.reporter.is_some() && !matches!(call.tell, TellWhen::Never);
            call.action.effect == Effect::Read && !reports
        }
        Verb::Publish(_) | Verb::Recheck { .. } | Verb::Defer { .. } | Verb::Cancel { .. } => false,
        Verb::Request(request) => !request.is_write,
        Verb::Run { .. }
        | Verb::For(_)
        | Verb::Let(_)
        | Verb::Leave(_)
        | Verb::Return(_)
        | Verb::Metric { .. }
        | Verb::Set(_) => true,
    }
}

/// The flow that a step calls.
fn run_by(step: &Step) -> Option<FlowId> {
    match &step.verb {
        Verb::Run { flow, .. } => Some(*flow),
        Verb::For(each) => match &each.body {
            LoopBody::Run { flow, .. } => Some(*flow),
            LoopBody::Steps(_) => None,
        },
        _ => None,
    }
}
