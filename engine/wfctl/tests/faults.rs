//! Vendors that are down, refuse, fail, talk nonsense, stay silent, break off, or never stop talking: a run ends as its specification
//! says, says so, tells no secret, and never panics.

mod support;

use serde_json::Value;
use support::{Tree, project};

const HURRY: &str = "
like: sandbox.yaml
writes: on
connectors:
  bruin: {timeout: 1s, pagination.page_size: 3}
  velocloud: {timeout: 1s}
  notifier: {slack.timeout: 1s}
params:
  triage: {hosts: [one.example, two.example]}
";

/// Six blank tickets of edges that have lost a link, three on each host, and one with an old note and an event since. Three pages.
const WORLD: &str = "
title: Seven tickets
now: 2022-06-01T14:00:00Z
speed: 0
hosts:
  - {name: one.example, user: operator, password: hidden-password-1}
  - {name: two.example, user: operator, password: hidden-password-2}
bruin: {client_id: client, client_secret: hidden-client-secret}
slack: {path: /services/hidden-webhook}
clients:
  - {id: 1, name: One, host: one.example, enterprise: 11, edges: {serial: VC1000, count: 4, name: 'A{n}'}}
  - {id: 2, name: Two, host: two.example, enterprise: 22, edges: {serial: VC2000, count: 3, name: 'B{n}'}}
outages:
  - {edges: [VC1000, VC1001, VC1002, VC2000, VC2001, VC2002], links: [GE2], from: -2h}
  - {edges: VC1003, links: [GE1], from: -1h, until: -30m}
