//! `for`: the list, the item's frame, what is done with each.

use wf_plan::{Frame, Loop, LoopBody, LoopError, Parallel};
use wf_source::{Diagnostic, nearest};
use wf_syntax::ast;
use wf_value::Value;

use super::body::Body;
use super::rules;
use crate::names::{DefKind, LocalKind, Sight, Values};

impl Body<'_> {
    pub(crate) fn each(&self, step: &ast::Step, each: &ast::For) -> (Loop, Values) {
        let item_name = each.item.as_ref();
        let outer = Sight { item_of_loop: item_name.map(|n| &*n.value), ..self.sight() };
        let list = match &each.list {
            Some(listing) => outer.listing(listing),
            None => super::context::broken_written(step.at),
        };
        let parallel = self.parallel(each.parallel.as_ref());
        if !matches!(parallel, Parallel::One) {
            self.carried_by_nobody(&each.body);
        }
        let lost = std::cell::Cell::new(false);
        let broken = || {
            lost.set(true);
            LoopBody::Steps(Default::default())
        };
        let ((filter, body, collect), mut item) = self.framed(|| {
            if let Some(name) = item_name {
                self.declare(name, LocalKind::Item, Values::NoLoop);
            }
            let filter = each.filter.as_ref().map(|text| self.sight().code(text));
            let body = match &each.body {
                ast::Body::Steps(steps) => LoopBody::Steps(self.steps_open(steps)),
                ast::Body::Run(run) => match self.run(step, run, item_name.map(|n| &*n.value)) {
                    Some((flow, with)) => LoopBody::Run { flow, with },
                    None => broken(),
                },
                ast::Body::Broken => {
                    self.cx.set_broken();
                    broken()
                }
            };
            let collect = each.collect.as_ref().map(|node| self.sight().written(node));
            // of what is not there nobody knows what it gives
            let collect = collect.or_else(|| lost.get().then(|| super::context::broken_written(step.at)));
            (filter, body, collect)
        });
        if item.names.is_empty() {
            item = Frame { names: vec!["".into()] };
        }
        let (on_error, values) = match &step.modifiers.on_error {
            None => (LoopError::GoOn, Values::Unguarded),
            Some(ast::OnError::LeaveOut(_)) => (LoopError::LeaveOut, Values::Whole),
            Some(ast::OnError::Fail(_)) => (LoopError::Fail, Values::Whole),
            Some(ast::OnError::Skip(span) | ast::OnError::Ignore(span)) => {
                self.cx.tell(
                    Diagnostic::error(
                        &rules::MISPLACED_STEP,
                        *span,
                        "a loop goes on when an item fails, and nothing of it is skipped",
                    )
                    .help("write leave_out, fail, or steps that see `error`"),
                );
                (LoopError::GoOn, Values::Whole)
            }
            Some(ast::OnError::Block { steps, .. }) => {
                let (error, block) = self.error_block(steps);
                (LoopError::Block { error, block }, Values::Unguarded)
            }
        };
        let each = Loop {
            var: item_name.map(|n| (*n.value).into()).unwrap_or_default(),
            item,
            list,
            filter,
            parallel,
            named: self.filed_names(&each.body).into_iter().map(|n| (*n).into()).collect(),
            body,
            collect,
            on_error,
            span: step.at,
        };
        (each, values)
    }

    /// `set` in a loop whose items do not follow one another.
    fn carried_by_nobody(&self, body: &ast::Body) {
        let ast::Body::Steps(steps) = body else { return };
        let own: Vec<&str> = steps
            .iter()
            .filter_map(|step| match &step.verb {
                ast::Verb::State(bindings) => Some(bindings.iter().map(|binding| binding.name.as_str())),
                _ => None,
            })
            .flatten()
            .collect();
        let set = steps.iter().filter_map(|step| match &step.verb {
            ast::Verb::Set(bindings) => Some(bindings),
            _ => None,
        });
        let outer = set.flatten().find(|binding| !own.contains(&binding.name.as_str()));
        if let Some(binding) = outer {
            self.misplaced(
                binding.name.span,
                &format!(
                    "no item after this one finds `{}`: the items of this loop are worked on at once",
                    binding.name.value
                ),
                "take `parallel` away, or let the loop `collect` and look at its `values`",
            );
        }
    }

    fn parallel(&self, parallel: Option<&ast::Parallel>) -> Parallel {
        match parallel {
            None | Some(ast::Parallel::One(_)) => Parallel::One,
            Some(ast::Parallel::Unlimited(_)) => Parallel::Yes,
            Some(ast::Parallel::Count(count)) => {
                if count.value == 0 {
                    self.cx.tell(
                        Diagnostic::error(&rules::LITERAL, count.span, "with 0 at a time no item begins")
                            .help("write 1 or more, or `yes`: as many as the engine allows"),
                    );
                }
                let value = Value::Int(i64::try_from(count.value).unwrap_or(i64::MAX));
                Parallel::Count(wf_expr::Written {
                    kind: wf_expr::WrittenKind::Literal { value, raw: None },
                    span: count.span,
                })
            }
            Some(ast::Parallel::Computed(text)) => Parallel::Count(self.sight().bare(text)),
            Some(ast::Parallel::Pool(name)) => {
                match self.cx.world.find(self.unit.get(), DefKind::Pool, name.as_str()) {
                    Some(found) => {
                        let key = self.cx.one(found, name.as_str(), name.span);
                        Parallel::Pool(self.cx.reach(key))
                    }
                    None => {
                        let pools = self.cx.world.names(self.unit.get(), DefKind::Pool);
                        let near = nearest(name.as_str(), pools.iter().map(|p| &**p));
                        let message = format!("there is no pool `{}`", name.value);
                        let diagnostic = Diagnostic::error(&rules::UNKNOWN_POOL, name.span, message);
                        self.cx.tell(match near {
                            Some(_) => diagnostic.did_you_mean(near, name.span),
                            None => {
                                diagnostic.help("write a number, yes, a pool of the section `pools`, or `=params.x`")
                            }
                        });
                        Parallel::One
                    }
                }
            }
        }
    }

    /// Names that `as:` files items of this loop under, in the order of the file.
    fn filed_names(&self, body: &ast::Body) -> Vec<std::sync::Arc<str>> {
        let mut names = vec![];
        match body {
            ast::Body::Steps(steps) => collect_names(steps, &mut names),
            ast::Body::Run(run) => {
                let flow = run.flow.as_ref().and_then(|name| {
                    let found = self.cx.world.find(self.unit.get(), DefKind::Flow, name.as_str())?;
                    let (crate::names::Found::One(key) | crate::names::Found::Clash(key, _)) = found;
                    self.cx.ast_flow(key)
                });
                if let Some(flow) = flow {
                    collect_names(&flow.steps, &mut names);
                }
            }
            ast::Body::Broken => {}
        }
        names
    }
}

/// Guards of an item: those of inner loops are about their items.
fn collect_names(steps: &[ast::Step], names: &mut Vec<std::sync::Arc<str>>) {
    for step in steps {
        if let ast::Verb::Skip(leave) | ast::Verb::Stop(leave) = &step.verb
            && let Some(name) = &leave.file_as
            && !names.contains(&name.value)
        {
            names.push(name.value.clone());
        }
        if let Some(ast::OnError::Block { steps, .. }) = &step.modifiers.on_error {
            collect_names(steps, names);
        }
    }
}
