//! The steps of a plan by their numbers: what an address says.

use std::collections::HashMap;

use wf_plan::{Address, Block, Effect, FlowId, LoopBody, LoopError, Module, OnError, Part, Plan, Step, Verb};
use wf_source::{Files, Span};

use super::brief::on_one_line;

/// Characters of a loop's list that are shown.
const LIST: usize = 60;

/// What is known of a step.
#[derive(Clone, Debug)]
pub struct StepInfo {
    pub span: Span,
    pub verb: &'static str,
    /// `ticket in tickets.body` of a loop.
    pub over: String,
    /// What is called or published does that to the world.
    pub effect: Option<Effect>,
    /// Somewhere in it something is sent, booked or counted.
    pub acts: bool,
    /// It runs a flow, or every item of it does.
    flow: bool,
    each: bool,
}

/// All steps of a plan.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    by: HashMap<u32, StepInfo>,
}

/// A part of a run in which things happen: an item of a loop, or a flow. The run itself is the flow at the empty address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScopeKey {
    /// Of an item without its attempt: all its tries are one story.
    pub at: Address,
    pub flow: bool,
}

impl ScopeKey {
    #[must_use]
    pub fn flow(address: &Address) -> Self {
        Self { at: address.clone(), flow: true }
    }

    #[must_use]
    pub fn item(address: &Address) -> Self {
        let mut at = address.clone();
        while matches!(at.0.last(), Some(Part::Attempt(_))) {
            at.0.pop();
        }
        Self { at, flow: false }
    }

    /// The loop that an item belongs to.
    #[must_use]
    pub fn of_loop(&self) -> Option<Address> {
        match self.at.0.split_last() {
            Some((Part::Item(_), around)) if !self.flow => Some(Address(around.to_vec())),
            _ => None,
        }
    }
}

impl Steps {
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let mut steps = Self::default();
        steps.module(&plan.module, &plan.files);
        steps
    }

    fn module(&mut self, module: &Module, files: &Files) {
        let mut blocks: Vec<&Block> = module.flows.iter().map(|flow| &flow.body).collect();
        while let Some(block) = blocks.pop() {
            for step in block.steps.iter() {
                let acts = acts(module, step, &mut Vec::new());
                self.by.insert(step.number.0, StepInfo { acts, ..info(step, files) });
                if let Verb::For(each) = &step.verb {
                    if let LoopBody::Steps(body) = &each.body {
                        blocks.push(body);
                    }
                    if let LoopError::Block { block, .. } = &each.on_error {
                        blocks.push(block);
                    }
                }
                if let OnError::Block { block, .. } = &step.on_error {
                    blocks.push(block);
                }
            }
        }
    }

    #[must_use]
    pub fn get(&self, number: u32) -> Option<&StepInfo> {
        self.by.get(&number)
    }

    /// The step that an address ends in.
    #[must_use]
    pub fn at(&self, address: &Address) -> Option<&StepInfo> {
        self.get(address.step()?)
    }

    /// The scopes around what stands at an address, outermost first: the run, then flows and items.
    #[must_use]
    pub fn scopes(&self, address: &Address) -> Vec<ScopeKey> {
        let mut scopes = vec![ScopeKey::flow(&Address::default())];
        let parts = &address.0;
        let mut step = None;
        for (i, part) in parts.iter().enumerate() {
            let here = || Address(parts[..=i].to_vec());
            match part {
                Part::Step(n) => step = self.get(*n),
                Part::Item(_) => scopes.push(ScopeKey { at: here(), flow: false }),
                Part::Attempt(_) | Part::Call(_) => {}
            }
            // a step behind this part is one of the flow that is run here
            let inside = matches!(parts.get(i + 1), Some(Part::Step(_)));
            let runs = step.is_some_and(|s| s.flow && (!s.each || !matches!(part, Part::Step(_))));
            if inside && runs {
                scopes.push(ScopeKey { at: here(), flow: true });
            }
        }
        scopes
    }
}

