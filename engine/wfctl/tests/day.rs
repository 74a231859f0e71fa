//! `wfctl run --all`: the monitors of this project together through two hours of a simulated world. The table, the ledger and the picture say
//! the same, and of every entry of the ledger `explain --write` says which run and which rule it came of.

mod support;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;
use support::{Tree, project};

const SCENARIO: &str = "two-hours.yaml";

/// What the two hours left behind; run once for all tests.
struct Day {
    tree: Tree,
    table: Value,
    ledger: Vec<Value>,
}

fn day() -> &'static Day {
    static DAY: OnceLock<Day> = OnceLock::new();
    DAY.get_or_init(|| {
        let tree = Tree::new("{like: sandbox.yaml, writes: on}");
        let scenario = project().join("examples/scenarios").join(SCENARIO);
        tree.write(SCENARIO, &std::fs::read_to_string(scenario).expect("the scenario can be read"));
        let args = ["run", "--all", "--until", "2h", "--sandbox", SCENARIO, "--env", "sandbox", "--output", "json"];
        let more = ["--ledger", "ledger.json", "--chart", "day.svg", "--store", "runs.db"];
        let table = said(&tree, &[&args[..], &more[..]].concat());
        let ledger: Value = serde_json::from_str(&tree.read("ledger.json")).expect("the ledger is JSON");
        Day { table, ledger: ledger.as_array().cloned().unwrap_or_default(), tree }
    })
}

