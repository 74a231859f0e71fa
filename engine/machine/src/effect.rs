//! What the host is to do.

use std::sync::Arc;

use jiff::Timestamp;
use wf_expr::{Slot, Vars};
use wf_plan::{Action, Address, FlowId, LoopBody, LoopError, MetricKind, OnError, Request, Verb};
use wf_value::{Text, Value};

use crate::Ended;

/// One thing to do. Everything but `Ended` names the address of the step that asks.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Ask and answer with `What::Answered`; nothing within `timeout_ms`: the host answers with a cause. Each try of a call is such an
    /// effect of its own, with the same address, id and body.
    Call {
        address: Address,
        request_id: String,
        action: Arc<Action>,
        body: Value,
        timeout_ms: i64,
    },
    /// Send, nothing expected.
    Publish {
        address: Address,
        request_id: String,
        action: Arc<Action>,
        body: Value,
    },
    /// Connectors only: ask the vendor, judge and map its answer in the scope, and answer with `What::Answered`.
    Request {
        address: Address,
        request: RequestRef,
        scope: Scope,
    },
    /// Answer with `What::Due` at that time.
    Timer {
        address: Address,
        at: Timestamp,
    },
    /// Nobody waits for this timer or call any more.
    Forget {
        address: Address,
    },
    /// Book a recheck: a run of `flow` at `at` with the items; items booked already are left out by the host.
    Recheck {
        address: Address,
        flow: FlowId,
        at: Timestamp,
        items: Vec<(Text, Value)>,
        with: Value,
    },
    /// Book a named task; answered with a body `{booked}`.
    Defer {
        address: Address,
        task: Text,
        key: Text,
        at: Timestamp,
        data: Value,
    },
    /// Call it off; answered with a body `{found}`.
    Cancel {
        address: Address,
        task: Text,
        key: Text,
    },
    Metric {
        address: Address,
        name: Text,
        kind: MetricKind,
        labels: Vec<(Text, Text)>,
        value: f64,
    },
    /// Replaces all series of a gauge.
    Gauges {
        address: Address,
        name: Text,
        rows: Vec<(Vec<(Text, Text)>, f64)>,
    },
    /// The run is over; nothing follows.
    Ended(Box<Ended>),
}

/// A request step of the run's own module, found by flow and step: see [`RequestRef::get`].
#[derive(Clone, Debug)]
pub struct RequestRef {
    pub unit: crate::Unit,
    pub flow: FlowId,
    pub step: wf_plan::StepId,
}

impl RequestRef {
    /// The request as it is written; `None` only when unit and step do not belong together.
    #[must_use]
    pub fn get(&self) -> Option<&Request> {
        let mut blocks = vec![&self.unit.module().flow(self.flow)?.body];
        while let Some(block) = blocks.pop() {
            for step in block.steps.iter() {
                match &step.verb {
                    Verb::Request(request) if step.number == self.step => return Some(request),
                    Verb::For(each) => {
                        if let LoopBody::Steps(body) = &each.body {
                            blocks.push(body);
                        }
                        if let LoopError::Block { block, .. } = &each.on_error {
                            blocks.push(block);
                        }
                    }
                    _ => {}
                }
                if let OnError::Block { block, .. } = &step.on_error {
                    blocks.push(block);
                }
            }
        }
        None
    }
}

/// The names that a request's expressions see: the frames of its step, innermost first, as they were.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub frames: Vec<Vec<Value>>,
}

impl Scope {
    /// Sets a slot of the innermost frame: `answer`, `page`, `read`.
    pub fn set(&mut self, slot: u16, value: Value) {
        if self.frames.is_empty() {
            self.frames.push(Vec::new());
        }
        if let Some(frame) = self.frames.first_mut() {
            if frame.len() <= slot as usize {
                frame.resize(slot as usize + 1, Value::Null);
            }
            frame[slot as usize] = value;
        }
    }
}

impl Vars for Scope {
    fn slot(&self, slot: Slot) -> Option<&Value> {
        self.frames.get(slot.up as usize).and_then(|f| f.get(slot.index as usize))
    }
}
