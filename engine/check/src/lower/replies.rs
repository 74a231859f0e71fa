//! Replies of message flows: `return: {status, outcome, body}`.

use wf_plan::{Outcome, Status, StatusSet};
use wf_syntax::ast;

/// The outcomes that a flow names, each with its literal status.
pub(crate) fn outcomes(steps: &[ast::Step]) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = vec![];
    collect(steps, &mut outcomes);
    outcomes
}

fn collect(steps: &[ast::Step], outcomes: &mut Vec<Outcome>) {
    for step in steps {
        match &step.verb {
            ast::Verb::Return(node) => {
                let name = node.get("outcome").and_then(|n| n.as_text());
                let status = node.get("status").map_or(Some(200), |n| n.as_text().and_then(|t| t.parse().ok()));
                if let (Some(name), Some(status)) = (name, status)
                    && !outcomes.iter().any(|o| o.name.as_str() == name)
                {
                    outcomes.push(Outcome {
                        name: name.into(),
                        statuses: StatusSet(vec![Status::one(status)]),
                        condition: None,
                        span: node.get("outcome").map_or(node.span, |outcome| outcome.span),
                    });
                }
            }
            ast::Verb::For(each) => {
                if let ast::Body::Steps(steps) = &each.body {
                    collect(steps, outcomes);
                }
            }
            _ => {}
        }
        if let Some(ast::OnError::Block { steps, .. }) = &step.modifiers.on_error {
            collect(steps, outcomes);
        }
    }
}
