//! The tables, and what can be wrong with a file.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

/// Marks our files: "WFJ1" as a number.
const APPLICATION: i32 = 0x5746_4a31;

/// Version of the tables: 2 has a checksum beside the sources of plans, 3 what an engine needs to take up what another one left. A file of
/// an older version is brought to it, one of a newer version is refused by name.
const SCHEMA: i32 = 3;

const FROM_1: &str = "alter table plans add column checksum blob";

/// Rechecks that were under way when an engine of version 2 was killed have no run that could be taken up: their items are free again.
const FROM_2: &str = "
alter table runs add column again blob;
alter table runs add column again_at integer;
alter table bookings add column run blob;
alter table tasks add column run blob;
delete from booked_items where booking in (select id from bookings where taken = 1);
delete from bookings where taken = 1;
";

const TABLES: &str = "
create table segments (id integer primary key, body blob not null, checksum blob not null);
create table parts (run blob not null, first integer not null, segment integer not null, primary key (run, first)) without rowid;
create table runs (run blob primary key, workflow text not null, started integer not null, ended text, last integer not null, again blob, again_at integer) without rowid;
create index runs_by_start on runs (started);
create index runs_by_workflow on runs (workflow, started);
create table blobs (hash blob primary key, size integer not null, body blob not null) without rowid;
create table plans (hash text primary key, bundle blob not null, checksum blob) without rowid;
create table bookings (id integer primary key autoincrement, due integer not null, taken integer not null default 0, body blob not null, run blob);
create index bookings_by_due on bookings (taken, due);
create table booked_items (workflow text not null, scope text not null, item text not null, booking integer not null, primary key (workflow, scope, item)) without rowid;
create index items_by_booking on booked_items (booking);
create table tasks (kind text not null, key text not null, due integer not null, data blob not null, claimed_until integer, run blob, primary key (kind, key)) without rowid;
create index tasks_by_due on tasks (kind, due);
create table ticks (schedule text not null, due integer not null, outcome text not null, detail text, by_ms integer, primary key (schedule, due)) without rowid;
create index ticks_by_due on ticks (due);
";

/// Came later, into files that are there already; who does not know it misses nothing.
const RECORDS: &str =
    "create table if not exists records (key text primary key, value blob not null, until integer) without rowid;
create index if not exists records_by_end on records (until);
create index if not exists unfinished_runs on runs (run) where ended is null;
create index if not exists runs_tried_again on runs (run) where again is not null;
create table if not exists asked_runs (subject text not null, request_id text not null, run blob not null, primary key (subject, request_id)) without rowid;
create index if not exists asked_by_run on asked_runs (run);
create table if not exists answered_steps (run blob not null, step text not null, answer blob not null, primary key (run, step)) without rowid;";

/// How long another program that writes is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What can be wrong with a store.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum StoreError {
    #[error("{path} cannot be opened: {why}")]
    Open { path: PathBuf, why: String },
    #[error("{path} is not a journal of this program")]
    Foreign { path: PathBuf },
    #[error(
        "{path} was written by another version: its tables are version {found}, this program knows version {SCHEMA}"
    )]
    Version { path: PathBuf, found: i32 },
    /// It is there and may be read.
    #[error("{path} cannot be written: {why}")]
    ReadOnly { path: PathBuf, why: String },
    #[error("{0}")]
    Failed(String),
    #[error("the store is closed")]
    Closed,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Opens the file for writing; makes it, with its folder, when it is not there.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let failed = |why: String| StoreError::Open { path: path.to_owned(), why };
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| failed(e.to_string()))?;
    }
    let connection = Connection::open(path).map_err(|e| failed(e.to_string()))?;
    prepare(&connection, path).map_err(|error| match error {
        StoreError::Failed(why) => failed(why),
        other => other,
    })?;
    Ok(connection)
}

/// A connection that only reads, to a file that [`open`] prepared or that another program left.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|e| StoreError::Open { path: path.to_owned(), why: e.to_string() })?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Whether a file that only may be read is one of ours.
pub(super) fn check_reader(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    match ours(connection, path)? {
        SCHEMA => Ok(()),
        found => Err(StoreError::Version { path: path.to_owned(), found }),
    }
}

/// The version of its tables, 0 for an empty file.
fn ours(connection: &Connection, path: &Path) -> Result<i32, StoreError> {
    let (application, version, tables) = marks(connection)?;
    match version {
        _ if tables == 0 => Ok(0),
        _ if application != APPLICATION => Err(StoreError::Foreign { path: path.to_owned() }),
        1..=SCHEMA => Ok(version),
        found => Err(StoreError::Version { path: path.to_owned(), found }),
    }
}

/// Whose file it is, the version of its tables, how many there are: of one moment, for another program may be making them.
fn marks(connection: &Connection) -> Result<(i32, i32, i64), StoreError> {
    let moment = connection.unchecked_transaction()?;
    let tables = moment.query_row("select count(*) from sqlite_master", [], |row| row.get(0))?;
    let number = |name: &str| moment.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    Ok((number("application_id")?, number("user_version")?, tables))
}

/// SQLite does not wait by itself for others that look at the file while its mode changes.
fn into_wal(connection: &Connection) -> Result<(), StoreError> {
    let end = Instant::now() + PATIENCE;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(e) if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < end => {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return Ok(done?),
        }
    }
}

fn prepare(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    connection.busy_timeout(PATIENCE)?;
    ours(connection, path)?;
    // SQLite opens for reading what it may not write, and would say so with the first record of a run
    if connection.is_readonly("main")? {
        return Err(StoreError::ReadOnly { path: path.to_owned(), why: "its permissions do not let this user".into() });
    }
    into_wal(connection)?;
    connection.pragma_update(None, "synchronous", "full")?;
    let written = bring_up(connection);
    written.map_err(|error| StoreError::ReadOnly { path: path.to_owned(), why: error.to_string() })
}

/// Makes the tables, or what an older version lacks. It takes the right to write in any case: who does not get it is found here.
fn bring_up(connection: &Connection) -> rusqlite::Result<()> {
    // two programs may make the same file at once: the second one finds it made
    let change = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let tables: i64 = change.query_row("select count(*) from sqlite_master", [], |row| row.get(0))?;
    let version: i32 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if tables == 0 {
        change.execute_batch(TABLES)?;
        change.pragma_update(None, "application_id", APPLICATION)?;
    } else {
        if version < 2 {
            change.execute_batch(FROM_1)?;
        }
        if version < 3 {
            change.execute_batch(FROM_2)?;
        }
    }
    change.execute_batch(RECORDS)?;
    if version != SCHEMA {
        change.pragma_update(None, "user_version", SCHEMA)?;
    }
    change.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_that_make_one_file_at_once_all_open_it() -> Result<(), std::io::Error> {
        let folder = tempfile::tempdir()?;
        for round in 0..10 {
            let path = folder.path().join(format!("{round}.db"));
            let opened: Vec<_> = std::thread::scope(|scope| {
                let all: Vec<_> = (0..8).map(|_| scope.spawn(|| open(&path).map(drop))).collect();
                all.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
            });
            assert!(opened.iter().all(|one| matches!(one, Ok(Ok(())))), "{opened:?}");
        }
        Ok(())
    }
}
