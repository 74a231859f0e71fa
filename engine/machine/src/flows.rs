//! Flows: how they begin, and what their end means to the step that called them.

use jiff::Timestamp;
use wf_expr::Written;
use wf_plan::{Address, Flow, FlowId, Frame as Names, Part, Step, Verb};
use wf_value::{Text, Type, Unknown, UnknownKind, Value};

use crate::failure::Failure;
use crate::frames::{Cursor, Doing, Frame, FrameId, Role, StepRef};
use crate::leaving::End;
use crate::loops::Looping;
use crate::retries::Tries;
use crate::scope::At;
use crate::trace::Decision;
use crate::turn::{Next, Turn};

impl Turn<'_, '_> {
    /// `run: flow`, the try of that number.
    pub(crate) fn run_step(&mut self, id: FrameId, flow: FlowId, with: &[(u16, Written)], tries: Tries) -> Next {
        let step = self.address(id);
        let at = if tries.attempt > 1 { step.with(Part::Attempt(tries.attempt)) } else { step };
        self.call_flow(id, &at, flow, with, None, Doing::Flow { tries, whole: false })
    }

    /// Calls a flow for a frame; `item`: what goes along under its own name.
    pub(crate) fn call_flow(
        &mut self,
        caller: FrameId,
        address: &Address,
        flow: FlowId,
        with: &[(u16, Written)],
        item: Option<(&Text, Value)>,
        doing: Doing,
    ) -> Next {
        let unit = self.unit.clone();
        let Some(body) = unit.module().flow(flow) else {
            return self.broken(caller, format!("flow {} is not there", flow.0));
        };
        if self.is_deep(caller) {
            return self.broken(caller, format!("flows call each other too deeply at '{}'", body.name));
        }
        let mut given: Vec<(u16, Value)> = Vec::with_capacity(body.inputs.len());
        if let Some((name, value)) = item
            && let Some(input) = body.inputs.iter().find(|input| input.name == *name)
        {
            given.push((input.slot, value));
        }
        for (slot, written) in with {
            given.push((*slot, self.value(At::frame(caller, address), written)));
        }
        let attempt = match &doing {
            Doing::Flow { tries, whole: false } if tries.attempt > 1 => tries.attempt,
            _ => self.frame(caller).map_or(1, |frame| frame.attempt),
        };
        let Some(around) = self.frame_mut(caller) else { return Next::Wait };
        around.doing = doing;
        let (depth, held) = (around.depth + 1, around.held.clone());
        let called = self.new_frame(
            &body.frame,
            Frame {
                slots: Vec::new(),
                attempt_slot: None,
                scope: None,
                role: Role::Flow { caller },
                flow,
                address: address.clone(),
                cursors: vec![Cursor { here: StepRef::first(&body.body), handles: false }],
                doing: Doing::Steps,
                attempt,
                depth,
                held,
            },
        );
        self.hand_in(called, body, given);
        self.ready(called);
        Next::Wait
    }

    /// Gives a flow its inputs: those handed in, then defaults, read by their types.
    pub(crate) fn hand_in(&mut self, id: FrameId, flow: &Flow, given: Vec<(u16, Value)>) {
        let address = self.frame(id).map(|frame| frame.address.clone()).unwrap_or_default();
        for input in &flow.inputs {
            let handed = given.iter().rev().find(|(slot, _)| *slot == input.slot).map(|(_, value)| value.clone());
            let value = match (handed, &input.default) {
                (Some(value), _) => value,
                (None, Some(default)) => self.value(At::frame(id, &address), default),
                (None, None) if input.ty.as_ref().is_some_and(|ty| !ty.is_optional()) => {
                    Unknown::new(UnknownKind::Missing, format!("`{}` was not given", input.name)).into()
                }
                (None, None) => Value::Null,
            };
            let value = match &input.ty {
                Some(ty) => read_as(value, ty),
                None => value,
            };
            if let Some(frame) = self.frame_mut(id) {
                frame.set(input.slot, value);
            }
        }
        if self.tracer.is_some() {
            let slots = self.frame(id).map(|frame| frame.slots.clone()).unwrap_or_default();
            let value = |slot: u16| slots.get(usize::from(slot)).cloned().unwrap_or_default();
            let inputs = flow.inputs.iter().map(|input| (input.name.clone(), value(input.slot))).collect();
            self.tell(|| Decision::FlowBegan { address, flow: flow.name.clone(), inputs });
        }
    }

    /// A frame with all its slots, those with reserved names filled.
    pub(crate) fn new_frame(&mut self, names: &Names, mut frame: Frame) -> FrameId {
        frame.slots.resize(names.names.len().max(frame.slots.len()), Value::Null);
        for (slot, name) in names.names.iter().enumerate() {
            match name.as_str() {
                "attempt" => {
                    frame.attempt_slot = u16::try_from(slot).ok();
                    frame.slots[slot] = Value::Int(frame.attempt.into());
                }
                "trigger" | "task" => frame.slots[slot] = self.run.start.trigger.clone(),
                "run" => frame.slots[slot] = self.about_run(),
                _ => {}
            }
        }
        self.run.frames.insert(frame)
    }

