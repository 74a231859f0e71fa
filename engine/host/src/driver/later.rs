//! What a run books for later.

use jiff::Timestamp;
use wf_plan::{Answered, FlowId};
use wf_value::{List, Map, Text, Value};

use super::Shared;
use super::calls::none;
use crate::ports::{Answer, Asker, Booking, LaterError, Task};
use crate::record::write_value;
use crate::workflow::Workflow;

/// A recheck as the machine asks for it.
pub(super) struct Recheck {
    pub(super) flow: FlowId,
    pub(super) due: Timestamp,
    pub(super) items: Vec<(Text, Value)>,
    pub(super) with: Value,
}

/// Books a recheck; gives the keys of the items that were free, as a value.
pub(super) async fn recheck(
    shared: &Shared,
    workflow: &Workflow,
    by: Asker,
    recheck: Recheck,
) -> Result<Value, LaterError> {
    let Recheck { flow, due, items, with } = recheck;
    let flow = workflow.plan.module.flow(flow).map(|f| f.name.to_string()).unwrap_or_default();
    let booking = Booking {
        id: 0,
        workflow: workflow.name(),
        plan: workflow.plan.hash.to_string(),
        scope: format!("{flow} {}", blake3::hash(&write_value(&with)).to_hex()),
        flow,
        due,
        items,
        with,
        booked_by: by.run,
        step: by.step,
    };
    let _busy = shared.ports.clock.busy();
    let booked = shared.ports.bookings.book(booking).await?;
    Ok(booked.into_iter().map(Value::Text).collect::<List>().into())
}

/// Books a named task; the answer is `{booked}`, or says what is wrong with its data.
pub(super) async fn defer(shared: &Shared, task: Task, by: Asker) -> (Answer, Answered) {
    if let Some(refusal) = shared.tasks.refuse(&task.kind, &task.data) {
        return answer(400, refusal.into());
    }
    let _busy = shared.ports.clock.busy();
    told("booked", shared.ports.tasks.book(task, Some(by)).await)
}

/// Calls a named task off; the answer is `{found}`.
pub(super) async fn cancel(shared: &Shared, kind: &str, key: &str, by: Asker) -> (Answer, Answered) {
    let _busy = shared.ports.clock.busy();
    told("found", shared.ports.tasks.cancel(kind, key, Some(by)).await)
}

fn told(name: &str, done: Result<bool, LaterError>) -> (Answer, Answered) {
    match done {
        Ok(done) => answer(200, [(Text::from(name), Value::Bool(done))].into_iter().collect::<Map>().into()),
        Err(error) => none(wf_plan::Word::NoConnection, error.to_string()),
    }
}

/// An answer of the engine's own, in the form in which replies come: the journal keeps it like these.
fn answer(status: u16, body: Value) -> (Answer, Answered) {
    match crate::envelope::write_reply(wf_plan::Envelope::Body, None, status, &body) {
        Ok(reply) => (Answer::Reply(reply), Answered::new(status, body)),
        Err(error) => none(wf_plan::Word::Unusable, error.to_string()),
    }
}
