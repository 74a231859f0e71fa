//! One event's work: what it changes in the run, and what the host is to do for it.

use wf_plan::Address;
use wf_source::{FileId, Span};

use crate::effect::Effect;
use crate::frames::{Frame, FrameId, StepRef};
use crate::run::Run;
use crate::start::Unit;
use crate::trace::{Decision, Tracer};

/// Everything that the handling of one event may touch.
pub(crate) struct Turn<'r, 't> {
    pub(crate) run: &'r mut Run,
    pub(crate) unit: Unit,
    pub(crate) tracer: Option<&'t mut (dyn Tracer + 't)>,
    pub(crate) effects: Vec<Effect>,
}

/// What becomes of a frame after one of its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Its next step.
    Go,
    /// It waits, or it is over.
    Wait,
}

impl Turn<'_, '_> {
    /// Does what can be done without another event. Frames take turns in the order in which they became ready.
    pub(crate) fn work(&mut self) {
        while let Some(id) = self.run.ready.pop_front() {
            while self.step(id) == Next::Go {}
        }
    }

    pub(crate) fn ready(&mut self, id: FrameId) {
        self.run.ready.push_back(id);
    }

    /// Has a frame go on that was waiting.
    pub(crate) fn resume(&mut self, id: FrameId, next: Next) {
        if next == Next::Go {
            self.ready(id);
        }
    }

    pub(crate) fn tell(&mut self, decision: impl FnOnce() -> Decision) {
        if let Some(tracer) = &mut self.tracer {
            tracer.decided(decision());
        }
    }

    pub(crate) fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.run.frames.get(id)
    }

    pub(crate) fn frame_mut(&mut self, id: FrameId) -> Option<&mut Frame> {
        self.run.frames.get_mut(id)
    }

    /// The place in its file of the step that the frame is doing.
    pub(crate) fn step_span(&self, id: FrameId) -> Span {
        let here = self.frame(id).and_then(Frame::step);
        here.as_ref().and_then(StepRef::get).map_or(Span::new(FileId(0), 0, 0), |step| step.span)
    }

    /// Where the step stands that the frame is doing.
    pub(crate) fn address(&self, id: FrameId) -> Address {
        self.frame(id)
            .map(|frame| match frame.step().as_ref().and_then(|step| step.get()) {
                Some(step) => frame.address.with(wf_plan::Part::Step(step.number.0)),
                None => frame.address.clone(),
            })
            .unwrap_or_default()
    }
}
