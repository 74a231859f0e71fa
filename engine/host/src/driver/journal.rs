//! The journal of one run: records in one order, appended in groups, waited for only where durability is asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use wf_plan::RunId;

use crate::clock::attend;
use crate::metrics::names;
use crate::ports::{Answer, AppendError, Kind, Ports, Record, Seq};

/// How much of a run is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Everything that came from outside: the run can be replayed.
    Everything,
    /// How it began and ended: of runs that can only read ([`super::only_reads`]).
    Summary,
}

/// Records that go to the journal together at the latest, and bytes of answers.
const GROUP: usize = 100;
const GROUP_BYTES: usize = 1 << 20;

/// Bytes of answers that may wait for a slow journal; a run with more waits for it.
const HEAVY: usize = 64 << 20;

/// Where a run writes: what gathers in a turn of it goes to the writer in one piece. Dropped, it still appends what it was given.
pub(super) struct RunJournal {
    keep: Keep,
    gathered: Group,
    groups: mpsc::UnboundedSender<Group>,
    waiting: Arc<AtomicUsize>,
}

/// Comes when everything up to its creation is durable; [`RunJournal::send`] sets it going.
pub(super) type Durable = oneshot::Receiver<Result<(), AppendError>>;

/// What is appended together.
#[derive(Default)]
struct Group {
    records: Vec<Record>,
    /// Of answers.
    bytes: usize,
    told: Vec<oneshot::Sender<Result<(), AppendError>>>,
    /// Somebody waits for it, or there is enough of it.
    wanted: bool,
}

impl RunJournal {
    /// `last` is the run's last number. The first failure goes to `failed`, and to everybody who waits then or later.
    pub(super) fn new(
        ports: &Ports,
        run: RunId,
        last: Seq,
        keep: Keep,
        failed: mpsc::UnboundedSender<AppendError>,
    ) -> Self {
        let (groups, queue) = mpsc::unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let writer = Writer { ports: ports.clone(), run, last, failed, waiting: waiting.clone() };
        tokio::spawn(attend(ports.clock.clone(), writer.write(queue)));
        Self { keep, gathered: Group::default(), groups, waiting }
    }

    pub(super) fn push(&mut self, at: Timestamp, kind: Kind) {
        let wanted = match (&kind, self.keep) {
            (_, Keep::Everything)
            | (Kind::Started { .. } | Kind::Again { .. } | Kind::Ended { .. } | Kind::Sent { .. }, Keep::Summary) => {
                true
            }
            (_, Keep::Summary) => false,
        };
        if !wanted {
            return;
        }
        let bytes = match &kind {
            Kind::Answered { answer: Answer::Reply(reply), .. } => reply.len(),
            _ => 0,
        };
        self.waiting.fetch_add(bytes, Ordering::Relaxed);
        let group = &mut self.gathered;
        group.records.push(Record { at, kind });
        group.bytes += bytes;
        group.wanted |= group.records.len() >= GROUP || group.bytes >= GROUP_BYTES;
    }

    pub(super) fn durable(&mut self) -> Durable {
        let (sender, receiver) = oneshot::channel();
        self.gathered.told.push(sender);
        self.gathered.wanted = true;
        receiver
    }

    /// Has everything written soon; nobody waits.
    pub(super) fn nudge(&mut self) {
        self.gathered.wanted |= self.keep == Keep::Everything;
    }

    /// Hands what gathered to the writer, when somebody waits for it or there is enough of it.
    pub(super) fn send(&mut self) {
        if self.gathered.wanted {
            // The writer is gone only when its runtime is: nothing is sent then.
            let _ = self.groups.send(std::mem::take(&mut self.gathered));
        }
    }

    /// Waits until everything is durable.
    pub(super) async fn settle(&mut self) -> Result<(), AppendError> {
        let durable = self.durable();
        self.send();
        wait(durable).await
    }

    /// Whether so much waits to be written that the run should wait, too.
    pub(super) fn is_heavy(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > HEAVY
    }
}

impl Drop for RunJournal {
    fn drop(&mut self) {
        self.gathered.wanted = true;
        self.send();
    }
}

/// What [`Durable`] says.
pub(super) async fn wait(durable: Durable) -> Result<(), AppendError> {
    // The writer is gone only when its runtime is: nothing is sent then.
    durable.await.unwrap_or(Err(AppendError::Fenced))
}

struct Writer {
    ports: Ports,
    run: RunId,
    last: Seq,
    failed: mpsc::UnboundedSender<AppendError>,
    waiting: Arc<AtomicUsize>,
}

impl Group {
    fn add(&mut self, mut later: Self) {
        self.records.append(&mut later.records);
        self.bytes += later.bytes;
        self.told.append(&mut later.told);
    }
}

impl Writer {
    async fn write(mut self, mut queue: mpsc::UnboundedReceiver<Group>) {
        let mut failure: Option<AppendError> = None;
        while let Some(mut group) = queue.recv().await {
            // What gathers while a group is written is the next group.
            while let Ok(later) = queue.try_recv() {
                group.add(later);
            }
            let Group { records, bytes, told, .. } = group;
            if failure.is_none()
                && let Err(error) = self.append(records).await
            {
                failure = Some(error.clone());
                let _ = self.failed.send(error);
            }
            self.waiting.fetch_sub(bytes, Ordering::Relaxed);
            for told in told {
                let _ = told.send(failure.clone().map_or(Ok(()), Err));
            }
        }
    }

    async fn append(&mut self, records: Vec<Record>) -> Result<(), AppendError> {
        if records.is_empty() {
            return Ok(());
        }
        let _busy = self.ports.clock.busy();
        let appended = self.ports.journal.append(self.run, self.last, records).await;
        self.last = appended.inspect_err(|error| {
            tracing::error!(run = %self.run, %error, "the journal did not take a record");
            self.ports.metrics.count(names::JOURNAL_ERRORS, &[]);
        })?;
        Ok(())
    }
}
