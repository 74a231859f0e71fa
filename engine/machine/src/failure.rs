//! What went wrong in a step: it failed, or it could not be decided.

use std::sync::{Arc, LazyLock};

use wf_plan::{Address, Block, LoopError, OnError, Step, Verb, Word};
use wf_value::{Map, Shape, Text, Unknown, UnknownKind, Value};

use crate::frames::{Cursor, Doing, FrameId, Role, StepRef};
use crate::leaving::End;
use crate::scope::At;
use crate::turn::{Next, Turn};

/// A step that failed or is undecided: what its `on_error` sees as `error`, what retries look at, what is reported.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The step where it began.
    pub(crate) address: Address,
    /// As people call it: `crm.get_ticket`.
    pub(crate) step: Text,
    pub(crate) status: Option<u16>,
    pub(crate) outcome: Option<Text>,
    /// What a refused call said.
    pub(crate) refusal: Value,
    pub(crate) cause: Option<Text>,
    pub(crate) why: Option<Word>,
    pub(crate) message: Text,
    /// It is undecided, and why.
    pub(crate) unknown: Option<Arc<Unknown>>,
    /// The result that stands when the error is ignored: that of a call.
    pub(crate) result: Option<Value>,
    /// What a connector's action replies with.
    pub(crate) reply: Option<Value>,
    /// It is in the report already: that of an item, of which the loop around failed.
    pub(crate) reported: bool,
}

impl Failure {
    pub(crate) fn new(address: Address, step: impl Into<Text>, message: impl Into<Text>) -> Self {
        Self {
            address,
            step: step.into(),
            status: None,
            outcome: None,
            refusal: Value::Null,
            cause: None,
            why: None,
            message: message.into(),
            unknown: None,
            result: None,
            reply: None,
            reported: false,
        }
    }

    pub(crate) fn undecided(address: Address, step: impl Into<Text>, unknown: Arc<Unknown>) -> Self {
        let mut failure = Self::new(address, step, unknown.sentence());
        failure.unknown = Some(unknown);
        failure
    }

    /// The reason as an unknown: what depends on the step is unknown for it.
    pub(crate) fn as_unknown(&self) -> Arc<Unknown> {
        match &self.unknown {
            Some(unknown) => unknown.clone(),
            None => {
                let unknown = Unknown::new(UnknownKind::Failed, self.message.clone());
                Arc::new(unknown.from_call(Some(self.step.clone()).filter(|step| !step.is_empty())))
            }
        }
    }

    /// `error`: `{step, item, status, outcome, refusal, cause, message}`.
    pub(crate) fn error(&self, item: Value) -> Value {
        static SHAPE: LazyLock<Arc<Shape>> = LazyLock::new(|| {
            let keys = ["step", "item", "status", "outcome", "refusal", "cause", "message"];
            Arc::new(Shape::new(keys.map(Text::from).into()))
        });
        let text = |text: &Option<Text>| text.clone().map_or(Value::Null, Value::Text);
        let values = vec![
            Value::Text(self.step.clone()),
            item,
            self.status.map_or(Value::Null, |status| Value::Int(status.into())),
            text(&self.outcome),
            self.refusal.clone(),
            text(&self.cause),
            Value::Text(self.message.clone()),
        ];
        Map::with_shape(SHAPE.clone(), values).into()
    }
}

impl Turn<'_, '_> {
    /// How people call a step, in reports: its action or flow, else what it does.
    pub(crate) fn step_name(&self, step: &Step) -> Text {
        let flow = |id| self.unit.module().flow(id).map_or_else(Text::default, |flow| flow.name.clone());
        match &step.verb {
            Verb::Call(call) | Verb::Publish(call) => call.action.full_name().clone(),
            Verb::Run { flow: id, .. } | Verb::Recheck { flow: id, .. } => flow(*id),
            Verb::For(each) => format!("for {}", each.var).into(),
            Verb::Defer { task, .. } | Verb::Cancel { task, .. } => task.clone(),
            Verb::Request(request) => format!("{} {}", request.verb, request.template).into(),
            Verb::Metric { metric, .. } => {
                self.unit.module().metrics.get(*metric as usize).map_or_else(Text::default, |m| m.name.clone())
            }
            Verb::Let(_) => "let".into(),
            Verb::Set(_) => "set".into(),
            Verb::Leave(_) => "a reason".into(),
            Verb::Return(_) => "return".into(),
        }
    }

    /// Something that the step of the frame needs is unknown: it ends as held when that is because a write was held back, else it is
    /// undecided.
    pub(crate) fn undecided(&mut self, id: FrameId, here: &StepRef, unknown: Arc<Unknown>) -> Next {
        if unknown.kind.is_held() {
            let address = self.address(id);
            return self.end(id, End::Held { why: unknown, address });
        }
        let name = here.get().map_or_else(Text::default, |step| self.step_name(step));
        let failure = Failure::undecided(self.address(id), name, unknown);
        self.failed(id, here, failure)
    }

    /// The step of the frame failed for good: its `on_error`.
    pub(crate) fn failed(&mut self, id: FrameId, here: &StepRef, failure: Failure) -> Next {
        let Some(step) = here.get() else { return self.end(id, End::Failed(Box::new(failure))) };
        match (&step.on_error, &step.verb) {
            (OnError::Skip, _) => {
                self.report_undecided(&failure);
                self.end(id, End::Skipped { reason: failure.message, file_as: None })
            }
            (OnError::Ignore, _) => {
                self.report_undecided(&failure);
                let value = failure.result.clone().unwrap_or_else(|| Value::Unknown(failure.as_unknown()));
                self.done(id, value)
            }
            (OnError::Block { error, block }, _) => self.begin_block(id, step.id, *error, block, &failure),
            // the block of a loop is for its items, and for the loop itself when nobody knows its items
            (OnError::Fail, Verb::For(each)) => match &each.on_error {
                LoopError::Block { error, block } => self.begin_block(id, step.id, *error, block, &failure),
                _ => self.end(id, End::Failed(Box::new(failure))),
            },
            (OnError::Fail, _) => self.end(id, End::Failed(Box::new(failure))),
        }
    }

    /// The steps of `on_error` come before the next one.
    fn begin_block(&mut self, id: FrameId, result: Option<u16>, error: u16, block: &Block, failure: &Failure) -> Next {
        self.report_undecided(failure);
        let item = self.item_of(id);
        if let Some(frame) = self.frame_mut(id) {
            frame.doing = Doing::Steps;
            if let Some(slot) = result {
                frame.set(slot, Value::Unknown(failure.as_unknown()));
            }
            frame.set(error, failure.error(item));
            frame.cursors.push(Cursor { here: StepRef::first(block), handles: true });
        }
        Next::Go
    }

    /// What is undecided is in the report, also where it ends nothing.
    pub(crate) fn report_undecided(&mut self, failure: &Failure) {
        if let (Some(why), false) = (&failure.unknown, failure.reported) {
            self.run.report.undecided(failure.address.clone(), Text::default(), Text::default(), why.clone());
        }
    }

    /// The item of the innermost loop around; null outside of loops.
    pub(crate) fn item_of(&self, id: FrameId) -> Value {
        let mut at = Some(id);
        while let Some(frame) = at.and_then(|id| self.frame(id)) {
            if let Role::Item { .. } = frame.role {
                return frame.slots.first().cloned().unwrap_or_default();
            }
            at = frame.role.parent();
        }
        Value::Null
    }

    pub(crate) fn at<'a>(&self, id: FrameId, address: &'a Address) -> At<'a> {
        At::frame(id, address)
    }
}
