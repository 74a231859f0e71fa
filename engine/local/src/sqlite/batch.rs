//! One group commit while it is put together.

use rusqlite::{Transaction, params};
use wf_host::ports::Seq;
use wf_plan::RunId;

use super::segment;

/// A transaction, and the records that go into its segment.
pub(super) struct Batch<'a> {
    pub(super) tx: Transaction<'a>,
    segment: Vec<u8>,
    /// Which records of which run are in it.
    parts: Vec<(RunId, Seq)>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(tx: Transaction<'a>) -> Self {
        Self { tx, segment: Vec::new(), parts: Vec::new() }
    }

    /// Puts encoded records of a run into the segment, the first of which has number `first`.
    pub(super) fn records(&mut self, run: RunId, first: Seq, records: &[Vec<u8>]) {
        segment::write(&mut self.segment, run, first, records);
        self.parts.push((run, first));
    }

    /// Writes the segment and commits; durable afterwards.
    pub(super) fn commit(self) -> rusqlite::Result<()> {
        if !self.parts.is_empty() {
            let checksum = segment::checksum(&self.segment);
            let mut insert = self.tx.prepare_cached("insert into segments (body, checksum) values (?1, ?2)")?;
            let id = insert.insert(params![self.segment, checksum])?;
            let mut insert = self.tx.prepare_cached("insert into parts (run, first, segment) values (?1, ?2, ?3)")?;
            for (run, first) in &self.parts {
                insert.execute(params![run.0.as_bytes(), first.cast_signed(), id])?;
            }
        }
        self.tx.commit()
    }
}
