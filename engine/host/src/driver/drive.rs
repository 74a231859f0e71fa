//! The loop: an event, the machine's turn, what that asks for.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use wf_machine::{Effect, Ended, Event, Report, Run, Unit, What};
use wf_plan::{Action, Address, Envelope, RunId, Word};
use wf_value::{Text, Value};

use super::calls::{self, Arrived, Calls, Outgoing};
use super::job::{Again, Control, CutShort, Driven, From, Job, Stopped, TakenUp};
use super::journal::RunJournal;
use super::later::{self, Recheck};
use super::progress::Progress;
use super::summary;
use super::timers::Timers;
use super::{Shared, how, report_value};
use crate::clock::attend;
use crate::envelope::{Way, write_request};
use crate::metrics::names;
use crate::ports::{Answer, AppendError, Asker, Kind, Task};
use crate::record::{SEMANTICS, write_start};
use crate::replay::Open;
use crate::workflow::Workflow;

/// Drives a run from its start to its end.
///
/// # Errors
/// It was stopped before; nothing of it goes on then, but for messages that had left already.
pub async fn drive(shared: Arc<Shared>, job: Job) -> Result<Driven, CutShort> {
    let clock = shared.ports.clock.clone();
    attend(clock, async move {
        let (mut driver, first) = Driver::new(shared, job);
        let driven = driver.drive(first).await;
        driven.map_err(|why| {
            let mut so_far = driver.run.report().clone();
            driver.settled.apply(&mut so_far);
            CutShort { why, so_far: Box::new(so_far) }
        })
    })
    .await
}

pub(super) struct Driver {
    shared: Arc<Shared>,
    workflow: Arc<Workflow>,
    name: String,
    run: Run,
    id: RunId,
    begun: Timestamp,
    journal: RunJournal,
    pub(super) timers: Timers,
    pub(super) calls: Calls,
    failures: mpsc::UnboundedReceiver<AppendError>,
    control: watch::Receiver<Control>,
    progress: Option<watch::Sender<Progress>>,
    /// Events since progress was told.
    untold: usize,
    settled: Settled,
    again: Option<Again>,
}

/// What a driver begins with.
#[derive(Default)]
struct First {
    effects: Vec<Effect>,
    /// Of a run that was driven before.
    open: Vec<Open>,
    /// It had ended, but for messages that were under way.
    ended: Option<Box<Ended>>,
}

/// What became of messages that were under way when the machine was fed for the last time.
#[derive(Default)]
struct Settled {
    answered: Vec<(Address, u16)>,
    lost: Vec<(Address, String)>,
}

impl Settled {
    fn apply(&self, report: &mut Report) {
        self.answered.iter().for_each(|(address, status)| report.settle(address, *status));
        self.lost.iter().for_each(|(address, cause)| report.lose(address, cause.as_str().into()));
    }
}

impl Driver {
    fn new(shared: Arc<Shared>, job: Job) -> (Self, First) {
        let Job { workflow, from, keep, again, progress, control } = job;
        let name = workflow.name();
        let (failed, failures) = mpsc::unbounded_channel();
        let (id, begun, run, journal, first) = match from {
            From::Start { start, origin } => {
                let (id, begun) = (start.run, start.at);
                let mut journal = RunJournal::new(&shared.ports, id, 0, keep, failed);
                let started = Kind::Started {
                    workflow: name.clone(),
                    plan: workflow.plan.hash.to_string(),
                    start: write_start(&start, &workflow.plan, &origin),
                    semantics: SEMANTICS,
                };
                journal.push(begun, started);
                journal.nudge();
                let (run, effects) = Run::start(Unit::Plan(workflow.plan.clone()), start, None);
                (id, begun, run, journal, First { effects, ..First::default() })
            }
            From::Journal(taken) => {
                let TakenUp { run: id, begun, replayed, last } = *taken;
                let journal = RunJournal::new(&shared.ports, id, last, keep, failed);
                (
                    id,
                    begun,
                    replayed.run,
                    journal,
                    First { open: replayed.open, ended: replayed.ended, effects: vec![] },
                )
            }
        };
        let calls = Calls::new(shared.clone(), &name);
        let driver = Self {
            shared,
            workflow,
            name,
            run,
            id,
            begun,
            journal,
            timers: Timers::default(),
            calls,
            failures,
            control,
            again,
            progress,
            untold: 0,
            settled: Settled::default(),
        };
        (driver, first)
    }

    async fn drive(&mut self, first: First) -> Result<Driven, Stopped> {
        let First { mut effects, open, ended } = first;
        for open in open {
            self.take_up(open).await?;
        }
        if let Some(ended) = ended {
            return self.end(*ended).await;
        }
        loop {
            for effect in effects {
                if let Some(ended) = self.carry_out(effect).await? {
                    return self.end(ended).await;
                }
            }
            self.tell();
            if self.journal.is_heavy() {
                self.journal.settle().await?;
            }
            self.journal.send();
            effects = self.next().await?;
        }
    }

