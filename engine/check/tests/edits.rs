//! Edits of tables, tasks, params and connectors that were accepted in silence, said twice or said elsewhere: each is told once, where it stands.

mod support;

use support::{check_files, said};

const HEAD: &str = "workflow: example\ntitle: Example\ntriggers: [{every: 1h}]\n";

fn workflow(rest: &str) -> Vec<String> {
    said(&check_files(&[("workflows/example/workflow.yaml", &format!("{HEAD}{rest}"))]))
}

/// One message, which begins with the place and holds these words.
#[track_caller]
fn once(told: &[String], place: &str, words: &[&str]) {
    let [one] = told else { panic!("{told:#?}") };
    assert!(one.starts_with(place), "{one}");
    for word in words {
        assert!(one.contains(word), "{one} does not say {word}");
    }
}

#[test]
fn what_is_handed_down_as_a_text_is_held_against_what_is_done_with_it() {
    let regex = "define:\n  since(notes, pattern): notes.fromLast(n, n.matches(pattern))\nconstants:\n  REOPENED: (?s^#\n\
                 steps:\n  - skip: {it is new: \"empty(since(['a', 'b'], REOPENED))\"}\n";
    once(&workflow(regex), "workflow.yaml:7:13", &["no regular expression"]);
    let zone = "define:\n  day(zone): now.format('YYYY-MM-DD', zone)\nsteps:\n  - skip: {it is over: day('US/Easten') == 'x'}\n";
    once(&workflow(zone), "workflow.yaml:7:28", &["no time zone", "US/Eastern"]);
    let file =
        "define:\n  picture(file): asset(file)\nsteps:\n  - skip: {it is empty: size(picture('logo.pgn')) == 0}\n";
    once(&workflow(file), "workflow.yaml:7:38", &["there is no file 'logo.pgn'"]);
}

#[test]
fn zones_that_a_table_gives_are_zones() {
    let table = "tables:\n  zone_of:\n    given: [state]\n    rows:\n      - {state: AZ, then: US/Arizon}\n    otherwise: US/Eastern\n\
                 steps:\n  - skip: {it is night: now.hour(zone_of('AZ')) < 6}\n";
    once(&workflow(table), "workflow.yaml:11:34", &["no time zone 'US/Arizon'", "US/Arizona"]);
}

#[test]
fn a_text_for_an_argument_must_be_one_that_it_is_compared_with() {
    let kinds = "tables:\n  kind_of:\n    given: [n]\n    rows:\n      - {n: 1, then: Edge}\n    otherwise: Link\n\
                 define:\n  rows(): \"=[{'kind': kind_of(1)}, {'kind': kind_of(2)}]\"\n  of(list, kind): list.count(r, r.kind == kind)\n\
                 steps:\n  - skip: {some edges: \"of(rows(), 'Edge') > 1\"}\n  - skip: {some links: \"of(rows(), 'Links') > 1\"}\n";
    once(&workflow(kinds), "workflow.yaml:15:36", &["never 'Links'", "'Link'"]);
}

const TROUBLES: &str = "\
constants:
  CHECKS:
    - {round: wired, trouble: latency}
    - {round: wireless, trouble: loss}
params:
  limits:
    doc: From this on it is a trouble
    columns: [thresholds.wired, thresholds.wireless]
    latency: [140, 150]
    loss:    [8, 10]
tables:
  words:
    given: [trouble]
    rows:
      - {trouble: latency, then: it is slow}
      - {trouble: loss, then: it is lossy}
