//! A step: its verb and its modifiers.

use wf_plan::{Leave, LeaveKind, OnError, Reason, Step, Verb};
use wf_syntax::ast;

use super::body::{Body, BodyKind, SharedId};
use crate::names::{LocalKind, Values};

impl Body<'_> {
    /// What could not be lowered, which is told, has its id all the same.
    pub(crate) fn step(&self, step: &ast::Step, ids: &mut Vec<SharedId>) -> Option<Step> {
        let lowered = self.lowered(step, ids);
        if let (None, Some(id)) = (&lowered, &step.id) {
            self.cx.set_broken();
            self.id(id, step, Values::Whole, ids);
        }
        lowered
    }

    fn lowered(&self, step: &ast::Step, ids: &mut Vec<SharedId>) -> Option<Step> {
        let number = self.cx.next_step();
        let condition = step.condition.as_ref().map(|text| match &step.verb {
            ast::Verb::For(each) => {
                let item = each.item.as_ref().map(|i| &*i.value);
                crate::names::Sight { item_of_loop: item, ..self.sight() }.code(text)
            }
            _ => self.sight().code(text),
        });
        let mut lowered = Step {
            number,
            id: None,
            condition,
            verb: Verb::Let(vec![]),
            on_error: OnError::Fail,
            retry: None,
            span: step.at,
        };
        let mut values = Values::NoLoop;
        lowered.verb = match &step.verb {
            ast::Verb::Broken => {
                self.cx.set_broken();
                if let Some(id) = &step.id {
                    let slot = self.id(id, step, values, ids);
                    lowered.id = Some(slot);
                }
                return Some(lowered);
            }
            ast::Verb::Call(call) => {
                let (call, rule) = self.call(step, call)?;
                lowered.on_error = self.handled(step, rule.as_ref().and_then(|r| r.on_error));
                lowered.retry = self.retry_of_call(step, rule.as_ref(), &call.action);
                Verb::Call(Box::new(call))
            }
            ast::Verb::Publish(publish) => Verb::Publish(Box::new(self.publish(step, publish)?)),
            ast::Verb::Run(run) => {
                let (flow, with) = self.run(step, run, None)?;
                lowered.retry = self.retry_of_run(step);
                Verb::Run { flow, with }
            }
            ast::Verb::Let(bindings) => Verb::Let(self.lets(bindings)),
            ast::Verb::For(each) => {
                let (each, of_loop) = self.each(step, each);
                values = of_loop;
                lowered.retry = step.modifiers.retry.as_ref().map(|retry| self.retry(retry, None));
                Verb::For(Box::new(each))
            }
            ast::Verb::Skip(leave) => Verb::Leave(self.leave(LeaveKind::Skip, leave)),
            ast::Verb::Stop(leave) => {
                if self.scope.depth() == 0 {
                    self.misplaced(
                        step.at,
                        "`stop` ends a `for`, and there is none around it",
                        "`skip` ends this flow, or the run",
                    );
                }
                Verb::Leave(self.leave(LeaveKind::Stop, leave))
            }
            ast::Verb::Fail(leave) => Verb::Leave(self.leave(LeaveKind::Fail, leave)),
            ast::Verb::Return(node) => {
                if self.kind == BodyKind::Main {
                    self.misplaced(
                        step.at,
                        "the main steps have nobody to return something to",
                        "`return` answers from a flow; `skip: reason` ends the run",
                    );
                }
                Verb::Return(Some(self.returned(node)))
            }
            ast::Verb::Recheck(recheck) => self.recheck(step, recheck)?,
            ast::Verb::Defer(defer) => self.defer(step, defer)?,
            ast::Verb::Cancel(cancel) => Verb::Cancel {
                task: (*cancel.task.as_ref()?.value).into(),
                key: self.sight().written(cancel.key.as_ref()?),
            },
            ast::Verb::Metric(metric) => self.metric(step, metric)?,
            ast::Verb::State(bindings) => Verb::Set(self.state(bindings)),
            ast::Verb::Set(bindings) => Verb::Set(self.set(bindings)),
            ast::Verb::Request(request) => Verb::Request(Box::new(self.request_step(step, request)?)),
        };
        if !matches!(step.verb, ast::Verb::Call(_) | ast::Verb::For(_)) {
            lowered.on_error = self.handled(step, None);
        }
        if let Some(id) = &step.id {
            lowered.id = Some(self.id(id, step, values, ids));
        }
        Some(lowered)
    }

    /// `on_error`: the step's own, that of a rule for calls, of the flow, of the workflow.
    fn handled(&self, step: &ast::Step, rule: Option<&ast::OnError>) -> OnError {
        if let Some(own) = &step.modifiers.on_error {
            return self.on_error(own);
        }
        if let Some(rule) = rule {
            return self.seen_from(self.around.unit, || self.on_error(rule));
        }
        if let Some(on_error) = self.defaults.and_then(|d| d.on_error.as_ref()) {
            return self.on_error(on_error);
        }
        match self.around.defaults.and_then(|d| d.on_error.as_ref()) {
            Some(on_error) => self.seen_from(self.around.unit, || self.on_error(on_error)),
            None => OnError::Fail,
        }
    }

    fn lets(&self, bindings: &[ast::Binding]) -> Vec<(u16, wf_expr::Written)> {
        let mut lets = vec![];
        for binding in bindings {
            let value = self.sight().written(&binding.value);
            lets.push((self.declare(&binding.name, LocalKind::Let, Values::NoLoop), value));
        }
        lets
    }

    fn state(&self, bindings: &[ast::Binding]) -> Vec<(wf_expr::Slot, wf_expr::Written)> {
        let mut set = vec![];
        for binding in bindings {
            let value = self.sight().written(&binding.value);
            let index = self.declare(&binding.name, LocalKind::State, Values::NoLoop);
            set.push((wf_expr::Slot { up: 0, index }, value));
        }
        set
    }

    fn set(&self, bindings: &[ast::Binding]) -> Vec<(wf_expr::Slot, wf_expr::Written)> {
        let mut set = vec![];
        for binding in bindings {
            let value = self.sight().written(&binding.value);
            match self.scope.find(&binding.name.value) {
                Some((local, slot)) if local.kind == LocalKind::State => {
                    if slot.up > 1 {
                        self.misplaced(
                            binding.name.span,
                            "`set` stands only in the loop's own block",
                            "a value is carried through one loop: declare it with `state` before that loop",
                        );
                    }
                    set.push((slot, value));
                }
                Some((local, _)) => self.misplaced(
                    binding.name.span,
                    &format!("`{}` is {} and never changes", local.name, local.kind.word()),
                    "only what `state` declares is changed by `set`",
                ),
                None => self.misplaced(
                    binding.name.span,
                    &format!("no `state` declares `{}`", binding.name.value),
                    "write `- state: {name: value}` before the loop",
                ),
            }
        }
        set
    }

    fn leave(&self, kind: LeaveKind, leave: &ast::Leave) -> Leave {
        let sight = self.sight();
        let reasons = leave.reasons.iter().map(|reason| Reason {
            text: sight.words(&reason.text),
            condition: reason.condition.as_ref().map(|c| sight.code(c)),
            span: reason.text.span,
        });
        Leave { kind, reasons: reasons.collect(), file_as: leave.file_as.as_ref().map(|n| (*n.value).into()) }
    }

    /// A value that a flow gives; of a reply `{status, outcome, body}`.
    fn returned(&self, node: &wf_syntax::tree::Node) -> wf_expr::Written {
        self.sight().written(node)
    }
}
