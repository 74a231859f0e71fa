//! The file, its one writing thread, and its reading connection.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::batch::Batch;
use super::schema::{self, StoreError};

/// Works that one commit takes at most.
const GROUP: usize = 100;

/// Journal, plans, bookings, tasks and ticks of one engine in one file. Whatever is written is durable when the call comes back.
pub struct SqliteStore {
    path: PathBuf,
    /// `None` where it is only read, and while it is dropped.
    writer: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    reader: Arc<Mutex<Connection>>,
}

/// Something to be done inside a commit, and who is told afterwards.
struct Job {
    work: Work,
    failed: Box<dyn FnOnce(StoreError) + Send>,
}

/// What is done inside a commit; an error undoes the whole of it.
type Work = Box<dyn FnOnce(&mut Batch<'_>) -> rusqlite::Result<Told> + Send>;

/// Tells the result, once the commit is durable.
type Told = Box<dyn FnOnce() + Send>;

impl SqliteStore {
    /// Opens the file; makes it, with its folder, when it is not there.
    ///
    /// # Errors
    /// It cannot be opened or made, is something else, or of another version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let connection = schema::open(&path)?;
        let reader = Arc::new(Mutex::new(schema::open_reader(&path)?));
        let (writer, jobs) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || write(connection, &jobs))
            .map_err(|e| StoreError::Open { path: path.clone(), why: e.to_string() })?;
        Ok(Self { path, writer: Some(writer), thread: Some(thread), reader })
    }

    /// Opens the file for whoever only looks at it: also one that may not be written.
    ///
    /// # Errors
    /// It cannot be opened, is something else, or of another version.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        match Self::open(&path) {
            Err(StoreError::ReadOnly { .. }) => {}
            opened => return opened,
        }
        let path = path.as_ref().to_owned();
        let reader = schema::open_reader(&path)?;
        schema::check_reader(&reader, &path)?;
        Ok(Self { path, writer: None, thread: None, reader: Arc::new(Mutex::new(reader)) })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The most pages (of 4 KiB) that the file may have: what is over is refused as if the disk were full. At least what it has now.
    ///
    /// # Errors
    /// The store is closed or cannot be used.
    pub async fn limit_pages(&self, most: u32) -> Result<(), StoreError> {
        self.write(move |batch| batch.tx.pragma_update(None, "max_page_count", most)).await
    }

    /// Does `work` inside the next commit; its result comes when that is durable.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Batch<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = oneshot::channel::<Result<T, StoreError>>();
        let sender = Arc::new(Mutex::new(Some(sender)));
        let take =
            |sender: &Mutex<Option<oneshot::Sender<_>>>| sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        let failed = {
            let sender = sender.clone();
            Box::new(move |error| drop(take(&sender).map(|s| s.send(Err(error)))))
        };
        let work = Box::new(move |batch: &mut Batch<'_>| -> rusqlite::Result<Told> {
            let result = work(batch)?;
            Ok(Box::new(move || drop(take(&sender).map(|s| s.send(Ok(result))))))
        });
        let writer = self.writer.as_ref().ok_or(StoreError::Closed)?;
        writer.send(Job { work, failed }).map_err(|_| StoreError::Closed)?;
        receiver.await.map_err(|_| StoreError::Closed)?
    }

    /// Reads what is committed.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let reader = self.reader.clone();
        let read = move || work(&reader.lock().unwrap_or_else(PoisonError::into_inner));
        match tokio::task::spawn_blocking(read).await {
            Ok(result) => Ok(result?),
            Err(error) => Err(StoreError::Failed(error.to_string())),
        }
    }
}

impl Drop for SqliteStore {
    /// Everything handed over is committed before the file is closed.
    fn drop(&mut self) {
        self.writer = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The writing thread: takes what has come, commits it together, tells everybody; meanwhile the next group gathers.
fn write(mut connection: Connection, jobs: &mpsc::Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let group: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(GROUP - 1)).collect();
        let mut failed = Vec::with_capacity(group.len());
        let mut works = Vec::with_capacity(group.len());
        for job in group {
            failed.push(job.failed);
            works.push(job.work);
        }
        match commit(&mut connection, works) {
            Ok(told) => told.into_iter().for_each(|tell| tell()),
            Err(error) => {
                tracing::error!(%error, "the store could not be written");
                failed.into_iter().for_each(|tell| tell(StoreError::from_write(&error)));
            }
        }
    }
    // the file alone is whole again, for whoever copies it; what a busy reader keeps beside it is not lost
    let _ = connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()));
}

fn commit(connection: &mut Connection, works: Vec<Work>) -> rusqlite::Result<Vec<Told>> {
    let mut batch = Batch::new(connection.transaction_with_behavior(TransactionBehavior::Immediate)?);
    let told = works.into_iter().map(|work| work(&mut batch)).collect::<rusqlite::Result<_>>()?;
    batch.commit()?;
    Ok(told)
}

impl StoreError {
    fn from_write(error: &rusqlite::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
