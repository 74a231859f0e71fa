//! The journal in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use wf_host::ports::{AppendError, Bundle, Journal, JournalError, Kind, Record, RunInfo, Seq, asked_by};
use wf_host::record;
use wf_plan::RunId;

use super::batch::Batch;
use super::blobs::{self, Collected};
use super::time::{from_column, to_column};
use super::{SqliteStore, StoreError, asked, plans, segment};

#[async_trait]
impl Journal for SqliteStore {
    async fn append(&self, run: RunId, expected: Seq, batch: Vec<Record>) -> Result<Seq, AppendError> {
        if batch.is_empty() {
            let last = self.read(move |c| last(c, run)).await.map_err(write_error)?;
            return if last == expected { Ok(last) } else { Err(AppendError::Fenced) };
        }
        let mut blobs = Collected::default();
        let records: Vec<_> = batch.iter().map(|r| record::encode(r, Some(&mut blobs))).collect();
        let heading = Heading::of(&batch);
        let appended = self.write(move |batch| append(batch, run, expected, &heading, &records, blobs)).await;
        appended.map_err(write_error)?.ok_or(AppendError::Fenced)
    }

    async fn read(&self, run: RunId, from: Seq) -> Result<Vec<Record>, JournalError> {
        self.read(move |connection| Ok(records(connection, run, from))).await.map_err(read_error)?
    }

    async fn claim(&self, run: RunId) -> Result<Seq, JournalError> {
        let claimed = self.write(move |batch| {
            let last = last(&batch.tx, run)?;
            if last == 0 {
                return Ok(0);
            }
            let taken = Record { at: Timestamp::now(), kind: Kind::Taken };
            let heading = Heading::of(std::slice::from_ref(&taken));
            let encoded = record::encode(&taken, None);
            Ok(append(batch, run, last, &heading, &[encoded], Collected::default())?.unwrap_or(last))
        });
        claimed.await.map_err(|e| JournalError::Write(e.to_string()))
    }

    async fn runs(&self, workflow: Option<&str>, most: usize) -> Result<Vec<RunInfo>, JournalError> {
        let workflow = workflow.map(str::to_owned);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let runs = self.read(move |connection| match workflow {
            None => infos(connection, "order by run desc limit ?1", params![most]),
            Some(workflow) => {
                infos(connection, "where workflow = ?2 order by run desc limit ?1", params![most, workflow])
            }
        });
        runs.await.map_err(read_error)
    }

    async fn info(&self, run: RunId) -> Result<Option<RunInfo>, JournalError> {
        let found = self.read(move |connection| infos(connection, "where run = ?1", params![run.0.as_bytes()]));
        Ok(found.await.map_err(read_error)?.pop())
    }

    async fn asked(&self, subject: &str, request_id: &str) -> Result<Option<RunId>, JournalError> {
        let (subject, id) = (subject.to_owned(), request_id.to_owned());
        let found = self.read(move |connection| {
            let mut select =
                connection.prepare_cached("select run from asked_runs where subject = ?1 and request_id = ?2")?;
            select.query_row([subject, id], |row| row.get::<_, [u8; 16]>(0)).optional()
        });
        Ok(found.await.map_err(read_error)?.map(|run| RunId(uuid::Uuid::from_bytes(run))))
    }

    async fn unfinished(&self) -> Result<Vec<RunInfo>, JournalError> {
        let runs = self.read(|connection| infos(connection, "where ended is null order by run", []));
        runs.await.map_err(read_error)
    }

    async fn tried_again(&self) -> Result<Vec<RunInfo>, JournalError> {
        const WAITING: &str = "where again is not null and ended is not null
            and not exists (select 1 from runs later where later.run = runs.again) order by run";
        let runs = self.read(|connection| infos(connection, WAITING, []));
        runs.await.map_err(read_error)
    }

    async fn keep_plan(&self, hash: &str, bundle: Bundle) -> Result<(), JournalError> {
        let key = hash.to_owned();
        if self.read(move |connection| plans::is_kept(connection, &key)).await.map_err(read_error)? {
            return Ok(());
        }
        let (key, packed) = (hash.to_owned(), plans::pack(bundle));
        let kept = self.write(move |batch| plans::keep(batch, &key, &packed));
        kept.await.map_err(|e| JournalError::Write(e.to_string()))
    }

    async fn plan(&self, hash: &str) -> Result<Option<Bundle>, JournalError> {
        let key = hash.to_owned();
        let kept = self.read(move |connection| plans::find(connection, &key)).await.map_err(read_error)?;
        let damaged = || JournalError::Read(format!("the kept sources of plan {hash} are damaged"));
        kept.map(|kept| kept.unpack().ok_or_else(damaged)).transpose()
    }
}

/// What the list of runs learns from a batch of records.
struct Heading {
    started: Option<(String, Timestamp)>,
    ended: Option<String>,
    again: Option<(RunId, Timestamp)>,
    asked: Option<(String, String)>,
}

impl Heading {
    fn of(batch: &[Record]) -> Self {
        let started = batch.iter().find_map(|r| match &r.kind {
            Kind::Started { workflow, .. } => Some((workflow.clone(), r.at)),
            _ => None,
        });
        let ended = batch.iter().rev().find_map(|r| match &r.kind {
            Kind::Ended { how, .. } => Some(how.clone()),
            _ => None,
        });
        let again = batch.iter().rev().find_map(|r| match &r.kind {
            Kind::Again { run, due } => Some((*run, *due)),
            _ => None,
        });
        let asked = batch.iter().find_map(|record| asked_by(&record.kind));
        let at = batch.first().map(|r| r.at).unwrap_or_default();
        Self { started: started.or(Some((String::new(), at))), ended, again, asked }
    }
}

