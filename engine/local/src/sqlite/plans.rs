//! Sources of plans: each bundle once, compressed, under a checksum of its own.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use wf_host::ports::Bundle;
use wf_host::record;
use wf_value::{List, Value};

use super::batch::Batch;

/// What is kept of a plan.
pub(super) struct Kept {
    packed: Vec<u8>,
    /// None in files of tables' version 1.
    checksum: Option<Vec<u8>>,
}

pub(super) fn is_kept(connection: &Connection, hash: &str) -> rusqlite::Result<bool> {
    connection.prepare_cached("select 1 from plans where hash = ?1")?.exists([hash])
}

pub(super) fn pack(bundle: Bundle) -> Vec<u8> {
    let files =
        bundle.into_iter().map(|(path, bytes)| Value::from(vec![path.into(), Value::Bytes(bytes.as_ref().into())]));
    lz4_flex::block::compress_prepend_size(&record::write_value(&files.collect::<List>().into()))
}

pub(super) fn keep(batch: &Batch<'_>, hash: &str, packed: &[u8]) -> rusqlite::Result<()> {
    let mut insert =
        batch.tx.prepare_cached("insert or ignore into plans (hash, bundle, checksum) values (?1, ?2, ?3)")?;
    insert.execute(params![hash, packed, checksum(packed)]).map(drop)
}

pub(super) fn find(connection: &Connection, hash: &str) -> rusqlite::Result<Option<Kept>> {
    let mut select = connection.prepare_cached("select bundle, checksum from plans where hash = ?1")?;
    select.query_row([hash], |row| Ok(Kept { packed: row.get(0)?, checksum: row.get(1)? })).optional()
}

impl Kept {
    /// The files again; `None`: they are damaged.
    pub(super) fn unpack(&self) -> Option<Bundle> {
        if self.checksum.as_ref().is_some_and(|kept| *kept != checksum(&self.packed)) {
            return None;
        }
        unpack(&self.packed)
    }
}

fn checksum(packed: &[u8]) -> [u8; 32] {
    *blake3::hash(packed).as_bytes()
}

/// LZ4 cannot shrink by more than this: a size beyond it is damage, and no memory is taken for it.
const MOST_RATIO: usize = 256;

fn unpack(packed: &[u8]) -> Option<Bundle> {
    let (size, body) = lz4_flex::block::uncompressed_size(packed).ok()?;
    if size > body.len().saturating_mul(MOST_RATIO) {
        return None;
    }
    let files = record::read_value(&lz4_flex::block::decompress(body, size).ok()?).ok()?;
    let file = |file: Value| {
        let pair = file.as_list()?.clone();
        let bytes = match pair.get(1)? {
            Value::Bytes(bytes) => Bytes::copy_from_slice(&bytes),
            // version 1 kept texts only
            Value::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            _ => return None,
        };
        Some((pair.get(0)?.as_str()?.to_owned(), bytes))
    };
    files.as_list()?.iter().map(file).collect()
}
