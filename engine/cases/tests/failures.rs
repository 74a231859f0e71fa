//! A mini project whose cases fail, each in its own way: what people are told.

use std::sync::{Arc, OnceLock};

use wf_cases::discover::CaseFile;
use wf_cases::report::{Verdict, human};
use wf_cases::suite;
use wf_check::{Checked, Project};

fn checked() -> &'static Checked {
    static CHECKED: OnceLock<Checked> = OnceLock::new();
    CHECKED.get_or_init(|| {
        let files = [
            ("workflows/reminders/workflow.yaml", include_str!("shop/workflow.yaml")),
            ("workflows/second-look/workflow.yaml", include_str!("shop/later.yaml")),
            ("workflows/orders/workflow.yaml", include_str!("shop/booking.yaml")),
            ("workflows/parcels/workflow.yaml", include_str!("shop/worker.yaml")),
            ("workflows/thanks/workflow.yaml", include_str!("shop/remembering.yaml")),
            ("connectors/shelf/connector.yaml", include_str!("shop/memory.yaml")),
            ("connectors/notices/connector.yaml", include_str!("shop/notices.yaml")),
            ("connectors/shop/connector.yaml", include_str!("shop/connector.yaml")),
            ("environments/quiet.yaml", "writes: off\n"),
        ];
        let checked = wf_check::check(&files.into_iter().collect::<Project>());
        assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
        checked
    })
}

/// What is said of a case.
fn said(folder: &str, case: &str) -> String {
    let cases = [CaseFile { path: format!("{folder}/cases/it.yaml"), text: Arc::from(case) }];
    let suite = suite::run(checked(), &cases, 1);
    human(&suite.files, &suite.outcomes)
}

fn workflow(rest: &str) -> String {
    said("workflows/reminders", &format!("system: reminders\ntitle: an old order\nnow: '2026-03-01T12:00:00Z'\n{rest}"))
}

fn connector(rest: &str) -> String {
    said("connectors/shop", &format!("connector: shop\ntitle: open orders\nnow: '2026-03-01T12:00:00Z'\n{rest}"))
}

const GIVEN: &str = "\
trigger: {kind: schedule}
given:
- subject: shop.orders
  body: {state: open}
  replies:
  - {status: 200, body: [{id: 7, customer: Ann, days: 20}, {id: 8, customer: Bob, days: 3}]}
";

fn expecting(expect: &str) -> String {
    workflow(&format!("{GIVEN}expect:\n{expect}"))
}

const RIGHT: &str = "  writes: [{subject: shop.remind, body: {id: 7, text: {contains: [Ann, 20 days]}}}]\n";

#[test]
fn a_case_that_is_right_passes() {
    assert!(expecting(RIGHT).contains("1 passed, 0 failed, 0 skipped"), "{}", expecting(RIGHT));
}

#[test]
fn writes_that_differ() {
    insta::assert_snapshot!(expecting(
        "  writes: [{subject: shop.remind, body: {id: 7, text: {contains: [Ann, 21 days]}, cc: Eve}}]\n"
    ));
}

#[test]
fn writes_that_are_missing_or_too_many() {
    insta::assert_snapshot!(expecting("  writes: [{subject: shop.thank, body: {id: 8}}]\n"));
}

#[test]
fn params_and_environment_are_those_of_the_case() {
    let with = |more: &str, writes: &str| workflow(&format!("{more}{GIVEN}expect:\n  writes: {writes}\n"));
    let both = "[{subject: shop.remind, body: {id: 7, text: {any: true}}}, {subject: shop.remind, body: {id: 8, text: {any: true}}}]";
    assert!(with("params: {patience: 2}\n", both).contains("1 passed"));
    assert!(with("environment: quiet\n", "[]").contains("1 passed"));
    assert!(with("environment: unheard-of\n", "[]").contains("1 passed"));
    insta::assert_snapshot!(with("params: {pateince: 2}\n", "[]") + &with("params: {patience: soon}\n", "[]"));
}

#[test]
fn a_schedule_fires_as_often_as_it_says() {
    let runs = |trigger: &str, more: &str, times: usize| {
        let given = GIVEN.replace("{kind: schedule}", trigger);
        let write = "{subject: shop.remind, body: {id: 7, text: {any: true}}}";
        let said = workflow(&format!("{more}{given}expect:\n  writes: [{}]\n", vec![write; times].join(", ")));
        assert!(said.contains("1 passed"), "{said}");
    };
    runs("{kind: schedule}", "run_for: 3h\n", 1);
    runs("{kind: schedule, runs: 3}", "", 3);
    runs("{kind: schedule, ticks: true}", "run_for: 3h\n", 4);
}

