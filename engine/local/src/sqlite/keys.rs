//! Records by key in SQLite, which ends them by the engine's clock.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};
use wf_host::ports::{Clock, EMBEDDED, KeyError, KeyStore, KeyStores};

use super::time::to_column;
use super::{SqliteStore, StoreError};

/// The records in the engine's own file.
#[derive(Clone)]
pub struct SqliteKeys {
    store: Arc<SqliteStore>,
    clock: Arc<dyn Clock>,
}

/// What no longer lives counts as absent until something is written.
const GET: &str = "select value from records where key = ?1 and coalesce(until, ?2 + 1) > ?2";
const LIST: &str = "select key, value from records where key >= ?1 and key < ?1 || char(1114111)
    and substr(key, 1, length(?1)) = ?1 and coalesce(until, ?2 + 1) > ?2 order by key";
const SWEEP: &str = "delete from records where until <= ?1";
const SET: &str = "insert into records (key, value, until) values (?1, ?2, ?3)
    on conflict (key) do update set value = excluded.value, until = excluded.until";
const SET_NEW: &str = "insert or ignore into records (key, value, until) values (?1, ?2, ?3)";
const ADD: &str = "insert into records (key, value, until) values (?1, ?2, ?3)
    on conflict (key) do update set value = excluded.value, until = coalesce(excluded.until, until)";

impl SqliteKeys {
    #[must_use]
    pub fn new(store: Arc<SqliteStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    fn now(&self) -> i64 {
        to_column(self.clock.now())
    }

    fn until(&self, ttl: Option<Duration>) -> Option<i64> {
        let ttl = SignedDuration::try_from(ttl?).unwrap_or(SignedDuration::MAX);
        Some(to_column(self.clock.now().saturating_add(ttl).unwrap_or(Timestamp::MAX)))
    }

    /// Does `work` after what has ended is gone.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, KeyError> {
        let now = self.now();
        let done = self.store.write(move |batch| {
            batch.tx.prepare_cached(SWEEP)?.execute([now])?;
            work(&batch.tx)
        });
        done.await.map_err(|why| failed(&why))
    }
}

impl KeyStores for SqliteKeys {
    fn open(&self, server: &str) -> Result<Arc<dyn KeyStore>, KeyError> {
        if server == EMBEDDED {
            return Ok(Arc::new(self.clone()));
        }
        Err(KeyError::Refused(format!("`{server}` is no store in this file: that one is called `{EMBEDDED}`")))
    }
}

#[async_trait]
impl KeyStore for SqliteKeys {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, KeyError> {
        let (key, now) = (key.to_owned(), self.now());
        let found = self.store.read(move |connection| {
            let mut select = connection.prepare_cached(GET)?;
            select.query_row(params![key, now], |row| row.get::<_, Vec<u8>>(0)).optional()
        });
        Ok(found.await.map_err(|why| failed(&why))?.map(Bytes::from))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<(String, Bytes)>, KeyError> {
        let (prefix, now) = (prefix.to_owned(), self.now());
        let found = self.store.read(move |connection| {
            let mut select = connection.prepare_cached(LIST)?;
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, Bytes::from(row.get::<_, Vec<u8>>(1)?)));
            select.query_map(params![prefix, now], row)?.collect()
        });
        found.await.map_err(|why| failed(&why))
    }

    async fn set(&self, key: &str, value: Bytes, ttl: Option<Duration>, only_new: bool) -> Result<bool, KeyError> {
        let (key, until) = (key.to_owned(), self.until(ttl));
        let statement = if only_new { SET_NEW } else { SET };
        self.write(move |tx| Ok(tx.prepare_cached(statement)?.execute(params![key, &value[..], until])? > 0)).await
    }

    async fn delete(&self, key: &str) -> Result<bool, KeyError> {
        let key = key.to_owned();
        self.write(move |tx| Ok(tx.prepare_cached("delete from records where key = ?1")?.execute([key])? > 0)).await
    }

    async fn expire(&self, key: &str, ttl: Duration) -> Result<bool, KeyError> {
        let (key, until) = (key.to_owned(), self.until(Some(ttl)));
        let update = "update records set until = ?2 where key = ?1";
        self.write(move |tx| Ok(tx.prepare_cached(update)?.execute(params![key, until])? > 0)).await
    }

    async fn rename(&self, key: &str, to: &str) -> Result<bool, KeyError> {
        let (key, to) = (key.to_owned(), to.to_owned());
        let update = "update or replace records set key = ?2 where key = ?1";
        self.write(move |tx| Ok(tx.prepare_cached(update)?.execute([key, to])? > 0)).await
    }

    async fn add(&self, key: &str, by: i64, ttl: Option<Duration>) -> Result<i64, KeyError> {
        let (key, now, until) = (key.to_owned(), self.now(), self.until(ttl));
        let sum = self.write(move |tx| {
            let mut select = tx.prepare_cached(GET)?;
            let found = select.query_row(params![key, now], |row| row.get::<_, Vec<u8>>(0)).optional()?;
            let number = match &found {
                None => Some(0),
                Some(text) => std::str::from_utf8(text).ok().and_then(|text| text.parse::<i64>().ok()),
            };
            let Some(number) = number else { return Ok(Err("it holds no whole number")) };
            let Some(sum) = number.checked_add(by) else { return Ok(Err("the number is too large")) };
            tx.prepare_cached(ADD)?.execute(params![key, sum.to_string().as_bytes(), until])?;
            Ok(Ok(sum))
        });
        sum.await?.map_err(|why| KeyError::Refused(why.into()))
    }
}

fn failed(why: &StoreError) -> KeyError {
    KeyError::Refused(why.to_string())
}
