//! Work for later: `recheck`, `defer`, `cancel`.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use wf_expr::{Code, Written};
use wf_plan::{Answered, FlowId, Part};
use wf_value::{Expose, List, Map, Text, Unknown, UnknownKind, Value};

use crate::effect::Effect;
use crate::ended::SentKind;
use crate::failure::Failure;
use crate::frames::{Doing, Frame, FrameId, StepRef};
use crate::report::short;
use crate::run::Waker;
use crate::start::Writes;
use crate::trace::Decision;
use crate::turn::{Next, Turn};

impl Turn<'_, '_> {
    /// Books one run for all items of the list that are not waiting already. An empty list: nothing.
    #[allow(clippy::too_many_arguments, reason = "the parts of the step")]
    pub(crate) fn recheck_step(
        &mut self,
        id: FrameId,
        here: &StepRef,
        flow: FlowId,
        list: &Written,
        by: Option<&Code>,
        after: &Written,
        with: &[(Text, Written)],
    ) -> Next {
        let address = self.address(id);
        let at = self.at(id, &address);
        let list = match self.value(at, list) {
            Value::List(list) => list,
            Value::Unknown(why) => return self.undecided(id, here, why),
            other => return self.undecided(id, here, operand("what is to be looked at again", "a list", &other, list)),
        };
        let due = match self.value(at, after) {
            Value::Duration(after) => self.now().checked_add(after).unwrap_or(Timestamp::MAX),
            Value::Unknown(why) => return self.undecided(id, here, why),
            other => return self.undecided(id, here, operand("`after`", "a duration", &other, after)),
        };
        let with: Map = with.iter().map(|(name, written)| (name.clone(), self.value(at, written))).collect();
        let with = Value::Map(with);
        if let Some(why) = with.first_unknown() {
            return self.undecided(id, here, why);
        }
        for aside in list.aside() {
            let item = short(&aside.value);
            self.run.report.undecided(address.clone(), item, aside.place.clone(), aside.reason.clone());
        }
        let items = self.keyed(id, &address, &list, by);
        if items.is_empty() {
            return self.passed(id);
        }
        let flow_name = self.unit.module().flow(flow).map_or_else(Text::default, |flow| flow.name.clone());
        let held = self.is_held(id);
        let about = format!("{} items", items.len());
        self.run.report.sent(address.clone(), SentKind::Booking, flow_name.clone(), about.into(), held);
        for (key, item) in &items {
            self.tell_booking(id, &Booking { what: &flow_name, key, at: due, value: item }, held);
        }
        if held {
            return self.later_held(id, &format!("the recheck '{flow_name}'"));
        }
        self.effects.push(Effect::Recheck { address, flow, at: due, items, with });
        self.passed(id)
    }

    /// Items with the keys that tell them apart; one whose key is unknown is undecided.
    fn keyed(&mut self, id: FrameId, address: &wf_plan::Address, list: &List, by: Option<&Code>) -> Vec<(Text, Value)> {
        let mut seen = BTreeSet::new();
        let mut items = Vec::with_capacity(list.len());
        for (i, item) in list.iter().enumerate() {
            let key = match by {
                Some(code) => {
                    let front = [item.clone()];
                    self.code(self.at(id, address).item(&front), code)
                }
                None => item.clone(),
            };
            let key = match key_text(&key) {
                Ok(key) => key,
                Err(why) => {
                    let at = address.with(Part::Item(u32::try_from(i).unwrap_or(u32::MAX)));
                    self.run.report.undecided(at, short(&item), list.place(i), why);
                    continue;
                }
            };
            if seen.insert(key.clone()) {
                items.push((key, item));
            }
        }
        items
    }

    pub(crate) fn defer_step(
        &mut self,
        id: FrameId,
        here: &StepRef,
        task: &Text,
        key: &Written,
        when: Option<&Written>,
        with: &Written,
    ) -> Next {
        let address = self.address(id);
        let at = self.at(id, &address);
        let due = match when.map(|when| (self.value(at, when), when)) {
            None | Some((Value::Null, _)) => self.now(),
            Some((Value::Duration(after), _)) => self.now().checked_add(after).unwrap_or(Timestamp::MAX),
            Some((Value::Time(time), _)) => time.at,
            Some((Value::Unknown(why), _)) => return self.later_unknown(id, here, why, task),
            Some((other, written)) => {
                let why = operand("when it is due", "a duration or a time", &other, written);
                return self.undecided(id, here, why);
            }
        };
        let (key, data) = (self.value(at, key), self.value(at, with));
        let key = match key_text(&key) {
            Ok(key) => key,
            Err(why) => return self.later_unknown(id, here, why, task),
        };
        if let Some(why) = data.first_unknown() {
            return self.later_unknown(id, here, why, task);
        }
        if self.book(id, &Booking { what: task, key: &key, at: due, value: &data }) {
            self.effects.push(Effect::Defer { address, task: task.clone(), key, at: due, data });
            return Next::Wait;
        }
        self.later_held(id, &format!("the task '{task}'"))
    }

