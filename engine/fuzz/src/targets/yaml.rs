//! One file, read as every kind of file; and what `wfctl fmt` makes of it.

use wf_source::{Diagnostic, FileId, Files};
use wf_syntax::tree::{Kind, Node, parse};
use wf_syntax::{FileKind, format, read};

use super::places::places;
use super::{Seen, Target, Wrong, must};
use crate::Input;
use crate::repository::Repository;

pub(super) struct Yaml;

const PART: &str = "file.yaml";

const KINDS: [Option<FileKind>; 6] = [
    None,
    Some(FileKind::Workflow),
    Some(FileKind::Connector),
    Some(FileKind::Environment),
    Some(FileKind::Case),
    Some(FileKind::ConnectorCase),
];

/// Longer files say nothing new.
const LONGEST: usize = 30_000;

impl Target for Yaml {
    fn name(&self) -> &'static str {
        "yaml"
    }

    fn seeds(&self, repository: &Repository) -> Vec<Input> {
        let files = repository.iter().filter(|(path, text)| path.ends_with(".yaml") && text.len() < LONGEST);
        files.map(|(_, text)| Input::of([(PART, text)])).collect()
    }

    fn check(&mut self, input: &Input) -> Result<Seen, Wrong> {
        let text = input.text(PART);
        let (mut files, mut seen) = (Files::default(), Seen::default());
        let id = files.add(PART, text.as_str());
        for kind in KINDS {
            places(&files, &read(id, &text, kind).diagnostics, &mut seen)?;
        }
        // what it is by its keys, and as data
        formatted(id, &text, None)?;
        formatted(id, &text, Some(FileKind::Case))?;
        Ok(seen)
    }
}

/// What is formatted is at rest, and says what it said.
pub(super) fn formatted(id: FileId, text: &str, kind: Option<FileKind>) -> Result<(), Wrong> {
    let Ok(once) = format(id, text, kind) else { return Ok(()) };
    let (before, after) = (parse(id, text), parse(id, &once));
    let wrong = after.diagnostics.iter().find(|d| d.is_error());
    must(wrong.is_none(), "fmt makes YAML that cannot be read", || format!("{wrong:?}\n{once}"))?;
    let (was, is) = (said(before.root.as_ref()), said(after.root.as_ref()));
    must(was == is, "fmt changes what a file says", || format!("{was:?}\n{is:?}"))?;
    let twice = format(id, &once, kind);
    must(twice.as_ref() == Ok(&once), "fmt is not at rest", || format!("{once:?}\n{twice:?}"))?;
    let errors = |found: &[Diagnostic]| found.iter().filter(|d| d.is_error()).map(|d| d.rule.code).collect::<Vec<_>>();
    let (was, is) = (errors(&read(id, text, kind).diagnostics), errors(&read(id, &once, kind).diagnostics));
    must(was == is, "fmt changes what is wrong", || format!("{was:?} {is:?}\n{once}"))
}

/// Keys and texts in their order, without the mark that may be left out.
fn said(node: Option<&Node>) -> Vec<String> {
    let Some(node) = node else { return vec![] };
    match &node.kind {
        Kind::Scalar(scalar) => {
            let text = scalar.text.replace("\r\n", "\n");
            let plain = text.strip_prefix('=').map(str::trim_start).or_else(|| text.strip_prefix("$."));
            vec![plain.unwrap_or(&text).to_owned()]
        }
        Kind::Seq(items) => items.iter().flat_map(|n| [vec!["-".to_owned()], said(Some(n))].concat()).collect(),
        Kind::Map(entries) => {
            entries.iter().flat_map(|e| [vec![e.key.text().to_owned()], said(Some(&e.value))].concat()).collect()
        }
        Kind::Broken => vec!["?".to_owned()],
    }
}
