//! Blocks of steps.

use wf_expr::types::join::{join, nothing, widened};
use wf_expr::{Key, Written, WrittenKind};
use wf_plan::{Block, Leave, LeaveKind, OnError, Retry, Step, Verb, Wait};
use wf_value::Type;

use super::results;
use super::walk::Walk;

impl Walk<'_> {
    /// Walks steps one after the other; whether the end of them can be reached.
    pub(super) fn block(&mut self, block: &Block) -> bool {
        let mark = self.mark();
        let ends = self.open_block(block);
        self.forget(mark);
        ends
    }

    /// The same; what conditions said of names stays known.
    pub(super) fn open_block(&mut self, block: &Block) -> bool {
        let mut ends = true;
        let mut done: Vec<u16> = vec![];
        for step in block.steps.iter() {
            ends &= self.step(step, &mut done);
        }
        ends
    }

    /// Whether the next step can be reached. `done`: slots that steps of this block filled.
    fn step(&mut self, step: &Step, done: &mut Vec<u16>) -> bool {
        let mark = self.mark();
        if let Some(condition) = &step.condition {
            self.condition(condition);
            self.assume(condition, true);
        }
        let mut goes_on = true;
        let ty = match &step.verb {
            Verb::Call(call) => self.call(call),
            Verb::Publish(call) => {
                self.hand(&call.action, &call.with);
                Type::Null
            }
            Verb::Run { flow, with } => {
                let given = self.given(*flow, with);
                self.call_flow(*flow, given, step.span).of_run()
            }
            Verb::Let(bindings) => {
                for (slot, written) in bindings {
                    let ty = self.infer(written);
                    self.searched(written);
                    self.set(*slot, ty);
                    self.name(*slot, written);
                }
                Type::Null
            }
            Verb::For(each) => self.each(each),
            Verb::Leave(leave) => {
                goes_on = self.leave(leave, step.condition.is_some());
                Type::Null
            }
            Verb::Return(value) => {
                self.returned(value.as_ref());
                goes_on = step.condition.is_some();
                Type::Null
            }
            Verb::Metric { metric, labels, value, rows } => {
                self.metric(*metric, labels.as_ref(), value.as_ref(), rows.as_ref());
                Type::Null
            }
            Verb::Set(bindings) => {
                for (slot, written) in bindings {
                    let ty = widened(&self.infer(written));
                    self.change(*slot, |before| join(before.unwrap_or_else(nothing), ty.clone()));
                }
                Type::Null
            }
            Verb::Recheck { flow, list, by, item, after, with } => {
                self.recheck(*flow, list, by.as_ref(), item, after, with, step.span);
                Type::Null
            }
            Verb::Defer { task, key, after, at, with } => {
                self.defer(task, key, after.as_ref(), at.as_ref(), with);
                results::said("booked")
            }
            Verb::Cancel { key, .. } => {
                self.infer(key);
                results::said("found")
            }
            Verb::Request(request) => self.request(request),
        };
        if let Some(retry) = &step.retry {
            self.retry(retry);
        }
        match &step.on_error {
            OnError::Block { error, block } => {
                let item = self.item();
                self.set(*error, results::error(item));
                self.block(block);
            }
            OnError::Skip => self.skips(),
            OnError::Fail | OnError::Ignore => {}
        }
        self.forget(mark);
        if let (Some(condition), false) = (&step.condition, matches!(&step.verb, Verb::Let(_))) {
            // whoever comes past it knows that it did not hold
            let leaves = match &step.verb {
                Verb::Leave(leave) => leave.reasons.iter().any(|reason| reason.condition.is_none()),
                Verb::Return(_) => true,
                _ => false,
            };
            if leaves {
                self.assume(condition, false);
            }
        }
        if let (Verb::Leave(leave), None) = (&step.verb, &step.condition) {
            for condition in leave.reasons.iter().filter_map(|reason| reason.condition.as_ref()) {
                self.assume(condition, false);
            }
        }
        if let Some(id) = step.id {
            let ty = if step.condition.is_some() { ty.optional() } else { ty };
            let ty = match self.frames.last().and_then(|frame| frame.0.get(usize::from(id)).cloned().flatten()) {
                // at most one of the steps that share a name is done
                Some(before) if done.contains(&id) => join(before, ty),
                _ => ty,
            };
            done.push(id);
            self.set(id, ty);
        }
        goes_on
    }

    /// Whether the next step can be reached.
    fn leave(&mut self, leave: &Leave, conditional: bool) -> bool {
        let mark = self.mark();
        let mut always = false;
        for reason in &leave.reasons {
            self.condition_of(reason.condition.as_ref());
            let inner = self.mark();
            if let Some(condition) = &reason.condition {
                self.assume(condition, true);
            }
            self.logged(&reason.text);
            self.forget(inner);
            match &reason.condition {
                // tried in order: the next one is asked only when this does not hold
                Some(condition) => self.assume(condition, false),
                None => always = true,
            }
        }
        self.forget(mark);
        if leave.kind == LeaveKind::Skip {
            self.skips();
        }
        !always || conditional
    }

    fn condition_of(&mut self, condition: Option<&wf_expr::Code>) {
        if let Some(condition) = condition {
            self.condition(condition);
            self.undecidable(condition, "nothing below this reason happens to such an item");
        }
    }

    /// A skip ends the innermost item, else the flow.
    fn skips(&mut self) {
        if self.frames.len() <= 1 {
            self.gives.skips = true;
        }
    }

    fn returned(&mut self, value: Option<&Written>) {
        let ty = match value {
            Some(value) => self.replied(value),
            None => Type::Null,
        };
        if let Some((body, good)) = value.and_then(reply_of)
            && good
        {
            let ty = self.quietly(|this| this.infer(body));
            self.gives.replies(widened(&ty));
        }
        self.gives.returns(widened(&ty));
    }

    /// Types something again of which all is told already.
    fn quietly<R>(&mut self, within: impl FnOnce(&mut Self) -> R) -> R {
        let quiet = std::mem::replace(&mut self.quiet, true);
        let result = within(self);
        self.quiet = quiet;
        result
    }

    /// The item of the innermost loop around; null outside of loops.
    fn item(&self) -> Type {
        match self.frames.as_slice() {
            [] | [_] => Type::Null,
            [.., last] => last.0.first().cloned().flatten().unwrap_or(Type::Any),
        }
    }

    pub(super) fn retry(&mut self, retry: &Retry) {
        if let Some(attempts) = &retry.attempts {
            self.check(attempts, &Type::Integer, None);
        }
        let waits: Vec<&Written> = match &retry.wait {
            Wait::Fixed(wait) => {
                let each_in_turn = Type::Union([Type::Duration, Type::list(Type::Duration)].into());
                self.check(wait, &each_in_turn, None);
                vec![]
            }
            Wait::Between(from, to) => vec![from, to],
            Wait::List(all) => all.iter().collect(),
        };
        for wait in waits.into_iter().chain(&retry.within) {
            self.duration(wait);
        }
    }

    pub(super) fn duration(&mut self, written: &Written) {
        self.check(written, &Type::Duration, None);
    }
}

/// The body of `{status, outcome, body}`, and whether the status is a good one.
pub(super) fn reply_of(value: &Written) -> Option<(&Written, bool)> {
    let WrittenKind::Map(entries) = &value.kind else { return None };
    let entry = |name: &str| {
        entries.iter().find(|e| matches!(&e.key, Key::Text(key) if key.as_str() == name)).map(|e| &e.value)
    };
    let good = match entry("status").map(|status| &status.kind) {
        None => true,
        Some(WrittenKind::Literal { value, .. }) => value.as_int().is_some_and(|n| (200..300).contains(&n)),
        Some(_) => false,
    };
    Some((entry("body")?, good))
}
