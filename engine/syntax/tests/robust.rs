//! No input makes the reader panic: real files, cut, torn and patched.

#![expect(clippy::disallowed_methods, reason = "the tests read and write files of the repository")]

use std::path::Path;

use proptest::prelude::*;
use wf_source::{FileId, Files, render};
use wf_syntax::{FileKind, read};

const KINDS: [FileKind; 5] =
    [FileKind::Workflow, FileKind::Connector, FileKind::Environment, FileKind::Case, FileKind::ConnectorCase];

/// Files that use most of the language; the real ones of this repository beside them.
fn seeds() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = vec![
        include_str!("files/whole/workflow.yaml").to_owned(),
        include_str!("files/whole/connector.yaml").to_owned(),
        include_str!("files/whole/case.yaml").to_owned(),
        include_str!("files/yaml.yaml").to_owned(),
    ];
    for folder in ["workflows/lib", "environments"] {
        for entry in std::fs::read_dir(here.join("../..").join(folder)).into_iter().flatten().flatten() {
            texts.extend(std::fs::read_to_string(entry.path()));
        }
    }
    texts
}

/// Every place that is told lies in the file and can be shown.
fn check(text: &str) {
    for kind in KINDS {
        let mut files = Files::default();
        let id = files.add("f.yaml", text);
        let found = read(id, text, Some(kind)).diagnostics;
        for diagnostic in &found {
            for span in [Some(diagnostic.span), diagnostic.fix.as_ref().map(|f| f.span)].into_iter().flatten() {
                assert!(span.end as usize <= text.len() && span.start <= span.end, "{diagnostic:?}");
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{diagnostic:?} in {text:?}");
            }
        }
        let _ = render::json(&files, &found);
    }
}

#[derive(Clone, Debug)]
enum Edit {
    Cut(f64),
    Delete(f64, usize),
    Insert(f64, String),
    Swap(f64, f64),
}

fn edit() -> impl Strategy<Value = Edit> {
    let piece = prop_oneof![
        "[\\[\\]{}()#:,&*!|>'\"%@`?=$~ \\t\\n\\r-]{1,3}",
        "\\PC{1,3}",
        Just("\n  ".to_owned()),
        Just("{{ x }}".to_owned()),
        Just(": ".to_owned()),
        Just(" #".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\0".to_owned()),
    ];
    prop_oneof![
        1 => (0.0..1.0).prop_map(Edit::Cut),
        3 => (0.0..1.0, 1..8usize).prop_map(|(at, n)| Edit::Delete(at, n)),
        6 => (0.0..1.0, piece).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        1 => (0.0..1.0, 0.0..1.0).prop_map(|(a, b)| Edit::Swap(a, b)),
    ]
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn apply(text: &str, edits: &[Edit]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for edit in edits {
        let at = |part: f64| ((chars.len() as f64 * part) as usize).min(chars.len().saturating_sub(1));
        if chars.is_empty() {
            break;
        }
        match edit {
            Edit::Cut(part) => chars.truncate(at(*part)),
            Edit::Delete(part, n) => {
                let from = at(*part);
                let to = (from + n).min(chars.len());
                chars.drain(from..to);
            }
            Edit::Insert(part, piece) => {
                let from = at(*part);
                chars.splice(from..from, piece.chars());
            }
            Edit::Swap(a, b) => {
                let (a, b) = (at(*a), at(*b));
                chars.swap(a, b);
            }
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edited_files_are_read_without_a_panic(seed in 0..1000usize, edits in prop::collection::vec(edit(), 1..6)) {
        let seeds = seeds();
        check(&apply(&seeds[seed % seeds.len()], &edits));
    }

    #[test]
    fn nonsense_is_read_without_a_panic(text in "[a-z\\[\\]{}()#:,&*!|>'\"%@`?=$~ \\t\\n\\r\\\\.-]{0,60}") {
        check(&text);
    }
}

#[test]
fn every_beginning_of_a_file_is_read_without_a_panic() {
    let text = include_str!("files/yaml.yaml");
    for (end, _) in text.char_indices() {
        let _ = read(FileId(0), &text[..end], Some(FileKind::Workflow));
    }
}
