//! Which workflows run here: all of them change at once, or none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::core::Engine;
use crate::clock::attend;
use crate::driver::Control;
use crate::metrics::names;
use crate::ports::{BusError, JournalError, Subscription};
use crate::trigger::{
    BindError, Bound, BoundKind, Gate, MessageReplier, bind, keep_schedule, poll_tasks, watch_bookings,
};
use crate::workflow::Workflow;

/// Whether schedules tick by themselves, or only what comes from outside starts runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedules {
    Tick,
    Rest,
}

/// What runs beside the runs: the triggers, and the watch over rechecks.
#[derive(Default)]
pub(crate) struct Running {
    pub(crate) triggers: BTreeMap<String, Live>,
    bookings: Option<AbortHandle>,
}

/// A trigger that is live.
pub(crate) struct Live {
    pub(crate) bound: watch::Sender<Arc<Bound>>,
    pub(crate) gate: Gate,
    /// Of messages.
    subscription: Option<Subscription>,
}

/// Why a set of workflows was not taken; everything is as it was before.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum DeployError {
    #[error("two workflows are called {0}")]
    Twice(String),
    #[error("two triggers take messages of {subject} for {queue}: {first} and {second}")]
    SubjectTwice { subject: String, queue: String, first: String, second: String },
    #[error(transparent)]
    Trigger(#[from] BindError),
    #[error("messages of {subject} cannot be taken: {error}")]
    Subscribe { subject: String, error: BusError },
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("the engine is stopping")]
    Draining,
}

impl Engine {
    /// Puts these workflows in the place of all that are there. Running runs keep their plan; schedules that are the same keep their
    /// beat; messages find somebody at every moment.
    ///
    /// # Errors
    /// Something is wrong with one of them, or the bus or the journal fails: everything stays as it was.
    pub async fn deploy(&self, workflows: Vec<Arc<Workflow>>, schedules: Schedules) -> Result<(), DeployError> {
        let clock = self.ports().clock.clone();
        let taken = attend(clock, self.take(workflows, schedules)).await;
        let outcome = if taken.is_ok() { "taken" } else { "refused" };
        self.ports().metrics.count(names::RELOADS, &[("outcome", outcome)]);
        taken
    }

    async fn take(&self, workflows: Vec<Arc<Workflow>>, schedules: Schedules) -> Result<(), DeployError> {
        let mut running = self.inner.running.lock().await;
        if self.inner.draining.load(Ordering::SeqCst) {
            return Err(DeployError::Draining);
        }
        let bound = self.check(&workflows)?;
        for workflow in &workflows {
            self.keep_sources(workflow).await?;
        }
        let new = self.subscribe(&running, &bound).await?;
        // From here on nothing fails.
        for workflow in &workflows {
            for metric in &workflow.plan.module.metrics {
                self.ports().metrics.describe(&metric.name, metric.kind, &metric.doc);
            }
        }
        self.inner.registry.swap(&workflows);
        let gone = self.swap(&mut running, bound, new, schedules);
        for live in gone {
            // Messages that are being answered are answered; nobody waits for that here.
            if let Some(subscription) = live.subscription {
                tokio::spawn(attend(self.ports().clock.clone(), subscription.drain()));
            }
        }
        if running.bookings.is_none() {
            let watch = attend(self.ports().clock.clone(), watch_bookings(self.clone()));
            running.bookings = Some(tokio::spawn(watch).abort_handle());
        }
        Ok(())
    }

    /// Keeps what a plan was made of, so that its runs can be made again.
    pub(crate) async fn keep_sources(&self, workflow: &Workflow) -> Result<(), JournalError> {
        let plan = &workflow.plan;
        let texts =
            plan.files.iter().map(|(_, file)| (file.path.clone(), Bytes::copy_from_slice(file.text.as_bytes())));
        let assets = plan.module.program.assets.iter();
        let assets = assets.map(|asset| (asset.path.to_string(), Bytes::copy_from_slice(&asset.bytes)));
        let _busy = self.ports().clock.busy();
        self.ports().journal.keep_plan(&plan.hash, texts.chain(assets).collect()).await
    }

    fn check(&self, workflows: &[Arc<Workflow>]) -> Result<Vec<Bound>, DeployError> {
        let (mut seen, mut subjects) = (BTreeSet::new(), BTreeMap::new());
        let mut all = Vec::new();
        for workflow in workflows {
            if !seen.insert(workflow.name()) {
                return Err(DeployError::Twice(workflow.name()));
            }
            all.extend(bind(workflow, self.ports().clock.now())?);
        }
        for bound in &all {
            if let BoundKind::Message { subject, queue, .. } = &bound.kind {
                let place = (subject.clone(), queue.clone());
                let trigger = (&bound.workflow.plan.name, bound.index);
                // instances of one workflow take turns
                let first = subjects.insert(place, (trigger, &bound.name)).filter(|(other, _)| *other != trigger);
                if let Some((_, first)) = first {
                    let (subject, queue, first) = (subject.clone(), queue.clone(), first.clone());
                    return Err(DeployError::SubjectTwice { subject, queue, first, second: bound.name.clone() });
                }
            }
        }
        Ok(all)
    }

