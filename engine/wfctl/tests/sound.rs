//! Cases that were checked once are not read again, and nobody can tell.

use std::fs;
use std::process::Output;

#[path = "support/mod.rs"]
mod support;

use support::{Tree, project};

const SOURCE: &str = "workflows/triage/cases/edges-without-status-are-skipped.yaml";
const CASE: &str = "workflows/triage/cases/one.yaml";
const KEPT: &str = ".wfctl/checked";

/// A project with one case, which names the environment `hurry`.
fn tree() -> Tree {
    let tree = Tree::new("like: sandbox.yaml\nwrites: off\n");
    let case = fs::read_to_string(project().join(SOURCE)).unwrap_or_else(|e| panic!("{e}"));
    tree.write(CASE, &case.replace("environment: production", "environment: hurry"));
    tree
}

fn validate(tree: &Tree) -> (Option<i32>, String) {
    let Output { status, stdout, .. } = tree.wfctl(&["validate"]).output().unwrap_or_else(|e| panic!("{e}"));
    (status.code(), String::from_utf8_lossy(&stdout).into_owned())
}

#[test]
fn a_sound_case_is_kept_and_a_changed_one_is_read() {
    let tree = tree();
    assert_eq!(validate(&tree).0, Some(0), "{}", validate(&tree).1);
    let kept = tree.read(KEPT);
    assert_eq!((kept.lines().count(), kept.contains(" hurry\n")), (2, true), "{kept}");
    assert_eq!(tree.read(".wfctl/.gitignore"), "*\n");
    assert_eq!(validate(&tree).0, Some(0));
    assert_eq!(tree.read(KEPT), kept);

    let case = tree.read(CASE);
    tree.write(CASE, &case.replace("environment: hurry", "enviroment: hurry"));
    for _ in 0..2 {
        let (code, said) = validate(&tree);
        assert_eq!(code, Some(2));
        assert!(said.contains(&format!("{CASE}:4:1")) && said.contains("environment"), "{said}");
        assert_eq!(tree.read(KEPT).lines().count(), 1);
    }
}

#[test]
fn what_a_kept_case_says_of_others_is_still_judged() {
    let tree = tree();
    assert_eq!(validate(&tree).0, Some(0));
    fs::remove_file(tree.path("environments/hurry.yaml")).unwrap_or_else(|e| panic!("{e}"));
    let (code, said) = validate(&tree);
    assert_eq!(code, Some(2));
    assert!(said.contains(&format!("{CASE}:4:14")) && said.contains("there is no environment `hurry`"), "{said}");
}

#[test]
fn what_was_kept_by_another_program_or_torn_is_not_believed() {
    let tree = tree();
    assert_eq!(validate(&tree).0, Some(0));
    let kept = tree.read(KEPT);
    let case = tree.read(CASE);
    for (was, told) in [(kept.replacen("wfctl ", "wfctl 9", 1), "another"), (kept[..20].to_owned(), "torn")] {
        tree.write(KEPT, &was);
        tree.write(CASE, &format!("{case}nonsense: 1\n"));
        assert_eq!(validate(&tree).0, Some(2), "{told}");
        tree.write(CASE, &case);
        assert_eq!(validate(&tree).0, Some(0), "{told}");
        assert_eq!(tree.read(KEPT), kept, "{told}");
    }
}

#[test]
fn a_folder_where_nothing_can_be_kept_is_checked_all_the_same() {
    let tree = tree();
    // a file where the folder should be: nobody can write below it, whoever runs this
    tree.write(".wfctl", "");
    assert_eq!(validate(&tree).0, Some(0));
    assert_eq!(tree.read(".wfctl"), "");
}
