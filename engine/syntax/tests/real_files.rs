//! Every real file is read without a word.

#![expect(clippy::disallowed_methods, reason = "the tests read and write files of the repository")]

use std::path::{Path, PathBuf};

use wf_source::{Files, render};
use wf_syntax::{File, read};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn yaml_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        // the two crates beside the connectors hold Rust, and data of their own
        let is_crate = path.join("Cargo.toml").is_file();
        if path.is_dir() && !is_crate {
            yaml_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
            out.push(path);
        }
    }
}

/// What is wrong with the files under a folder of the workspace or beside it, and how many there are of each kind.
fn wrong_under(folder: &str) -> (String, [usize; 5]) {
    let mut paths = vec![];
    yaml_files(&workspace().join(folder), &mut paths);
    paths.sort();
    let mut wrong = String::new();
    let mut kinds = [0; 5];
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let mut files = Files::default();
        let id = files.add(path.to_string_lossy(), text.as_str());
        let result = read(id, &text, None);
        wrong += &render::human(&files, &result.diagnostics, render::Style::PLAIN);
        match result.file {
            Some(File::Workflow(_)) => kinds[0] += 1,
            Some(File::Connector(_)) => kinds[1] += 1,
            Some(File::Environment(_)) => kinds[2] += 1,
            Some(File::Case(_)) => kinds[3] += 1,
            Some(File::ConnectorCase(_)) => kinds[4] += 1,
            None => wrong += &format!("{} is no file\n", path.display()),
        }
    }
    (wrong, kinds)
}

fn all_fine(folder: &str) -> [usize; 5] {
    let (wrong, kinds) = wrong_under(folder);
    assert!(wrong.is_empty(), "{wrong}");
    kinds
}

#[test]
fn files_of_this_repository_are_read_without_a_word() {
    for folder in ["workflows", "connectors", "environments"] {
        all_fine(folder);
    }
}

/// The design material stands beside the repository where it is built; elsewhere its files are those of the repository.
#[test]
fn files_of_the_design_are_read_without_a_word() {
    if workspace().join("../shared/design/prototypes").is_dir() {
        let (wrong, [workflows, connectors, environments, ..]) = wrong_under("../shared/design/prototypes");
        // one doc of the prototypes was torn by a comma, which nobody had noticed
        assert!(
            wrong.is_empty()
                || wrong.matches("error[").count() == 1 && wrong.contains("`outage and affecting` has no value"),
            "{wrong}"
        );
        assert!(workflows >= 30 && connectors >= 24 && environments == 2);
    }
}

#[test]
fn cases_of_the_design_are_read_without_a_word() {
    if workspace().join("../shared/cases").is_dir() {
        assert!(all_fine("../shared/cases")[3] > 400);
        assert!(all_fine("../shared/connector-cases")[4] > 300);
    }
}

#[test]
fn files_with_every_construct_are_read_without_a_word() {
    let [workflows, connectors, _, cases, _] = all_fine("engine/syntax/tests/files/whole");
    assert_eq!((workflows, connectors, cases), (1, 1, 1));
}
