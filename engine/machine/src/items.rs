//! Items of loops: how each of them ends, and what its end means to the loop.

use wf_plan::{LoopBody, LoopError, Part};
use wf_value::{Text, Unknown, UnknownKind, Value};

use crate::ended::ItemEnd;
use crate::failure::Failure;
use crate::frames::{Cursor, Doing, Frame, FrameId, Role, StepRef};
use crate::held::Held;
use crate::holes;
use crate::leaving::End;
use crate::loops::Looping;
use crate::report::short;
use crate::retries::Tries;
use crate::trace::Decision;
use crate::turn::{Next, Turn};

impl Turn<'_, '_> {
    /// The steps of an item are done, or it is one that is nothing but a flow.
    pub(crate) fn item_body_done(&mut self, id: FrameId, around: FrameId) -> Next {
        let Some(here) = self.loop_step(around) else { return self.end(id, End::Done(None)) };
        let Some((_, each)) = Looping::each(&here) else { return self.end(id, End::Done(None)) };
        let LoopBody::Run { flow, with } = &each.body else { return self.item_done(id, around, None) };
        let Some(frame) = self.frame(id) else { return Next::Wait };
        let (address, item) = (frame.address.clone(), frame.slots.first().cloned().unwrap_or_default());
        let doing = Doing::Flow { tries: self.first_try(), whole: true };
        self.call_flow(id, &address, *flow, with, Some((&each.var, item)), doing)
    }

    /// An item did all it had to: what is collected of it. `returned`: by its flow.
    pub(crate) fn item_done(&mut self, id: FrameId, around: FrameId, returned: Option<Value>) -> Next {
        let kept = self.frame(around).is_some_and(|frame| match &frame.doing {
            Doing::Loop(looping) => looping.kept.is_some(),
            _ => false,
        });
        let here = self.loop_step(around).unwrap_or_else(StepRef::none);
        if !kept {
            return self.end(id, End::Done(None));
        }
        let collect = Looping::each(&here).and_then(|(_, each)| each.collect.as_ref());
        let address = self.frame(id).map(|frame| frame.address.clone()).unwrap_or_default();
        let value = match collect {
            Some(written) => Some(self.value(self.at(id, &address), written)),
            None => returned,
        };
        // one odd item costs one item: what has a hole would make all that is collected unusable
        match value.as_ref().and_then(holes::first_member) {
            Some(why) if why.kind.is_held() => self.end(id, End::Held { why, address }),
            Some(why) => self.end(id, End::Failed(Box::new(Failure::undecided(address, "collect", why)))),
            None => self.end(id, End::Done(value)),
        }
    }

    fn loop_step(&self, around: FrameId) -> Option<StepRef> {
        self.frame(around).and_then(Frame::step)
    }

    pub(crate) fn item_ended(&mut self, around: FrameId, index: u32, frame: Frame, end: End) {
        let Some(mut looping) = self.run.frames.take_loop(around) else { return };
        if let End::Failed(failure) = &end
            && self.item_sleeps(around, &mut looping, index, failure, frame.held.clone())
        {
            self.run.frames.put_loop(around, looping);
            return;
        }
        if self.tracer.is_some() {
            let (step, how) = (self.address(around).step().unwrap_or_default(), end.words());
            self.tell(|| Decision::ItemEnded { address: frame.address.clone(), step: wf_plan::StepId(step), how });
        }
        looping.running = looping.running.saturating_sub(1);
        looping.tries.remove(&index);
        if let Some(pool) = looping.pool {
            self.give_place_back(pool);
        }
        match end {
            End::Done(value) => {
                looping.set_end(index, ItemEnd::Done);
                self.run.report.item_done(looping.report);
                if let (Some(kept), Some(value)) = (&mut looping.kept, value) {
                    kept.values.insert(index, value);
                }
            }
            End::Left(value) => {
                looping.set_end(index, ItemEnd::Done);
                self.run.report.item_done(looping.report);
                looping.stopping = true;
                looping.left.get_or_insert(value);
            }
            End::Skipped { reason, file_as } => self.item_skipped(&mut looping, index, &reason, file_as),
            End::Stopped { reason, file_as } => {
                self.item_skipped(&mut looping, index, &reason, file_as);
                looping.stopping = true;
            }
            End::Held { why, .. } => self.item_held(&mut looping, index, why),
            End::Failed(failure) => self.item_failed(around, &mut looping, index, *failure, frame.held),
        }
        self.run.frames.put_loop(around, looping);
        self.ready(around);
    }

    fn item_skipped(&mut self, looping: &mut Looping, index: u32, reason: &Text, file_as: Option<Text>) {
        looping.set_end(index, ItemEnd::Skipped);
        self.run.report.item_skipped(looping.report, reason);
        if let (Some(kept), Some(name)) = (&mut looping.kept, file_as) {
            kept.filed.push((index, name));
        }
    }

    pub(crate) fn item_held(&mut self, looping: &mut Looping, index: u32, why: Held) {
        looping.set_end(index, ItemEnd::Held);
        self.run.report.item_held(looping.report);
        if let Some(kept) = &mut looping.kept {
            kept.missing.insert(index, why);
        }
    }