    pub(crate) fn cancel_step(&mut self, id: FrameId, here: &StepRef, task: &Text, key: &Written) -> Next {
        let address = self.address(id);
        let key = self.value(self.at(id, &address), key);
        let key = match key_text(&key) {
            Ok(key) => key,
            Err(why) => return self.later_unknown(id, here, why, task),
        };
        if self.book(id, &Booking { what: task, key: &key, at: self.now(), value: &Value::Null }) {
            self.effects.push(Effect::Cancel { address, task: task.clone(), key });
            return Next::Wait;
        }
        self.later_held(id, &format!("calling off the task '{task}'"))
    }

    /// Reports what is booked or called off; false when it is held, else the frame waits for the answer.
    fn book(&mut self, id: FrameId, booking: &Booking<'_>) -> bool {
        let (address, held) = (self.address(id), self.is_held(id));
        let (what, about) = (booking.what.clone(), booking.key.clone());
        self.run.report.sent(address.clone(), SentKind::Booking, what.clone(), about, held);
        self.tell_booking(id, booking, held);
        if !held {
            self.run.waiting.insert(address, Waker::Answer { frame: id, what });
            if let Some(frame) = self.frame_mut(id) {
                frame.doing = Doing::Booking;
            }
        }
        !held
    }

    fn tell_booking(&mut self, id: FrameId, booking: &Booking<'_>, held: bool) {
        let (address, span) = (self.address(id), self.step_span(id));
        self.tell(|| Decision::Booked {
            address,
            span,
            what: booking.what.clone(),
            key: booking.key.clone(),
            at: booking.at,
            value: booking.value.clone(),
            held,
        });
    }

    /// `{booked}` or `{found}`, or why it could not be booked.
    pub(crate) fn booked(&mut self, id: FrameId, answered: Answered) {
        let Some(here) = self.frame(id).and_then(Frame::step) else { return };
        let Some(name) = here.get().map(|step| self.step_name(step)) else { return };
        let Answered { status, body, cause, why } = answered;
        let next = if cause.is_none() && (200..300).contains(&status) {
            self.done(id, body)
        } else {
            let said = cause.clone().unwrap_or_else(|| body.print_lenient());
            let mut failure = Failure::new(self.address(id), name.clone(), format!("{name} was not booked: {said}"));
            (failure.status, failure.cause, failure.why) = (Some(status), cause, why);
            self.failed(id, &here, failure)
        };
        self.resume(id, next);
    }

    /// Bookings that depend on a held write are held as that is.
    fn later_unknown(&mut self, id: FrameId, here: &StepRef, why: Arc<Unknown>, task: &Text) -> Next {
        if why.kind.is_held() && self.is_held(id) {
            return self.later_held(id, &format!("the task '{task}'"));
        }
        self.undecided(id, here, why)
    }

    /// After a held write nothing is booked; under `--dry-run` no task of the shared store is.
    fn is_held(&self, id: FrameId) -> bool {
        let recheck = self
            .frame(id)
            .and_then(Frame::step)
            .is_some_and(|here| here.get().is_some_and(|step| matches!(step.verb, wf_plan::Verb::Recheck { .. })));
        self.tainted(id).is_some() || (!recheck && self.run.start.writes == Writes::DryRun)
    }

    fn later_held(&mut self, id: FrameId, what: &str) -> Next {
        let held = crate::held::held_back(what);
        self.hold(id, &held);
        self.done(id, Value::Unknown(held))
    }
}

/// What is booked, or called off.
struct Booking<'a> {
    what: &'a Text,
    key: &'a Text,
    at: Timestamp,
    value: &'a Value,
}

/// A key as text: texts as they are, all else in its canonical form.
fn key_text(key: &Value) -> Result<Text, Arc<Unknown>> {
    match key {
        Value::Text(text) => Ok(text.clone()),
        Value::Id(id) => Ok(id.to_text()),
        Value::Unknown(why) => Err(why.clone()),
        Value::Null => Err(Unknown::new(UnknownKind::Operand, "the key is null").into()),
        other => match other.canonical(Expose::No) {
            Ok(text) => Ok(text.into()),
            Err(refused) => Err(refused.to_unknown().into()),
        },
    }
}

fn operand(what: &str, expected: &str, value: &Value, written: &Written) -> Arc<Unknown> {
    let reason = format!("{what} is {}, it should be {expected}", value.kind());
    Unknown::new(UnknownKind::Operand, reason).at(Some(written.span)).into()
}
