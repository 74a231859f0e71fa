//! What another engine left: runs that had not ended, runs that were to be tried again, rechecks, tasks and ticks whose runs had not begun.
//!
//! Whatever begins a run writes its id down first. So each of them is found by an id, and done once: a run of that id that is there goes on,
//! one that is not there begins under it.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use wf_machine::Start;
use wf_plan::{Overlap, Plan, RunId};
use wf_value::Text;

use super::core::Engine;
use super::once::Finished;
use super::runs::{Begin, Try};
use crate::driver::{CutShort, From, Stopped, TakenUp};
use crate::ports::{Booking, JournalError, Kind, LaterError, Record, RunInfo, Task, TickOutcome, TicksError};
use crate::record::{Origin, read_origin, read_start};
use crate::replay::{ReplayError, replay_records};
use crate::trigger::{Bound, BoundKind, End, Pass, bind, booking_done, of_tick, run_booking, task_over};
use crate::workflow::Workflow;

/// A tick whose run did not begin is begun so long after it; then it is late enough to be left.
const UNBEGUN: SignedDuration = SignedDuration::from_hours(24);

/// Ticks that are looked through for one whose run did not begin.
const LOOKED_THROUGH: usize = 1_000;

/// Finds the plan that a run began with.
#[async_trait]
pub trait Plans: Send + Sync {
    /// Made again from the sources that the journal kept.
    ///
    /// # Errors
    /// They were not kept, or give another plan by now: in a sentence.
    async fn plan(&self, run: RunId, hash: &str) -> Result<Arc<Plan>, String>;
}

/// Why a run cannot be taken up; it stays as it is.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotTakenUp {
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error("{0}")]
    Plan(String),
    #[error("the run is over")]
    Over,
    #[error("the run goes on in this engine")]
    Going,
}

impl std::convert::From<JournalError> for NotTakenUp {
    fn from(error: JournalError) -> Self {
        Self::Replay(error.into())
    }
}

/// A run that was taken over, and not driven yet.
pub struct LeftRun {
    begin: Begin,
    one: Try,
    from: Point,
    /// The trigger that began it, where it still is one.
    bound: Option<Arc<Bound>>,
    after: After,
    pass: Option<Pass>,
}

/// Where it goes on.
enum Point {
    Run(Box<TakenUp>),
    /// It ended, and is tried again then as that run.
    Again(RunId, Timestamp),
}

/// What follows from its end.
#[derive(Clone, Debug)]
enum After {
    Nothing,
    Booking(u64),
    Task(Box<Task>),
}

/// All that was left on a store.
#[derive(Default)]
pub struct Left {
    pub runs: Vec<LeftRun>,
    /// Runs that cannot be taken up, with their workflows, and why.
    pub refused: Vec<(RunId, String, NotTakenUp)>,
    bookings: Vec<(Booking, RunId)>,
    /// Schedule, tick, run.
    ticks: Vec<(String, Timestamp, RunId)>,
}

