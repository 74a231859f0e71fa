//! Ways out: guards, `return`, and what the end of a frame means to the one around it.

use wf_expr::{Truth, Written};
use wf_plan::{Address, Leave, LeaveKind, StepId};
use wf_value::{Text, Value};

use crate::effect::Effect;
use crate::ended::{Ended, EndedHow};
use crate::failure::Failure;
use crate::frames::{FrameId, Role, StepRef};
use crate::held::Held;
use crate::scope::Asks;
use crate::start::Unit;
use crate::trace::Decision;
use crate::turn::{Next, Turn};

/// How a frame ended.
#[derive(Debug)]
pub(crate) enum End {
    /// With what it returned or collected.
    Done(Option<Value>),
    /// `return` in an item: leaves its loop and the flow around it.
    Left(Value),
    Skipped {
        reason: Text,
        file_as: Option<Text>,
    },
    /// As skipped, and no further item begins.
    Stopped {
        reason: Text,
        file_as: Option<Text>,
    },
    /// Failed or undecided.
    Failed(Box<Failure>),
    /// It needs what was held back.
    Held {
        why: Held,
        address: Address,
    },
}

impl End {
    pub(crate) fn words(&self) -> Text {
        match self {
            Self::Done(_) | Self::Left(_) => "done".into(),
            Self::Skipped { reason, .. } => format!("skipped: {reason}").into(),
            Self::Stopped { reason, .. } => format!("stopped: {reason}").into(),
            Self::Failed(failure) if failure.unknown.is_some() => format!("undecided: {}", failure.message).into(),
            Self::Failed(failure) => format!("failed: {}", failure.message).into(),
            Self::Held { why, .. } => format!("held: {}", why.reason).into(),
        }
    }
}

impl Turn<'_, '_> {
    /// `skip`, `stop`, `fail`: the first reason that holds.
    pub(crate) fn leave(&mut self, id: FrameId, here: &StepRef, number: StepId, leave: &Leave) -> Next {
        let address = self.address(id);
        let what = match leave.kind {
            LeaveKind::Skip => "skip",
            LeaveKind::Stop => "stop",
            LeaveKind::Fail => "fail",
        };
        for reason in &leave.reasons {
            let truth = match &reason.condition {
                None => Truth::Yes,
                Some(code) => {
                    let asks = Asks { code, what, step: number, reason: Some(&reason.text) };
                    self.truth(self.at(id, &address), asks)
                }
            };
            match truth {
                Truth::No => {}
                Truth::Unknown(why) => return self.undecided(id, here, why),
                Truth::Yes => {
                    let words = self.words(self.at(id, &address), &reason.text);
                    return self.left_by(id, leave, words);
                }
            }
        }
        self.passed(id)
    }

    fn left_by(&mut self, id: FrameId, leave: &Leave, reason: Text) -> Next {
        let file_as = leave.file_as.clone();
        let in_loop = self.frame(id).is_some_and(|f| matches!(f.role, Role::Item { .. } | Role::Handler { .. }));
        match leave.kind {
            LeaveKind::Stop if in_loop => self.end(id, End::Stopped { reason, file_as }),
            LeaveKind::Skip | LeaveKind::Stop => self.end(id, End::Skipped { reason, file_as }),
            // whoever says `fail` means it: `on_error` of the flow's defaults does not take it back
            LeaveKind::Fail => {
                let failure = Failure::new(self.address(id), Text::default(), reason);
                self.end(id, End::Failed(Box::new(failure)))
            }
        }
    }

    pub(crate) fn returns(&mut self, id: FrameId, value: Option<&Written>) -> Next {
        let address = self.address(id);
        let value = value.map_or(Value::Null, |written| self.value(self.at(id, &address), written));
        let in_loop = self.frame(id).is_some_and(|f| matches!(f.role, Role::Item { .. } | Role::Handler { .. }));
        self.end(id, if in_loop { End::Left(value) } else { End::Done(Some(value)) })
    }

    /// The frame is over: whoever is around it hears of it.
    pub(crate) fn end(&mut self, id: FrameId, end: End) -> Next {
        let Some(frame) = self.run.frames.remove(id) else { return Next::Wait };
        match frame.role {
            Role::Root => self.run_ended(end),
            Role::Flow { caller } => {
                let flow = self.unit.module().flow(frame.flow).map_or_else(Text::default, |flow| flow.name.clone());
                self.tell(|| Decision::FlowEnded {
                    address: frame.address.clone(),
                    flow,
                    how: end.words(),
                    value: match &end {
                        End::Done(Some(value)) | End::Left(value) => value.clone(),
                        _ => Value::Null,
                    },
                });
                self.flow_ended(caller, end);
            }
            Role::Item { around, index } => self.item_ended(around, index, frame, end),
            Role::Handler { around, index } => self.handler_ended(around, index, end),
        }
        Next::Wait
    }

    fn run_ended(&mut self, end: End) {
        let words = end.words();
        self.tell(|| Decision::RunEnded { how: words });
        let mut reply = None;
        let how = match end {
            End::Done(value) => {
                reply = value;
                EndedHow::Well
            }
            End::Left(value) => {
                reply = Some(value);
                EndedHow::Well
            }
            End::Skipped { reason, .. } | End::Stopped { reason, .. } => {
                self.run.report.skip(&reason);
                EndedHow::Skipped { reason }
            }
            End::Failed(failure) => {
                self.report_undecided(&failure);
                let Failure { address, message, unknown, reply: of_request, status, outcome, why: word, .. } = *failure;
                reply = of_request;
                match unknown {
                    Some(why) => EndedHow::Undecided { why, address },
                    None => EndedHow::Failed { reason: message, address, status, outcome, why: word },
                }
            }
            End::Held { why, address } => EndedHow::Held { why, address },
        };
        if matches!(self.unit, Unit::Connector(..)) && matches!(how, EndedHow::Well | EndedHow::Skipped { .. }) {
            reply = reply.or_else(|| self.run.last_reply.take());
        }
        self.over(how, reply);
    }

    /// Nothing follows.
    pub(crate) fn over(&mut self, how: EndedHow, returned: Option<Value>) {
        self.run.over = true;
        self.run.ready.clear();
        let report = self.run.report.take();
        self.effects.push(Effect::Ended(Box::new(Ended { how, returned, report })));
    }
}
