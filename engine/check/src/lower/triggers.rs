//! What starts runs.

use wf_expr::WrittenKind;
use wf_plan::{AtStart, Cron, Envelope, FlowId, Overlap, Trigger, TriggerKind};
use wf_source::Diagnostic;
use wf_syntax::ast;
use wf_syntax::tree::Node;
use wf_value::{Text, Type, Value};

use super::calls::lone_name;
use super::workflow::MAIN;
use super::{Cx, rules};
use crate::names::{Scope, Sight};

impl Cx<'_> {
    pub(crate) fn triggers(&self, ast: &ast::Workflow) -> Vec<Trigger> {
        ast.triggers.iter().filter_map(|trigger| self.trigger(ast, trigger)).collect()
    }

    fn trigger(&self, ast: &ast::Workflow, trigger: &ast::Trigger) -> Option<Trigger> {
        let scope = Scope::new("a trigger");
        let each = trigger.each.as_ref().and_then(|(name, listing)| {
            let list = Sight::file(self, self.owner).listing(listing.as_ref()?);
            lone_name(&scope, &name.value, name.span);
            Some((Text::from(&*name.value), list))
        });
        let sight = Sight::steps(self, self.owner, &scope);
        let (flow, inputs) = self.trigger_flow(ast, trigger)?;
        let kind = self.trigger_kind(trigger, &sight)?;
        Some(Trigger {
            kind,
            flow,
            overlap: match trigger.overlap.as_ref().map(|o| o.value) {
                Some(ast::Overlap::Queue) => Overlap::Queue,
                Some(ast::Overlap::Allow) => Overlap::Allow,
                Some(ast::Overlap::Skip) => Overlap::Skip,
                // whoever asks from outside is answered, also while another is
                None if matches!(trigger.kind, ast::TriggerKind::Message { .. } | ast::TriggerKind::Http { .. }) => {
                    Overlap::Allow
                }
                None => Overlap::Skip,
            },
            retry: trigger.retry.as_ref().map(|retry| sight.retry(retry, None)),
            inputs,
            each,
            span: trigger.span,
        })
    }

    /// The flow that a trigger starts, and what comes from outside into it.
    fn trigger_flow(
        &self,
        ast: &ast::Workflow,
        trigger: &ast::Trigger,
    ) -> Option<(FlowId, Option<wf_value::InputSpec>)> {
        let typed = |unit, inputs: &ast::Inputs| match inputs {
            ast::Inputs::Typed(_) | ast::Inputs::Shape(_) => Some(self.types.spec(&self.types.inputs(unit, inputs))),
            ast::Inputs::Names(_) | ast::Inputs::None => None,
        };
        match &trigger.flow {
            Some(name) => {
                let (id, key) = self.flow(self.owner, name)?;
                let flow = self.ast_flow(key)?;
                Some((id, typed(key.unit, &flow.inputs).or_else(|| typed(self.owner, &ast.inputs))))
            }
            None if ast.steps.is_some() => Some((MAIN, None)),
            None => {
                let message = "this trigger starts nothing: the file has no main steps";
                self.tell(
                    Diagnostic::error(&rules::UNKNOWN_FLOW, trigger.span, message).help("name the flow: `flow: x`"),
                );
                None
            }
        }
    }

    fn trigger_kind(&self, trigger: &ast::Trigger, sight: &Sight<'_>) -> Option<TriggerKind> {
        let duration = |node: &Option<Node>, unit: &str| node.as_ref().map(|n| sight.duration(n, unit));
        Some(match &trigger.kind {
            ast::TriggerKind::Every { interval } => {
                TriggerKind::Every { interval: sight.duration(interval, "m"), at_start: self.at_start(trigger, sight) }
            }
            ast::TriggerKind::Cron { cron, timezone, misfire_grace } => {
                let pattern = sight.typed(cron, &Type::Text, "");
                if let WrittenKind::Literal { value: Value::Text(text), .. } = &pattern.kind {
                    self.check_cron(cron, text);
                }
                TriggerKind::Cron {
                    pattern,
                    timezone: timezone.as_ref().map(|node| sight.typed(node, &Type::Zone, "")),
                    misfire_grace: duration(misfire_grace, "m"),
                    at_start: self.at_start(trigger, sight),
                }
            }
            ast::TriggerKind::Message { subject, queue, no_envelope } => TriggerKind::Message {
                subject: (*subject.text).into(),
                queue: queue.as_ref().map(|q| (*q.text).into()),
                envelope: if *no_envelope { Envelope::None } else { Envelope::Body },
            },
            ast::TriggerKind::Http { route, timeout, raw_body } => {
                let (method, path) = self.route(route)?;
                TriggerKind::Http { method, path, timeout: duration(timeout, "s"), raw_body: *raw_body }
            }
            ast::TriggerKind::Task { task, every, give_up_after, gave_up } => TriggerKind::Task {
                task: (*task.value).into(),
                every: duration(every, "m"),
                give_up_after: duration(give_up_after, "h"),
                gave_up: match gave_up {
                    Some(name) => Some(self.flow(self.owner, name)?.0),
                    None => None,
                },
            },
            ast::TriggerKind::Broken => {
                self.set_broken();
                return None;
            }
        })
    }

    fn at_start(&self, trigger: &ast::Trigger, sight: &Sight<'_>) -> AtStart {
        let Some(node) = &trigger.at_start else { return AtStart::No };
        match node.as_bool_word() {
            Some(true) => AtStart::Now,
            Some(false) => AtStart::No,
            None => AtStart::After(sight.duration(node, "s")),
        }
    }

    fn check_cron(&self, node: &Node, text: &str) {
        if let Err(error) = Cron::parse(text) {
            self.tell(
                Diagnostic::error(&rules::LITERAL, node.span, error.to_string())
                    .help("minute, hour, day of the month, month, day of the week: `0 6 * * *` is every day at six"),
            );
        }
    }

    /// `GET /path/{x}`
    fn route(&self, route: &ast::Text) -> Option<(Text, Text)> {
        let (method, path) = route.text.split_once(' ').unwrap_or((&route.text, ""));
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
        if methods.contains(&method) && path.trim_start().starts_with('/') {
            return Some((method.into(), path.trim().into()));
        }
        let message = format!("`{}` is no route", route.text);
        self.tell(Diagnostic::error(&rules::LITERAL, route.span, message).help("a method and a path: `GET /path/{x}`"));
        None
    }
}
