//! What starts runs: the types of what it says, and the flows that it begins.

use wf_plan::{AtStart, Flow, FlowId, Plan, Trigger, TriggerKind};
use wf_value::{Text, Type};

use super::flows::{Given, Gives};
use super::loops::elements;
use super::results;
use super::walk::{Frame, Walk};

impl Walk<'_> {
    /// Walks all that a workflow does; what its message flows reply, by `workflow.flow`.
    pub(super) fn plan(&mut self, plan: &Plan) -> Vec<(String, Type)> {
        for pool in &plan.module.pools {
            self.apart(Frame::default(), |this| this.check(&pool.size, &Type::Integer, None));
        }
        let mut replies = vec![];
        for trigger in &plan.triggers {
            let gives = self.trigger(trigger);
            if let (TriggerKind::Message { .. }, Some(body)) = (&trigger.kind, &gives.body)
                && let Some(flow) = plan.module.flow(trigger.flow)
            {
                replies.push((format!("{}.{}", plan.name, flow.name), results::on_the_wire(body)));
            }
        }
        if let Some(reporter) = &plan.module.reporter {
            let frame = Frame::new(&reporter.frame.names, [results::failed()]);
            self.apart(frame, |this| this.hand(&reporter.action, &reporter.with));
        }
        // what no step runs is looked at, too
        for (number, flow) in plan.module.flows.iter().enumerate() {
            let id = FlowId(u32::try_from(number).unwrap_or(u32::MAX));
            if !self.is_known(id) {
                let given = flow.inputs.iter().map(|input| anything(input.slot));
                self.call_flow(id, given.collect(), flow.span);
            }
        }
        replies
    }

    fn trigger(&mut self, trigger: &Trigger) -> Gives {
        let each = trigger.each.as_ref().map(|(name, list)| {
            let list = self.apart(Frame::default(), |this| this.check(list, &Type::list(Type::Any), None));
            (name, elements(&list))
        });
        let frame = Frame(each.iter().map(|(_, ty)| Some(ty.clone())).collect());
        self.apart(frame, |this| this.trigger_kind(trigger));
        let gives = self.begin(trigger.flow, each.as_ref().map(|(name, ty)| (*name, ty)), trigger);
        if let TriggerKind::Task { gave_up: Some(flow), .. } = &trigger.kind {
            self.begin(*flow, None, trigger);
        }
        gives
    }

    fn trigger_kind(&mut self, trigger: &Trigger) {
        let mut durations = vec![];
        match &trigger.kind {
            TriggerKind::Every { interval, at_start } => {
                durations.push(interval);
                self.at_start(at_start);
            }
            TriggerKind::Cron { pattern, timezone, misfire_grace, at_start } => {
                self.check(pattern, &Type::Text, None);
                if let Some(zone) = timezone {
                    self.check(zone, &Type::Zone, None);
                }
                durations.extend(misfire_grace);
                self.at_start(at_start);
            }
            TriggerKind::Http { timeout, .. } => durations.extend(timeout),
            TriggerKind::Task { every, give_up_after, .. } => durations.extend(every.iter().chain(give_up_after)),
            TriggerKind::Message { .. } => {}
        }
        for duration in durations {
            self.duration(duration);
        }
        if let Some(retry) = &trigger.retry {
            self.retry(retry);
        }
    }

    fn at_start(&mut self, at_start: &AtStart) {
        if let AtStart::After(after) = at_start {
            self.check(after, &Type::Union([Type::Duration, Type::Boolean].into()), None);
        }
    }

    fn begin(&mut self, id: FlowId, each: Option<(&Text, &Type)>, trigger: &Trigger) -> Gives {
        let module = self.module;
        let Some(flow) = module.flow(id) else { return Gives::default() };
        let given = given_from_outside(flow, each, trigger);
        self.started_by = match &trigger.kind {
            TriggerKind::Http { raw_body: true, .. } => Some(results::trigger(Type::Bytes)),
            TriggerKind::Http { .. } => {
                let body = trigger.inputs.as_ref().map_or(Type::Any, super::calls::input_type);
                Some(results::trigger(body))
            }
            _ => None,
        };
        self.call_flow(id, given, trigger.span)
    }
}

fn given_from_outside(flow: &Flow, each: Option<(&Text, &Type)>, trigger: &Trigger) -> Vec<Given> {
    let typed = |name: &Text| {
        let of_each = each.filter(|(n, _)| *n == name).map(|(_, ty)| ty.clone());
        of_each.or_else(|| Some(super::calls::place(trigger.inputs.as_ref()?.field(name)?)))
    };
    flow.inputs
        .iter()
        .filter_map(|input| match typed(&input.name) {
            Some(ty) => Some(Given { ty, ..anything(input.slot) }),
            None => input.default.is_none().then(|| anything(input.slot)),
        })
        .collect()
}

fn anything(slot: u16) -> Given {
    Given { slot, ty: Type::Any, handed: None }
}