#[test]
fn what_is_booked_for_later_runs_when_the_case_lets_so_much_time_pass() {
    let case = |more: &str, expect: &str| {
        let head = "system: second-look\ntitle: later\nnow: '2026-03-01T12:00:00Z'\n";
        said("workflows/second-look", &format!("{head}{more}{GIVEN}expect: {expect}\n"))
    };
    let task = |key: u32| format!("{{type: reminder, key: '{key}', due: '2026-03-01T12:40:00Z'}}");
    let both = format!("{{writes: [], tasks: [{}, {}]}}", task(8), task(7));
    let sent = |id: u32| format!("{{subject: shop.remind, body: {{id: {id}, text: Please pay}}}}");
    let passes = |said: String| assert!(said.contains("1 passed"), "{said}");
    passes(case("run_for: 29m\n", "{writes: [], tasks: []}"));
    passes(case("run_for: 30m\n", &both));
    passes(case("run_for: 39m\n", &both));
    passes(case("run_for: 41m\n", &format!("{{writes: [{}, {}], tasks: []}}", sent(7), sent(8))));
    let waiting =
        "state: {x-task_dispatcher-z-reminder: {k: 1772366400}, x-task_dispatcher-h-reminder: {k: '{\"id\": 3}'}}\n";
    passes(case(waiting, &format!("{{writes: [{}], state: {{x-task_dispatcher-z-reminder: null}}}}", sent(3))));
    insta::assert_snapshot!(
        case("run_for: 30m\n", &format!("{{writes: [], tasks: [{}]}}", task(7)))
            + &case("run_for: 30m\n", "{writes: [], state: {x-task_dispatcher-z-reminder: {'7': 1}}}")
    );
}

#[test]
fn what_is_booked_is_worked_on_by_the_workflow_that_takes_it() {
    let case = |minutes: u32, expect: &str| {
        let head = "system: orders\ntitle: a parcel\nnow: '2026-03-01T12:00:00Z'\ntrigger: {kind: schedule}\n";
        said("workflows/orders", &format!("{head}run_for: {minutes}m\nexpect: {expect}\n"))
    };
    let waits = case(4, "{writes: [], tasks: [{type: parcel, key: '7', due: '2026-03-01T12:05:00Z'}]}");
    assert!(waits.contains("1 passed"), "{waits}");
    // what the two tell each other is nothing that the outside sees
    let write = "{subject: shop.remind, body: {id: 7, text: It is on its way}}";
    let gone = case(
        6,
        &format!("{{writes: [{write}], tasks: [], metrics: [{{name: parcels_gone, labels: {{}}, value: 1}}]}}"),
    );
    assert!(gone.contains("1 passed"), "{gone}");
}

#[test]
fn what_a_workflow_keeps_by_key_is_set_up_and_compared() {
    let case = |minutes: u32, state: &str, expect: &str| {
        let head = "system: thanks\ntitle: two orders\nnow: '2026-03-01T12:00:00Z'\ntrigger: {kind: schedule}\n";
        let given = "given: [{subject: shop.orders, replies: [{status: 200, body: [{id: 7, customer: Ann, days: 1}, {id: 8, customer: Bob, days: 2}]}]}]\n";
        said("workflows/thanks", &format!("{head}run_for: {minutes}m\n{state}{given}expect: {expect}\n"))
    };
    let before = "state: {production-7: {at: '2026-02-28T12:00:00Z'}}\n";
    let write = "writes: [{subject: shop.remind, body: {id: 8, text: Thank you}}]";
    let right = "{production-7: {at: '2026-02-28T12:00:00Z'}, production-8: {at: {matches: '2026-03-01T12:00:00.*'}}}";
    let kept = case(0, before, &format!("{{{write}, state: {right}}}"));
    assert!(kept.contains("1 passed"), "{kept}");
    let faded = case(6, before, &format!("{{{write}, state: {{production-8: null}}}}"));
    assert!(faded.contains("1 passed"), "{faded}");
    let wrong = case(0, before, &format!("{{{write}, state: {{production-7: null, production-9: x}}}}"));
    assert!(wrong.contains("production-7") && wrong.contains("production-9"), "{wrong}");
    let unreadable = case(0, "state: {production-7: odd}\n", &format!("{{{write}}}"));
    assert!(unreadable.contains("1 passed"), "{unreadable}");
}

#[test]
fn metrics_that_differ() {
    let metric = |entries: &str| expecting(&format!("{RIGHT}  metrics: {entries}\n"));
    let ann = "{name: reminders_left, labels: {customer: Ann}, value: 20}";
    assert!(
        metric(&format!("[{ann}, {{name: reminders_left, labels: {{customer: Bob}}, value: 3}}]")).contains("1 passed")
    );
    insta::assert_snapshot!(metric(&format!("[{ann}]")) + &metric("[{name: reminders_left, none: true}]"));
}

