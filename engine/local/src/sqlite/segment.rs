//! Segments: all records of one group commit, of all its runs, in one blob with a checksum.

use wf_host::ports::Seq;
use wf_plan::RunId;

/// Records of one run inside a segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) run: RunId,
    pub(super) first: Seq,
    pub(super) records: Vec<&'a [u8]>,
}

/// Bytes of a number here: lengths and counts are far below.
const WORD: usize = 8;

/// Appends the records of one run to a segment.
pub(super) fn write(segment: &mut Vec<u8>, run: RunId, first: Seq, records: &[Vec<u8>]) {
    segment.extend_from_slice(run.0.as_bytes());
    segment.extend_from_slice(&first.to_le_bytes());
    segment.extend_from_slice(&(records.len() as u64).to_le_bytes());
    for record in records {
        segment.extend_from_slice(&(record.len() as u64).to_le_bytes());
        segment.extend_from_slice(record);
    }
}

/// What stands under the checksum: the whole segment.
pub(super) fn checksum(segment: &[u8]) -> [u8; 32] {
    *blake3::hash(segment).as_bytes()
}

/// The parts of a segment; `None`: it is no segment.
pub(super) fn read(mut segment: &[u8]) -> Option<Vec<Part<'_>>> {
    fn number(segment: &mut &[u8]) -> Option<u64> {
        let (number, rest) = segment.split_at_checked(WORD)?;
        *segment = rest;
        Some(u64::from_le_bytes(number.try_into().ok()?))
    }
    let mut parts = Vec::new();
    while !segment.is_empty() {
        let (run, rest) = segment.split_at_checked(16)?;
        segment = rest;
        let run = RunId(uuid::Uuid::from_bytes(run.try_into().ok()?));
        let (first, count) = (number(&mut segment)?, number(&mut segment)?);
        let mut records = Vec::new();
        for _ in 0..count {
            let length = usize::try_from(number(&mut segment)?).ok()?;
            let (record, rest) = segment.split_at_checked(length)?;
            segment = rest;
            records.push(record);
        }
        parts.push(Part { run, first, records });
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_and_torn_ones_do_not() {
        let (a, b) = (RunId(uuid::Uuid::from_u128(1)), RunId(uuid::Uuid::from_u128(2)));
        let mut segment = Vec::new();
        write(&mut segment, a, 1, &[b"one".to_vec(), Vec::new()]);
        write(&mut segment, b, 7, &[b"two".to_vec()]);
        let parts = read(&segment).unwrap_or_default();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0], Part { run: a, first: 1, records: vec![b"one", b""] });
        assert_eq!(parts[1], Part { run: b, first: 7, records: vec![b"two"] });
        for cut in 1..segment.len() {
            // Only between two parts a shorter segment is one; its checksum tells.
            assert!(read(&segment[..cut]).is_none_or(|parts| parts.len() == 1));
        }
    }
}
