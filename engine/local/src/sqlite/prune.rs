//! Retention: what is old goes, with everything that only it needed. In small commits, so that an engine on the file goes on meanwhile.

use std::collections::HashSet;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use wf_host::record;

use super::time::to_column;
use super::{SqliteStore, StoreError, schema, segment};

/// Runs that one commit takes away.
const RUNS: i64 = 200;

/// Payloads that one commit takes away.
const BLOBS: usize = 1_000;

/// What was taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    pub runs: u64,
    pub ticks: u64,
    /// Payloads that no run holds any more.
    pub payloads: u64,
}

const OLD: &str = "select run from runs where ended is not null and started < ?1
    and (again is null or exists (select 1 from runs later where later.run = runs.again)) limit ?2";

/// The newest tick of a schedule stays: the next ones are counted from it.
const OLD_TICKS: &str = "delete from ticks where due < ?1
    and due < (select max(due) from ticks newest where newest.schedule = ticks.schedule)";

impl SqliteStore {
    /// How many runs [`Self::prune`] would take away.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn older(&self, before: Timestamp) -> Result<u64, StoreError> {
        let count = self.read(move |connection| {
            let count = format!("select count(*) from ({OLD})");
            connection.query_row(&count, params![to_column(before), i64::MAX], |row| row.get::<_, i64>(0))
        });
        Ok(count.await?.cast_unsigned())
    }

    /// Takes away runs that have ended and began before that moment, ticks that were due before it, and payloads that nobody holds any
    /// more. What has not ended, or is to be tried again, stays, and so do the sources of plans.
    ///
    /// # Errors
    /// The file cannot be read or written; what was taken away until then is gone.
    pub async fn prune(&self, before: Timestamp) -> Result<Pruned, StoreError> {
        let before = to_column(before);
        let mut pruned = Pruned::default();
        loop {
            let gone = self.write(move |batch| take_runs(&batch.tx, before)).await?;
            pruned.runs += gone;
            if gone == 0 {
                break;
            }
        }
        pruned.ticks = self.write(move |batch| Ok(batch.tx.execute(OLD_TICKS, [before])? as u64)).await?;
        if pruned.runs > 0 {
            pruned.payloads = self.sweep().await?;
        }
        Ok(pruned)
    }

    /// Gives the room that is free inside the file back to the disk. Nobody can write meanwhile; it takes as long as a copy of the file.
    ///
    /// # Errors
    /// It is not a store, somebody else writes, or there is no room for the copy.
    pub fn compact(path: impl AsRef<Path>) -> Result<(), StoreError> {
        let connection = schema::open(path.as_ref())?;
        Ok(connection.execute_batch("vacuum; pragma wal_checkpoint(truncate)")?)
    }

    async fn sweep(&self) -> Result<u64, StoreError> {
        let (held, seen, all) = self
            .read(|connection| {
                let moment = connection.unchecked_transaction()?;
                let (held, seen) = payloads_after(&moment, 0)?;
                let mut select = moment.prepare("select hash from blobs")?;
                let all: Vec<[u8; 32]> = select.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                drop(select);
                Ok((held, seen, all))
            })
            .await?;
        let unheld: Vec<[u8; 32]> = all.into_iter().filter(|hash| !held.contains(hash)).collect();
        let mut gone = 0;
        for some in unheld.chunks(BLOBS) {
            let some = some.to_vec();
            let taken = self.write(move |batch| {
                // what was written since then may hold one of them again
                let (since, _) = payloads_after(&batch.tx, seen)?;
                let mut delete = batch.tx.prepare_cached("delete from blobs where hash = ?1")?;
                let mut taken = 0;
                for hash in some.iter().filter(|hash| !since.contains(*hash)) {
                    taken += delete.execute([hash])? as u64;
                }
                Ok(taken)
            });
            gone += taken.await?;
        }
        Ok(gone)
    }
}

fn take_runs(connection: &Connection, before: i64) -> rusqlite::Result<u64> {
    let runs: Vec<[u8; 16]> = connection
        .prepare_cached(OLD)?
        .query_map(params![before, RUNS], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut segments: HashSet<i64> = HashSet::new();
    for run in &runs {
        let mut parts = connection.prepare_cached("select segment from parts where run = ?1")?;
        for segment in parts.query_map([run], |row| row.get::<_, i64>(0))? {
            segments.insert(segment?);
        }
        connection.prepare_cached("delete from parts where run = ?1")?.execute([run])?;
        connection.prepare_cached("delete from runs where run = ?1")?.execute([run])?;
        connection.prepare_cached("delete from asked_runs where run = ?1")?.execute([run])?;
    }
    // a segment holds the records of all runs of its commit
    let (first, last) = (segments.iter().min().copied(), segments.iter().max().copied());
    let mut needed = connection.prepare_cached("select segment from parts where segment between ?1 and ?2")?;
    for segment in needed.query_map(params![first, last], |row| row.get::<_, i64>(0))? {
        segments.remove(&segment?);
    }
    for segment in segments {
        connection.prepare_cached("delete from segments where id = ?1")?.execute([segment])?;
    }
    Ok(runs.len() as u64)
}

type Hashes = (HashSet<[u8; 32]>, i64);

/// The payloads that segments after this one hold, and the last segment.
fn payloads_after(connection: &Connection, after: i64) -> rusqlite::Result<Hashes> {
    let (mut held, mut last) = (HashSet::new(), after);
    let mut select = connection.prepare_cached("select id, body from segments where id > ?1 order by id")?;
    let mut rows = select.query([after])?;
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        let body: Vec<u8> = row.get(1)?;
        for record in segment::read(&body).into_iter().flatten().flat_map(|part| part.records) {
            // only the hash is asked for: what comes of the record does not matter
            let _ = record::decode(record, &mut |hash| {
                held.insert(*hash.as_bytes());
                None
            });
        }
    }
    Ok((held, last))
}
