//! Rechecks in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;
use wf_host::ports::{Asker, Booking, BookingId, Bookings, LaterError};
use wf_host::record::{read_value, write_value};
use wf_plan::{Address, RunId};
use wf_value::{List, Text, Value};

use super::time::{from_column, to_column};
use super::{SqliteStore, StoreError, asked};

#[async_trait]
impl Bookings for SqliteStore {
    async fn book(&self, mut booking: Booking) -> Result<Vec<Text>, LaterError> {
        let by = Asker { run: booking.booked_by, step: booking.step.clone() };
        let booked = self.write(move |batch| {
            let tx = &batch.tx;
            if let Some(Value::List(keys)) = asked::answered(tx, &by)? {
                return Ok(keys.raw().iter().filter_map(Value::as_str).map(Text::from).collect());
            }
            let mut taken =
                tx.prepare_cached("select 1 from booked_items where workflow = ?1 and scope = ?2 and item = ?3")?;
            let mut free = Vec::new();
            for (item, value) in std::mem::take(&mut booking.items) {
                let again = booking.items.iter().any(|(known, _)| *known == item);
                if !again && !taken.exists(params![booking.workflow, booking.scope, item.as_str()])? {
                    free.push(item.clone());
                    booking.items.push((item, value));
                }
            }
            asked::answer(tx, &by, &free.iter().cloned().map(Value::Text).collect::<List>().into())?;
            if free.is_empty() {
                return Ok(free);
            }
            let mut insert = tx.prepare_cached("insert into bookings (due, body) values (?1, ?2)")?;
            let id = insert.insert(params![to_column(booking.due), write(&booking)])?;
            let mut insert =
                tx.prepare_cached("insert into booked_items (workflow, scope, item, booking) values (?1, ?2, ?3, ?4)")?;
            for item in &free {
                insert.execute(params![booking.workflow, booking.scope, item.as_str(), id])?;
            }
            Ok(free)
        });
        booked.await.map_err(later)
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<Booking>, LaterError> {
        let due = "select id, due, body from bookings where taken = 0 and due <= ?1 order by due, id";
        let rows = self.read(move |connection| rows(connection, due, to_column(now))).await.map_err(later)?;
        rows.into_iter().map(read).collect()
    }

    async fn take(&self, id: BookingId, run: RunId) -> Result<bool, LaterError> {
        let taken = self.write(move |batch| {
            let take = "update bookings set taken = 1, run = ?2 where id = ?1 and taken = 0";
            Ok(batch.tx.prepare_cached(take)?.execute(params![id.cast_signed(), run.0.as_bytes()])? > 0)
        });
        taken.await.map_err(later)
    }

    async fn taken(&self) -> Result<Vec<(Booking, RunId)>, LaterError> {
        let taken = self.read(|connection| {
            let taken = "select id, due, body, run from bookings where taken = 1 and run is not null order by id";
            let row = |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get::<_, [u8; 16]>(3)?));
            connection.prepare_cached(taken)?.query_map([], row)?.collect::<rusqlite::Result<Vec<(Stored, _)>>>()
        });
        let taken = taken.await.map_err(later)?.into_iter();
        taken.map(|(stored, run)| Ok((read(stored)?, RunId(Uuid::from_bytes(run))))).collect()
    }

    async fn done(&self, id: BookingId) -> Result<(), LaterError> {
        let id = id.cast_signed();
        let done = self.write(move |batch| {
            batch.tx.prepare_cached("delete from booked_items where booking = ?1")?.execute([id])?;
            batch.tx.prepare_cached("delete from bookings where id = ?1")?.execute([id])?;
            Ok(())
        });
        done.await.map_err(later)
    }

    async fn waiting(&self) -> Result<Vec<Booking>, LaterError> {
        let all = "select id, due, body from bookings where taken = 0 and due <= ?1 order by due, id";
        let rows = self.read(move |connection| rows(connection, all, i64::MAX)).await.map_err(later)?;
        rows.into_iter().map(read).collect()
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, LaterError> {
        let next = self.read(|connection| {
            let mut select =
                connection.prepare_cached("select due from bookings where taken = 0 order by due limit 1")?;
            select.query_row([], |row| row.get::<_, i64>(0)).optional()
        });
        Ok(next.await.map_err(later)?.map(from_column))
    }
}

type Stored = (i64, i64, Vec<u8>);

fn rows(connection: &Connection, select: &str, until: i64) -> rusqlite::Result<Vec<Stored>> {
    let mut select = connection.prepare_cached(select)?;
    select.query_map([until], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

fn write(booking: &Booking) -> Vec<u8> {
    let items =
        booking.items.iter().map(|(key, value)| Value::from(vec![key.clone().into(), value.clone()])).collect::<List>();
    let fields: Vec<Value> = vec![
        booking.workflow.clone().into(),
        booking.plan.clone().into(),
        booking.flow.clone().into(),
        booking.scope.clone().into(),
        booking.booked_by.to_text().into(),
        items.into(),
        booking.with.clone(),
        booking.step.to_string().into(),
    ];
    write_value(&fields.into())
}

fn read((id, due, body): Stored) -> Result<Booking, LaterError> {
    let damaged = || LaterError(format!("booking {id} is damaged"));
    let value = read_value(&body).map_err(|_| damaged())?;
    let fields = value.as_list().map(|l| l.raw().clone()).unwrap_or_default();
    let [workflow, plan, flow, scope, booked_by, items, with, step @ ..] = fields.as_slice() else {
        return Err(damaged());
    };
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(damaged);
    let item = |item: &Value| {
        let pair = item.as_list()?;
        Some((Text::from(pair.raw().first()?.as_str()?), pair.raw().get(1)?.clone()))
    };
    let items = items.as_list().ok_or_else(damaged)?.raw().iter().map(item).collect::<Option<Vec<_>>>();
    Ok(Booking {
        id: id.cast_unsigned(),
        due: from_column(due),
        workflow: text(workflow)?,
        plan: text(plan)?,
        flow: text(flow)?,
        scope: text(scope)?,
        booked_by: RunId::parse(&text(booked_by)?).ok_or_else(damaged)?,
        items: items.ok_or_else(damaged)?,
        with: with.clone(),
        // tables of version 2 did not have it
        step: step.first().and_then(Value::as_str).and_then(Address::parse).unwrap_or_default(),
    })
}

fn later(error: StoreError) -> LaterError {
    LaterError(error.to_string())
}