    /// Waits for the next thing that happens, and feeds it.
    async fn next(&mut self) -> Result<Vec<Effect>, Stopped> {
        loop {
            let due = self.timers.next();
            let clock = self.shared.ports.clock.clone();
            if due.is_none() && self.calls.going() == 0 {
                return Err(Stopped::Stuck);
            }
            tokio::select! {
                biased;
                Some(failure) = self.failures.recv() => return Err(failure.into()),
                control = changed(&mut self.control) => match control {
                    Control::Go => {}
                    Control::Stop => return Err(self.stop().await),
                    Control::Cancel(reason) => {
                        let kind = Kind::Cancelled { reason: reason.to_string() };
                        return Ok(self.feed(kind, What::Cancelled { reason }));
                    }
                },
                arrived = self.calls.next() => {
                    self.calls.arrived(&arrived);
                    match arrived {
                        Arrived::Answered { address, answer, answered, .. } => {
                            let kind = Kind::Answered { address: address.clone(), answer };
                            return Ok(self.feed(kind, What::Answered { address, answered }));
                        }
                        Arrived::Published { address, left: Ok(()) } => self.record(Kind::Published { address }),
                        Arrived::Published { address, left: Err(cause) } => {
                            let kind = Kind::Lost { address: address.clone(), cause: cause.clone() };
                            return Ok(self.feed(kind, What::Lost { address, cause: cause.into() }));
                        }
                    }
                }
                () = clock.sleep_until(due.unwrap_or(Timestamp::MAX)), if due.is_some() => {
                    if let Some(address) = self.timers.take_due(clock.now()) {
                        self.shared.ports.metrics.count(names::TIMERS_DUE, &[]);
                        return Ok(self.feed(Kind::Due { address: address.clone() }, What::Due { address }));
                    }
                }
            }
        }
    }

    fn feed(&mut self, kind: Kind, what: What) -> Vec<Effect> {
        let at = self.shared.ports.clock.now();
        self.journal.push(at, kind);
        self.run.feed(Event { at, what }, None)
    }

    /// Gives how the run ended, when the effect says so.
    pub(super) async fn carry_out(&mut self, effect: Effect) -> Result<Option<Ended>, Stopped> {
        match effect {
            Effect::Call { address, request_id, action, body, timeout_ms } => {
                let timeout = Duration::from_millis(u64::try_from(timeout_ms).unwrap_or(0));
                match self.message(&action, Way::Call, &request_id, &body) {
                    Ok((subject, payload)) => {
                        let outgoing = self.outgoing(address, action, &request_id, subject, payload);
                        self.calls.call(outgoing, timeout).await;
                    }
                    Err(why) => {
                        self.answer(address, calls::none(Word::Unusable, format!("it could not be sent: {why}")))
                    }
                }
            }
            Effect::Publish { address, request_id, action, body } => {
                match self.message(&action, Way::Publish, &request_id, &body) {
                    Ok((subject, payload)) => {
                        let outgoing = self.outgoing(address, action, &request_id, subject, payload);
                        self.calls.publish(outgoing);
                    }
                    Err(why) => {
                        tracing::error!(run = %self.id, action = action.full_name().as_str(), why, "a message could not be sent");
                        self.calls.lost(address, why);
                    }
                }
            }
            Effect::Request { address, .. } => {
                self.answer(address, calls::none(Word::Unusable, "only connectors ask vendors".into()));
            }
            Effect::Timer { address, at } => {
                self.record(Kind::Timer { address: address.clone(), due: at });
                self.journal.nudge();
                self.timers.set(address, at);
            }
            Effect::Forget { address } => {
                self.timers.forget(&address);
                self.calls.forget(&address);
            }
            Effect::Recheck { address, flow, at, items, with } => {
                let recheck = Recheck { flow, due: at, items, with };
                let by = Asker { run: self.id, step: address.clone() };
                let what = later::recheck(&self.shared, &self.workflow, by, recheck).await?;
                self.record(Kind::Booked { address, what });
                self.journal.nudge();
                self.shared.booked.notify_waiters();
            }
            Effect::Defer { address, task, key, at, data } => {
                let by = Asker { run: self.id, step: address.clone() };
                let answer = later::defer(&self.shared, Task { kind: task, key, due: at, data }, by).await;
                self.answer(address, answer);
            }
            Effect::Cancel { address, task, key } => {
                let by = Asker { run: self.id, step: address.clone() };
                let answer = later::cancel(&self.shared, &task, &key, by).await;
                self.answer(address, answer);
            }
            Effect::Metric { name, kind, labels, value, .. } => {
                let labels: Vec<_> = labels.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                let metrics = &self.shared.ports.metrics;
                match kind {
                    wf_plan::MetricKind::Counter => metrics.add(&name, &labels, value),
                    wf_plan::MetricKind::Gauge => metrics.set(&name, &labels, value),
                    wf_plan::MetricKind::Histogram => metrics.observe(&name, &labels, value),
                }
            }
            Effect::Gauges { name, rows, .. } => {
                let labels =
                    |labels: Vec<(Text, Text)>| labels.into_iter().map(|(n, v)| (n.to_string(), v.to_string()));
                let rows = rows.into_iter().map(|(l, value)| (labels(l).collect(), value));
                self.shared.ports.metrics.replace(&name, rows);
            }
            Effect::Ended(ended) => return Ok(Some(*ended)),
        }
        Ok(None)
    }