impl Left {
    /// Runs that go on or begin.
    #[must_use]
    pub fn len(&self) -> usize {
        self.runs.len() + self.bookings.len() + self.ticks.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Engine {
    /// Takes over what the engine before left on this store: whoever still drives one of these runs is fenced. Nothing goes on before
    /// [`Self::go_on`]; the gates of their triggers are taken already.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub async fn take_up_all(&self, plans: &dyn Plans) -> Result<Left, JournalError> {
        let _busy = self.ports().clock.busy();
        let mut left = Left::default();
        let journal = &self.ports().journal;
        let mut unfinished = journal.unfinished().await?;
        unfinished.extend(journal.tried_again().await?);
        for info in unfinished {
            let records = match journal.read(info.run, 1).await {
                Ok(records) => records,
                Err(error) => {
                    left.refused.push((info.run, info.workflow, error.into()));
                    continue;
                }
            };
            if !origin(&records).kept {
                continue;
            }
            match self.take_up_from(&info, records, plans).await {
                Ok(run) => left.runs.push(run),
                Err(why) => left.refused.push((info.run, info.workflow, why)),
            }
        }
        self.bookings_left(&mut left).await?;
        self.tasks_left(&mut left).await?;
        left.ticks = self.ticks_left().await?;
        for run in &mut left.runs {
            run.pass = self.early_pass(run).await;
        }
        Ok(left)
    }

    /// Takes over one run: whoever still drives it is fenced.
    ///
    /// # Errors
    /// It cannot be gone on with: why.
    pub async fn take_up(&self, run: RunId, plans: &dyn Plans) -> Result<LeftRun, NotTakenUp> {
        let _busy = self.ports().clock.busy();
        if self.inner.going().contains_key(&run) {
            return Err(NotTakenUp::Going);
        }
        let info = self.ports().journal.info(run).await?.ok_or(ReplayError::NoRun(run))?;
        let records = self.ports().journal.read(run, 1).await?;
        self.take_up_from(&info, records, plans).await
    }

    async fn take_up_from(
        &self,
        info: &RunInfo,
        mut records: Vec<Record>,
        plans: &dyn Plans,
    ) -> Result<LeftRun, NotTakenUp> {
        let run = info.run;
        let Some(Kind::Started { workflow: name, plan: hash, start: kept, .. }) = records.first().map(|r| &r.kind)
        else {
            return Err(ReplayError::Start.into());
        };
        let (name, origin) = (name.clone(), read_origin(kept));
        let plan = match self.inner.registry.known(&name, hash) {
            Some(known) => known.plan.clone(),
            None => plans.plan(run, hash).await.map_err(NotTakenUp::Plan)?,
        };
        let start = read_start(kept, run, &plan).ok_or(ReplayError::Start)?;
        let workflow = Arc::new(workflow_of(&name, plan.clone(), &start));
        self.inner.registry.remember(&workflow);
        let one = Try { run, attempt: start.attempt, first: origin.first };
        let from = match (&info.ended, info.again) {
            (Some(_), Some((next, due))) => Point::Again(next, due),
            (Some(_), None) => return Err(NotTakenUp::Over),
            (None, _) => {
                // before it is claimed: a run that cannot be gone on with is left as it is
                let mut replayed = replay_records(&records, run, plan.clone(), None)?;
                let last = self.ports().journal.claim(run).await?;
                if last != records.len() as u64 + 1 {
                    // somebody wrote meanwhile
                    records = self.ports().journal.read(run, 1).await?;
                    replayed = replay_records(&records, run, plan, None)?;
                }
                Point::Run(Box::new(TakenUp { run, begun: start.at, replayed, last }))
            }
        };
        let bound = bind(&workflow, self.ports().clock.now()).ok();
        let bound = bound.and_then(|all| all.into_iter().find(|bound| bound.name == origin.by)).map(Arc::new);
        let Start { flow, inputs, trigger, .. } = start;
        let of = bound.as_ref().map(|bound| bound.index);
        let begin = Begin { workflow, flow, inputs, trigger, by: origin.by, progress: None, of };
        Ok(LeftRun { begin, one, from, bound, after: After::Nothing, pass: None })
    }

    /// The last of the tries that began with this run; `None`: it did not begin.
    pub(crate) async fn last_try(&self, first: RunId) -> Result<Option<RunInfo>, JournalError> {
        let Some(mut last) = self.ports().journal.info(first).await? else { return Ok(None) };
        while let Some((next, _)) = last.again
            && let Some(later) = self.ports().journal.info(next).await?
        {
            last = later;
        }
        Ok(Some(last))
    }

    async fn bookings_left(&self, left: &mut Left) -> Result<(), JournalError> {
        for (booking, run) in self.ports().bookings.taken().await.map_err(later)? {
            match self.last_try(run).await? {
                None => left.bookings.push((booking, run)),
                Some(info) if info.ended.is_some() && info.again.is_none() => booking_done(self, booking.id).await,
                Some(info) => {
                    let of = left.runs.iter_mut().find(|left| left.one.run == info.run);
                    of.into_iter().for_each(|run| run.after = After::Booking(booking.id));
                }
            }
        }
        Ok(())
    }

    async fn tasks_left(&self, left: &mut Left) -> Result<(), JournalError> {
        for (task, run) in self.ports().tasks.taken().await.map_err(later)? {
            match self.last_try(run).await? {
                Some(info) if info.ended.is_none() || info.again.is_some() => {
                    let of = left.runs.iter_mut().find(|left| left.one.run == info.run);
                    of.into_iter().for_each(|run| run.after = After::Task(Box::new(task.clone())));
                }
                ended => {
                    let well = ended.and_then(|info| info.ended).is_some_and(|how| End::of_word(&how) == End::Well);
                    let done = if well {
                        self.ports().tasks.cancel(&task.kind, &task.key, None).await.map(drop)
                    } else {
                        // whoever looks for due tasks next takes it again, or gives it up
                        self.ports().tasks.give_back(&task.kind, &task.key).await
                    };
                    done.map_err(later)?;
                }
            }
        }
        Ok(())
    }

    async fn ticks_left(&self) -> Result<Vec<(String, Timestamp, RunId)>, JournalError> {
        let failed = |error: TicksError| JournalError::Read(error.to_string());
        let mut left = Vec::new();
        for tick in self.ports().ticks.list(None, LOOKED_THROUGH).await.map_err(failed)? {
            let (TickOutcome::Ran { run } | TickOutcome::Late { run, .. }) = tick.outcome else { continue };
            let young = self.ports().clock.now().duration_since(tick.due) < UNBEGUN;
            if young && self.ports().journal.info(run).await?.is_none() {
                left.push((tick.schedule, tick.due, run));
            }
        }
        Ok(left)
    }

    /// The pass of its trigger, if it is to be had at once: it is then taken before the trigger begins another run.
    async fn early_pass(&self, left: &LeftRun) -> Option<Pass> {
        left.takes_turns().then_some(())?;
        let gate = self.gate(&left.begin.by);
        self.enter(&gate, &left.begin.workflow, &left.begin.by, Overlap::Skip).await.ok()
    }

    /// Lets what was left go on, beside all else. The workflows are deployed by now.
    pub async fn go_on(&self, left: Left) {
        let Left { runs, bookings, ticks, .. } = left;
        for run in runs {
            let engine = self.clone();
            self.spawn_begun(async move { engine.finish(run).await });
        }
        for (booking, run) in bookings {
            self.spawn_begun(run_booking(self.clone(), booking, run));
        }
        let live: Vec<Arc<Bound>> = {
            let running = self.inner.running.lock().await;
            running.triggers.values().map(|live| live.bound.borrow().clone()).collect()
        };
        for (schedule, due, run) in ticks {
            let Some(begin) = live.iter().find(|bound| bound.name == schedule).and_then(|bound| of_tick(bound, due))
            else {
                tracing::warn!(schedule, %due, %run, "the run of a tick did not begin, and its schedule is not here any more");
                continue;
            };
            let engine = self.clone();
            self.spawn_begun(async move { engine.run_tries(run, begin).await });
        }
    }

    /// Drives a run that was left to its end, with its further tries, and does what follows from that.
    pub async fn finish(&self, left: LeftRun) -> Finished {
        let takes_turns = left.takes_turns();
        let LeftRun { begin, mut one, from, bound, after, mut pass } = left;
        if pass.is_none() && takes_turns {
            pass = self.enter(&self.gate(&begin.by), &begin.workflow, &begin.by, Overlap::Queue).await.ok();
        }
        let driven = match from {
            Point::Run(taken) => self.drive(&begin, one, From::Journal(taken)).await,
            Point::Again(run, due) => {
                let stopped = tokio::select! {
                    () = self.ports().clock.sleep_until(due) => false,
                    () = self.drained() => true,
                };
                if stopped {
                    let so_far = Box::default();
                    let ended = Err(CutShort { why: Stopped::Shutdown, so_far });
                    return Finished { run, workflow: begin.workflow.name(), ended };
                }
                one = Try { run, attempt: one.attempt + 1, ..one };
                self.run(&begin, one).await
            }
        };
        let (run, ended) = self.try_again(&begin, one, driven).await;
        drop(pass);
        match after {
            After::Booking(id) if ended.is_ok() => booking_done(self, id).await,
            After::Task(task) => task_over(self, bound.as_ref(), &task, End::of(&ended)).await,
            After::Booking(_) | After::Nothing => {}
        }
        Finished { run, workflow: begin.workflow.name(), ended }
    }
}

impl LeftRun {
    #[must_use]
    pub fn run(&self) -> RunId {
        self.one.run
    }