fn said(tree: &Tree, args: &[&str]) -> Value {
    let out = tree.wfctl(args).output().expect("wfctl runs");
    let err = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{args:?}: {err}\n{}", String::from_utf8_lossy(&out.stdout));
    serde_json::from_slice(&out.stdout).unwrap_or_else(|why| panic!("{args:?}: {why}\n{err}"))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

#[test]
fn everybody_takes_part_and_is_counted() {
    let Day { table, ledger, .. } = day();
    let workflows = table["workflows"].as_object().expect("a table of workflows");
    for name in ["customer-cache", "service-outage-monitor@mettel", "service-outage-monitor@metvco02", "triage"] {
        assert!(workflows.contains_key(name), "{name} is not in {:?}", workflows.keys());
    }
    for name in ["service-affecting-monitor", "task-dispatcher"] {
        assert!(workflows[name]["runs"].as_u64() > Some(5), "{name}: {}", workflows[name]);
    }
    let undecided: Vec<&Value> = workflows.values().map(|w| &w["undecided"]).collect();
    assert!(undecided.iter().all(|u| u.as_object().is_some_and(serde_json::Map::is_empty)), "{undecided:?}");
    // whatever reached a vendor stands in the table, and nothing else does
    let mut sent = 0;
    for workflow in workflows.values() {
        for (action, n) in ["written", "told"].iter().flat_map(|kind| workflow[*kind].as_object().into_iter().flatten())
        {
            let connector = action.split('.').next().unwrap_or_default();
            // what was refused never left for the vendor: to move a task he is asked first where it is
            let is_vendor =
                !matches!(connector, "customer-store" | "feedback-memory" | "forwards") && !action.contains('→');
            sent += n.as_u64().filter(|_| is_vendor).unwrap_or_default();
        }
    }
    assert_eq!(sent, ledger.len() as u64, "{table:#}");
}

#[test]
fn the_two_hours_hold_what_a_day_holds() {
    let ledger = &day().ledger;
    let holds = |vendor: &str, path: &str, words: &str| {
        let fits = |entry: &&Value| text(entry, "vendor") == vendor && text(entry, "path").contains(path);
        ledger.iter().filter(fits).any(|entry| entry["body"].to_string().contains(words))
    };
    for (vendor, path, words) in [
        ("bruin", "/repair", "VC1000002"),
        ("bruin", "/notes", "Triage (VeloCloud)"),
        ("bruin", "/notes", "Re-opening"),
        ("bruin", "/notes", "Trouble: Latency"),
        ("bruin", "/notes", "Trouble: Packet Loss"),
        ("bruin", "/notes", "Trouble: Jitter"),
        ("bruin", "/notes", "Trouble: Bandwidth Over Utilization"),
        ("bruin", "/notes", "Trouble: Circuit Instability"),
        ("bruin", "/notes", "Auto-resolving"),
        ("bruin", "/status", "\"R\""),
        ("bruin", "/status", "\"O\""),
        ("bruin", "/severity", ""),
        ("bruin", "/details/work", "1547"),
        ("bruin", "/milestone", "BYOB"),
        ("digi", "RecoverDevice", "00:04:2d"),
        ("mail", "", ""),
    ] {
        assert!(holds(vendor, path, words), "no {vendor} {path} with {words}");
    }
}

/// By its request id, which every wire carries.
#[test]
fn every_entry_of_the_ledger_is_explained() {
    let Day { tree, ledger, .. } = day();
    let deeds = said(tree, &["explain", "--write", "", "--output", "json", "--store", "runs.db"]);
    let deeds = deeds.as_array().expect("a list of deeds");
    let by_id: BTreeMap<&str, &Value> = deeds.iter().map(|deed| (text(deed, "request_id"), deed)).collect();
    assert!(ledger.len() > 100, "{} entries", ledger.len());
    for entry in ledger {
        let id = text(entry, "requestId");
        let deed = by_id.get(id).copied();
        let deed = deed.unwrap_or_else(|| panic!("nobody knows why this was written:\n{entry:#}"));
        let act = &deed["act"];
        assert!(text(act, "place").contains(".yaml:"), "{act:#}");
        let answered = entry["status"].as_u64().unwrap_or_default().to_string();
        let result = text(act, "result");
        let has_own_codes = text(entry, "vendor") == "t7";
        assert!(
            has_own_codes || result == "sent" || result.starts_with(&answered) || result.contains(&answered),
            "{entry:#}\n{act:#}"
        );
        let way = deed["way"].as_array().expect("a way");
        let first = way.first().expect("it begins with the run");
        assert_eq!((text(first, "what"), first["address"].as_str()), ("flow", Some("")), "{deed:#}");
        assert!(way.iter().all(|step| text(step, "place").contains(".yaml:")), "{deed:#}");
        // by rule: a condition with the values it saw, or a flow that does it for everything it is given
        let decides = |step: &Value| {
            matches!(text(step, "what"), "if" | "where" | "tell" | "skip" | "item" | "flow" | "stop" | "fail")
        };
        assert!(way.iter().all(decides), "{deed:#}");
        for step in way.iter().filter(|step| matches!(text(step, "what"), "if" | "where" | "skip")) {
            assert!(matches!(text(step, "result"), "yes" | "no"), "{step:#}");
        }
        let known = text(deed, "run");
        assert_eq!(known.len(), 22, "{deed:#}");
    }
}

#[test]
fn a_person_asks_why_one_note_was_written() {
    let Day { tree, ledger, .. } = day();
    let note = ledger.iter().find(|entry| entry["body"].to_string().contains("Trouble: Latency")).expect("a note");
    let id = text(note, "requestId");
    for asked in [id, "Trouble: Latency"] {
        let out = tree.wfctl(&["explain", "--write", asked, "--store", "runs.db"]).output().expect("wfctl runs");
        let told = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success(), "{asked}: {}", String::from_utf8_lossy(&out.stderr));
        for part in [
            "of service-affecting-monitor, 2022-06-01",
            "send bruin.append_note → 200",
            "note = '#*MetTel's IPA*#",
            "for check in CHECKS",
            "passed, since not: it is below the threshold (directions = ",
            "if remedy_needed == 'create': yes",
            "workflows/service-affecting-monitor/workflow.yaml:",
        ] {
            assert!(told.contains(part), "{asked}: {part} is not in\n{told}");
        }
    }
    let out = tree.wfctl(&["explain", "--write", "no such words", "--store", "runs.db"]).output().expect("wfctl runs");
    assert_eq!(out.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&out.stderr).contains("nothing that was written, told or booked holds no such words")
    );
}

