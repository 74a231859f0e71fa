//! What steps were answered that book something or call it off: in the same commit as what they did, so that one that is asked again after
//! its engine was killed does it no second time. Kept until the run has ended.

use rusqlite::{Connection, OptionalExtension, params};
use wf_host::ports::Asker;
use wf_host::record::{read_value, write_value};
use wf_plan::RunId;
use wf_value::Value;

/// The answer that the step got before.
pub(super) fn answered(connection: &Connection, by: &Asker) -> rusqlite::Result<Option<Value>> {
    let mut select = connection.prepare_cached("select answer from answered_steps where run = ?1 and step = ?2")?;
    let found = select.query_row(params![by.run.0.as_bytes(), by.step.to_string()], |row| row.get::<_, Vec<u8>>(0));
    Ok(found.optional()?.and_then(|answer| read_value(&answer).ok()))
}

pub(super) fn answer(connection: &Connection, by: &Asker, answer: &Value) -> rusqlite::Result<()> {
    let mut insert =
        connection.prepare_cached("insert or ignore into answered_steps (run, step, answer) values (?1, ?2, ?3)")?;
    insert.execute(params![by.run.0.as_bytes(), by.step.to_string(), write_value(answer)]).map(drop)
}

pub(super) fn forget(connection: &Connection, run: RunId) -> rusqlite::Result<()> {
    connection.prepare_cached("delete from answered_steps where run = ?1")?.execute([run.0.as_bytes()]).map(drop)
}
