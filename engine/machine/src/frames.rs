//! Frames: what is under way. A flow that was called, an item of a loop, the block that looks after a failed item.
//!
//! A frame has the names of its body in slots, one place in its steps, and one thing that it does. Nothing here refers to the stack of
//! the machine: a run of ten thousand items is as deep as its plan.

use std::sync::Arc;

use wf_plan::{Address, Block, FlowId, Step};
use wf_value::{Unknown, Value};

use crate::calls::Asked;
use crate::loops::Looping;
use crate::retries::Tries;

/// Place of a frame among those of its run. Used again when the frame is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FrameId(u32);

#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) slots: Vec<Value>,
    /// The slot that `attempt` stands in, where somebody reads it.
    pub(crate) attempt_slot: Option<u16>,
    /// The frame whose names are visible, too: that around a loop. A flow sees only its own.
    pub(crate) scope: Option<FrameId>,
    pub(crate) role: Role,
    pub(crate) flow: FlowId,
    /// What the addresses of its steps begin with.
    pub(crate) address: Address,
    /// Its body, and on it the `on_error` blocks that are being done.
    pub(crate) cursors: Vec<Cursor>,
    pub(crate) doing: Doing,
    pub(crate) attempt: u32,
    pub(crate) depth: u32,
    /// A write of it was held back, or one that it depends on.
    pub(crate) held: Option<Arc<Unknown>>,
}

/// Whom it tells of its end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    /// The run.
    Root,
    /// The frame whose step called the flow.
    Flow { caller: FrameId },
    /// The frame in which the loop stands.
    Item { around: FrameId, index: u32 },
    /// `on_error` of a loop, for one item.
    Handler { around: FrameId, index: u32 },
}

impl Role {
    pub(crate) fn parent(self) -> Option<FrameId> {
        match self {
            Self::Root => None,
            Self::Flow { caller: frame } | Self::Item { around: frame, .. } | Self::Handler { around: frame, .. } => {
                Some(frame)
            }
        }
    }
}

/// A place in a block.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    pub(crate) here: StepRef,
    /// It is the `on_error` block of the step that the cursor below stands at.
    pub(crate) handles: bool,
}

/// A step of the plan, held without borrowing the plan.
#[derive(Clone, Debug)]
pub(crate) struct StepRef {
    steps: Arc<[Step]>,
    at: usize,
}

impl StepRef {
    pub(crate) fn first(block: &Block) -> Self {
        Self { steps: block.steps.clone(), at: 0 }
    }

    /// No step: of an item that is nothing but a flow.
    pub(crate) fn none() -> Self {
        Self::first(&Block::default())
    }

    /// `None` behind the last step.
    pub(crate) fn get(&self) -> Option<&Step> {
        self.steps.get(self.at)
    }

    fn advance(&mut self) {
        self.at += 1;
    }
}

/// What a frame does.
#[derive(Debug)]
pub(crate) enum Doing {
    /// Step after step; it waits for nothing.
    Steps,
    /// A call was sent, or waits for its next try.
    Call(Box<Asked>),
    /// A flow runs for the step, or waits for its next try. `whole`: the flow is all that this item does.
    Flow {
        tries: Tries,
        whole: bool,
    },
    Loop(Box<Looping>),
    /// `defer` or `cancel` was asked for.
    Booking,
    /// A request of a connector was sent.
    Request,
}

impl Frame {
    /// The step that is being done.
    pub(crate) fn step(&self) -> Option<StepRef> {
        self.cursors.last().map(|cursor| cursor.here.clone())
    }

    pub(crate) fn advance(&mut self) {
        if let Some(cursor) = self.cursors.last_mut() {
            cursor.here.advance();
        }
    }

    pub(crate) fn set(&mut self, slot: u16, value: Value) {
        let slot = usize::from(slot);
        if self.slots.len() <= slot {
            self.slots.resize(slot + 1, Value::Null);
        }
        self.slots[slot] = value;
    }
}

/// All frames of a run.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    all: Vec<Option<Frame>>,
    free: Vec<u32>,
}

impl Frames {
    pub(crate) fn insert(&mut self, frame: Frame) -> FrameId {
        if let Some(place) = self.free.pop() {
            self.all[place as usize] = Some(frame);
            return FrameId(place);
        }
        self.all.push(Some(frame));
        FrameId(u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX))
    }

    pub(crate) fn get(&self, id: FrameId) -> Option<&Frame> {
        self.all.get(id.0 as usize)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, id: FrameId) -> Option<&mut Frame> {
        self.all.get_mut(id.0 as usize)?.as_mut()
    }

    pub(crate) fn remove(&mut self, id: FrameId) -> Option<Frame> {
        let frame = self.all.get_mut(id.0 as usize)?.take()?;
        self.free.push(id.0);
        Some(frame)
    }

    /// Frames that exist.
    pub(crate) fn len(&self) -> usize {
        self.all.len() - self.free.len()
    }

    /// The loop that the frame does, taken out of it; who takes it puts it back.
    pub(crate) fn take_loop(&mut self, id: FrameId) -> Option<Box<Looping>> {
        let frame = self.get_mut(id)?;
        match std::mem::replace(&mut frame.doing, Doing::Steps) {
            Doing::Loop(looping) => Some(looping),
            other => {
                frame.doing = other;
                None
            }
        }
    }

    pub(crate) fn put_loop(&mut self, id: FrameId, looping: Box<Looping>) {
        if let Some(frame) = self.get_mut(id) {
            frame.doing = Doing::Loop(looping);
        }
    }
}