    /// The subject and the bytes of a message.
    pub(super) fn message(
        &self,
        action: &Action,
        way: Way,
        request_id: &str,
        body: &Value,
    ) -> Result<(String, Bytes), String> {
        let subject = action.subject(body, self.shared.ports.clock.now())?.to_string();
        let payload = write_request(action.envelope, way, request_id, body).map_err(|e| e.to_string())?;
        Ok((subject, payload))
    }

    /// A message with its ticket: what may change something leaves when it, and all before it, are written down.
    fn outgoing(
        &mut self,
        address: Address,
        action: Arc<Action>,
        id: &str,
        subject: String,
        payload: Bytes,
    ) -> Outgoing {
        let durable = (action.effect != wf_plan::Effect::Read).then(|| {
            let hash = message_hash(&payload);
            self.record(Kind::Sent { address: address.clone(), request_id: id.to_owned(), hash });
            self.journal.durable()
        });
        Outgoing { address, action, subject, payload, durable }
    }

    /// Answers in the engine's own name: in its turn, like everybody else.
    pub(super) fn answer(&mut self, address: Address, (answer, answered): (Answer, wf_plan::Answered)) {
        self.calls.answer(address, answer, answered);
    }

    fn record(&mut self, kind: Kind) {
        self.journal.push(self.shared.ports.clock.now(), kind);
    }

    /// The run is over: what it sent is seen through, then its end is written down.
    async fn end(&mut self, mut ended: Ended) -> Result<Driven, Stopped> {
        self.see_through().await?;
        self.settled.apply(&mut ended.report);
        let again = self.again.as_mut().and_then(|again| again(&ended));
        if let Some((run, due)) = again {
            self.record(Kind::Again { run, due });
        }
        self.record(Kind::Ended { how: how(&ended.how).to_owned(), report: report_value(&ended) });
        self.journal.settle().await?;
        let took = self.shared.ports.clock.now().duration_since(self.begun).as_secs_f64();
        let metrics = &self.shared.ports.metrics;
        metrics.observe(names::RUN_SECONDS, &[("workflow", &self.name)], took);
        summary::count_report(metrics, &self.name, &ended);
        if let Some(progress) = &self.progress {
            let now = Progress::of(&ended.report, self.calls.answered(), 0);
            progress.send_replace(Progress { over: true, ..now });
        }
        Ok(Driven { ended, again })
    }

    /// Somebody stops the engine: what was sent is seen through and written down; the run can be resumed.
    async fn stop(&mut self) -> Stopped {
        if let Err(stopped) = self.see_through().await {
            return stopped;
        }
        match self.journal.settle().await {
            Ok(()) => Stopped::Shutdown,
            Err(error) => error.into(),
        }
    }

    /// Waits for the ends of writes and tells that have left: whether they happened must be known.
    async fn see_through(&mut self) -> Result<(), Stopped> {
        self.calls.forget_reads();
        self.journal.send();
        while self.calls.outgoing() > 0 {
            tokio::select! {
                biased;
                Some(failure) = self.failures.recv() => return Err(failure.into()),
                arrived = self.calls.next() => {
                    self.calls.arrived(&arrived);
                    match arrived {
                        Arrived::Answered { address, answer, answered, .. } => {
                            self.settled.answered.push((address.clone(), answered.status));
                            self.record(Kind::Answered { address, answer });
                        }
                        Arrived::Published { address, left: Ok(()) } => self.record(Kind::Published { address }),
                        Arrived::Published { address, left: Err(cause) } => {
                            self.record(Kind::Lost { address: address.clone(), cause: cause.clone() });
                            self.settled.lost.push((address, cause));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn tell(&mut self) {
        if let Some(progress) = &self.progress {
            let report = self.run.report();
            // What has been sent is counted through: the longer it is, the more seldom.
            self.untold += 1;
            if self.untold * 64 < report.sent.len() {
                return;
            }
            self.untold = 0;
            let now = Progress::of(report, self.calls.answered(), self.calls.going());
            progress.send_if_modified(|shown| std::mem::replace(shown, now.clone()) != now);
        }
    }
}

/// What the journal keeps of a message that is about to leave.
pub(crate) fn message_hash(payload: &[u8]) -> String {
    blake3::hash(payload).to_hex().to_string()
}

/// The bytes of a message, made again while a run is replayed.
pub(crate) fn message_again(envelope: Envelope, way: Way, request_id: &str, body: &Value) -> Option<String> {
    write_request(envelope, way, request_id, body).ok().map(|payload| message_hash(&payload))
}

/// What is wanted next; never comes when nobody can want anything any more.
async fn changed(control: &mut watch::Receiver<Control>) -> Control {
    match control.changed().await {
        Ok(()) => control.borrow_and_update().clone(),
        Err(_) => std::future::pending().await,
    }
}
