//! From the decoded text of a scalar back to the file.
//!
//! Expressions and templates stand inside YAML scalars that are quoted, escaped, folded over lines or indented in blocks. Everything that
//! parses such a text works on the decoded text and its offsets; this map turns these into places of the file.

use std::sync::Arc;

use crate::{FileId, Span};

/// Runs of decoded text that stand in the file byte for byte, in order. Between two runs something was decoded: an escape, a folded line end.
/// Most texts stand in the file as they are, so that the first run needs no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalarMap {
    file: FileId,
    first: Run,
    more: Option<Arc<[Run]>>,
    end: (u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    decoded: u32,
    at: u32,
}

/// A map that is being made, run by run.
#[derive(Debug)]
pub struct ScalarMapBuilder {
    file: FileId,
    runs: Vec<Run>,
}

impl ScalarMapBuilder {
    #[must_use]
    pub fn new(file: FileId) -> Self {
        Self { file, runs: Vec::new() }
    }

    /// From decoded offset `decoded` on, the text stands in the file at `at` byte for byte until the next run.
    pub fn run(&mut self, decoded: usize, at: usize) {
        let run = Run { decoded: clip(decoded), at: clip(at) };
        match self.runs.last_mut() {
            Some(last) if run.at.wrapping_sub(last.at) == run.decoded.wrapping_sub(last.decoded) => {}
            Some(last) if last.decoded == run.decoded => *last = run,
            _ => self.runs.push(run),
        }
    }

    /// Says where the decoded text and the scalar in the file end. Without a run all of it is there.
    #[must_use]
    pub fn finish(self, decoded: usize, at: usize) -> ScalarMap {
        let end = (clip(decoded), clip(at));
        let (first, more) = match self.runs.split_first() {
            Some((first, [])) => (*first, None),
            Some((first, more)) => (*first, Some(Arc::from(more))),
            None => (Run { decoded: end.0, at: end.1 }, None),
        };
        ScalarMap { file: self.file, first, more, end }
    }
}

impl ScalarMap {
    /// A text that stands in the file as it is, beginning at `at`.
    #[must_use]
    pub fn plain(file: FileId, at: usize, len: usize) -> Self {
        Self { file, first: Run { decoded: 0, at: clip(at) }, more: None, end: (clip(len), clip(at + len)) }
    }

    #[must_use]
    pub fn file(&self) -> FileId {
        self.file
    }

    fn more(&self) -> &[Run] {
        self.more.as_deref().unwrap_or_default()
    }

    /// The file offset of a decoded offset.
    #[must_use]
    pub fn offset(&self, decoded: usize) -> usize {
        let decoded = clip(decoded);
        if decoded >= self.end.0 {
            return self.end.1 as usize;
        }
        if decoded < self.first.decoded {
            return self.first.at as usize;
        }
        let next = self.more().partition_point(|run| run.decoded <= decoded);
        let run = next.checked_sub(1).and_then(|i| self.more().get(i)).unwrap_or(&self.first);
        // what was decoded from something longer or shorter never reaches into the next run
        let limit = self.more().get(next).map_or(self.end.1, |next| next.at);
        (run.at + (decoded - run.decoded)).min(limit) as usize
    }

    /// The span in the file of the decoded bytes `start..end`.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let last = if end > start { self.offset(end - 1) + 1 } else { self.offset(start) };
        Span::new(self.file, self.offset(start), last)
    }

    /// The span of the whole text in the file.
    #[must_use]
    pub fn whole(&self) -> Span {
        Span::new(self.file, self.offset(0), self.end.1 as usize)
    }

    /// The map of a part of the text: decoded offsets of the part count from its beginning.
    #[must_use]
    pub fn part(&self, start: usize, end: usize) -> Self {
        let mut part = ScalarMapBuilder::new(self.file);
        part.run(0, self.offset(start));
        let runs = std::iter::once(&self.first).chain(self.more());
        for run in runs.filter(|r| r.decoded as usize > start && (r.decoded as usize) < end) {
            part.run(run.decoded as usize - start, run.at as usize);
        }
        part.finish(end.saturating_sub(start), self.offset(end))
    }
}

fn clip(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_text_points_into_its_lines() {
        // file: `>-\n  ab\n  cd`, decoded: `ab cd`
        let mut map = ScalarMapBuilder::new(FileId(0));
        map.run(0, 5);
        map.run(3, 10);
        let map = map.finish(5, 12);
        assert_eq!(map.offset(0), 5);
        assert_eq!(map.offset(4), 11);
        assert_eq!(map.span(3, 5), Span::new(FileId(0), 10, 12));
        assert_eq!(map.part(3, 5).span(0, 1), Span::new(FileId(0), 10, 11));
        assert_eq!(map.whole(), Span::new(FileId(0), 5, 12));
    }

    #[test]
    fn an_escape_shifts_what_follows() {
        // file: `"a\tb"`, decoded: a TAB b
        let mut map = ScalarMapBuilder::new(FileId(0));
        map.run(0, 1);
        map.run(1, 2);
        map.run(2, 4);
        let map = map.finish(3, 5);
        assert_eq!(map.offset(2), 4);
        assert_eq!(map.offset(3), 5);
    }
}
