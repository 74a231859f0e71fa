//! Tasks that are put off or called off, and that no workflow works on.

use wf_source::{Diagnostic, nearest, one_of};
use wf_syntax::ast;

use super::rules;
use crate::sources::Sources;

/// What is said of types of tasks that no trigger names. Another service may work on them, but not on one that is nearly a type of ours.
pub(crate) fn tasks(sources: &Sources) -> Vec<Diagnostic> {
    let triggers = sources.workflows.iter().flat_map(|source| &source.ast.triggers);
    let worked_on: Vec<&str> = triggers
        .filter_map(|trigger| match &trigger.kind {
            ast::TriggerKind::Task { task, .. } => Some(task.as_str()),
            _ => None,
        })
        .collect();
    let mut named = vec![];
    for source in &sources.workflows {
        let flows = source.ast.flows.iter().map(|flow| flow.steps.as_slice());
        flows.chain(source.ast.steps.as_deref()).for_each(|steps| of_steps(steps, &mut named));
    }
    named.into_iter().filter_map(|task| of_nobody(task, &worked_on)).collect()
}

fn of_nobody(task: &ast::Name, worked_on: &[&str]) -> Option<Diagnostic> {
    if worked_on.contains(&task.as_str()) {
        return None;
    }
    let message = format!("no workflow works on tasks of the type `{}`", task.value);
    Some(match nearest(task.as_str(), worked_on.iter().copied()) {
        Some(near) => Diagnostic::error(&rules::UNKNOWN_TASK, task.span, message).did_you_mean(Some(near), task.span),
        None if worked_on.is_empty() => Diagnostic::hint(&rules::UNKNOWN_TASK, task.span, message)
            .help("another service has to, or a workflow with the trigger `task:`"),
        None => Diagnostic::hint(&rules::UNKNOWN_TASK, task.span, message).help(format!(
            "another service has to; here somebody works on {}",
            one_of(worked_on.iter().copied(), 9).replace(" or ", " and ")
        )),
    })
}

fn of_steps<'a>(steps: &'a [ast::Step], named: &mut Vec<&'a ast::Name>) {
    for step in steps {
        match &step.verb {
            ast::Verb::Defer(defer) => named.extend(&defer.task),
            ast::Verb::Cancel(cancel) => named.extend(&cancel.task),
            ast::Verb::For(each) => {
                if let ast::Body::Steps(steps) = &each.body {
                    of_steps(steps, named);
                }
            }
            _ => {}
        }
        if let Some(ast::OnError::Block { steps, .. }) = &step.modifiers.on_error {
            of_steps(steps, named);
        }
    }
}
