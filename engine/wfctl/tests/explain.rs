//! `wfctl run` says what came of a run, and `wfctl explain` why, of items that end in every way.

mod support;

use support::Tree;

const HURRY: &str = "{like: sandbox.yaml, writes: on, params: {triage: {hosts: [one.example]}}}";

/// A blank ticket of an edge that has lost a link, one of an edge that is well, one with a young note, and an edge without a ticket.
const WORLD: &str = "
title: Three tickets
now: 2022-06-01T14:00:00Z
speed: 0
hosts:
  - {name: one.example, user: operator, password: secret}
clients:
  - {id: 1, name: One, host: one.example, enterprise: 11, edges: {serial: VC1000, count: 4, name: 'A{n}'}}
outages:
  - {edges: VC1000, links: [GE2], from: -2h}
tickets:
  - {id: 100, for_each: VC1000}
  - {id: 200, for_each: VC1001}
  - id: 300
    for_each: VC1002
    opened: -4h
    notes: [{at: -5m, text: \"#*MetTel's IPA*#\\nTriage (VeloCloud)\\n\\nOutage Type: Link Down (no HA)\\n\"}]
";

struct Told {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn wfctl(tree: &Tree, args: &[&str]) -> Told {
    let out = tree.wfctl(args).args(["--store", "runs.db"]).output().unwrap_or_else(|e| panic!("{e}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Told { code: out.status.code(), stdout: text(&out.stdout), stderr: text(&out.stderr) }
}

/// The paragraph below the heading.
fn conclusion(tree: &Tree, item: &str) -> String {
    let told = wfctl(tree, &["explain", "last", item]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    told.stdout.split("\n\n").nth(1).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn ran() -> Tree {
    let tree = Tree::new(HURRY);
    tree.write("world.yaml", WORLD);
    let run = wfctl(&tree, &["run", "triage", "--env", "hurry", "--sandbox", "world.yaml"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.starts_with("triage: ended well\n"), "{}", run.stdout);
    let widest = run.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{}", run.stdout);
    tree
}

#[test]
fn the_first_sentence_says_what_came_of_it_and_the_next_ones_why() {
    let tree = ran();
    let written = conclusion(&tree, "VC1000");
    assert!(written.starts_with("VC1000: bruin.append_note was written workflows/lib/sdwan.yaml:"), "{written}");
    let well = conclusion(&tree, "VC1001");
    assert!(well.starts_with("VC1001: nothing was written, told or booked "), "{well}");
    assert!(
        well.contains("nothing happened on the edge since (events.body = []) workflows/triage/workflow.yaml:"),
        "{well}"
    );
    let young = conclusion(&tree, "300");
    assert!(young.starts_with("300: nothing was written"), "{young}");
    assert!(young.contains("its newest note is young enough (now - newest.createdDate = 5m"), "{young}");
    assert!(young.contains("params.note_gap = 30m)"), "{young}");
}

#[test]
fn what_no_loop_ever_held_is_said_so() {
    let tree = ran();
    let nobody = conclusion(&tree, "VC1003");
    let expected = "VC1003: nothing was done for it, since no item of `for ticket` or `for ticket_task` held it \
                    workflows/triage/workflow.yaml:";
    assert!(nobody.starts_with(expected), "{nobody}");
    assert!(nobody.contains(" it was last seen in `edges` workflows/triage/workflow.yaml:"), "{nobody}");
    let missing = wfctl(&tree, &["explain", "last", "NOPE123"]);
    assert_eq!(missing.code, Some(2));
    assert!(
        missing.stderr.contains("holds NOPE123: its loops have items such as\n  host = 'one.example'\n"),
        "{}",
        missing.stderr
    );
}

#[test]
fn the_short_form_leaves_out_what_decided_nothing() {
    let tree = ran();
    let short = wfctl(&tree, &["explain", "last", "300"]).stdout;
    let full = wfctl(&tree, &["explain", "last", "300", "--full"]).stdout;
    assert!(short.contains("which decided nothing: --full)") && !full.contains("--full"), "{short}");
    assert!(short.contains("skip its newest note is young enough") && !short.contains("let newest"), "{short}");
    assert!(full.contains("let newest"), "{full}");
    assert!(short.lines().count() < full.lines().count());
}

#[test]
fn runs_say_their_own_time_and_when_they_were_recorded() {
    let tree = ran();
    let table = wfctl(&tree, &["runs"]).stdout;
    assert!(
        table.contains("its time (UTC)       recorded (UTC)") && table.contains("  2022-06-01 14:00:00  20"),
        "{table}"
    );
}

#[test]
fn other_params_are_tried_on_what_was_recorded() {
    let tree = ran();
    let tried = |args: &[&str]| {
        let told = wfctl(&tree, &[&["explain", "last"], args].concat());
        let text = told.stdout + &told.stderr;
        (told.code, text.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let (code, same) = tried(&["--set", "note_gap=20m"]);
    assert!(same.ends_with("with note_gap = 20m instead of 30m nothing would have been decided differently"), "{same}");
    assert_eq!(code, Some(0));
    let (_, asks) = tried(&["--set", "note_gap=2m"]);
    let ask = "1 skipped: its newest note is young enough → would ask velocloud.get_edge_events, whose answer the record does not hold";
    assert!(asks.contains(ask) && !asks.contains("sent beside"), "{asks}");
    let (_, item) = tried(&["300", "--set", "note_gap=2m"]);
    assert!(item.contains("it would have been so: 300: it would ask velocloud.get_edge_events"), "{item}");
    let (_, hosts) = tried(&["--set", "hosts=[]"]);
    assert!(hosts.contains("1 done → not there host = 'one.example'"), "{hosts}");
    assert!(hosts.contains("1 bruin.append_note would not have been sent"), "{hosts}");
    let (_, one) = tried(&["VC1000", "--set", "hosts=[]"]);
    assert!(one.contains("VeloCloud knows no state of the edge (edge = null)"), "{one}");
    assert_eq!(tried(&["--set", "note_gap=5"]), (Some(2), "wfctl: --set: `5` is no duration for `note_gap`".into()));
}

#[test]
fn several_runs_are_told_one_after_the_other() {
    let tree = ran();
    let again = wfctl(&tree, &["run", "triage", "--env", "hurry", "--sandbox", "world.yaml"]);
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    let young = wfctl(&tree, &["explain", "triage", "300", "--since", "1h"]).stdout;
    assert_eq!(young.matches("  run ").count(), 1, "the second says the same: {young}");
    assert!(
        young.contains("its newest note is young enough") && young.contains("… and the same in the run after it"),
        "{young}"
    );
    let all = wfctl(&tree, &["explain", "triage", "--since", "2022-06-01T13:00:00Z"]).stdout;
    assert_eq!(all.lines().filter(|line| line.ends_with("ended well")).count(), 2, "{all}");
    let none = wfctl(&tree, &["explain", "triage", "--since", "2022-06-02T00:00:00Z"]).stdout;
    assert_eq!(none, "no run of triage since then\n");
    let wrong = wfctl(&tree, &["explain", "triag", "--since", "1h"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("did you mean triage?"), "{}", wrong.stderr);
}

const NOBODY: &str = "
workflow: nobody
title: Asks for tickets that are not there
triggers:
  - {every: 10m}
steps:
  - for: ticket
    in: [901, 902]
    steps:
      - {id: details, call: bruin.get_ticket_details, with: {ticket_id: =ticket}, retry: {when: 5xx, attempts: 1, wait: 1s}}
      - fail: {it has no tasks: empty(details.body.ticketDetails)}
";

#[test]
fn a_run_that_lost_every_item_has_failed() {
    let tree = Tree::new(HURRY);
    tree.write(
        "world.yaml",
        &format!("{WORLD}\nfaults:\n  - {{fault: status, vendor: bruin, path: '*/details', status: 500}}\n"),
    );
    tree.write("workflows/nobody/workflow.yaml", NOBODY);
    let run = wfctl(&tree, &["run", "nobody", "--env", "hurry", "--sandbox", "world.yaml"]);
    assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.starts_with("nobody: NOTHING DONE: all 2 items were lost; 2 failed\n"), "{}", run.stdout);
    assert!(run.stderr.contains("\n2 failed; why? wfctl explain "), "{}", run.stderr);
    let why = conclusion(&tree, "901");
    assert!(
        why.starts_with("901: nothing was written") && why.contains("failed: bruin.get_ticket_details failed"),
        "{why}"
    );
}
