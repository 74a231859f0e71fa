//! Why did this one get a note, and that one not?

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value as Json, json};
use wf_machine::Writes;

use super::snapshot;
use super::world::{asked, desk, in_memory, run, shortly};
use crate::explain::{Since, over_runs};

async fn story(item: &str) -> String {
    told(None, Writes::On, desk, item).await
}

async fn told(
    workflow: Option<&str>,
    writes: Writes,
    answers: impl Fn(&str, &Json) -> (u16, Json) + Send + Sync + 'static,
    item: &str,
) -> String {
    let ports = in_memory();
    run(ports.clone(), workflow, writes, answers).await;
    asked(&*ports.journal, "last", Some(item), false).await.unwrap_or_else(|refusal| refusal.message)
}

/// What people see first, of items that end in every way.
#[tokio::test]
async fn the_short_form() {
    let ports = in_memory();
    run(ports.clone(), None, Writes::On, desk).await;
    let mut all = String::new();
    for item in ["VC1", "VC2", "VC3", "VC4", "VC5", "4711", "4712", "4713"] {
        let told = shortly(&*ports.journal, "last", item).await.unwrap_or_else(|refusal| refusal.message);
        let told = told.split_once('\n').map_or("", |(_, rest)| rest);
        all.push_str(&format!("$ wfctl explain last {item}\n{told}\n"));
    }
    snapshot("the-short-form", &all);
}

#[tokio::test]
async fn one_that_got_a_note() {
    snapshot("one-that-got-a-note", &story("VC1").await);
}

#[tokio::test]
async fn one_that_a_filter_dropped() {
    snapshot("one-that-a-filter-dropped", &story("VC3").await);
}

#[tokio::test]
async fn one_whose_newest_note_is_young() {
    snapshot("one-whose-newest-note-is-young", &story("VC4").await);
}

#[tokio::test]
async fn one_that_nobody_can_judge() {
    snapshot("one-that-nobody-can-judge", &story("VC5").await);
}

#[tokio::test]
async fn a_ticket_with_all_that_happened_in_it() {
    snapshot("a-ticket-with-all-that-happened-in-it", &story("4711").await);
}

#[tokio::test]
async fn a_write_that_is_held_back_or_refused() {
    let held = told(None, Writes::Off, desk, "VC1").await;
    assert!(held.contains("hold back desk.add_note → held back"), "{held}");
    assert!(held.contains("hold back desk.chat → held back"), "{held}");
    let refused = |subject: &str, body: &Json| match subject {
        "desk.note" => (500, json!("the desk is closed")),
        _ => desk(subject, body),
    };
    snapshot("a-write-that-is-refused", &told(None, Writes::On, refused, "VC1").await);
}

#[tokio::test]
async fn what_nothing_holds_is_said_with_what_was_meant() {
    let text = story("VC44").await;
    assert!(text.starts_with("nothing in run ") && text.ends_with(" of watch holds VC44: did you mean VC4?"), "{text}");
    let text = story("no-such-thing-at-all").await;
    assert!(text.ends_with("its loops have items such as\n  ticket = {number: 4711, …}\n  serial = 'VC1'"), "{text}");
}

#[tokio::test]
async fn of_ten_thousand_elements_one_is_told() {
    let many = |subject: &str, body: &Json| match subject {
        "desk.edges" => {
            let edge = |i| json!({"serial": format!("VC{i}"), "state": if i % 2 == 0 { "NEW" } else { "OFFLINE" }, "links": 1});
            (200, (0..10_000).map(edge).collect())
        }
        "desk.tickets" => {
            let ticket = |i| json!({"number": 1_000 + i, "serials": [format!("VC{i}")]});
            (200, (0..300).map(ticket).collect())
        }
        _ => desk(subject, body),
    };
    let dropped = told(None, Writes::On, many, "VC9998").await;
    snapshot("of-ten-thousand-elements-one", &dropped);
    let noted = told(None, Writes::On, many, "VC7").await;
    assert!(noted.lines().count() < 60 && noted.contains("→ skipped: its newest note is young enough"), "{noted}");
    assert!(!noted.contains("VC9\'") && !noted.contains("VC5\'"), "{noted}");
}

const LATER: &str = r"
workflow: watch
title: Looks again later
triggers:
  - {every: 10m}
params:
  note_gap: {default: 5m, doc: When it looks again}
