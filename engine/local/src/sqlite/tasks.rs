//! Named tasks in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, Params, params};
use wf_host::ports::{LaterError, Task, Tasks};
use wf_host::record::{read_value, write_value};
use wf_value::Text;

use super::time::{from_column, to_column};
use super::{SqliteStore, StoreError};

#[async_trait]
impl Tasks for SqliteStore {
    async fn book(&self, task: Task) -> Result<bool, LaterError> {
        let booked = self.write(move |batch| {
            let mut insert = batch
                .tx
                .prepare_cached("insert or ignore into tasks (kind, key, due, data) values (?1, ?2, ?3, ?4)")?;
            let (kind, key) = (task.kind.as_str(), task.key.as_str());
            Ok(insert.execute(params![kind, key, to_column(task.due), write_value(&task.data)])? > 0)
        });
        booked.await.map_err(later)
    }

    async fn cancel(&self, kind: &str, key: &str) -> Result<bool, LaterError> {
        self.change("delete from tasks where kind = ?1 and key = ?2", kind, key, |k, key| (k, key)).await
    }

    async fn due(&self, kind: &str, now: Timestamp) -> Result<Vec<Task>, LaterError> {
        let kind = kind.to_owned();
        let due = "select kind, key, due, data from tasks where kind = ?1 and due <= ?2 order by due, key";
        let rows = self.read(move |c| rows(c, due, params![kind, to_column(now)])).await.map_err(later)?;
        rows.into_iter().map(read).collect()
    }

    async fn take(&self, kind: &str, key: &str, now: Timestamp, until: Timestamp) -> Result<bool, LaterError> {
        let claim =
            "update tasks set claimed_until = ?4 where kind = ?1 and key = ?2 and coalesce(claimed_until, ?3) <= ?3";
        let (now, until) = (to_column(now), to_column(until));
        self.change(claim, kind, key, move |kind, key| (kind, key, now, until)).await
    }

    async fn give_back(&self, kind: &str, key: &str) -> Result<(), LaterError> {
        let release = "update tasks set claimed_until = null where kind = ?1 and key = ?2";
        self.change(release, kind, key, |kind, key| (kind, key)).await.map(drop)
    }

    async fn waiting(&self) -> Result<Vec<Task>, LaterError> {
        let all = "select kind, key, due, data from tasks order by due, kind, key";
        let rows = self.read(move |connection| rows(connection, all, [])).await.map_err(later)?;
        rows.into_iter().map(read).collect()
    }
}

impl SqliteStore {
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
