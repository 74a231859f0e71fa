//! The files that were read, with their lines.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::{FileId, Span};

/// A file as it was read: its path as people know it, its text, the beginnings of its lines.
#[derive(Debug)]
pub struct SourceFile {
    pub path: String,
    pub text: Arc<str>,
    /// Looked for when they are first asked for: of most files nothing is ever said.
    line_starts: OnceLock<Vec<u32>>,
}

/// Where a span begins, as an editor shows it: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl SourceFile {
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), text: text.into(), line_starts: OnceLock::new() }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let starts = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
            std::iter::once(0).chain(starts).map(|i| u32::try_from(i).unwrap_or(u32::MAX)).collect()
        })
    }

    /// The place of a byte offset; one beyond the end is the end, one inside a character the character.
    #[must_use]
    pub fn place(&self, offset: usize) -> Place {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts().partition_point(|start| (*start as usize) <= offset).max(1);
        let start = self.line_starts().get(line - 1).map_or(0, |s| *s as usize);
        Place { line, column: self.text.get(start..offset).map_or(0, |t| t.chars().count()) + 1 }
    }

    /// The byte offset of a place (from 1); `None` when the file has no such line. A column beyond the line is its end.
    #[must_use]
    pub fn offset(&self, line: usize, column: usize) -> Option<usize> {
        let start = *self.line_starts().get(line.checked_sub(1)?)? as usize;
        let text = self.line(line)?;
        let within = text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(i, _)| i);
        Some(start + within)
    }

    /// The text of a line (from 1) without its line end.
    #[must_use]
    pub fn line(&self, line: usize) -> Option<&str> {
        let start = *self.line_starts().get(line.checked_sub(1)?)? as usize;
        let end = self.line_starts().get(line).map_or(self.text.len(), |s| *s as usize);
        self.text.get(start..end).map(|t| t.trim_end_matches(['\n', '\r']))
    }
}

/// All files of one load. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<Arc<SourceFile>>,
    /// The first file of each path.
    by_path: HashMap<String, FileId>,
}

impl Files {
    /// Adds a file, or gives back the number it has when the path is known with the same text.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let file = SourceFile::new(path, text);
        let same = |f: &SourceFile| f.path == file.path && f.text == file.text;
        if self.by_path.contains_key(&file.path)
            && let Some((id, _)) = self.iter().find(|(_, f)| same(f))
        {
            return id;
        }
        let id = number(self.files.len());
        self.by_path.entry(file.path.clone()).or_insert(id);
        self.files.push(Arc::new(file));
        id
    }

    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&Arc<SourceFile>> {
        self.files.get(id.0 as usize)
    }

    #[must_use]
    pub fn by_path(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Arc<SourceFile>)> {
        self.files.iter().enumerate().map(|(i, f)| (number(i), f))
    }

    /// The text under a span; empty where there is none.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|f| f.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// `path:line:column` of the beginning of a span.
    #[must_use]
    pub fn locate(&self, span: Span) -> String {
        match self.get(span.file) {
            Some(file) => {
                let place = file.place(span.start as usize);
                format!("{}:{}:{}", file.path, place.line, place.column)
            }
            None => "?".into(),
        }
    }
}

fn number(index: usize) -> FileId {
    FileId(u32::try_from(index).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let file = SourceFile::new("a.yaml", "a: ä\nbé: x\n");
        assert_eq!(file.place(0), Place { line: 1, column: 1 });
        let x = file.text.find('x').unwrap_or(0);
        assert_eq!(file.place(x), Place { line: 2, column: 5 });
        assert_eq!(file.offset(2, 5), Some(x));
        assert_eq!(file.place(10_000), Place { line: 3, column: 1 });
        assert_eq!(file.line(2), Some("bé: x"));
        assert_eq!(file.offset(9, 1), None);
    }

    #[test]
    fn an_offset_inside_a_character_is_the_character() {
        let file = SourceFile::new("a", "ä");
        assert_eq!(file.place(1), Place { line: 1, column: 1 });
    }
}
