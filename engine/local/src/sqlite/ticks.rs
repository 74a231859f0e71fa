//! The ledger of ticks in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use wf_host::ports::{Tick, TickOutcome, Ticks, TicksError};
use wf_plan::RunId;

use super::time::{from_column, to_column};
use super::{SqliteStore, StoreError};

#[async_trait]
impl Ticks for SqliteStore {
    async fn ended(&self, tick: Tick) -> Result<bool, TicksError> {
        let word = tick.outcome.word();
        let (detail, by_ms) = match &tick.outcome {
            TickOutcome::Ran { run } => (Some(run.to_text()), None),
            TickOutcome::Late { run, by_ms } => (Some(run.to_text()), Some(*by_ms)),
            TickOutcome::Skipped { why } => (Some(why.clone()), None),
            TickOutcome::Missed => (None, None),
        };
        let ended = self.write(move |batch| {
            let mut insert = batch.tx.prepare_cached(
                "insert or ignore into ticks (schedule, due, outcome, detail, by_ms) values (?1, ?2, ?3, ?4, ?5)",
            )?;
            Ok(insert.execute(params![tick.schedule, to_column(tick.due), word, detail, by_ms])? > 0)
        });
        ended.await.map_err(ticks)
    }

    async fn last(&self, schedule: &str) -> Result<Option<Timestamp>, TicksError> {
        let schedule = schedule.to_owned();
        let last = self.read(move |connection| {
            let mut select =
                connection.prepare_cached("select due from ticks where schedule = ?1 order by due desc limit 1")?;
            select.query_row([schedule], |row| row.get::<_, i64>(0)).optional()
        });
        Ok(last.await.map_err(ticks)?.map(from_column))
    }

    async fn list(&self, schedule: Option<&str>, most: usize) -> Result<Vec<Tick>, TicksError> {
        const ALL: &str =
            "select schedule, due, outcome, detail, by_ms from ticks order by due desc, schedule desc limit ?1";
        const ONE: &str =
            "select schedule, due, outcome, detail, by_ms from ticks where schedule = ?2 order by due desc limit ?1";
        let schedule = schedule.map(str::to_owned);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let list = self.read(move |connection| match schedule {
            None => connection.prepare_cached(ALL)?.query_map(params![most], read)?.collect::<Result<Vec<_>, _>>(),
            Some(schedule) => connection.prepare_cached(ONE)?.query_map(params![most, schedule], read)?.collect(),
        });
        list.await.map_err(ticks)?.into_iter().collect()
    }
}

type Read = Result<Tick, TicksError>;

fn read(row: &Row<'_>) -> rusqlite::Result<Read> {
    let (schedule, due): (String, i64) = (row.get(0)?, row.get(1)?);
    let (word, detail, by_ms): (String, Option<String>, Option<i64>) = (row.get(2)?, row.get(3)?, row.get(4)?);
    let run = detail.as_deref().and_then(RunId::parse);
    let outcome = match (word.as_str(), run, by_ms) {
        ("ran", Some(run), _) => TickOutcome::Ran { run },
        ("late", Some(run), Some(by_ms)) => TickOutcome::Late { run, by_ms },
        ("skipped", ..) => TickOutcome::Skipped { why: detail.unwrap_or_default() },
        ("missed", ..) => TickOutcome::Missed,
        _ => return Ok(Err(TicksError(format!("the tick of {schedule} at {} is damaged", from_column(due))))),
    };
    Ok(Ok(Tick { schedule, due: from_column(due), outcome }))
}

fn ticks(error: StoreError) -> TicksError {
    TicksError(error.to_string())
}
