//! Loops: which items there are, which of them are under way.

use std::collections::BTreeMap;

use wf_expr::Truth;
use wf_plan::{Address, Loop, LoopBody, LoopError, Parallel, Part, Step, Verb};
use wf_value::{List, SetAside, Text, Unknown, UnknownKind, Value};

use crate::ended::ItemEnd;
use crate::failure::Failure;
use crate::frames::{Cursor, Doing, Frame, FrameId, Role, StepRef};
use crate::held::Held;
use crate::report::LoopId;
use crate::results::Kept;
use crate::retries::Tries;
use crate::scope::Asks;
use crate::trace::Decision;
use crate::turn::{Next, Turn};

/// A loop under way. Of an item that is over only its [`ItemEnd`] is left, and what it collected.
#[derive(Debug)]
pub(crate) struct Looping {
    pub(crate) here: StepRef,
    pub(crate) address: Address,
    pub(crate) list: List,
    /// One for each element of the list, then one for each that was set aside.
    pub(crate) ends: Vec<ItemEnd>,
    /// Items that could not be decided before the first one began.
    pub(crate) early: BTreeMap<u32, Failure>,
    /// The next one to begin.
    next: u32,
    /// Items and `on_error` blocks under way.
    pub(crate) running: u32,
    cap: u32,
    /// The pool that its items take their places from.
    pub(crate) pool: Option<u32>,
    /// No further item begins.
    pub(crate) stopping: bool,
    /// `on_error: fail`: the first error in the order of the list.
    pub(crate) first: Option<(u32, Failure)>,
    /// `return` inside an item.
    pub(crate) left: Option<Value>,
    /// What was held back before the loop began: its items begin so.
    pub(crate) held: Option<Held>,
    /// Items that may be tried again.
    pub(crate) tries: BTreeMap<u32, Tries>,
    /// What is held of items that wait for their next try.
    pub(crate) waiting: BTreeMap<u32, Option<Held>>,
    pub(crate) report: LoopId,
    /// `None`: nobody reads its result.
    pub(crate) kept: Option<Kept>,
}

impl Looping {
    pub(crate) fn each(here: &StepRef) -> Option<(&Step, &Loop)> {
        match here.get() {
            Some(step) => match &step.verb {
                Verb::For(each) => Some((step, each)),
                _ => None,
            },
            None => None,
        }
    }

    /// An item as it came.
    fn value(&self, index: u32) -> Value {
        let aside = || self.aside(index).map(|aside| aside.value.clone());
        self.list.get(index as usize).or_else(aside).unwrap_or_default()
    }

    /// An item as it came, and where it stood.
    pub(crate) fn item(&self, index: u32) -> (Value, Text) {
        let place = match self.aside(index) {
            Some(aside) => aside.place.clone(),
            None => self.list.place(index as usize),
        };
        (self.value(index), place)
    }

    fn aside(&self, index: u32) -> Option<&SetAside> {
        self.list.aside().get((index as usize).checked_sub(self.list.len())?)
    }

    pub(crate) fn set_end(&mut self, index: u32, end: ItemEnd) {
        if let Some(place) = self.ends.get_mut(index as usize) {
            *place = end;
        }
    }
}

impl Turn<'_, '_> {
    pub(crate) fn for_step(&mut self, id: FrameId, here: &StepRef, each: &Loop) -> Next {
        let address = self.address(id);
        if self.is_deep(id) {
            return self.broken(id, "loops and flows stand too deep in one another".into());
        }
        let list = match self.value(self.at(id, &address), &each.list) {
            Value::List(list) => list,
            Value::Unknown(why) => return self.undecided(id, here, why),
            other => {
                let reason = format!("what the loop goes over is {}, it should be a list", other.kind());
                let why = Unknown::new(UnknownKind::Operand, reason).at(Some(each.list.span));
                return self.undecided(id, here, why.into());
            }
        };
        let (cap, pool) = match self.cap(id, &address, &each.parallel) {
            Ok(cap) => cap,
            Err(why) => return self.undecided(id, here, why),
        };
        let Some(step) = here.get() else { return Next::Wait };
        let total = list.len() + list.aside().len();
        let mut looping = Box::new(Looping {
            here: here.clone(),
            ends: vec![ItemEnd::NotBegun; total],
            early: BTreeMap::new(),
            next: 0,
            running: 0,
            cap,
            pool,
            stopping: false,
            first: None,
            left: None,
            held: self.tainted(id),
            tries: BTreeMap::new(),
            waiting: BTreeMap::new(),
            report: self.run.report.begin_loop(step.number, each, total as u64),
            kept: step.id.map(|_| Kept::default()),
            address,
            list,
        });
        self.sift(id, &mut looping, step, each);
        if matches!(each.on_error, LoopError::Fail) {
            // what is known to fail before the first item begins: then none begins
            for (index, failure) in std::mem::take(&mut looping.early) {
                self.item_failed(id, &mut looping, index, failure, None);
            }
        }
        self.run.frames.put_loop(id, looping);
        self.loop_on(id)
    }