steps:
  - {id: tickets, call: desk.list_tickets}
  - {recheck: tickets.body, by: item.number, after: =params.note_gap, run: look-again}
  - for: ticket
    in: tickets.body
    steps:
      - call: desk.get_notes
        with: {ticket: =ticket.number}
        retry: {when: 5xx, attempts: 3, wait: 5s}
      - for: n
        in: lists.range(100)
        steps:
          - skip: {it is even: n % 2 == 0}
      - fail: {it has two: size(ticket.serials) > 1}
flows:
  look-again:
    inputs: [items]
    steps:
      - for: ticket
        in: items
        steps:
          - skip: {it has one: size(ticket.serials) < 2}
";

#[tokio::test]
async fn what_is_tried_again_and_booked() {
    let tries = AtomicU32::new(0);
    let flaky = move |subject: &str, body: &Json| {
        let first = subject == "desk.notes" && body["ticket"] == 4713 && tries.fetch_add(1, Ordering::SeqCst) == 0;
        if first { (502, json!("not now")) } else { desk(subject, body) }
    };
    let ports = in_memory();
    let first = run(ports.clone(), Some(LATER), Writes::On, flaky).await.to_text();
    let told = asked(&*ports.journal, &first, Some("4713"), false).await.unwrap_or_else(|refusal| refusal.message);
    snapshot("what-is-tried-again-and-booked", &told);
    let runs = ports.journal.runs(Some("watch"), 9).await.expect("runs");
    let later = runs.iter().map(|info| info.run.to_text()).find(|run| *run != first).expect("the booked run");
    let later = asked(&*ports.journal, &later, Some("4713"), false).await.unwrap_or_else(|refusal| refusal.message);
    snapshot("what-was-booked", &later);
    let chain = over_runs(&*ports.journal, "watch", Since::Moment(jiff::Timestamp::UNIX_EPOCH), Some("4713")).await;
    let chain = chain.unwrap_or_else(|refusal| refusal.message);
    let chain = chain.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(chain.contains(&format!(", recheck of {first}: ended well 4713: nothing was written")), "{chain}");
}

/// It needs a file that is no text.
const LOGO: &str = "
workflow: watch
title: Says what its logo is
triggers: [{every: 10m}]
params: {note_gap: {default: 30m, doc: Nothing is noted before}}
steps:
  - {id: edges, call: desk.list_edges}
  - for: edge
    in: edges.body
    steps:
      - skip: {the logo is there: \"params.note_gap > 1m && size(asset('logo.png')) == 5\"}
";

#[tokio::test]
async fn a_run_that_read_an_asset_is_made_again_with_it() {
    let told = told(Some(LOGO), Writes::On, desk, "VC1").await;
    assert!(told.contains("size(asset('logo.png')) == 5"), "{told}");
}

#[tokio::test]
async fn programs_get_a_list_of_entries() {
    let ports = in_memory();
    run(ports.clone(), None, Writes::On, desk).await;
    let text = asked(&*ports.journal, "last", Some("VC4"), true).await.unwrap_or_else(|refusal| refusal.message);
    let told: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(told["conclusion"][0]["text"], "VC4: nothing was written, told or booked");
    let entries = told["story"].as_array().expect("a list");
    let guard = entries.iter().find(|one| one["what"] == "skip" && one["result"] == "yes").expect("why it ended");
    assert_eq!(
        *guard,
        json!({
            "address": "s3.i2.s4.i0.s9",
            "place": "workflows/watch/workflow.yaml:44:44",
            "what": "skip",
            "text": "its newest note is young enough: newest != null && now - newest.at <= params.note_gap",
            "saw": [
                {"name": "newest", "value": "{at: '2022-06-01T13:35:00Z', text: 'b'}"},
                {"name": "now - newest.at", "value": "25m"},
                {"name": "now", "value": "2022-06-01T14:00:00Z"},
                {"name": "newest.at", "value": "2022-06-01T13:35:00Z"},
                {"name": "params.note_gap", "value": "1h", "from": "environments/production.yaml:8:15"},
            ],
            "result": "yes",
        })
    );
    let words: Vec<&str> = entries.iter().filter_map(|one| one["what"].as_str()).collect();
    assert!(words.contains(&"table") && words.contains(&"item") && words.contains(&"flow"), "{words:?}");
}
