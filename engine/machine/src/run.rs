//! A run: begun, fed with events, over.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use wf_plan::Address;
use wf_value::{Text, Value};

use crate::effect::Effect;
use crate::ended::{EndedHow, Report};
use crate::event::{Event, What};
use crate::frames::{Cursor, Doing, Frame, FrameId, Frames, Role, StepRef};
use crate::pools::PoolState;
use crate::report::Reporting;
use crate::start::{Start, Unit};
use crate::trace::{Decision, Tracer};
use crate::turn::Turn;

/// One run of a flow, somewhere between its start and its end.
///
/// It is fed one event after the other; each gives effects, in order. Fed the same events again it gives the same effects.
#[derive(Debug)]
pub struct Run {
    unit: Unit,
    pub(crate) start: Start,
    pub(crate) frames: Frames,
    /// Frames that have something to do, in the order in which they got it.
    pub(crate) ready: VecDeque<FrameId>,
    /// Who waits for what, by the address that the event will name.
    pub(crate) waiting: BTreeMap<Address, Waker>,
    pub(crate) pools: BTreeMap<u32, PoolState>,
    pub(crate) report: Reporting,
    /// `{status, body}` of the last request: the reply of a connector's action that returns nothing else.
    pub(crate) last_reply: Option<Value>,
    pub(crate) now: Timestamp,
    pub(crate) over: bool,
}

/// Who goes on when an event comes.
#[derive(Clone, Debug)]
pub(crate) enum Waker {
    Answer {
        frame: FrameId,
        what: Text,
    },
    Timer {
        frame: FrameId,
        at: Timestamp,
    },
    /// An item of a loop, before its next try.
    Item {
        around: FrameId,
        index: u32,
        at: Timestamp,
    },
}

/// What an address waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// The answer to a call, request or booking of that name.
    Answer(Text),
    Timer(Timestamp),
}

impl Run {
    /// Begins a run of a flow of the unit.
    pub fn start(unit: Unit, start: Start, tracer: Option<&mut dyn Tracer>) -> (Self, Vec<Effect>) {
        let now = start.at;
        let mut run = Self {
            unit,
            start,
            frames: Frames::default(),
            ready: VecDeque::new(),
            waiting: BTreeMap::new(),
            pools: BTreeMap::new(),
            report: Reporting::default(),
            last_reply: None,
            now,
            over: false,
        };
        let effects = run.turn(tracer, |turn| turn.begin());
        (run, effects)
    }

    /// Takes an event. One that nobody waits for (any more) gives no effects.
    pub fn feed(&mut self, event: Event, tracer: Option<&mut dyn Tracer>) -> Vec<Effect> {
        if self.over && !matches!(event.what, What::Lost { .. }) {
            return Vec::new();
        }
        // a clock that was set back does not turn the run's time back
        self.now = self.now.max(event.at);
        self.turn(tracer, |turn| turn.take(event.what))
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Everything the run waits for.
    #[must_use]
    pub fn waiting(&self) -> Vec<(Address, WaitsFor)> {
        let waits = |waker: &Waker| match waker {
            Waker::Answer { what, .. } => WaitsFor::Answer(what.clone()),
            Waker::Timer { at, .. } | Waker::Item { at, .. } => WaitsFor::Timer(*at),
        };
        self.waiting.iter().map(|(address, waker)| (address.clone(), waits(waker))).collect()
    }

    /// What was decided so far: for a display while it runs.
    #[must_use]
    pub fn report(&self) -> &Report {
        self.report.so_far()
    }

    /// Flows, items and blocks that are under way: what the run takes in memory goes with it.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.frames.len()
    }

    #[must_use]
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    fn turn(&mut self, tracer: Option<&mut dyn Tracer>, begin: impl FnOnce(&mut Turn<'_, '_>)) -> Vec<Effect> {
        let unit = self.unit.clone();
        let mut turn = Turn { run: self, unit, tracer, effects: Vec::new() };
        begin(&mut turn);
        turn.work();
        turn.effects
    }
}

impl Turn<'_, '_> {
    fn begin(&mut self) {
        let unit = self.unit.clone();
        let start = self.run.start.clone();
        let Some(flow) = unit.module().flow(start.flow) else {
            let reason = format!("flow {} is not there", start.flow.0).into();
            let address = Address::default();
            self.over(EndedHow::Failed { reason, address, status: None, outcome: None, why: None }, None);
            return;
        };
        let root = self.new_frame(
            &flow.frame,
            Frame {
                slots: Vec::new(),
                attempt_slot: None,
                scope: None,
                role: Role::Root,
                flow: start.flow,
                address: Address::default(),
                cursors: vec![Cursor { here: StepRef::first(&flow.body), handles: false }],
                doing: Doing::Steps,
                attempt: start.attempt.max(1),
                depth: 0,
                held: None,
            },
        );
        let given = flow.inputs.iter().filter_map(|input| {
            start.inputs.iter().find(|(name, _)| *name == input.name).map(|(_, value)| (input.slot, value.clone()))
        });
        self.hand_in(root, flow, given.collect());
        self.ready(root);
    }

    fn take(&mut self, what: What) {
        match what {
            What::Answered { address, answered } => {
                if let Some(Waker::Answer { .. }) = self.run.waiting.get(&address)
                    && let Some(Waker::Answer { frame, .. }) = self.run.waiting.remove(&address)
                {
                    match self.frame(frame).map(|frame| &frame.doing) {
                        Some(Doing::Call(_)) => self.answered(frame, answered),
                        Some(Doing::Booking) => self.booked(frame, answered),
                        Some(Doing::Request) => self.replied(frame, answered),
                        _ => {}
                    }
                }
            }
            What::Due { address } => match self.run.waiting.get(&address).cloned() {
                Some(Waker::Timer { frame, .. }) => {
                    self.run.waiting.remove(&address);
                    match self.frame(frame).map(|frame| &frame.doing) {
                        Some(Doing::Call(_)) => self.call_again(frame),
                        Some(Doing::Flow { tries, .. }) => self.flow_again(frame, *tries),
                        _ => {}
                    }
                }
                Some(Waker::Item { around, index, .. }) => {
                    self.run.waiting.remove(&address);
                    self.item_again(around, index);
                }
                Some(Waker::Answer { .. }) | None => {}
            },
            What::Lost { address, cause } => {
                self.tell(|| Decision::Lost { address: address.clone(), cause: cause.clone() });
                self.run.report.lost(&address, cause);
            }
            What::Cancelled { reason } => {
                for (address, _) in std::mem::take(&mut self.run.waiting) {
                    self.effects.push(Effect::Forget { address });
                }
                self.over(EndedHow::Cancelled { reason }, None);
            }
        }
    }
}