    /// What a slot of a frame is called, for the trace.
    pub(crate) fn slot_name(&self, id: FrameId, slot: u16) -> Text {
        let Some(frame) = self.frame(id) else { return Text::default() };
        let name = |names: &Names| names.names.get(usize::from(slot)).cloned().unwrap_or_default();
        match frame.role {
            Role::Root | Role::Flow { .. } => self.unit.module().flow(frame.flow).map(|flow| name(&flow.frame)),
            Role::Item { around, .. } => {
                let here = self.frame(around).and_then(Frame::step);
                here.as_ref().and_then(Looping::each).map(|(_, each)| name(&each.item))
            }
            Role::Handler { around, .. } => return self.slot_name(around, slot),
        }
        .unwrap_or_default()
    }

    /// `run`: `{id, workflow, flow}`.
    fn about_run(&self) -> Value {
        let flow = self.unit.module().flow(self.run.start.flow).map_or_else(Text::default, |flow| flow.name.clone());
        let members = [
            ("id", Value::text(self.run.start.run.to_text())),
            ("workflow", Value::text(self.unit.name())),
            ("flow", Value::Text(flow)),
        ];
        members.into_iter().map(|(name, value)| (Text::from(name), value)).collect::<wf_value::Map>().into()
    }

    pub(crate) fn is_deep(&self, id: FrameId) -> bool {
        self.frame(id).is_none_or(|frame| frame.depth >= self.run.start.limits.depth)
    }

    /// What no checked plan does, or a limit: the step is undecided.
    pub(crate) fn broken(&mut self, id: FrameId, reason: String) -> Next {
        let here = self.frame(id).and_then(Frame::step).unwrap_or_else(StepRef::none);
        self.undecided(id, &here, Unknown::new(UnknownKind::Limit, reason).into())
    }

    /// The flow that a step, or an item, had called is over.
    pub(crate) fn flow_ended(&mut self, caller: FrameId, end: End) {
        let Some(frame) = self.frame_mut(caller) else { return };
        let Doing::Flow { tries, whole } = &frame.doing else { return };
        let (tries, whole) = (*tries, *whole);
        let (here, role) = (frame.step().unwrap_or_else(StepRef::none), frame.role);
        if whole {
            match (end, role) {
                (End::Done(value), Role::Item { around, .. }) => {
                    self.item_done(caller, around, Some(value.unwrap_or_default()))
                }
                (other, _) => self.end(caller, other),
            };
            return;
        }
        let next = match end {
            End::Done(value) => self.done(caller, value.unwrap_or_default()),
            End::Left(value) => self.done(caller, value),
            End::Skipped { reason, .. } | End::Stopped { reason, .. } => {
                self.run.report.skip(&reason);
                self.done(caller, Value::Null)
            }
            held @ End::Held { .. } => self.end(caller, held),
            End::Failed(failure) => self.flow_failed(caller, &here, tries, *failure),
        };
        self.resume(caller, next);
    }

    fn flow_failed(&mut self, caller: FrameId, here: &StepRef, tries: Tries, mut failure: Failure) -> Next {
        // the result of a call inside is nothing that the caller knows
        failure.result = None;
        let retry = here.get().and_then(|step| step.retry.as_ref()).filter(|retry| failure.is_met_by(retry));
        let address = self.address(caller);
        if let Some(retry) = retry
            && let Some(at) = self.next_try(caller, &address, retry, tries)
        {
            let tries = Tries { attempt: tries.attempt + 1, ..tries };
            if let Some(frame) = self.frame_mut(caller) {
                frame.doing = Doing::Flow { tries, whole: false };
            }
            self.sleep(caller, at);
            return Next::Wait;
        }
        self.failed(caller, here, failure)
    }

    /// The wait before the next try of a `run` step is over.
    pub(crate) fn flow_again(&mut self, id: FrameId, tries: Tries) {
        let Some(here) = self.frame(id).and_then(Frame::step) else { return };
        if let Some(Step { verb: Verb::Run { flow, with }, .. }) = here.get() {
            let next = self.run_step(id, *flow, with, tries);
            self.resume(id, next);
        }
    }

    pub(crate) fn first_try(&self) -> Tries {
        Tries { attempt: 1, first: self.now() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.run.now
    }
}

/// A value as the input wants it: as its type reads it, else made to fit without loss.
fn read_as(value: Value, ty: &Type) -> Value {
    if value.is_already(ty) {
        return value;
    }
    match value.clone().typed(ty) {
        Value::Unknown(why) if value.as_unknown().is_none() => {
            wf_value::coerce(&value, ty).unwrap_or(Value::Unknown(why))
        }
        read => read,
    }
}