#[test]
fn the_picture_shows_the_two_hours() {
    let svg = day().tree.read("day.svg");
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
    for part in
        ["open tickets", "edges with an outage", "edges with a bad line", "opened", "resolved", ">14:00<", ">16:00<"]
    {
        assert!(svg.contains(part), "{part} is not in\n{svg}");
    }
    assert_eq!(svg.matches("fill=\"none\" stroke=").count(), 3, "three curves");
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
}

/// A part of the day, into that store.
fn part(tree: &Tree, until: &str, store: &str) -> std::process::Command {
    let args = ["run", "--all", "--until", until, "--sandbox", SCENARIO, "--env", "sandbox", "--output", "json"];
    let mut command = tree.wfctl(&[&args[..], &["--store", store]].concat());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    command
}

#[test]
fn two_at_once_on_one_store_count_their_own_runs() {
    let tree = &day().tree;
    let both =
        [part(tree, "20m", "both.db"), part(tree, "20m", "both.db")].map(|mut one| one.spawn().expect("it starts"));
    let [one, other] = both.map(|child| {
        let out = child.wait_with_output().expect("it ends");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(said.contains("--since 2022-06-01T14:00:00Z --store both.db"), "{said}");
        serde_json::from_slice::<Value>(&out.stdout).expect("JSON")
    });
    // by their schedules alone: how much there is to do depends on what is answered within which of these minutes
    for (name, runs) in [("triage", 2), ("tnba-monitor", 4)] {
        for table in [&one, &other] {
            assert_eq!(table["workflows"][name]["runs"].as_u64(), Some(runs), "{name}: {table:#}");
        }
    }
}

#[test]
fn a_day_that_is_stopped_says_so_and_is_no_success() {
    let tree = &day().tree;
    let mut child = part(tree, "9d", "stopped.db").spawn().expect("it starts");
    let pid = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw).expect("it has an id");
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert!(child.try_wait().expect("it can be asked").is_none(), "nine days take longer");
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("SIGINT is sent");
    let out = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(said.contains("stopped before the 9d were over"), "{said}");
    serde_json::from_slice::<Value>(&out.stdout).expect("what was done so far is told");
}

#[test]
fn a_picture_that_cannot_be_written_is_refused_before_the_day_begins() {
    let out = part(&day().tree, "20m", "no.db").args(["--chart", "no/such/folder.svg"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(
        out.status.code() == Some(2)
            && said.contains("--chart no/such/folder.svg")
            && said.contains("nothing was begun"),
        "{said}"
    );
}

#[test]
fn instances_are_called_by_their_name_everywhere() {
    let tree = &day().tree;
    let list =
        |name: &str| said(tree, &["runs", "list", name, "--store", "runs.db", "--most", "500", "--output", "json"]);
    let [all, one, other] = ["", "@mettel", "@metvco02"]
        .map(|instance| list(&format!("service-outage-monitor{instance}")).as_array().map_or(0, Vec::len));
    assert!(one > 0 && other > 0 && all == one + other, "{all}, {one}, {other}");
    let run = |name: &str| {
        let args = [
            "run",
            name,
            "--sandbox",
            SCENARIO,
            "--env",
            "sandbox",
            "--until",
            "0s",
            "--output",
            "json",
            "--store",
            "named.db",
        ];
        tree.wfctl(&args).output().expect("wfctl runs")
    };
    let out = run("service-outage-monitor@mettel");
    let told: Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let names: Vec<&str> = told.as_array().into_iter().flatten().map(|run| text(run, "workflow")).collect();
    assert_eq!(names, ["service-outage-monitor@mettel"]);
    let out = run("service-outage-monitor@mettl");
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.code() == Some(2) && said.contains("did you mean service-outage-monitor@mettel?"), "{said}");
}