/// Whether something is sent, booked or counted in a step, or in the flows that it runs; `seen`: flows that were looked at.
fn acts(module: &Module, step: &Step, seen: &mut Vec<FlowId>) -> bool {
    let mut of_flow = |flow: &FlowId| {
        if seen.contains(flow) {
            return false;
        }
        seen.push(*flow);
        let body = module.flow(*flow).map(|flow| &flow.body);
        body.is_some_and(|body| body.steps.iter().any(|step| acts(module, step, seen)))
    };
    match &step.verb {
        Verb::Call(call) | Verb::Publish(call) => call.action.effect != Effect::Read,
        Verb::Run { flow, .. } => of_flow(flow),
        Verb::For(each) => match &each.body {
            LoopBody::Run { flow, .. } => of_flow(flow),
            LoopBody::Steps(body) => body.steps.iter().any(|step| acts(module, step, seen)),
        },
        Verb::Metric { .. } | Verb::Recheck { .. } | Verb::Defer { .. } | Verb::Cancel { .. } => true,
        Verb::Let(_) | Verb::Leave(_) | Verb::Return(_) | Verb::Set(_) | Verb::Request(_) => false,
    }
}

fn info(step: &Step, files: &Files) -> StepInfo {
    let info = |verb| StepInfo {
        span: step.span,
        verb,
        over: String::new(),
        effect: None,
        acts: false,
        flow: false,
        each: false,
    };
    match &step.verb {
        Verb::Call(call) => StepInfo { effect: Some(call.action.effect), ..info("call") },
        Verb::Publish(call) => StepInfo { effect: Some(call.action.effect), ..info("publish") },
        Verb::Run { .. } => StepInfo { flow: true, ..info("run") },
        Verb::Let(_) => info("let"),
        Verb::For(each) => {
            let list = files.text(each.list.span).trim_start_matches('=');
            let over = format!("{} in {}", each.var, on_one_line(list, LIST));
            StepInfo { over, flow: matches!(each.body, LoopBody::Run { .. }), each: true, ..info("for") }
        }
        Verb::Leave(_) => info("skip"),
        Verb::Return(_) => info("return"),
        Verb::Metric { .. } => info("metric"),
        Verb::Set(_) => info("set"),
        Verb::Recheck { .. } => info("recheck"),
        Verb::Defer { .. } => info("defer"),
        Verb::Cancel { .. } => info("cancel"),
        Verb::Request(_) => info("request"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_source::FileId;

    fn steps() -> Steps {
        let span = Span::new(FileId(0), 0, 0);
        let info = |flow, each| {
            let over = String::new();
            StepInfo { span, verb: "x", over, effect: None, acts: false, flow, each }
        };
        let by = [(1, info(true, false)), (2, info(false, true)), (3, info(true, true)), (4, info(false, false))];
        Steps { by: by.into_iter().collect() }
    }

    fn scopes(address: &str) -> Vec<String> {
        let scopes = steps().scopes(&Address::parse(address).unwrap_or_default());
        scopes.into_iter().skip(1).map(|s| format!("{}{}", if s.flow { "flow " } else { "item " }, s.at)).collect()
    }

    #[test]
    fn an_address_says_which_items_and_flows_are_around_it() {
        assert_eq!(scopes("s4"), [""; 0]);
        assert_eq!(scopes("s1"), [""; 0], "the step that runs a flow stands outside of it");
        assert_eq!(scopes("s1.s4"), ["flow s1"]);
        assert_eq!(scopes("s1.a2.s4"), ["flow s1.a2"]);
        assert_eq!(scopes("s2.i7"), ["item s2.i7"]);
        assert_eq!(scopes("s2.i7.a2.s4.c1"), ["item s2.i7"]);
        assert_eq!(scopes("s2.i7.s1.s4"), ["item s2.i7", "flow s2.i7.s1"]);
        assert_eq!(scopes("s3.i0"), ["item s3.i0"]);
        assert_eq!(scopes("s3.i0.s4"), ["item s3.i0", "flow s3.i0"]);
        assert_eq!(scopes("s3.i0.a3.s4"), ["item s3.i0", "flow s3.i0.a3"]);
    }

    #[test]
    fn an_item_knows_its_loop() {
        let key = ScopeKey::item(&Address::parse("s2.i7.a2").unwrap_or_default());
        assert_eq!((key.at.to_string(), key.of_loop().map(|a| a.to_string())), ("s2.i7".into(), Some("s2".into())));
    }
}
