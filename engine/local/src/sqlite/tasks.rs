//! Named tasks in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, Params, Row, params};
use uuid::Uuid;
use wf_host::ports::{Asker, LaterError, Task, Tasks};
use wf_host::record::{read_value, write_value};
use wf_plan::RunId;
use wf_value::{Text, Value};

use super::time::{from_column, to_column};
use super::{SqliteStore, StoreError, asked};

#[async_trait]
impl Tasks for SqliteStore {
    async fn book(&self, task: Task, by: Option<Asker>) -> Result<bool, LaterError> {
        self.once(by, move |tx| {
            let mut insert =
                tx.prepare_cached("insert or ignore into tasks (kind, key, due, data) values (?1, ?2, ?3, ?4)")?;
            let (kind, key) = (task.kind.as_str(), task.key.as_str());
            Ok(insert.execute(params![kind, key, to_column(task.due), write_value(&task.data)])? > 0)
        })
        .await
    }

    async fn cancel(&self, kind: &str, key: &str, by: Option<Asker>) -> Result<bool, LaterError> {
        let (kind, key) = (kind.to_owned(), key.to_owned());
        self.once(by, move |tx| {
            Ok(tx.prepare_cached("delete from tasks where kind = ?1 and key = ?2")?.execute([kind, key])? > 0)
        })
        .await
    }

    async fn due(&self, kind: &str, now: Timestamp) -> Result<Vec<Task>, LaterError> {
        let kind = kind.to_owned();
        let due = "select kind, key, due, data from tasks where kind = ?1 and due <= ?2 order by due, key";
        let rows = self.read(move |c| rows(c, due, params![kind, to_column(now)])).await.map_err(later)?;
        rows.into_iter().map(read).collect()
    }

    async fn take(
        &self,
        kind: &str,
        key: &str,
        run: RunId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, LaterError> {
        let claim = "update tasks set claimed_until = ?4, run = ?5
            where kind = ?1 and key = ?2 and coalesce(claimed_until, ?3) <= ?3";
        let (now, until, run) = (to_column(now), to_column(until), *run.0.as_bytes());
        self.change(claim, kind, key, move |kind, key| (kind, key, now, until, run)).await
    }

    async fn taken(&self) -> Result<Vec<(Task, RunId)>, LaterError> {
        let taken = self.read(|connection| {
            let taken = "select kind, key, due, data, run from tasks where run is not null order by due, kind, key";
            let row =
                |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?), row.get::<_, [u8; 16]>(4)?));
            connection.prepare_cached(taken)?.query_map([], row)?.collect::<rusqlite::Result<Vec<(Stored, _)>>>()
        });
        let taken = taken.await.map_err(later)?.into_iter();
        taken.map(|(stored, run)| Ok((read(stored)?, RunId(Uuid::from_bytes(run))))).collect()
    }

    async fn give_back(&self, kind: &str, key: &str) -> Result<(), LaterError> {
        let release = "update tasks set claimed_until = null, run = null where kind = ?1 and key = ?2";
        self.change(release, kind, key, |kind, key| (kind, key)).await.map(drop)
    }

    async fn waiting(&self) -> Result<Vec<Task>, LaterError> {
        let all = "select kind, key, due, data from tasks order by due, kind, key";
        let rows = self.read(move |connection| rows(connection, all, [])).await.map_err(later)?;
        rows.into_iter().map(read).collect()
    }
}

impl SqliteStore {
    /// What a step asks for, once: asked again, it gets the answer of before.
    async fn once(
        &self,
        by: Option<Asker>,
        work: impl FnOnce(&Connection) -> rusqlite::Result<bool> + Send + 'static,
    ) -> Result<bool, LaterError> {
        let done = self.write(move |batch| {
            let Some(by) = by else { return work(&batch.tx) };
            if let Some(Value::Bool(before)) = asked::answered(&batch.tx, &by)? {
                return Ok(before);
            }
            let done = work(&batch.tx)?;
            asked::answer(&batch.tx, &by, &Value::Bool(done))?;
            Ok(done)
        });
        done.await.map_err(later)
    }

    /// Whether a statement about one task changed something.
    async fn change<P: Params>(
        &self,
        statement: &'static str,
        kind: &str,
        key: &str,
        params: impl FnOnce(String, String) -> P + Send + 'static,
    ) -> Result<bool, LaterError> {
        let (kind, key) = (kind.to_owned(), key.to_owned());
        let changed = self.write(move |batch| Ok(batch.tx.prepare_cached(statement)?.execute(params(kind, key))? > 0));
        changed.await.map_err(later)
    }
}

type Stored = (String, String, i64, Vec<u8>);

fn rows(connection: &Connection, select: &str, params: impl Params) -> rusqlite::Result<Vec<Stored>> {
    let mut select = connection.prepare_cached(select)?;
    select.query_map(params, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?.collect()
}

fn read((kind, key, due, data): Stored) -> Result<Task, LaterError> {
    let data = read_value(&data).map_err(|e| LaterError(format!("task {kind} {key} is damaged: {e}")))?;
    Ok(Task { kind: Text::from(kind), key: Text::from(key), due: from_column(due), data })
}

fn later(error: StoreError) -> LaterError {
    LaterError(error.to_string())
}
