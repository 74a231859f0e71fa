//! Rechecks: booked runs, begun when they are due.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use wf_plan::{FlowId, RunId};
use wf_value::{List, Map, Text, Value};

use crate::engine::{Begin, Engine, Finished};
use crate::ports::{Booking, BookingId, LaterError};
use crate::workflow::Workflow;

/// The wait before bookings are looked at again that could not be had.
const PAUSE: Duration = Duration::from_secs(5);

/// Begins rechecks as they fall due, until it is dropped.
pub(crate) async fn watch_bookings(engine: Engine) {
    let clock = engine.ports().clock.clone();
    loop {
        let changed = engine.inner.shared.booked.notified();
        let next = {
            let _busy = clock.busy();
            engine.ports().bookings.next_due().await
        };
        match next {
            Ok(None) => changed.await,
            Ok(Some(due)) => {
                tokio::select! {
                    () = changed => continue,
                    () = clock.sleep_until(due) => {}
                }
                let begun = begin_due(&engine).await;
                if begun.is_empty() {
                    // somebody else was faster, or the store fails
                    clock.sleep(PAUSE).await;
                }
                for run in begun {
                    engine.spawn_begun(run);
                }
            }
            Err(error) => {
                tracing::error!(%error, "rechecks are not known");
                clock.sleep(PAUSE).await;
            }
        }
    }
}

/// Runs everything that is due now, to its end.
pub(crate) async fn run_due(engine: &Engine) -> Vec<Finished> {
    join_all(begin_due(engine).await).await.into_iter().flatten().collect()
}

/// Takes what is due; each is a run that has not begun, and whose id is written down: whoever finds that without its run begins it.
async fn begin_due(engine: &Engine) -> Vec<impl Future<Output = Option<Finished>> + Send + use<>> {
    let clock = engine.ports().clock.clone();
    let _busy = clock.busy();
    let mut begun = Vec::new();
    let due = engine.ports().bookings.due(clock.now()).await;
    let own = engine.inner.settings.own_rechecks.then(|| engine.begun());
    for booking in due.unwrap_or_else(|error| not_taken(&error)) {
        if own.as_ref().is_some_and(|own| !own.contains(&booking.booked_by)) {
            continue;
        }
        let run = engine.new_run();
        match engine.ports().bookings.take(booking.id, run).await {
            Ok(true) => begun.push(run_booking(engine.clone(), booking, run)),
            Ok(false) => {}
            Err(error) => drop(not_taken(&error)),
        }
    }
    begun
}

fn not_taken(error: &LaterError) -> Vec<Booking> {
    tracing::error!(%error, "due rechecks could not be taken");
    Vec::new()
}

/// Runs a booking that was taken for this run.
pub(crate) async fn run_booking(engine: Engine, booking: Booking, run: RunId) -> Option<Finished> {
    let finished = match find(&engine, &booking) {
        Some((workflow, flow)) => {
            let mut inputs = vec![(Text::from("items"), items(&booking))];
            let with = booking.with.as_map().into_iter().flat_map(|m| m.raw_iter());
            inputs.extend(with.map(|(key, value)| (key.clone(), value.clone())));
            let (name, by) = (workflow.name(), format!("recheck of {}", booking.booked_by));
            // kept with the run, so that a chain of rechecks can be followed
            let facts = [("kind", Value::from("recheck")), ("booked_by", booking.booked_by.to_text().into())];
            let trigger: Map = facts.into_iter().map(|(key, value)| (Text::from(key), value)).collect();
            let begin = Begin { workflow, flow, inputs, trigger: trigger.into(), by, progress: None, of: None };
            let (run, ended) = engine.run_tries(run, begin).await;
            Some(Finished { run, workflow: name, ended })
        }
        None => {
            let Booking { workflow, flow, plan, .. } = &booking;
            tracing::error!(
                workflow,
                flow,
                plan,
                "a recheck is due whose workflow is not here any more; it is given up"
            );
            None
        }
    };
    // one that was stopped with its engine is taken up by the next one
    let over = finished.as_ref().is_none_or(|finished| finished.ended.is_ok());
    if over || !engine.inner.settings.durable {
        booking_done(&engine, booking.id).await;
    }
    finished
}

/// The run of a booking is over.
pub(crate) async fn booking_done(engine: &Engine, id: BookingId) {
    let _busy = engine.ports().clock.busy();
    if let Err(error) = engine.ports().bookings.done(id).await {
        tracing::error!(%error, "the end of a recheck could not be written down");
    }
}

fn items(booking: &Booking) -> Value {
    booking.items.iter().map(|(_, item)| item.clone()).collect::<List>().into()
}

/// The newest plan's flow of that name if what is stored still fits it, else the one under which it was booked.
fn find(engine: &Engine, booking: &Booking) -> Option<(Arc<Workflow>, FlowId)> {
    let flow_of = |workflow: &Workflow| workflow.plan.module.flow_named(&booking.flow);
    let registry = &engine.inner.registry;
    let newest = registry.current(&booking.workflow).and_then(|w| flow_of(&w).map(|flow| (w, flow)));
    let newest = newest.filter(|(workflow, flow)| fits(workflow, *flow, booking));
    newest.or_else(|| {
        let booked = registry.known(&booking.workflow, &booking.plan)?;
        flow_of(&booked).map(|flow| (booked, flow))
    })
}

/// Whether the flow takes just what is stored.
fn fits(workflow: &Workflow, flow: FlowId, booking: &Booking) -> bool {
    let Some(flow) = workflow.plan.module.flow(flow) else { return false };
    let stored = |name: &str| name == "items" || booking.with.as_map().is_some_and(|m| m.contains(name));
    let wanted = |name: &str| flow.inputs.iter().any(|input| input.name.as_str() == name);
    let typed = |input: &wf_plan::Input| match (&input.ty, booking.with.as_map().and_then(|m| m.raw(&input.name))) {
        (Some(ty), Some(value)) => value.clone().typed(ty).as_unknown().is_none(),
        _ => true,
    };
    let all_stored = flow.inputs.iter().all(|input| (stored(&input.name) || input.default.is_some()) && typed(input));
    let all_wanted = booking.with.as_map().into_iter().flat_map(|m| m.raw_iter()).all(|(key, _)| wanted(key));
    all_stored && all_wanted && wanted("items")
}
