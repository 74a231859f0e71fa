//! Loops: the item, its frame, what is collected.

use wf_expr::types::Handed;
use wf_expr::types::join::{element, forms, join_all};
use wf_plan::{Block, Loop, LoopBody, LoopError, OnError, Parallel, Verb};
use wf_value::Type;

use super::flows::Given;
use super::results;
use super::walk::{Frame, Walk};

/// Walks over a loop that carries a value, until its type does not change any more.
const ROUNDS: usize = 3;

impl Walk<'_> {
    pub(super) fn each(&mut self, each: &Loop) -> Type {
        let list = self.check(&each.list, &Type::list(Type::Any), None);
        let item = elements(&list);
        self.filtered(each);
        if let Parallel::Count(count) = &each.parallel {
            self.check(count, &Type::Integer, None);
        }
        if let LoopBody::Steps(block) = &each.body
            && carries(block)
        {
            // what an item sets, the next one finds
            for _ in 0..ROUNDS {
                let quiet = std::mem::replace(&mut self.quiet, true);
                let before = self.frames.clone();
                self.item_of_loop(each, &item);
                self.quiet = quiet;
                let same = self.frames.iter().zip(&before).all(|(now, then)| now.0 == then.0);
                if same {
                    break;
                }
            }
        }
        let values = self.item_of_loop(each, &item);
        if let LoopError::Block { error, block } = &each.on_error {
            self.set(*error, results::error(item.clone()));
            self.block(block);
        }
        results::of_loop(each, values, &item)
    }

    /// Walks what is done with an item; what `values` holds of it.
    fn item_of_loop(&mut self, each: &Loop, item: &Type) -> Type {
        let frame = Frame::new(&each.item.names, [item.clone()]);
        self.framed(frame, |this| {
            if let Some(filter) = &each.filter {
                this.condition(filter);
                this.undecidable(filter, "such an item ends undecided");
                this.assume(filter, true);
            }
            let given = match &each.body {
                LoopBody::Steps(block) => {
                    this.open_block(block);
                    None
                }
                LoopBody::Run { flow, with } => {
                    let mut given = this.given(*flow, with);
                    given.extend(this.item_goes_along(each, *flow));
                    Some(this.call_flow(*flow, given, each.span).of_item())
                }
            };
            match (&each.collect, given) {
                (Some(collect), _) => this.infer(collect),
                (None, Some(ty)) => ty,
                (None, None) => item.clone(),
            }
        })
    }

    /// The item, under its own name, where the flow has such an input.
    fn item_goes_along(&self, each: &Loop, flow: wf_plan::FlowId) -> Option<Given> {
        let input = self.module.flow(flow)?.inputs.iter().find(|input| input.name == each.var)?;
        let ty = self.frames.last()?.0.first()?.clone()?;
        let handed = Handed { span: each.span, text: each.var.clone(), subject: None };
        Some(Given { slot: input.slot, ty, handed: Some(handed) })
    }
}

/// The type of what a list holds.
pub(super) fn elements(list: &Type) -> Type {
    let all = forms(list).into_iter().filter_map(|form| match form {
        Type::List(of) => Some(element(&of)),
        Type::Any => Some(Type::Any),
        _ => None,
    });
    let all: Vec<Type> = all.collect();
    if all.is_empty() { Type::Any } else { join_all(all) }
}

/// Whether it sets what was declared around it.
fn carries(block: &Block) -> bool {
    block.steps.iter().any(|step| {
        let outward = matches!(&step.verb, Verb::Set(bindings) if bindings.iter().any(|(slot, _)| slot.up > 0));
        let handled = matches!(&step.on_error, OnError::Block { block, .. } if carries(block));
        outward || handled
    })
}
