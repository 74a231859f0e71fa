//! Looking at every step of a block or module.

use wf_value::Text;

use crate::{Block, LoopBody, LoopError, Module, OnError, Step, Verb};

impl Block {
    /// Looks at each step, those of loops and `on_error` blocks too; what a `run` calls is left out.
    pub fn each_step<'a>(&'a self, look: &mut dyn FnMut(&'a Step)) {
        for step in self.steps.iter() {
            look(step);
            if let Verb::For(each) = &step.verb {
                if let LoopBody::Steps(body) = &each.body {
                    body.each_step(look);
                }
                if let LoopError::Block { block, .. } = &each.on_error {
                    block.each_step(look);
                }
            }
            if let OnError::Block { block, .. } = &step.on_error {
                block.each_step(look);
            }
        }
    }
}

impl Module {
    /// The kinds of named tasks that some step books, each once.
    #[must_use]
    pub fn books(&self) -> Vec<Text> {
        let mut kinds: Vec<Text> = Vec::new();
        for flow in &self.flows {
            flow.body.each_step(&mut |step| {
                if let Verb::Defer { task, .. } = &step.verb
                    && !kinds.contains(task)
                {
                    kinds.push(task.clone());
                }
            });
        }
        kinds
    }
}