    #[must_use]
    pub fn workflow(&self) -> &Arc<Workflow> {
        &self.begin.workflow
    }

    /// Whether runs of its trigger wait for one another, or leave one another out.
    fn takes_turns(&self) -> bool {
        let Some((bound, trigger)) = self.bound.as_ref().and_then(|bound| Some((bound, bound.trigger()?))) else {
            return false;
        };
        match bound.kind {
            BoundKind::Schedule { .. } => trigger.overlap != Overlap::Allow,
            BoundKind::Message { .. } | BoundKind::Http { .. } => trigger.overlap == Overlap::Queue,
            BoundKind::Task { .. } => true,
        }
    }
}

/// Whoever began the run; nobody knows when its records do not begin with its start.
fn origin(records: &[Record]) -> Origin {
    match records.first().map(|record| &record.kind) {
        Some(Kind::Started { start, .. }) => read_origin(start),
        _ => Origin::default(),
    }
}

/// The workflow as it was when the run began.
fn workflow_of(name: &str, plan: Arc<Plan>, start: &Start) -> Workflow {
    Workflow {
        plan,
        instance: name.split_once('@').map(|(_, instance)| Text::from(instance)),
        params: start.params.clone(),
        env: start.env.clone(),
        writes: start.writes,
    }
}

fn later(error: LaterError) -> JournalError {
    JournalError::Read(error.to_string())
}
