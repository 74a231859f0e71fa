//! Which files of a connector are needed for some of its actions.

use std::collections::BTreeSet;

use wf_plan::{Block, Connector, Doubt, LoopBody, LoopError, OnError, Verb};

/// By number of the file: those of the actions, and of what they call in the own folder.
pub(crate) fn needed_faces(connector: &Connector, actions: &[&str]) -> Vec<bool> {
    let mut needed = vec![false; connector.faces.len()];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = actions.to_vec();
    while let Some(name) = open.pop() {
        for (face, needed) in connector.faces.iter().zip(&mut needed) {
            let Some(action) = face.actions.iter().find(|action| action.contract.name.as_str() == name) else {
                continue;
            };
            *needed = true;
            if !seen.insert(&action.contract.name) {
                continue;
            }
            if let Doubt::Look(look) = &action.contract.doubt {
                open.push(&look.call);
            }
            if let Some(flow) = face.module.flow(action.flow) {
                open.extend(calls(connector, &flow.body));
            }
        }
    }
    needed
}

/// Actions of the own folder that the steps call.
fn calls<'a>(connector: &Connector, body: &'a Block) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut blocks = vec![body];
    while let Some(block) = blocks.pop() {
        for step in block.steps.iter() {
            match &step.verb {
                Verb::Call(call) if call.action.connector == connector.name => found.push(call.action.name.as_str()),
                Verb::For(each) => {
                    if let LoopBody::Steps(body) = &each.body {
                        blocks.push(body);
                    }
                    if let LoopError::Block { block, .. } = &each.on_error {
                        blocks.push(block);
                    }
                }
                _ => {}
            }
            if let OnError::Block { block, .. } = &step.on_error {
                blocks.push(block);
            }
        }
    }
    found
}
