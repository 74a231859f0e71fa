//! Evaluation inside a run: which names an expression sees, and what is told of it while the run is explained.

use std::cell::{Cell, RefCell};

use wf_expr::{Code, Ctx, Dropped, Ruled, Slot, Trace, Truth, Vars, Written};
use wf_plan::{Address, StepId};
use wf_value::{Text, Value};

use crate::frames::{FrameId, Frames};
use crate::trace::{Decision, Tracer};
use crate::turn::Turn;

/// The names of a place: those of `front`, if there are any, then those of its frame, then outward.
pub(crate) struct View<'a> {
    pub(crate) front: Option<&'a [Value]>,
    pub(crate) frame: Option<FrameId>,
    pub(crate) frames: &'a Frames,
}

impl Vars for View<'_> {
    fn slot(&self, slot: Slot) -> Option<&Value> {
        let mut up = slot.up;
        let index = usize::from(slot.index);
        if let Some(front) = self.front {
            if up == 0 {
                return front.get(index);
            }
            up -= 1;
        }
        let mut frame = self.frame.and_then(|id| self.frames.get(id));
        for _ in 0..up {
            frame = frame.and_then(|f| f.scope).and_then(|id| self.frames.get(id));
        }
        frame.and_then(|f| f.slots.get(index))
    }
}

/// Where something is evaluated.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// Names in a frame of their own, inside of `frame`: an item that has no frame yet.
    pub(crate) front: Option<&'a [Value]>,
    pub(crate) frame: Option<FrameId>,
    /// The step, for the trace.
    pub(crate) address: &'a Address,
}

impl<'a> At<'a> {
    pub(crate) fn frame(frame: FrameId, address: &'a Address) -> Self {
        Self { front: None, frame: Some(frame), address }
    }

    pub(crate) fn item(self, front: &'a [Value]) -> Self {
        Self { front: Some(front), ..self }
    }
}

/// A condition, and how `explain` calls it.
#[derive(Clone, Copy)]
pub(crate) struct Asks<'a> {
    pub(crate) code: &'a Code,
    pub(crate) what: &'static str,
    pub(crate) step: StepId,
    /// What is said when it holds.
    pub(crate) reason: Option<&'a Written>,
}

impl Turn<'_, '_> {
    pub(crate) fn value(&mut self, at: At<'_>, written: &Written) -> Value {
        self.evaluate(at, |ctx| written.value(ctx))
    }

    /// For messages and reasons: what is unknown inside of texts prints `?`.
    pub(crate) fn told(&mut self, at: At<'_>, written: &Written) -> Value {
        self.evaluate(at, |ctx| written.told(ctx))
    }

    /// A text that people read; it never fails.
    pub(crate) fn words(&mut self, at: At<'_>, written: &Written) -> Text {
        match self.told(at, written) {
            Value::Text(text) => text,
            Value::Unknown(_) => "?".into(),
            other => other.print().unwrap_or_else(|_| "?".into()),
        }
    }

    pub(crate) fn code(&mut self, at: At<'_>, code: &Code) -> Value {
        self.evaluate(at, |ctx| code.value(ctx))
    }

    /// What a condition says.
    pub(crate) fn truth(&mut self, at: At<'_>, asks: Asks<'_>) -> Truth {
        let truth = self.evaluate(at, |ctx| asks.code.truth(ctx));
        if self.tracer.is_some() {
            let saw = self.quietly(at, |ctx| asks.code.leaves(ctx));
            let (holds, reason) = match &truth {
                Truth::Yes => (Some(true), asks.reason.map(|reason| self.words(at, reason))),
                Truth::No => (Some(false), asks.reason.map(|reason| self.words(at, reason))),
                Truth::Unknown(why) => (None, Some(why.sentence().into())),
            };
            self.tell(|| Decision::Condition {
                address: at.address.clone(),
                step: asks.step,
                span: asks.code.span,
                what: asks.what,
                element: at.front.and_then(|front| front.first().cloned()),
                holds,
                saw: saw.into_iter().map(|leaf| (leaf.text, leaf.value)).collect(),
                reason,
            });
        }
        truth
    }

    fn evaluate<R>(&mut self, at: At<'_>, work: impl FnOnce(&Ctx<'_>) -> R) -> R {
        let Some(tracer) = self.tracer.as_deref() else { return self.quietly(at, work) };
        let heard = Heard { tracer, address: at.address, decisions: RefCell::default() };
        let result = self.in_ctx(at, Some(&heard), work);
        for decision in heard.decisions.into_inner() {
            self.tell(|| decision);
        }
        result
    }

    fn quietly<R>(&self, at: At<'_>, work: impl FnOnce(&Ctx<'_>) -> R) -> R {
        self.in_ctx(at, None, work)
    }

    fn in_ctx<R>(&self, at: At<'_>, trace: Option<&dyn Trace>, work: impl FnOnce(&Ctx<'_>) -> R) -> R {
        let start = &self.run.start;
        let view = View { front: at.front, frame: at.frame, frames: &self.run.frames };
        let program = &self.unit.module().program;
        let ctx = Ctx::new(program, &view, &start.params.values, &start.env, self.run.now);
        work(&Ctx { fuel: Cell::new(start.limits.fuel), trace, ..ctx })
    }
}

/// What functions and tables decided, until the evaluation is over.
struct Heard<'a> {
    tracer: &'a dyn Tracer,
    address: &'a Address,
    decisions: RefCell<Vec<Decision>>,
}

impl Trace for Heard<'_> {
    fn wants(&self, about: &Value) -> bool {
        self.tracer.wants(about)
    }

    fn wants_ruled(&self, given: &[Value]) -> bool {
        given.iter().any(|given| self.tracer.wants(given)) || self.tracer.wants_all(self.address)
    }

    fn dropped(&self, what: Dropped<'_>) {
        self.decisions.borrow_mut().push(Decision::Dropped {
            address: self.address.clone(),
            span: what.call,
            function: what.function.into(),
            element: what.element.clone(),
            unknown: what.unknown.map(|why| why.sentence().into()),
            because: what.because,
            saw: what.saw.into_iter().map(|leaf| (leaf.text, leaf.value)).collect(),
        });
    }

    fn ruled(&self, what: Ruled<'_>) {
        self.decisions.borrow_mut().push(Decision::Ruled {
            address: self.address.clone(),
            span: what.row.map_or(what.table.span, |row| row.span),
            table: what.table.name.clone(),
            saw: what.saw,
            result: what.result.clone(),
        });
    }
}
