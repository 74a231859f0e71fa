//! `wfctl call`, `wfctl connectors list` and `show`: the capabilities by hand.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Output, Stdio};

#[path = "support/mod.rs"]
mod support;

use support::{Tree, project};

fn tree() -> Tree {
    Tree::new("like: sandbox.yaml\nwrites: off\n")
}

fn scenario() -> String {
    let path: PathBuf = project().join("examples/scenarios/triage.yaml");
    path.to_string_lossy().into_owned()
}

/// Exit code, standard output, standard error.
fn said(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn wfctl(tree: &Tree, args: &[&str]) -> (Option<i32>, String, String) {
    said(tree.wfctl(args).output().unwrap_or_else(|e| panic!("{e}")))
}

#[test]
fn an_action_is_asked_by_name_by_subject_and_with_a_file() {
    let (tree, scenario) = (tree(), scenario());
    let sandbox = ["--sandbox", &scenario, "--output", "json"];
    let by_name = wfctl(&tree, &[&["call", "bruin.get_ticket", "ticket_id=700200"], &sandbox[..]].concat());
    assert_eq!(by_name.0, Some(0), "{}", by_name.2);
    let answer: serde_json::Value = serde_json::from_str(&by_name.1).unwrap_or_else(|e| panic!("{e}: {}", by_name.1));
    assert_eq!((&answer["status"], &answer["outcome"]), (&200.into(), &"found".into()));
    assert_eq!(answer["body"]["ticketID"], 700200);

    let subject = "bruin.single_ticket.basic.request";
    let by_subject = wfctl(&tree, &[&["call", subject, "ticket_id=700200"], &sandbox[..]].concat());
    assert_eq!(by_subject.1, by_name.1);

    tree.write("asked.json", "{\"ticket_id\": 1}");
    let file = wfctl(&tree, &[&["call", subject, "--input", "asked.json", "ticket_id=700200"], &sandbox[..]].concat());
    assert_eq!(file.1, by_name.1, "a field of the command line wins");
    let mut child = tree
        .wfctl(&[&["call", subject, "--input", "-"], &sandbox[..]].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{e}"));
    assert!(child.stdin.take().is_some_and(|mut pipe| pipe.write_all(b"{\"ticket_id\": 700200}").is_ok()));
    assert_eq!(said(child.wait_with_output().unwrap_or_else(|e| panic!("{e}"))).1, by_name.1);
}

#[test]
fn an_answer_that_is_not_ok_ends_with_1() {
    let (code, answer, told) = wfctl(&tree(), &["call", "bruin.get_ticket", "ticket_id=5", "--sandbox", &scenario()]);
    assert_eq!(code, Some(1), "{answer}{told}");
    assert!(told.starts_with("404"), "{told}");
}

#[test]
fn a_write_goes_out_only_where_somebody_said_so() {
    let (tree, note) = (tree(), ["call", "bruin.append_note", "ticket_id=700200", "note=by hand"]);
    for (more, why) in [
        (&[][..], "no environment with `writes: on` is named"),
        (&["--env", "hurry"], "hurry says `writes: off`"),
        (&["--sandbox", &scenario(), "--dry-run"], "--dry-run"),
    ] {
        let (code, answer, told) = wfctl(&tree, &[&note[..], more].concat());
        assert_eq!((code, answer.as_str()), (Some(0), ""));
        assert!(told.starts_with("held, ") && told.contains(why) && told.contains("\"note\":\"by hand\""), "{told}");
    }
    let (code, _, told) = wfctl(&tree, &[&note[..], &["--sandbox", &scenario()]].concat());
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with("200"), "{told}");
}

#[test]
fn what_cannot_be_asked_is_told_with_what_can() {
    let tree = tree();
    for (args, wanted) in [
        (&["bruin.get_tickt"][..], "there is no action bruin.get_tickt: did you mean bruin.get_ticket?"),
        (
            &["bruin.append_note", "tickt_id=1"],
            "takes no tickt_id; did you mean ticket_id?\nit takes\n  ticket_id: scalar",
        ),
        (&["bruin.append_note", "note=x"], "bruin.append_note cannot be asked this:\n"),
        (&["bruin.append_note", "ticket_id=[1"], "note"),
        (&["bruin.append_note", "note"], "note is no field: write NAME=VALUE"),
        (&["bruin.append_note", "--input", "none.json"], "none.json cannot be read"),
        (&["bruin.get_ticket", "ticket_id=1", "--env", "hury"], "there is no environment hury; did you mean hurry?"),
    ] {
        let (code, _, told) = wfctl(&tree, &[&["call"], args].concat());
        assert_eq!(code, Some(2), "{args:?}: {told}");
        assert!(told.contains(wanted), "{args:?}: {told}");
    }
}

#[test]
fn connectors_say_what_they_offer() {
    let tree = tree();
    let (code, list, _) = wfctl(&tree, &["connectors", "list", "bruin", "digi"]);
    assert_eq!(code, Some(0));
    assert!(list.lines().any(|l| l.split_whitespace().eq(["digi.reboot", "write", "digi.reboot"])), "{list}");
    assert!(list.lines().all(|l| l.starts_with("bruin.") || l.starts_with("digi.")), "{list}");
    let (_, json, _) = wfctl(&tree, &["connectors", "list", "--output", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{e}: {json}"));
    assert!(rows.as_array().is_some_and(|rows| rows.iter().any(|row| row["subject"] == "bruin.ticket.request")));

    let (_, card, _) = wfctl(&tree, &["connectors", "show", "bruin.append_note"]);
    let call = card.lines().find(|l| l.trim_start().starts_with("wfctl call bruin.append_note ticket_id=1 note="));
    assert!(
        card.starts_with("bruin.append_note (write), subject bruin.ticket.note.append.request") && call.is_some(),
        "{card}"
    );
    let (code, _, told) = wfctl(&tree, &["connectors", "show", "bruim"]);
    assert_eq!((code, told.contains("did you mean bruin?")), (Some(2), true), "{told}");
}
