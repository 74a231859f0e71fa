//! Cases in which an earlier check by the same program found nothing.
//!
//! Most files of a tree are cases, and what is said of a case comes from its text alone, but for the environment that it names: a text that
//! was right once is right again, and need not be parsed. What is kept is a digest of each such text; one byte more or less and the file is
//! read anew. Whoever reads and writes files keeps [`SoundCases::to_text`] between two checks.

use std::collections::BTreeMap;
use std::sync::Arc;

use wf_source::{FileId, Span};
use wf_syntax::{FileKind, ast};

/// Digests of sound cases. Empty when nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoundCases {
    cases: BTreeMap<String, Option<Environment>>,
}

/// The environment that a case names, and where it stands in the case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Environment {
    start: usize,
    end: usize,
    name: Arc<str>,
}

impl SoundCases {
    /// What [`SoundCases::to_text`] gave in the hands of the same `program`. Anything else is nothing: whatever it says, another program may judge
    /// otherwise.
    #[must_use]
    pub fn from_text(text: &str, program: &str) -> Self {
        let mut lines = text.lines();
        if lines.next() != Some(program) || !text.ends_with('\n') {
            return Self::default();
        }
        Self { cases: lines.filter_map(entry).collect() }
    }

    /// A line that names the program, then one for each case.
    #[must_use]
    pub fn to_text(&self, program: &str) -> String {
        let line = |(digest, environment): (&String, &Option<Environment>)| match environment {
            None => format!("{digest}\n"),
            Some(Environment { start, end, name }) => format!("{digest} {start} {end} {name}\n"),
        };
        format!("{program}\n") + &self.cases.iter().map(line).collect::<String>()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// The environment that a sound case names; `None` when the case is not known to be sound.
    pub(crate) fn case(&self, digest: &str, file: FileId) -> Option<Option<ast::Name>> {
        let named = |e: &Environment| ast::Name::new(e.name.clone(), Span::new(file, e.start, e.end));
        self.cases.get(digest).map(|environment| environment.as_ref().map(named))
    }

    /// Keeps a case in which nothing was found.
    pub(crate) fn keep(&mut self, digest: String, environment: Option<&ast::Name>) {
        let environment = environment.map(|name| Environment {
            start: name.span.start as usize,
            end: name.span.end as usize,
            name: name.value.clone(),
        });
        // a name of two lines would be read back as something else
        if environment.as_ref().is_none_or(|e| !e.name.contains(['\n', '\r'])) {
            self.cases.insert(digest, environment);
        }
    }
}

/// What stands for a text that is read as that kind of file.
pub(crate) fn digest(kind: FileKind, text: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[u8::from(kind == FileKind::ConnectorCase)]);
    hasher.update(text.as_bytes());
    hasher.finalize().to_hex().to_string()
}

fn entry(line: &str) -> Option<(String, Option<Environment>)> {
    let mut parts = line.splitn(4, ' ');
    let digest = parts.next().filter(|digest| digest.len() == 2 * blake3::OUT_LEN)?.to_owned();
    let Some(start) = parts.next() else { return Some((digest, None)) };
    let (start, end) = (start.parse().ok()?, parts.next()?.parse().ok()?);
    Some((digest, Some(Environment { start, end, name: parts.next()?.into() })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> (SoundCases, String, String) {
        let (plain, staged) = (digest(FileKind::Case, "case: a\n"), digest(FileKind::Case, "case: b\n"));
        let mut sound = SoundCases::default();
        sound.keep(plain.clone(), None);
        sound.keep(staged.clone(), Some(&ast::Name::new("my stage".into(), Span::new(FileId(0), 6, 14))));
        (sound, plain, staged)
    }

    #[test]
    fn what_was_kept_is_read_back() {
        let (sound, plain, staged) = known();
        let back = SoundCases::from_text(&sound.to_text("wfctl 1"), "wfctl 1");
        assert_eq!(back, sound);
        assert_eq!(back.case(&plain, FileId(0)), Some(None));
        let named = back.case(&staged, FileId(0)).flatten().map(|name| (name.span.start, name.value));
        assert_eq!(named, Some((6, "my stage".into())));
    }

    #[test]
    fn another_program_knows_nothing_and_neither_does_a_torn_file() {
        let text = known().0.to_text("wfctl 1");
        assert!(SoundCases::from_text(&text, "wfctl 2").is_empty());
        assert!(SoundCases::from_text(text.trim_end(), "wfctl 1").is_empty());
        assert!(SoundCases::from_text("", "wfctl 1").is_empty());
        assert!(SoundCases::from_text("wfctl 1\nnonsense\n", "wfctl 1").is_empty());
    }

    #[test]
    fn a_text_is_known_as_what_it_was_read_as() {
        let (sound, ..) = known();
        assert_eq!(sound.case(&digest(FileKind::ConnectorCase, "case: a\n"), FileId(0)), None);
        assert_eq!(sound.case(&digest(FileKind::Case, "case: a \n"), FileId(0)), None);
    }
}
