//! Payloads beside the records: each once, compressed once, under its BLAKE3 hash.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use wf_host::record::Blobs;

/// Collects payloads while records are written, before the transaction that keeps them.
#[derive(Debug, Default)]
pub(super) struct Collected {
    blobs: Vec<(blake3::Hash, Bytes)>,
}

impl Blobs for Collected {
    fn keep(&mut self, hash: &blake3::Hash, payload: &Bytes) {
        self.blobs.push((*hash, payload.clone()));
    }
}

impl Collected {
    /// Writes those that are not there yet.
    pub(super) fn write(self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut known = tx.prepare_cached("select 1 from blobs where hash = ?1")?;
        let mut insert = tx.prepare_cached("insert into blobs (hash, size, body) values (?1, ?2, ?3)")?;
        for (hash, payload) in self.blobs {
            if known.exists([hash.as_bytes()])? {
                continue;
            }
            let packed = lz4_flex::block::compress(&payload);
            insert.execute(params![hash.as_bytes(), i64::try_from(payload.len()).unwrap_or(i64::MAX), packed])?;
        }
        Ok(())
    }
}

/// The payload of a hash; `None`: it is not there, or damaged.
pub(super) fn find(connection: &Connection, hash: &blake3::Hash) -> rusqlite::Result<Option<Bytes>> {
    let mut select = connection.prepare_cached("select size, body from blobs where hash = ?1")?;
    let found = select.query_row([hash.as_bytes()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)));
    let Some((size, packed)) = found.optional()? else { return Ok(None) };
    Ok(unpack(size, &packed).filter(|payload| blake3::hash(payload) == *hash))
}

/// LZ4 cannot shrink by more than this: a size beyond it is damage, and no memory is taken for it.
const MOST_RATIO: usize = 256;

fn unpack(size: i64, packed: &[u8]) -> Option<Bytes> {
    let size = usize::try_from(size).ok().filter(|size| *size <= packed.len().saturating_mul(MOST_RATIO))?;
    lz4_flex::block::decompress(packed, size).ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_and_damage_does_not() {
        let payload = vec![b'x'; 1_000_000];
        let packed = lz4_flex::block::compress(&payload);
        assert_eq!(unpack(1_000_000, &packed).as_deref(), Some(payload.as_slice()));
        assert_eq!(unpack(i64::MAX, &packed), None);
        assert_eq!(unpack(-1, &packed), None);
        assert_eq!(unpack(10, &packed), None);
    }
}
