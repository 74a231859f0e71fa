//! The same events give the same effects, in whatever order they come nothing breaks.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use wf_machine::{EndedHow, Event, Run, SentKind, What, Writes};
use wf_plan::{Address, Answered, Part, Word};
use wf_value::Value;

use crate::support::{Order, World, error, lost, ok};

/// Every construct at once.
fn plan() -> Json {
    json!({
        "pools": {"places": 2},
        "metrics": {"seen": ["host"]},
        "tell": {"message": "{{ failed.about }} {{ failed.message }}"},
        "steps": [
            {"id": "rows", "call": "read.rows", "retry": {"when": ["failed"], "attempts": 3, "wait": "1s to 9s"}},
            {"id": "first", "for": "row", "in": "rows.body", "where": "row.state != 'OUT'", "parallel": "yes", "on_error": "leave_out",
             "retry": {"when": ["failed", "undecided"], "attempts": 2, "wait": ["5s"]},
             "steps": [
                {"id": "got", "call": "read.one", "with": {"id": "=row.id"}, "tell": true},
                {"skip": {"it is quiet": "got.body.level < 3"}},
                {"run": "act", "with": {"id": "=row.id", "level": "=got.body.level"}, "on_error": "ignore"},
             ], "collect": "=got.body.level"},
            {"id": "second", "for": "it", "in": "first.values.numbered()", "parallel": "places", "run": "act",
             "with": {"id": "=100 + it.number", "level": "=it.item"},
             "on_error": [{"publish": "tell.x", "with": {"message": "{{ error.message }}"}}]},
            {"return": {"values": "=first.values", "done": "=second.done", "undecided": "=size(first.undecided)"}},
        ],
        "flows": {"act": {"inputs": ["id", "level"], "steps": [
            {"call": "write.note", "with": {"id": "=id", "x": "=level"}, "retry": {"when": ["no_connection"], "attempts": 2, "wait": "1s"}},
            {"metric": "seen", "labels": {"host": "h"}},
            {"publish": "tell.noted", "with": {"x": "=id"}, "if": "level > 5"},
        ]}},
    })
}

/// Answers that depend only on what is asked, and how often.
fn world(seed: u64) -> World {
    let mut asked: BTreeMap<String, u64> = BTreeMap::new();
    World::new(plan(), move |name, body| {
        let n = asked.entry(format!("{name} {body}")).or_default();
        *n += 1;
        let chance = hash(seed, name, body, *n) % 100;
        match name {
            "read.rows" if chance < 30 => error(500, "boom"),
            "read.rows" => {
                let rows = (0..12).map(|i| match hash(seed, "row", &json!(i), 0) % 10 {
                    0 => json!({"id": i}),
                    1 => json!({"id": i, "state": "OUT"}),
                    _ => json!({"id": i, "state": "IN"}),
                });
                ok(rows.collect())
            }
            "read.one" if chance < 20 => error(502, "what?"),
            "read.one" if chance < 25 => lost(Word::Timeout),
            "read.one" if chance < 35 => ok(json!({"level": "odd"})),
            "read.one" => ok(json!({"level": chance % 10})),
            _ if chance < 20 => lost(Word::NoConnection),
            _ => ok(json!("fine")),
        }
    })
}