    /// Takes messages for triggers that are new; those of one name, subject and queue go on.
    async fn subscribe(&self, running: &Running, bound: &[Bound]) -> Result<BTreeMap<String, Live>, DeployError> {
        let mut new = BTreeMap::new();
        for bound in bound {
            let BoundKind::Message { subject, queue, .. } = &bound.kind else { continue };
            if running.triggers.get(&bound.name).is_some_and(|live| same_place(&live.bound.borrow(), bound)) {
                continue;
            }
            let (sender, receiver) = watch::channel(Arc::new(bound.clone()));
            let gate = self.gate(&bound.name);
            let replier = MessageReplier { engine: self.clone(), bound: receiver, gate: gate.clone() };
            let subscribed = self.ports().bus.subscribe(subject, Some(queue), Arc::new(replier)).await;
            let subscription =
                subscribed.map_err(|error| DeployError::Subscribe { subject: subject.clone(), error })?;
            new.insert(bound.name.clone(), Live { bound: sender, gate, subscription: Some(subscription) });
        }
        Ok(new)
    }

    /// Makes the new triggers live; gives those that are gone.
    fn swap(
        &self,
        running: &mut Running,
        bound: Vec<Bound>,
        mut new: BTreeMap<String, Live>,
        schedules: Schedules,
    ) -> Vec<Live> {
        let mut old = std::mem::take(&mut running.triggers);
        let mut gone = Vec::new();
        for bound in bound {
            let name = bound.name.clone();
            let bound = Arc::new(bound);
            let kept = old.remove(&name).and_then(|live| {
                let same = same_kind(&live.bound.borrow().kind, &bound.kind) && !new.contains_key(&name);
                if same {
                    live.bound.send_replace(bound.clone());
                    return Some(live);
                }
                gone.push(live);
                None
            });
            let live = kept.or_else(|| new.remove(&name)).unwrap_or_else(|| {
                let (sender, receiver) = watch::channel(bound.clone());
                let live = Live { bound: sender, gate: self.gate(&name), subscription: None };
                self.make_live(&bound, receiver, live.gate.clone(), schedules);
                live
            });
            running.triggers.insert(name, live);
        }
        gone.extend(old.into_values());
        gone
    }

    fn make_live(&self, bound: &Bound, receiver: watch::Receiver<Arc<Bound>>, gate: Gate, schedules: Schedules) {
        let clock = self.ports().clock.clone();
        match (&bound.kind, schedules) {
            (BoundKind::Schedule { .. }, Schedules::Tick) => {
                tokio::spawn(attend(clock, keep_schedule(self.clone(), receiver, gate)));
            }
            (BoundKind::Task { .. }, _) => {
                tokio::spawn(attend(clock, poll_tasks(self.clone(), receiver)));
            }
            (BoundKind::Schedule { .. }, Schedules::Rest) | (BoundKind::Message { .. } | BoundKind::Http { .. }, _) => {
            }
        }
    }

    /// Begins no new work, lets what goes on end, and stops what has not ended `within`: such runs can be resumed from the journal.
    /// Gives how many were stopped.
    pub async fn drain(&self, within: Duration) -> usize {
        let clock = self.ports().clock.clone();
        attend(clock.clone(), async {
            self.inner.draining.store(true, Ordering::SeqCst);
            self.inner.changed.notify_waiters();
            let running = std::mem::take(&mut *self.inner.running.lock().await);
            if let Some(bookings) = running.bookings {
                bookings.abort();
            }
            let subscriptions: Vec<_> = running.triggers.into_values().filter_map(|live| live.subscription).collect();
            let ended = async {
                futures::future::join_all(subscriptions.into_iter().map(Subscription::drain)).await;
                self.idle().await;
            };
            tokio::pin!(ended);
            tokio::select! {
                () = &mut ended => return 0,
                () = clock.sleep(within) => {}
            }
            let stopped = {
                let going = self.inner.going();
                going.values().for_each(|run| drop(run.control.send(Control::Stop)));
                going.len()
            };
            ended.await;
            stopped
        })
        .await
    }

    /// Comes when nothing goes on.
    async fn idle(&self) {
        let mut begun = self.inner.begun.subscribe();
        // The sender lives as long as the engine.
        let _ = begun.wait_for(|n| *n == 0).await;
        loop {
            let ended = self.inner.changed.notified();
            if self.inner.going().is_empty() {
                return;
            }
            ended.await;
        }
    }

    /// Comes when the engine begins to drain.
    pub(crate) async fn drained(&self) {
        loop {
            let told = self.inner.changed.notified();
            if self.inner.draining.load(Ordering::SeqCst) {
                return;
            }
            told.await;
        }
    }

    /// Does something that a trigger began in a task of its own; [`Self::drain`] waits for it.
    pub(crate) fn spawn_begun<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) {
        let begun = Begun(self.clone());
        self.inner.begun.send_modify(|n| *n += 1);
        tokio::spawn(attend(self.ports().clock.clone(), async move {
            let _begun = begun;
            work.await;
        }));
    }
}

/// Counts itself out when it is dropped.
struct Begun(Engine);

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.inner.begun.send_modify(|n| *n = n.saturating_sub(1));
    }
}

fn same_place(a: &Bound, b: &Bound) -> bool {
    match (&a.kind, &b.kind) {
        (BoundKind::Message { subject: a, queue: p, .. }, BoundKind::Message { subject: b, queue: q, .. }) => {
            a == b && p == q
        }
        _ => false,
    }
}

/// Whether what is live can go on with the other one.
fn same_kind(a: &BoundKind, b: &BoundKind) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}
