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

/// Where a run writes. Dropped, it still appends what it was given.
pub(super) struct RunJournal {
    keep: Keep,
    entries: mpsc::UnboundedSender<Entry>,
    waiting: Arc<AtomicUsize>,
}

enum Entry {
    Record(Record, usize),
    /// Everything so far is to be durable; tells when it is.
    Flush(Option<oneshot::Sender<Result<(), AppendError>>>),
}

/// Comes when everything up to its creation is durable.
pub(super) type Durable = oneshot::Receiver<Result<(), AppendError>>;

impl RunJournal {
    /// `last` is the run's last number. The first failure goes to `failed`, and to everybody who waits then or later.
    pub(super) fn new(
        ports: &Ports,
        run: RunId,
        last: Seq,
        keep: Keep,
        failed: mpsc::UnboundedSender<AppendError>,
    ) -> Self {
        let (entries, queue) = mpsc::unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let writer = Writer { ports: ports.clone(), run, last, failed, waiting: waiting.clone() };
        tokio::spawn(attend(ports.clock.clone(), writer.write(queue)));
        Self { keep, entries, waiting }
    }

    pub(super) fn push(&self, at: Timestamp, kind: Kind) {
        let wanted = match (&kind, self.keep) {
            (_, Keep::Everything) | (Kind::Started { .. } | Kind::Ended { .. } | Kind::Sent { .. }, Keep::Summary) => {
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
        let _ = self.entries.send(Entry::Record(Record { at, kind }, bytes));
    }

    pub(super) fn durable(&self) -> Durable {
        let (sender, receiver) = oneshot::channel();
        let _ = self.entries.send(Entry::Flush(Some(sender)));
        receiver
    }

    /// Has everything written soon; nobody waits.
    pub(super) fn nudge(&self) {
        if self.keep == Keep::Everything {
            let _ = self.entries.send(Entry::Flush(None));
        }
    }

    /// Whether so much waits to be written that the run should wait, too.
    pub(super) fn is_heavy(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > HEAVY
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

#[derive(Default)]
struct Group {
    records: Vec<Record>,
    bytes: usize,
    told: Vec<oneshot::Sender<Result<(), AppendError>>>,
    flush: bool,
}

impl Group {
    fn take(&mut self, entry: Entry) {
        match entry {
            Entry::Record(record, bytes) => {
                self.records.push(record);
                self.bytes += bytes;
                self.flush |= self.records.len() >= GROUP || self.bytes >= GROUP_BYTES;
            }
            Entry::Flush(told) => {
                self.told.extend(told);
                self.flush = true;
            }
        }
    }
}

impl Writer {
    async fn write(mut self, mut queue: mpsc::UnboundedReceiver<Entry>) {
        let mut failure: Option<AppendError> = None;
        let mut group = Group::default();
        loop {
            // What gathers while a group is written is the next group.
            let open = match queue.recv().await {
                Some(entry) => {
                    group.take(entry);
                    while let Ok(entry) = queue.try_recv() {
                        group.take(entry);
                    }
                    true
                }
                None => false,
            };
            if open && !group.flush {
                continue;
            }
            let Group { records, bytes, told, .. } = std::mem::take(&mut group);
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
            if !open {
                return;
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