/// `None`: the run is not where it was expected.
fn append(
    batch: &mut Batch<'_>,
    run: RunId,
    expected: Seq,
    heading: &Heading,
    records: &[Vec<u8>],
    blobs: Collected,
) -> rusqlite::Result<Option<Seq>> {
    if last(&batch.tx, run)? != expected {
        return Ok(None);
    }
    let new = expected + records.len() as Seq;
    blobs.write(&batch.tx)?;
    if expected == 0 {
        let (workflow, started) = heading.started.clone().unwrap_or_default();
        let mut insert =
            batch.tx.prepare_cached("insert into runs (run, workflow, started, last) values (?1, ?2, ?3, 0)")?;
        insert.execute(params![run.0.as_bytes(), workflow, to_column(started)])?;
    }
    let mut update =
        batch.tx.prepare_cached("update runs set last = ?2, ended = coalesce(?3, ended) where run = ?1")?;
    update.execute(params![run.0.as_bytes(), new.cast_signed(), heading.ended])?;
    drop(update);
    if let Some((subject, id)) = &heading.asked {
        let mut insert = batch
            .tx
            .prepare_cached("insert or replace into asked_runs (subject, request_id, run) values (?1, ?2, ?3)")?;
        insert.execute(params![subject, id, run.0.as_bytes()])?;
    }
    if let Some((again, due)) = &heading.again {
        let mut update = batch.tx.prepare_cached("update runs set again = ?2, again_at = ?3 where run = ?1")?;
        update.execute(params![run.0.as_bytes(), again.0.as_bytes(), to_column(*due)])?;
    }
    if heading.ended.is_some() {
        asked::forget(&batch.tx, run)?;
    }
    batch.records(run, expected + 1, records);
    Ok(Some(new))
}

fn last(connection: &Connection, run: RunId) -> rusqlite::Result<Seq> {
    let mut select = connection.prepare_cached("select last from runs where run = ?1")?;
    let last = select.query_row([run.0.as_bytes()], |row| row.get::<_, i64>(0)).optional()?;
    Ok(last.unwrap_or(0).cast_unsigned())
}

fn infos(connection: &Connection, which: &str, params: impl Params) -> rusqlite::Result<Vec<RunInfo>> {
    let select = format!("select run, workflow, started, ended, last, again, again_at from runs {which}");
    connection.prepare_cached(&select)?.query_map(params, info)?.collect()
}

fn info(row: &Row<'_>) -> rusqlite::Result<RunInfo> {
    let run = |bytes: [u8; 16]| RunId(uuid::Uuid::from_bytes(bytes));
    let (again, again_at): (Option<[u8; 16]>, Option<i64>) = (row.get(5)?, row.get(6)?);
    Ok(RunInfo {
        run: run(row.get(0)?),
        workflow: row.get(1)?,
        started: from_column(row.get(2)?),
        ended: row.get(3)?,
        last: row.get::<_, i64>(4)?.cast_unsigned(),
        again: again.map(run).zip(again_at.map(from_column)),
    })
}

/// The records of a run from number `from` on, all of them or an error.
fn records(connection: &Connection, run: RunId, from: Seq) -> Result<Vec<Record>, JournalError> {
    let failed = |error: rusqlite::Error| JournalError::Read(error.to_string());
    let damaged = |seq: Seq, why: String| JournalError::Format { run: run.to_text(), seq, why };
    let end = last(connection, run).map_err(failed)?;
    let mut select = connection
        .prepare_cached(
            "select first, id, body, checksum from parts left join segments on segments.id = parts.segment where run = ?1 order by first",
        )
        .map_err(failed)?;
    let mut rows = select.query([run.0.as_bytes()]).map_err(failed)?;
    let (mut found, mut next) = (Vec::new(), 1);
    while let Some(row) = rows.next().map_err(failed)? {
        let first = row.get::<_, i64>(0).map_err(failed)?.cast_unsigned();
        let segment: Option<(i64, Vec<u8>, Vec<u8>)> = match row.get::<_, Option<i64>>(1).map_err(failed)? {
            Some(id) => Some((id, row.get(2).map_err(failed)?, row.get(3).map_err(failed)?)),
            None => None,
        };
        let Some((id, body, checksum)) = segment else { return Err(damaged(first, "its segment is missing".into())) };
        if first != next {
            return Err(damaged(next, format!("it is missing; the next one is {first}")));
        }
        if segment::checksum(&body).as_slice() != checksum {
            return Err(damaged(first, format!("segment {id} is damaged, its checksum does not fit")));
        }
        let parts = segment::read(&body).ok_or_else(|| damaged(first, format!("segment {id} is damaged")))?;
        let part = parts.into_iter().find(|part| part.run == run && part.first == first);
        let part = part.ok_or_else(|| damaged(first, format!("segment {id} does not hold it")))?;
        for record in part.records {
            if next >= from {
                let mut missing = None;
                let decoded = record::decode(record, &mut |hash| match blobs::find(connection, hash) {
                    Ok(found) => found,
                    Err(error) => {
                        missing = Some(failed(error));
                        None
                    }
                });
                if let Some(error) = missing {
                    return Err(error);
                }
                found.push(decoded.map_err(|error| damaged(next, error.to_string()))?);
            }
            next += 1;
        }
    }
    if next != end + 1 {
        return Err(damaged(next, format!("it is missing; the run has {end} records")));
    }
    Ok(found)
}

fn write_error(error: StoreError) -> AppendError {
    AppendError::Journal(JournalError::Write(error.to_string()))
}

fn read_error(error: StoreError) -> JournalError {
    JournalError::Read(error.to_string())
}