#[test]
fn replies_that_differ() {
    let asks = |trigger: &str, reply: &str| {
        let given = "given: [{subject: shop.orders, replies: [{status: 200, body: [{id: 1, customer: A, days: 1}]}]}]";
        workflow(&format!("trigger: {trigger}\n{given}\nexpect: {{writes: [], reply: {reply}}}\n"))
    };
    let count = "{kind: message, subject: reminders.count, body: {state: open}}";
    assert!(asks(count, "{status: 200, body: {count: 1}}").contains("1 passed"));
    assert!(asks("{kind: message, subject: reminders.count}", "{status: 400}").contains("1 passed"));
    insta::assert_snapshot!(
        asks(count, "{status: 201, body: {count: 2}}")
            + &asks("{kind: message, subject: reminders.cuont}", "{status: 200}")
            + &asks("{kind: schedule}", "{status: 200}")
    );
}

#[test]
fn what_is_not_built_is_skipped_and_says_why() {
    let skipped = [
        workflow(&format!(
            "{}expect: {{writes: []}}\n",
            GIVEN.replace("{kind: schedule}", "{kind: http, method: GET, path: /x}")
        )),
        workflow("trigger: {kind: schedule}\ngiven: [{http: GET /x, replies: [timeout]}]\nexpect: {writes: []}\n"),
        workflow("trigger: {kind: schedule}\ndocuments: {tickets: []}\nexpect: {writes: []}\n"),
    ];
    insta::assert_snapshot!(skipped.concat());
}

#[test]
fn cases_that_cannot_be_run() {
    insta::assert_snapshot!(
        said(
            "workflows/reminders",
            "system: remindres\ntitle: t\nnow: 12 o'clock\ntrigger: {kind: schedule}\nexpect: {writes: []}\n"
        ) + &said("workflows/reminders", "system: reminders\ntitel: t\n")
            + &expecting("")
            + &workflow("trigger: {kind: schedule}\nrun_for: soon\nexpect: {writes: []}\n")
            + &connector("config: {base_uri: x}\nsteps:\n- {request: {subject: shop.orders}, reply: none}\n")
            + &connector("steps:\n- {request: {subject: shop.order}, reply: none}\n")
    );
}

const ORDERS: &str = "{subject: shop.orders, body: {state: open}}";
const FOUND: &str = "{status: 200, json: [{id: 7, customer: Ann, days: 20}]}";

fn step(expect: &str, answer: &str, reply: &str) -> String {
    let vendor = format!("[{{expect: {expect}, answer: {answer}}}]");
    connector(&format!("steps:\n- request: {ORDERS}\n  vendor: {vendor}\n  reply: {reply}\n"))
}

#[test]
fn a_connector_case_that_is_right_passes() {
    let asked = "{request: GET /orders, query: {state: [open]}, headers: {x-key: s3cret-must-not-leak}}";
    let reply = "{status: 200, body: [{id: 7, customer: Ann, days: 20}]}";
    let right = step(asked, FOUND, reply);
    assert!(right.contains("1 passed"), "{right}");
}

#[test]
fn every_way_of_no_answer_is_one() {
    let asked = "{request: GET /orders, query: {state: [open]}}";
    for (answer, word) in [("refused", "no connection"), ("cut", "cut off"), ("silence", "no answer within")] {
        let said = step(asked, answer, &format!("{{status: 503, body: {{contains: [{word}]}}}}"));
        assert!(said.contains("1 passed"), "{answer}: {said}");
    }
}

#[test]
fn requests_and_replies_that_differ() {
    let asked = "{request: GET /orders, query: {state: [closed], page: ['1']}, headers: {x-key: other}}";
    insta::assert_snapshot!(step(asked, FOUND, "{status: 200, body: [{id: 8, customer: Ann, days: 20}]}"));
}

#[test]
fn requests_that_are_missing_or_too_many() {
    let reply = "{status: 404, body: no case data}";
    insta::assert_snapshot!(
        step("{request: GET /others}", FOUND, reply) + &step("{request: POST /orders, json: {}}", "cut", "none")
    );
}

#[test]
fn secrets_that_leak() {
    let leaky = "{status: 200, json: [{id: 7, customer: s3cret-must-not-leak, days: 20}]}";
    let asked = "{request: GET /orders, query: {state: [open]}}";
    let said = step(asked, leaky, "{status: 200, body: {any: true}}");
    assert!(!said.contains("must-not-leak"), "{said}");
    insta::assert_snapshot!(said);
}

#[test]
fn many_cases_are_told_in_their_order() {
    let case = |i: usize| CaseFile {
        path: format!("workflows/reminders/cases/{i:02}.yaml"),
        text: Arc::from(format!(
            "system: reminders\ntitle: case {i}\nnow: '2026-03-01T12:00:00Z'\n{GIVEN}expect:\n{RIGHT}"
        )),
    };
    let cases: Vec<CaseFile> = (0..20).map(case).collect();
    let suite = suite::run(checked(), &cases, 4);
    let paths: Vec<&str> = suite.outcomes.iter().map(|o| o.path.as_str()).collect();
    assert_eq!(paths, cases.iter().map(|c| c.path.as_str()).collect::<Vec<_>>());
    assert!(suite.outcomes.iter().all(|o| matches!(o.result, Verdict::Passed)));
}