steps:
  - for: check
    in: CHECKS
    steps:
      - skip: {it is fine: \"params.thresholds[check.round][check.trouble] > 10 && words(check.trouble) != 'it is slow'\"}
";

#[test]
fn keys_that_constants_hold_are_there() {
    assert_eq!(workflow(TROUBLES), Vec::<String>::new());
    let constant = TROUBLES.replacen("round: wireless", "round: wireles", 1);
    once(&workflow(&constant), "workflow.yaml:7:15", &["'wireles'", "did you mean 'wireless'"]);
    let cell = TROUBLES.replacen("{trouble: loss, then", "{trouble: los, then", 1);
    once(&workflow(&cell), "workflow.yaml:19:19", &["never 'los'"]);
    // one that is no slip, and for which no row is made
    let more = TROUBLES.replacen("trouble: loss}\n", "trouble: loss}\n    - {round: wired, trouble: mos}\n", 1);
    once(&workflow(&more), "workflow.yaml:16:3", &["no row of `words` holds for trouble: mos"]);
}

#[test]
fn cells_and_rows_of_tables() {
    let table = |rows: &str| {
        format!(
            "tables:\n  of:\n    given: [n]\n    rows:\n{rows}    otherwise: none\nsteps:\n  - skip:\n      it is low: of(now.hour('UTC')) == 'low'\n"
        )
    };
    let turned = table("      - {n: 9..3, then: low}\n");
    once(&workflow(&turned), "workflow.yaml:8:13", &["nothing lies in `9..3`", "3..9"]);
    let dash = table("      - {n: [1-5], then: low}\n");
    once(&workflow(&dash), "workflow.yaml:8:13", &["1..5"]);
    let below = table("      - {n: \"< 10\", then: low}\n      - {n: 2..5, then: lower}\n");
    once(&workflow(&below), "workflow.yaml:9:9", &["never reached"]);
    let overlapping = table("      - {n: 2..5, then: low}\n      - {n: \"< 10\", then: lower}\n");
    assert_eq!(workflow(&overlapping), Vec::<String>::new());
    let slip = "tables:\n  of:\n    given: [n]\n    rows:\n      - {n: 1, then: wrong}\n      - {n: 2, then: worng}\n    otherwise: note\n\
                steps:\n  - for: n\n    in: [1, 2]\n    steps:\n      - skip: {it is wrong: of(n) == 'wrong'}\n";
    once(&workflow(slip), "workflow.yaml:9:22", &["'worng'", "'wrong'"]);
    let keys = "tables:\n  of:\n    given: [n]\n    rows:\n      - {n: 1, then: {to_ipa: true, to_workers: false}}\n      - {n: 2, then: {to_ipa: true, to_worker: false}}\n\
                \x20   otherwise: {to_ipa: false, to_workers: false}\n\
                steps:\n  - for: n\n    in: [1, 2]\n    steps:\n      - skip: {it goes: of(n).to_ipa && of(n).to_workers}\n";
    once(&workflow(keys), "workflow.yaml:9:37", &["`to_workers`", "`to_worker`"]);
}

#[test]
fn a_call_of_a_function_without_its_mark_is_no_text() {
    let text = "define:\n  row(list): {all: size(list)}\nsteps:\n  - skip:\n      it is none: row([1]).all == 'x'\n";
    let told = workflow(text);
    assert!(told.iter().any(|t| t.starts_with("workflow.yaml:5:20: this is the text 'size(list)'")), "{told:#?}");
}

#[test]
fn both_branches_fit_their_place() {
    let branches = "steps:\n  - run: mail\n    with: {files: \"=if(now > timestamp('2022-06-01T00:00:00Z'), [], file())\"}\n\
                    define:\n  file(): {name: a}\nflows:\n  mail:\n    inputs: {files: list of any}\n    steps:\n      - skip: {there is none: empty(files)}\n";
    once(&workflow(branches), "workflow.yaml:6:69", &["an object", "a list"]);
}

#[test]
fn nothing_is_carried_through_a_loop_whose_items_are_worked_on_at_once() {
    let text = "steps:\n  - state: {count: 0}\n  - for: n\n    in: [1, 2]\n    parallel: 2\n    steps:\n      - set: {count: =count + n}\n  - skip: {it is none: count == 0}\n";
    once(&workflow(text), "workflow.yaml:10:15", &["`count`", "at once", "collect"]);
    assert_eq!(workflow(&text.replacen("    parallel: 2\n", "", 1)), Vec::<String>::new());
}

#[test]
fn what_is_said_for_calls_is_said_of_calls_that_are_made() {
    let connector = "connector: desk\ntitle: D\ntransport: http\nconfig: {base_url: url}\nbase_url: =config.base_url\nreads:\n  get_ticket: {input: {id: id}, request: \"GET /{{ id }}\", output: {id: id}}\n  get_tickets: {request: GET /all, output: list of id}\n";
    let file = format!(
        "{HEAD}calls:\n  desk.get_tickets: {{timeout: 5s}}\nsteps:\n  - {{id: t, call: desk.get_ticket, with: {{id: 1}}}}\n  - skip: {{it is: t.ok}}\n"
    );
    let all = [("connectors/desk/connector.yaml", connector), ("workflows/example/workflow.yaml", file.as_str())];
    once(&said(&check_files(&all)), "workflow.yaml:5:3", &["nothing here calls `desk.get_tickets`", "desk.get_ticket"]);
}

const MOVER: &str = "workflow: mover\ntitle: M\ntriggers: [{task: moves, every: 1m}]\ninputs:\n  ticket_id: {type: id, doc: The ticket}\n  queue: {type: text, doc: Where to}\nsteps:\n  - skip: {it is nowhere: queue == '' && ticket_id == '0'}\n";

#[test]
fn bookings_have_what_the_workflow_takes_that_works_on_them() {
    let booking = |task: &str, field: &str| {
        let file = format!(
            "{HEAD}define:\n  booking(id):\n    ticket_id: =id\n    {field}: HNOC\nsteps:\n  - {{defer: {task}, key: \"1\", with: =booking(7)}}\n"
        );
        said(&check_files(&[("workflows/mover/workflow.yaml", MOVER), ("workflows/example/workflow.yaml", &file)]))
    };
    assert_eq!(booking("moves", "queue"), Vec::<String>::new());
    once(&booking("move", "queue"), "workflow.yaml:9:13", &["`move`", "did you mean `moves`"]);
    once(&booking("moves", "target"), "workflow.yaml:9:37", &["this has no `queue`"]);
}

#[test]
fn a_moment_and_how_long_from_now() {
    let text =
        "steps:\n  - {defer: moves, key: \"1\", at: \"=now.untilHour(8, 'UTC')\", with: {ticket_id: 1, queue: a}}\n";
    let file = format!("{HEAD}{text}");
    let told =
        said(&check_files(&[("workflows/mover/workflow.yaml", MOVER), ("workflows/example/workflow.yaml", &file)]));
    once(&told, "workflow.yaml:5:36", &["`at` is a moment", "`after`"]);
}

const REPORT: &str = "workflow: report\ntitle: R\ntriggers: [{cron: =params.at}]\nparams:\n  at: {type: text, default: \"0 3 * * 0\", doc: When}\n  to: {type: list of text, doc: Who}\nsteps:\n  - skip: {there is nobody: empty(params.to)}\n";

#[test]
fn environments_are_held_against_what_uses_their_params() {
    let told = |environment: &str| {
        said(&check_files(&[("workflows/report/workflow.yaml", REPORT), ("environments/production.yaml", environment)]))
    };
    assert_eq!(told("writes: on\nparams: {report: {to: [a]}}\n"), Vec::<String>::new());
    once(&told("writes: on\nparams: {report: {to: [a], at: \"0 25 * * *\"}}\n"), "production.yaml:2:32", &["25"]);
    // what is wrong is not missing as well
    once(&told("writes: on\nparams: {report: {to: a}}\n"), "production.yaml:2:23", &["[a]"]);
    let twice = "writes: on\nworkflows: {report: {instances: {a: {to: [x]}, b: {to: [x]}}}}\n";
    once(&told(twice), "production.yaml:2:48", &["`b` is the same as `a`"]);
    let broken = REPORT.replacen("0 3 * * 0", "3 * * 0", 1);
    let told = said(&check_files(&[
        ("workflows/report/workflow.yaml", &broken),
        ("environments/production.yaml", "writes: on\nparams: {report: {to: [a]}}\n"),
    ]));
    once(&told, "workflow.yaml:5:29", &["five fields"]);
}

#[test]
fn requests_say_what_their_transport_knows() {
    let mail = "connector: post\ntitle: P\ntransport: smtp\nconfig: {host: text}\nserver: =config.host\nwrites:\n  send:\n    input: {to: text, words: text}\n    request: SEND\n    mail: {from: a@b.example, to: =to, subject: Hello, body: =words}\n    doubt: report\n    output: any\n";
    let told = |connector: &str| said(&check_files(&[("connectors/post/connector.yaml", connector)]));
    once(&told(mail), "connector.yaml:10:56", &["`mail` has no field `body`"]);
    let verb = mail.replacen("SEND", "POST", 1).replacen("body:", "text:", 1);
    once(&told(&verb), "connector.yaml:9:14", &["`POST` is no request by smtp", "SEND"]);
    let object = "connector: post\ntitle: P\ntransport: objects\nwrites:\n  put:\n    input: {key: text, data: bytes}\n    request: PUT /shelf/{{ key }}\n    bytes: =data\n    doubt: repeat\n    output: any\n";
    once(&told(object), "connector.yaml:7:18", &["bucket"]);
}

#[test]
fn a_star_as_a_key_is_one_mistake() {
    let text = "params:\n  contacts: {type: map of list of text, default: {*: [a]}, doc: Who}\nsteps:\n  - skip: {x: empty(params.contacts)}\n";
    let told = workflow(text);
    once(&told, "workflow.yaml:5:51", &["needs quotes", "\"*\":"]);
}
