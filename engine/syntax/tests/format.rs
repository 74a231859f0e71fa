//! `fmt`: the files of the repository are at rest, and whatever is bent comes back to its form.

#![expect(clippy::disallowed_methods, reason = "reads the files of the repository")]

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use proptest::prelude::*;
use wf_source::FileId;
use wf_syntax::{format, tree};

const FILE: FileId = FileId(0);

fn yaml_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.join("Cargo.toml").is_file() {
            yaml_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "yaml") {
            out.push(path);
        }
    }
}

/// All YAML files of the repository.
static REAL_FILES: LazyLock<Vec<(PathBuf, String)>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = vec![];
    for folder in ["workflows", "connectors", "environments", "examples"] {
        yaml_files(&root.join(folder), &mut paths);
    }
    paths.into_iter().filter_map(|p| std::fs::read_to_string(&p).ok().map(|text| (p, text))).collect()
});

fn formatted(text: &str) -> String {
    format(FILE, text, None).unwrap_or_else(|wrong| panic!("{text}\n{wrong:?}"))
}

#[test]
fn every_file_of_the_repository_is_as_fmt_writes_it() {
    let files = &REAL_FILES;
    assert!(files.len() > 100, "only {} files", files.len());
    let bent: Vec<_> = files.iter().filter(|(_, text)| formatted(text) != *text).map(|(path, _)| path).collect();
    assert!(bent.is_empty(), "wfctl fmt would change {bent:#?}");
}

#[test]
fn what_is_formatted_is_left_as_it_is() {
    for (path, text) in REAL_FILES.iter() {
        // blanks at all places where they say nothing
        let bent = text.replace("  - {", "  -   {").replace(", ", " ,  ").replace('\n', "  \n");
        let Ok(once) = format(FILE, &bent, None) else { continue };
        assert_eq!(format(FILE, &once, None).as_ref(), Ok(&once), "{}", path.display());
    }
}

#[test]
fn blanks_marks_and_line_ends() {
    let text = "workflow:  w\r\n\r\n\r\n\r\nsteps:\r\n- id:   a\r\n  if: =x > 1   \r\n  let: { b:1,c : $.a.b ,d: [ 1,2 ] }   #why\r\n-    run: hello\n";
    let written = "workflow:  w\n\n\nsteps:\n  - id:   a\n    if: x > 1\n    let: {b: 1, c: =a.b, d: [1, 2]}   # why\n  - run: hello\n";
    // `b:1` is one word to YAML
    let text = text.replace("b:1,", "b: 1,");
    assert_eq!(formatted(&text), written);
}

#[test]
fn texts_keep_every_blank_and_move_with_their_key() {
    let text = "workflow: w\nflows:\n    f:\n        steps:\n            - fail: |\n                a  \n                  b\n\n\n\n                c\n            # about the next\n            - fail: >-\n                long\n                text\n";
    let written = "workflow: w\nflows:\n  f:\n    steps:\n      - fail: |\n          a  \n            b\n\n\n\n          c\n      # about the next\n      - fail: >-\n          long\n          text\n";
    assert_eq!(formatted(text), written);
}

#[test]
fn a_mark_stays_where_yaml_would_take_the_rest_for_something_else() {
    let text = "workflow: w\nsteps:\n  - if: =[1, 2].exists(x, x > 1)\n    run: a\n  - if: ='a' == b\n    run: b\n  - if: \"=a == 'x: y'\"\n    run: c\n";
    let written = text.replace("\"=a ==", "\"a ==");
    assert_eq!(formatted(text), written);
}

#[test]
fn the_data_of_cases_keeps_its_shape() {
    let text = "system: w\ntrigger: {flow: f}\ngiven:\n- {call: x.y,  returns: =a.b}   \nexpect: {}\n";
    assert_eq!(formatted(text), text.replace("   \n", "\n"));
}

#[test]
fn a_file_that_cannot_be_read_is_not_touched() {
    let wrong = format(FILE, "workflow: w\nsteps: [a\nflows: b\n", None);
    assert!(wrong.is_err_and(|d| !d.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Lines of real files with other indentation and blanks put in at random: never a panic, and what comes out says the same as what went in.
    #[test]
    fn nothing_is_ever_said_otherwise(seed in 0usize..10_000, shift in 0usize..5, blanks in prop::collection::vec(0usize..4, 40)) {
        let files = &REAL_FILES;
        let (_, text) = &files[seed % files.len()];
        let mut bent = String::new();
        for (i, line) in text.lines().take(150).enumerate() {
            let more = blanks[i % blanks.len()];
            bent.push_str(&line.replacen(": ", &format!(": {}", " ".repeat(more)), 1).replacen("  ", &" ".repeat(2 + shift), usize::from(line.starts_with("  "))));
            bent.push_str(&" ".repeat(more));
            bent.push('\n');
        }
        let before = tree::parse(FILE, &bent);
        if let Ok(once) = format(FILE, &bent, None) {
            let after = tree::parse(FILE, &once);
            prop_assert!(!after.diagnostics.iter().any(wf_source::Diagnostic::is_error));
            prop_assert_eq!(texts(before.root.as_ref()), texts(after.root.as_ref()));
            prop_assert_eq!(format(FILE, &once, None), Ok(once));
        }
    }
}

/// All keys and texts in their order, without the mark that may be left out.
fn texts(node: Option<&tree::Node>) -> Vec<String> {
    let Some(node) = node else { return vec![] };
    match &node.kind {
        tree::Kind::Scalar(s) => {
            let plain = s.text.strip_prefix('=').map(str::trim_start).or_else(|| s.text.strip_prefix("$."));
            vec![plain.unwrap_or(&s.text).to_owned()]
        }
        tree::Kind::Seq(items) => items.iter().flat_map(|n| texts(Some(n))).collect(),
        tree::Kind::Map(entries) => {
            entries.iter().flat_map(|e| [vec![e.key.text().to_owned()], texts(Some(&e.value))].concat()).collect()
        }
        tree::Kind::Broken => vec!["?".to_owned()],
    }
}