    /// `where`, once for each element before the first item begins.
    fn sift(&mut self, id: FrameId, looping: &mut Looping, step: &Step, each: &Loop) {
        let count = looping.list.len();
        if let Some(code) = &each.filter {
            for index in 0..u32::try_from(count).unwrap_or(u32::MAX) {
                let front = [looping.list.get(index as usize).unwrap_or_default()];
                let item = || looping.address.with(Part::Item(index));
                // only who explains is told where it stands
                let address = if self.tracer.is_some() { item() } else { Address::default() };
                let at = self.at(id, &address).item(&front);
                match self.truth(at, Asks { code, what: "where", step: step.number, reason: None }) {
                    Truth::Yes => {}
                    Truth::No => {
                        looping.set_end(index, ItemEnd::LeftOut);
                        self.run.report.left_out(looping.report);
                    }
                    Truth::Unknown(why) => {
                        let address = item();
                        self.known_early(looping, index, address, why);
                    }
                }
            }
        }
        for k in 0..looping.list.aside().len() {
            let Ok(index) = u32::try_from(count + k) else { break };
            let Some(why) = looping.list.aside().get(k).map(|aside| aside.reason.clone()) else { break };
            let address = looping.address.with(Part::Item(index));
            self.known_early(looping, index, address, why);
        }
    }

    fn known_early(&mut self, looping: &mut Looping, index: u32, address: Address, why: Held) {
        if why.kind.is_held() {
            self.item_held(looping, index, why);
            return;
        }
        let name = Looping::each(&looping.here).map_or_else(Text::default, |(step, _)| self.step_name(step));
        looping.early.insert(index, Failure::undecided(address, name, why));
    }

    /// How many items at a time, and the pool they take their places from.
    fn cap(&mut self, id: FrameId, address: &Address, parallel: &Parallel) -> Result<(u32, Option<u32>), Held> {
        match parallel {
            Parallel::One => Ok((1, None)),
            Parallel::Yes => Ok((self.run.start.limits.parallel.max(1), None)),
            Parallel::Count(written) => {
                let value = self.value(self.at(id, address), written);
                Ok((at_least_one(value, "parallel")?, None))
            }
            Parallel::Pool(pool) => {
                let size = self.pool_size(*pool)?;
                // an item that waits for an inner loop lends its place to it
                if self.is_inside_pool(id, *pool) { Ok((1, None)) } else { Ok((size, Some(*pool))) }
            }
        }
    }

    /// Begins what may begin; when nothing is under way and nothing left, the loop is over.
    pub(crate) fn loop_on(&mut self, around: FrameId) -> Next {
        let Some(mut looping) = self.run.frames.take_loop(around) else { return Next::Wait };
        while !looping.stopping && looping.running < looping.cap && (looping.next as usize) < looping.ends.len() {
            let index = looping.next;
            if !matches!(looping.ends.get(index as usize), Some(ItemEnd::NotBegun)) {
                looping.next += 1;
            } else if let Some(failure) = looping.early.remove(&index) {
                looping.next += 1;
                self.item_failed(around, &mut looping, index, failure, None);
            } else if looping.pool.is_some_and(|pool| !self.take_place(pool, around)) {
                break;
            } else {
                looping.next += 1;
                looping.running += 1;
                let held = looping.held.clone();
                self.begin_item(around, &mut looping, index, held);
            }
        }
        let over = looping.running == 0 && (looping.stopping || looping.next as usize >= looping.ends.len());
        if over {
            return self.loop_done(around, *looping);
        }
        self.run.frames.put_loop(around, looping);
        Next::Wait
    }

    /// Makes the frame of an item; its steps begin when it is its turn.
    pub(crate) fn begin_item(&mut self, around: FrameId, looping: &mut Looping, index: u32, held: Option<Held>) {
        let Some((step, each)) = Looping::each(&looping.here) else { return };
        let Some((depth, attempt, flow)) = self.frame(around).map(|f| (f.depth + 1, f.attempt, f.flow)) else { return };
        let value = looping.value(index);
        let mut address = looping.address.with(Part::Item(index));
        let mut attempt = attempt;
        if step.retry.is_some() {
            let now = self.now();
            let tries = looping.tries.entry(index).or_insert(Tries { attempt: 1, first: now });
            attempt = tries.attempt;
            if tries.attempt > 1 {
                address = address.with(Part::Attempt(tries.attempt));
            }
        }
        self.tell(|| Decision::Item {
            address: address.clone(),
            step: step.number,
            var: each.var.clone(),
            value: value.clone(),
        });
        let body = match &each.body {
            LoopBody::Steps(block) => StepRef::first(block),
            LoopBody::Run { .. } => StepRef::none(),
        };
        let item = self.new_frame(
            &each.item,
            Frame {
                slots: vec![value],
                attempt_slot: None,
                scope: Some(around),
                role: Role::Item { around, index },
                flow,
                address,
                cursors: vec![Cursor { here: body, handles: false }],
                doing: Doing::Steps,
                attempt,
                depth,
                held,
            },
        );
        self.ready(item);
    }
}

/// A number of items at a time.
pub(crate) fn at_least_one(value: Value, what: &str) -> Result<u32, Held> {
    let reason = match &value {
        Value::Unknown(why) => return Err(why.clone()),
        other => match other.as_int() {
            Some(n) if n >= 1 => return Ok(u32::try_from(n).unwrap_or(u32::MAX)),
            Some(n) => format!("{what} is {n}, it should be 1 or more"),
            None => format!("{what} is {}, it should be a whole number", other.kind()),
        },
    };
    Err(Unknown::new(UnknownKind::Operand, reason).into())
}