tickets:
  - {id: 100, for_each: [VC1000, VC1001, VC1002]}
  - {id: 200, for_each: [VC2000, VC2001, VC2002]}
  - id: 300
    for_each: VC1003
    opened: -4h
    notes: [{at: -3h, text: \"#*MetTel's IPA*#\\nTriage (VeloCloud)\\n\\nOutage Type: Link Down (no HA)\\n\"}]
";

/// What nobody may read: passwords as they are and as they are sent, the webhook, tokens.
const SECRETS: [&str; 5] =
    ["hidden-", "aGlkZGVuL", "Y2xpZW50OmhpZGRlbi1jbGllbnQtc2VjcmV0", "Bearer ", "velocloud.session="];

/// What a run left behind.
struct Done {
    code: Option<i32>,
    /// Of the run, or null when it printed none.
    report: Value,
    stderr: String,
    /// What the vendors were asked to change: `[vendor, method, path, status, acted, body]`.
    ledger: Vec<Value>,
}

impl Done {
    fn text(&self, pointer: &str) -> &str {
        self.report.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// The tickets that have got a note, in order; twice when they got two.
    fn noted(&self) -> Vec<u64> {
        let notes = self.ledger.iter().filter(|l| l[0] == "bruin" && l[4] == true);
        let ticket =
            |line: &Value| line[2].as_str()?.strip_prefix("/api/Ticket/")?.strip_suffix("/notes")?.parse().ok();
        let mut tickets: Vec<u64> = notes.filter_map(ticket).collect();
        tickets.sort_unstable();
        tickets
    }

    /// What the chat was told.
    fn chats(&self) -> Vec<&str> {
        self.ledger.iter().filter(|l| l[0] == "slack").filter_map(|l| l[5]["text"].as_str()).collect()
    }

    fn is_told(&self, text: &str) -> bool {
        self.chats().iter().any(|chat| chat.contains(text))
    }

    /// Reasons of items that failed or could not be decided.
    fn losses(&self) -> Vec<String> {
        let of = |list: &str| self.report[list].as_array().cloned().unwrap_or_default();
        let all = of("failures").into_iter().chain(of("undecided"));
        all.map(|loss| loss["reason"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Runs triage in a world with these faults, and looks everywhere for secrets and panics.
fn run(faults: &str) -> Done {
    let tree = Tree::new(HURRY);
    tree.write("world.yaml", &format!("{WORLD}\nfaults:\n{faults}"));
    let run = ["--log", "debug", "run", "triage", "--env", "hurry", "--sandbox", "world.yaml", "--output", "json"];
    let out = tree.wfctl(&run).args(["--store", "runs.db", "--ledger", "ledger.jsonl"]).output();
    let out = out.unwrap_or_else(|e| panic!("{e}"));
    let explained = tree.wfctl(&["explain", "last", "--store", "runs.db", "--output", "json"]).output();
    let explained = explained.unwrap_or_else(|e| panic!("{e}"));
    assert!(explained.status.success(), "{}", String::from_utf8_lossy(&explained.stderr));
    let stdout = String::from_utf8_lossy(&out.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&out.stderr).into_owned();
    let store = std::fs::read(tree.path("runs.db")).unwrap_or_else(|e| panic!("{e}"));
    let ledger = tree.read("ledger.jsonl");
    let store = String::from_utf8_lossy(&store).into_owned();
    let explained = String::from_utf8_lossy(&explained.stdout).into_owned();
    for (place, text) in [("output", &stdout), ("log", &stderr), ("store", &store), ("explanation", &explained)] {
        for secret in SECRETS {
            let at = text.find(secret).map(|at| text[..at].lines().count());
            assert_eq!(at, None, "{faults}: the {place} tells {secret}:\n{text}");
        }
        assert!(!text.contains("panicked"), "{faults}: the {place}:\n{text}");
    }
    let printed: Value = serde_json::from_str(&stdout).unwrap_or_else(|e| panic!("{faults}: {e}\n{stdout}{stderr}"));
    Done {
        code: out.status.code(),
        report: printed[0]["report"].clone(),
        stderr,
        ledger: ledger.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
    }
}

const ALL: [u64; 7] = [100, 101, 102, 200, 201, 202, 300];

/// The run cannot begin its work: it fails for that reason, the chat hears of it, nothing is written.
#[track_caller]
fn ends(faults: &str, reason: &str) {
    let done = run(faults);
    assert_eq!((done.code, done.text("/how")), (Some(1), "failed"), "{faults}");
    assert!(done.text("/reason").contains(reason), "{faults}: {}", done.text("/reason"));
    assert!(done.is_told(reason), "{faults}: {:?}", done.chats());
    assert_eq!((done.noted(), done.chats().len()), (vec![], 1), "{faults}");
}

/// The run goes on: those tickets get their notes, each loss is in the report for that reason, the chat hears of each.
#[track_caller]
fn goes_on(faults: &str, noted: &[u64], losses: usize, reason: &str) {
    let done = run(faults);
    assert_eq!((done.code, done.text("/how")), (Some(0), "well"), "{faults}");
    assert_eq!(done.noted(), noted, "{faults}: {:?}", done.losses());
    assert_eq!(done.losses().len(), losses, "{faults}: {:?}", done.losses());
    assert!(done.losses().iter().all(|loss| loss.contains(reason)), "{faults}: {:?}", done.losses());
    assert!(losses == 0 || done.is_told(reason), "{faults}: {:?}", done.chats());
}

#[test]
fn without_faults_every_ticket_gets_its_note() {
    goes_on("  []", &ALL, 0, "");
}

#[test]
fn a_vendor_that_is_down_or_refuses_the_login_ends_the_run() {
    ends("  - {fault: refuse, vendor: bruin}", "We cannot log in to Bruin");
    ends("  - {fault: status, vendor: bruin, path: '*/token', status: 401}", "We cannot log in to Bruin");
    ends("  - {fault: status, vendor: bruin, path: '*/token', status: 500}", "We cannot log in to Bruin");
    ends("  - {fault: garbage, vendor: bruin, path: '*/token'}", "We cannot log in to Bruin");
    ends("  - {fault: status, vendor: bruin, path: /api/Ticket/basic, status: 401}", "Bruin refuses our login");
}

#[test]
fn a_list_of_which_a_page_is_missing_is_no_list() {
    ends("  - {fault: status, vendor: bruin, path: /api/Ticket/basic, status: 500}", "Bruin failed");
    let third = "vendor: bruin, path: /api/Ticket/basic, skip: 2";
    ends(&format!("  - {{fault: garbage, {third}}}"), "the answer is no JSON");
    ends(&format!("  - {{fault: cut, {third}}}"), "the answer was cut off");
    ends(&format!("  - {{fault: silence, {third}}}"), "no answer within 1 s");
    // a page that fails once is asked for again
    goes_on(&format!("  - {{fault: garbage, {third}, count: 1}}"), &ALL, 0, "");
}

#[test]
fn a_ticket_that_cannot_be_read_is_left_alone() {
    let others = [100, 101, 102, 200, 202, 300];
    let details = "vendor: bruin, path: /api/Ticket/201/details";
    goes_on(&format!("  - {{fault: status, {details}, status: 500}}"), &others, 1, "Bruin failed");
    goes_on(&format!("  - {{fault: garbage, {details}}}"), &others, 1, "the answer is no JSON");
    goes_on(&format!("  - {{fault: silence, {details}}}"), &others, 1, "no answer within 1 s");
    goes_on(&format!("  - {{fault: cut, {details}}}"), &others, 1, "the answer was cut off");
    goes_on(&format!("  - {{fault: hang_up, {details}}}"), &others, 1, "the connection broke off");
    // a token that has run out is renewed
    goes_on(&format!("  - {{fault: status, {details}, status: 401, count: 1}}"), &ALL, 0, "");
}

#[test]
fn ten_megabytes_are_an_answer_like_any_other() {
    let large = "  - {fault: large, vendor: bruin, path: '*/details', count: 1, size: 10MB}";
    let done = run(large);
    assert_eq!(done.code, Some(0));
    // a slow machine may not read them within the second that this test gives a call: then just that is said
    let slow = done.losses().iter().filter(|loss| loss.contains("no answer within 1 s")).count();
    assert_eq!((done.losses().len(), done.noted().len()), (slow, ALL.len() - slow), "{:?}", done.losses());
}

#[test]
fn of_a_host_that_cannot_be_read_no_edge_is_judged() {
    let down = run("  - {fault: refuse, vendor: velocloud}");
    assert_eq!((down.code, down.noted()), (Some(0), vec![]));
    // both hosts, and the events of the ticket that has a note
    assert_eq!(down.losses().len(), 3, "{:?}", down.losses());
    assert!(down.losses().iter().all(|loss| loss.contains("velocloud.")), "{:?}", down.losses());
    assert_eq!(down.chats().len(), 3, "{:?}", down.chats());
    let of_one = [100, 101, 102, 300];
    let links = "vendor: velocloud, host: two.example, path: '*/getEnterpriseEdgeLinkStatus'";
    goes_on(&format!("  - {{fault: status, {links}, status: 500}}"), &of_one, 1, "two.example failed");
    goes_on(&format!("  - {{fault: garbage, {links}}}"), &of_one, 1, "no usable answer");
    goes_on(&format!("  - {{fault: silence, {links}}}"), &of_one, 1, "no answer in time");
    goes_on(
        "  - {fault: status, vendor: velocloud, host: two.example, path: '*/operatorLogin', status: 401}",
        &of_one,
        1,
        "",
    );
}

#[test]
fn events_that_cannot_be_read_cost_their_task() {
    let events = "vendor: velocloud, path: '*/getEnterpriseEvents', skip: 1, count: 1";
    let others = [100, 102, 200, 201, 202, 300];
    goes_on(&format!("  - {{fault: cut, {events}}}"), &others, 1, "No events of one.example");
    goes_on(&format!("  - {{fault: status, {events}, status: 500}}"), &others, 1, "");
}

#[test]
fn a_note_that_may_be_written_is_not_written_twice() {
    let note = "vendor: bruin, path: /api/Ticket/101/notes";
    let others = [100, 102, 200, 201, 202, 300];
    goes_on(&format!("  - {{fault: status, {note}, status: 500}}"), &others, 1, "Bruin failed");
    goes_on(&format!("  - {{fault: silence, {note}}}"), &others, 1, "no answer within 1 s");
    // it was written, and nobody knows: once, and the report says that there was no answer
    goes_on(&format!("  - {{fault: cut, {note}}}"), &ALL, 1, "the answer was cut off");
}

#[test]
fn a_chat_that_is_down_stops_no_note_and_its_loss_is_said() {
    for fault in ["refuse", "hang_up", "silence", "status, status: 500"] {
        let done = run(&format!("  - {{fault: {fault}, vendor: slack}}"));
        assert_eq!((done.code, done.noted()), (Some(0), ALL.to_vec()), "{fault}");
        assert!(done.stderr.contains("was not handed on"), "{fault}: {}", done.stderr);
    }
    // a slow one is waited for when the run is over
    let slow = run("  - {fault: delay, vendor: slack, delay: 700ms}");
    assert_eq!(slow.chats().len(), 1, "{:?}", slow.chats());
}

#[test]
fn of_five_thousand_tickets_one_in_fifty_cannot_be_read() {
    let tree = Tree::new("{like: sandbox.yaml, writes: on, params: {triage: {hosts: [mettel.velocloud.net]}}}");
    let scenario = project().join("examples/scenarios/one-in-fifty.yaml");
    let run =
        ["run", "triage", "--env", "hurry", "--set", "parallel=8", "--output", "json", "--ledger", "ledger.jsonl"];
    let out = tree.wfctl(&run).arg("--sandbox").arg(scenario).output().unwrap_or_else(|e| panic!("{e}"));
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let printed: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{e}"));
    let ledger = tree.read("ledger.jsonl").lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let done = Done { code: out.status.code(), report: printed[0]["report"].clone(), stderr: String::new(), ledger };
    let list = |name: &str| done.report[name].as_array().cloned().unwrap_or_default();
    let (failures, undecided) = (list("failures"), list("undecided"));
    // each is named, with its call
    let unread: Vec<u64> = failures
        .iter()
        .filter(|f| f["reason"].as_str().is_some_and(|r| r.starts_with("bruin.get_ticket_details failed")))
        .filter_map(|f| f["item"].as_str()?.split("ticketID: ").nth(1)?.split(',').next()?.parse().ok())
        .collect();
    assert_eq!((failures.len(), unread.len()), (100, 100), "{:?}", failures.iter().take(3));
    // the edge whose row lacks its state, unless just its ticket is among those
    let odd = usize::from(!unread.contains(&802_499));
    assert_eq!(undecided.len(), odd, "{undecided:?}");
    assert!(undecided.iter().all(|u| u.to_string().contains("velocloud.get_links, row 5000")), "{undecided:?}");
    // nothing else was decided differently: every tenth edge has lost a link, every hundredth is down
    let is_out = |n: &u64| n % 10 == 1 || n % 100 == 5;
    let expected: Vec<u64> = (0..5_000).filter(is_out).map(|n| 800_000 + n).filter(|t| !unread.contains(t)).collect();
    assert_eq!(done.noted(), expected);
}