    /// An item failed, or is undecided, for good.
    pub(crate) fn item_failed(
        &mut self,
        around: FrameId,
        looping: &mut Looping,
        index: u32,
        mut failure: Failure,
        held: Option<Held>,
    ) {
        let (value, place) = looping.item(index);
        if failure.unknown.is_some() {
            looping.set_end(index, ItemEnd::Undecided);
            self.run.report.item_undecided(looping.report);
        } else {
            looping.set_end(index, ItemEnd::Failed);
            self.run.report.item_failed(looping.report);
        }
        self.report_item(&failure, &value, place);
        failure.reported = true;
        if let Some(kept) = &mut looping.kept {
            kept.missing.insert(index, failure.as_unknown());
        }
        let here = looping.here.clone();
        match Looping::each(&here).map(|(_, each)| &each.on_error) {
            Some(LoopError::Fail) => {
                looping.stopping = true;
                if looping.first.as_ref().is_none_or(|(first, _)| index < *first) {
                    looping.first = Some((index, failure));
                }
            }
            Some(LoopError::Block { error, block }) => {
                let error = (*error, failure.error(value));
                self.begin_handler(around, looping, index, error, StepRef::first(block), held);
            }
            Some(LoopError::GoOn | LoopError::LeaveOut) | None => {}
        }
    }

    /// Names an item and why it failed, unless what made it fail is named already.
    fn report_item(&mut self, failure: &Failure, item: &Value, place: Text) {
        let address = failure.address.clone();
        match &failure.unknown {
            _ if failure.reported => {}
            Some(why) => self.run.report.undecided(address, short(item), place, why.clone()),
            None => self.run.report.failed(address, short(item), failure.message.clone()),
        }
    }

    /// `on_error` of a loop, for one item: it sees the names around the loop as they are now, and `error`.
    fn begin_handler(
        &mut self,
        around: FrameId,
        looping: &mut Looping,
        index: u32,
        (slot, error): (u16, Value),
        block: StepRef,
        held: Option<Held>,
    ) {
        let Some(frame) = self.frame(around) else { return };
        let mut handler = Frame {
            slots: frame.slots.clone(),
            attempt_slot: frame.attempt_slot,
            scope: frame.scope,
            role: Role::Handler { around, index },
            flow: frame.flow,
            address: looping.address.with(Part::Item(index)),
            cursors: vec![Cursor { here: block, handles: false }],
            doing: Doing::Steps,
            attempt: frame.attempt,
            depth: frame.depth + 1,
            held: held.or_else(|| looping.held.clone()),
        };
        handler.set(slot, error);
        looping.running += 1;
        let id = self.run.frames.insert(handler);
        self.ready(id);
    }

    pub(crate) fn handler_ended(&mut self, around: FrameId, index: u32, end: End) {
        let Some(mut looping) = self.run.frames.take_loop(around) else { return };
        looping.running = looping.running.saturating_sub(1);
        match end {
            End::Done(_) | End::Skipped { .. } | End::Held { .. } => {}
            End::Left(value) => {
                looping.stopping = true;
                looping.left.get_or_insert(value);
            }
            End::Stopped { .. } => looping.stopping = true,
            // the item has failed already, and its loop goes on: this is told beside it
            End::Failed(failure) => {
                let (value, place) = looping.item(index);
                self.report_item(&failure, &value, place);
            }
        }
        self.run.frames.put_loop(around, looping);
        self.ready(around);
    }

    /// Whether an item that failed is tried again.
    fn item_sleeps(
        &mut self,
        around: FrameId,
        looping: &mut Looping,
        index: u32,
        failure: &Failure,
        held: Option<Held>,
    ) -> bool {
        let here = looping.here.clone();
        let retry = Looping::each(&here).and_then(|(step, _)| step.retry.as_ref());
        let Some(retry) = retry.filter(|retry| failure.is_met_by(retry)) else { return false };
        let Some(tries) = looping.tries.get(&index).copied() else { return false };
        let address = looping.address.with(Part::Item(index));
        let Some(at) = self.next_try(around, &address, retry, tries) else { return false };
        looping.tries.insert(index, Tries { attempt: tries.attempt + 1, ..tries });
        looping.waiting.insert(index, held);
        self.sleep_item(around, index, address, at);
        true
    }

    /// The wait of an item is over.
    pub(crate) fn item_again(&mut self, around: FrameId, index: u32) {
        let Some(mut looping) = self.run.frames.take_loop(around) else { return };
        if let Some(held) = looping.waiting.remove(&index) {
            self.begin_item(around, &mut looping, index, held);
        }
        self.run.frames.put_loop(around, looping);
    }

    /// All items are over.
    pub(crate) fn loop_done(&mut self, around: FrameId, looping: Looping) -> Next {
        if let Some(value) = looping.left {
            let in_loop =
                self.frame(around).is_some_and(|f| matches!(f.role, Role::Item { .. } | Role::Handler { .. }));
            return self.end(around, if in_loop { End::Left(value) } else { End::Done(Some(value)) });
        }
        if let Some((_, mut failure)) = looping.first {
            failure.result = None;
            if let Some(frame) = self.frame_mut(around) {
                frame.doing = Doing::Steps;
            }
            return self.failed(around, &looping.here, failure);
        }
        let result = looping.result();
        self.done(around, result)
    }
}

/// An element of a list that nobody could judge has this reason where nothing better is known.
pub(crate) fn nobody_knows() -> Held {
    Unknown::new(UnknownKind::Partial, "it is undecided").into()
}
