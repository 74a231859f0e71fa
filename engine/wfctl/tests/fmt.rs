//! `wfctl fmt`: in place, as a question, through a pipe.

use std::io::Write;
use std::process::Stdio;

#[path = "support/mod.rs"]
mod support;

use support::Tree;

const BENT: &str = "workflow:   bent   \nsteps:\n- if: =1 > 2\n  run:  f\nflows:\n    f: { steps: [ {fail: x} ] }\n";
const FORM: &str = "workflow:   bent\nsteps:\n  - if: 1 > 2\n    run:  f\nflows:\n  f: {steps: [{fail: x}]}\n";

#[test]
fn files_are_written_in_their_form_once() {
    let tree = Tree::new("like: sandbox.yaml\nwrites: off\n");
    std::fs::create_dir(tree.path("workflows/bent")).unwrap_or_else(|e| panic!("{e}"));
    tree.write("workflows/bent/workflow.yaml", BENT);
    let asked = tree.wfctl(&["fmt", "--check"]).output().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(asked.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&asked.stdout), "workflows/bent/workflow.yaml:1 would change\n");
    assert_eq!(tree.read("workflows/bent/workflow.yaml"), BENT);

    let done = tree.wfctl(&["fmt", "workflows"]).output().unwrap_or_else(|e| panic!("{e}"));
    assert!(done.status.success());
    assert_eq!(String::from_utf8_lossy(&done.stdout), "workflows/bent/workflow.yaml\n");
    assert_eq!(tree.read("workflows/bent/workflow.yaml"), FORM);
    assert!(tree.wfctl(&["fmt", "--check"]).output().is_ok_and(|done| done.status.success()));
}

#[test]
fn a_file_that_is_no_yaml_is_told_and_left_and_the_others_are_written() {
    let tree = Tree::new("like: sandbox.yaml\nwrites: off\n");
    tree.write("environments/broken.yaml", "writes: [off\n");
    tree.write("environments/plain.yaml", "writes:  off  \n");
    let done = tree.wfctl(&["fmt"]).output().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(done.status.code(), Some(2));
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.contains("environments/broken.yaml:"), "{said}");
    assert_eq!(tree.read("environments/broken.yaml"), "writes: [off\n");
    assert_eq!(tree.read("environments/plain.yaml"), "writes:  off\n");
}

#[test]
fn a_pipe_gives_the_form_back_and_what_is_wrong_as_it_was() {
    let tree = Tree::new("like: sandbox.yaml\nwrites: off\n");
    for (given, expected, code) in [(BENT, FORM, 0), ("steps: [a\n", "steps: [a\n", 2)] {
        let mut child = tree
            .wfctl(&["fmt", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{e}"));
        let sent = child.stdin.take().map(|mut pipe| pipe.write_all(given.as_bytes()));
        assert!(sent.is_some_and(|s| s.is_ok()));
        let done = child.wait_with_output().unwrap_or_else(|e| panic!("{e}"));
        assert_eq!((String::from_utf8_lossy(&done.stdout).as_ref(), done.status.code()), (expected, Some(code)));
    }
}
