//! Values of params that only what uses them can judge, and instances that do the same work.

use std::collections::BTreeSet;

use wf_expr::{Kind, WrittenKind};
use wf_plan::{Cron, Environment, Override, TriggerKind};
use wf_source::{Diagnostic, Span};
use wf_syntax::ast;
use wf_value::{Text, Value};

use super::load::Loader;
use crate::lower::{LoweredPlan, rules};

impl Loader<'_> {
    /// Params that say when a trigger fires: their defaults, and what environments set.
    pub(super) fn check_crons(&self, environments: &[Environment], plans: &[LoweredPlan]) {
        let mut wrong: BTreeSet<(Span, String)> = BTreeSet::new();
        for plan in plans.iter().map(|lowered| &lowered.plan) {
            for trigger in &plan.triggers {
                let TriggerKind::Cron { pattern, .. } = &trigger.kind else { continue };
                let WrittenKind::Code(code) = &pattern.kind else { continue };
                let Kind::Param(number) = code.kind else { continue };
                let Some(param) = plan.module.params.get(number as usize) else { continue };
                let default = param.default.as_ref().map(|value| (value, self.default_of(param.span)));
                let set = environments.iter().flat_map(|environment| set(environment, &plan.name, &param.owner));
                let set = set.filter(|o| o.name == param.name).map(|o| (&o.value, o.span));
                for (value, at) in default.into_iter().chain(set) {
                    if let Value::Text(text) = value
                        && let Err(error) = Cron::parse(text)
                    {
                        wrong.insert((at, error.to_string()));
                    }
                }
            }
        }
        for (at, message) in wrong {
            self.tell(
                Diagnostic::error(&rules::LITERAL, at, message)
                    .help("minute, hour, day of the month, month, day of the week: `0 6 * * *` is every day at six"),
            );
        }
    }

    /// Where the default of a param stands; the param, where it is not found.
    fn default_of(&self, param: Span) -> Span {
        let params = self.shared.world.units.iter().flat_map(|unit| &unit.params);
        let found = params.filter(|def| def.name.span == param).find_map(|def| def.decl.default.as_ref());
        found.map_or(param, |node| node.span)
    }

    /// Two instances of a workflow with the same params do everything twice.
    pub(super) fn check_instances(&self, environment: &ast::Environment) {
        let text = |node: &wf_syntax::tree::Node| self.shared.world.files.text(node.span);
        for settings in &environment.workflows {
            for (i, instance) in settings.instances.iter().enumerate() {
                let said = |of: &ast::Instance| {
                    let params = of.params.iter().map(|b| (b.name.as_str().to_owned(), text(&b.value).to_owned()));
                    params.collect::<BTreeSet<_>>()
                };
                let own = said(instance);
                let Some(first) = settings.instances.iter().take(i).find(|other| said(other) == own) else { continue };
                let message = format!(
                    "`{}` is the same as `{}`: everything would be done twice",
                    instance.name.value, first.name.value
                );
                self.tell(
                    Diagnostic::error(&rules::BOUNDS, instance.name.span, message)
                        .note(Some(first.name.span), "the other one")
                        .help("give it params of its own, as in `host: …`"),
                );
            }
        }
    }
}

/// What an environment sets for a workflow, its instances, or a library.
fn set<'e>(environment: &'e Environment, workflow: &'e Text, owner: &'e Text) -> impl Iterator<Item = &'e Override> {
    let under = environment.params.iter().filter(move |(name, _)| name == workflow || name == owner);
    let instances = environment.workflow(workflow).into_iter().flat_map(|settings| &settings.instances);
    under.flat_map(|(_, all)| all).chain(instances.flat_map(|instance| &instance.params))
}