fn hash(seed: u64, name: &str, body: &Json, n: u64) -> u64 {
    format!("{seed} {name} {body} {n}")
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Comparable, without the order in which things happened.
fn outcome(over: &crate::support::Over) -> (Json, Vec<String>, Vec<String>) {
    let ended = over.ended();
    let mut sent = over.sent();
    sent.sort();
    let loops = ended.report.loops.iter();
    let mut counts: Vec<String> = loops
        .map(|l| format!("{} {} {} {} {} {:?}", l.items, l.done, l.failed, l.undecided, l.held, sorted(&l.skipped)))
        .collect();
    counts.push(format!("{:?}", sorted(&ended.report.failed_calls)));
    (over.returned(), sent, counts)
}

fn sorted(counts: &[(wf_value::Text, u64)]) -> Vec<String> {
    let mut lines: Vec<String> = counts.iter().map(|(text, n)| format!("{text} {n}")).collect();
    lines.sort();
    lines
}

fn shown(effects: &[wf_machine::Effect]) -> Vec<String> {
    effects.iter().map(|effect| format!("{effect:?}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_answers_gives_the_same_result(seed in any::<u64>(), shuffle in any::<u64>()) {
        let first = world(seed).run();
        let other = world(seed).order(Order::Seeded(shuffle)).run();
        let last = world(seed).order(Order::Last).run();
        prop_assert_eq!(outcome(&first), outcome(&other));
        prop_assert_eq!(outcome(&first), outcome(&last));
    }

    #[test]
    fn the_same_events_give_the_same_effects(seed in any::<u64>(), shuffle in any::<u64>()) {
        let over = world(seed).order(Order::Seeded(shuffle)).run();
        prop_assert!(over.ended.is_some());
        prop_assert_eq!(shown(&world(seed).replay(&over.events)), shown(&over.effects));
    }

    #[test]
    fn nothing_is_written_while_writes_are_held(seed in any::<u64>(), shuffle in any::<u64>()) {
        for writes in [Writes::Off, Writes::DryRun] {
            let first = world(seed).writes(writes).run();
            let other = world(seed).writes(writes).order(Order::Seeded(shuffle)).run();
            prop_assert_eq!(outcome(&first), outcome(&other));
            prop_assert!(!first.sent().iter().any(|line| line.starts_with("write") || line.starts_with("tell.noted")));
            prop_assert!(first.ended().report.sent.iter().all(|sent| sent.held || sent.kind == SentKind::Tell));
        }
    }

    #[test]
    fn listening_changes_nothing(seed in any::<u64>()) {
        let (quiet, traced) = (world(seed).run(), world(seed).traced());
        prop_assert_eq!(shown(&quiet.effects), shown(&traced.effects));
        prop_assert!(traced.decisions.len() > 3);
    }

    #[test]
    fn no_sequence_of_events_breaks_a_run(seed in any::<u64>(), noise in prop::collection::vec(noise(), 0..60)) {
        let world = world(seed);
        let (mut run, _) = Run::start(world.unit(), world.start.clone(), None);
        for (at, what) in noise {
            // half of them are for somebody who waits
            let waiting = run.waiting();
            let address = match at % 2 {
                0 if !waiting.is_empty() => waiting[usize::try_from(at).unwrap() % waiting.len()].0.clone(),
                _ => odd_address(at),
            };
            let what = match what {
                0 => What::Due { address },
                1 => What::Answered { address, answered: Answered::new(200, Value::from(7_i64)) },
                2 => What::Answered { address, answered: ok(json!([{"id": 1, "state": "IN"}, {"id": "x"}])) },
                3 => What::Answered { address, answered: lost(Word::Unusable) },
                4 if at % 16 == 1 => What::Cancelled { reason: "enough".into() },
                _ => What::Answered { address, answered: error(500, "boom") },
            };
            let was_over = run.is_over();
            let effects = run.feed(Event { at: Timestamp::from_second(i64::from(at)).unwrap(), what }, None);
            prop_assert!(!was_over || effects.is_empty());
        }
    }
}

fn noise() -> impl Strategy<Value = (u32, u8)> {
    (any::<u32>(), 0_u8..6)
}

fn odd_address(n: u32) -> Address {
    let part = |n: u32| match n % 4 {
        0 => Part::Step(n % 9),
        1 => Part::Item(n % 5),
        2 => Part::Attempt(n % 3),
        _ => Part::Call(n % 2),
    };
    Address(vec![part(n), part(n / 7), part(n / 49)])
}

#[test]
fn a_cancelled_run_forgets_what_it_waited_for() {
    let world = world(3);
    let (mut run, effects) = Run::start(world.unit(), world.start.clone(), None);
    assert_eq!(effects.len(), 1);
    let event = Event { at: world.start.at, what: What::Cancelled { reason: "by hand".into() } };
    let effects = run.feed(event, None);
    assert!(matches!(&effects[0], wf_machine::Effect::Forget { address } if address.to_string() == "s1"));
    assert!(
        matches!(&effects[1], wf_machine::Effect::Ended(ended) if matches!(&ended.how, EndedHow::Cancelled { .. }))
    );
    assert!(run.is_over() && run.waiting().is_empty());
}

#[test]
fn runs_move_between_threads() {
    fn is_send<T: Send>() {}
    is_send::<Run>();
}

#[test]
fn time_is_that_of_the_event_and_never_turns_back() {
    let plan = json!({"steps": [
        {"let": {"a": "=now"}},
        {"call": "read.x"},
        {"let": {"b": "=now"}},
        {"call": "read.x"},
        {"return": ["=a", "=b", "=now"]},
    ]});
    let world = World::new(plan, |_, _| ok(json!(1)));
    let (mut run, _) = Run::start(world.unit(), world.start.clone(), None);
    let mut last = Vec::new();
    for (address, at) in [("s2", "2022-06-01T14:00:05Z"), ("s4", "2022-06-01T13:00:00Z")] {
        let address = Address::parse(address).unwrap();
        last =
            run.feed(Event { at: at.parse().unwrap(), what: What::Answered { address, answered: ok(json!(1)) } }, None);
    }
    let Some(wf_machine::Effect::Ended(ended)) = last.last() else { panic!("the run is over") };
    let times = ended.returned.as_ref().map(Value::to_serde);
    assert_eq!(times, Some(json!(["2022-06-01T14:00:00Z", "2022-06-01T14:00:05Z", "2022-06-01T14:00:05Z"])));
}
