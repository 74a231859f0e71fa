//! The files of this repository, and those the language was designed on, are right.

mod support;

use wf_check::check;

#[test]
fn the_files_of_this_repository_are_right() {
    let checked = check(&support::tree(&support::root()));
    assert!(checked.diagnostics.is_empty(), "\n{}", support::shown(&checked.files, &checked.diagnostics));
    assert!(checked.plan("triage").is_some());
    assert!(checked.connectors.len() >= 4);
}
