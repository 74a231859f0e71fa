//! How a run ended: in a word, as a value for the journal and programs, and in metrics.

use wf_machine::{Ended, EndedHow, Report, SentKind};
use wf_plan::Address;
use wf_value::{List, Map, Text, Value};

use crate::metrics::{Metrics, names};

/// One word: `well skipped failed undecided held cancelled`.
#[must_use]
pub fn how(how: &EndedHow) -> &'static str {
    match how {
        EndedHow::Well => "well",
        EndedHow::Skipped { .. } => "skipped",
        EndedHow::Failed { .. } => "failed",
        EndedHow::Undecided { .. } => "undecided",
        EndedHow::Held { .. } => "held",
        EndedHow::Cancelled { .. } => "cancelled",
    }
}

/// Why, and where: empty when it ended well.
pub(crate) fn reason(how: &EndedHow) -> (String, Option<&Address>) {
    match how {
        EndedHow::Well => (String::new(), None),
        EndedHow::Skipped { reason } | EndedHow::Cancelled { reason } => (reason.to_string(), None),
        EndedHow::Failed { reason, address, .. } => (reason.to_string(), Some(address)),
        EndedHow::Undecided { why, address } | EndedHow::Held { why, address } => (why.sentence(), Some(address)),
    }
}

/// Everything that is reported of a run: what `--output json` prints and the journal keeps.
#[must_use]
pub fn report_value(ended: &Ended) -> Value {
    let report = &ended.report;
    let (why, at) = reason(&ended.how);
    map([
        ("how", how(&ended.how).into()),
        ("reason", optional(!why.is_empty(), why)),
        ("at", at.map_or(Value::Null, |a| a.to_string().into())),
        ("returned", returned(ended)),
        ("loops", loops(report)),
        ("skips", counts(&report.skips)),
        ("undecided", undecided(report)),
        ("undecided_more", count(report.undecided_more)),
        ("failures", failures(report)),
        ("failures_more", count(report.failures_more)),
        ("sent", sent(report)),
        ("failed_calls", counts(&report.failed_calls)),
    ])
}

/// The same of a run that is not over: how it ends nobody knows.
#[must_use]
pub fn so_far_value(report: &Report) -> Value {
    let ended = Ended { how: EndedHow::Well, returned: None, report: report.clone() };
    match report_value(&ended) {
        Value::Map(map) => {
            let so_far = |(key, value): (&Text, &Value)| {
                (key.clone(), if key.as_str() == "how" { Value::Null } else { value.clone() })
            };
            map.raw_iter().map(so_far).collect::<Map>().into()
        }
        other => other,
    }
}

/// What it returned, or in words what can only be said so: something in it is unknown.
fn returned(ended: &Ended) -> Value {
    let value = ended.returned.clone().unwrap_or_default().redact();
    if value.encode().is_ok() { value } else { value.print_lenient().into() }
}

fn loops(report: &Report) -> Value {
    let one = |l: &wf_machine::LoopReport| {
        map([
            ("title", l.title.clone().into()),
            ("step", l.step.map_or(Value::Null, |s| Value::Int(i64::from(s.0)))),
            ("items", count(l.items)),
            ("done", count(l.done)),
            ("left_out", count(l.left_out)),
            ("skipped", counts(&l.skipped)),
            ("failed", count(l.failed)),
            ("undecided", count(l.undecided)),
            ("held", count(l.held)),
            ("not_begun", count(l.not_begun())),
        ])
    };
    report.loops.iter().map(one).collect::<List>().into()
}

fn undecided(report: &Report) -> Value {
    let one = |u: &wf_machine::Undecided| {
        map([
            ("at", u.address.to_string().into()),
            ("item", u.item.clone().into()),
            ("place", u.place.clone().into()),
            ("reason", u.why.sentence().into()),
        ])
    };
    report.undecided.iter().map(one).collect::<List>().into()
}

fn failures(report: &Report) -> Value {
    let one = |f: &wf_machine::Failed| {
        map([
            ("at", f.address.to_string().into()),
            ("item", f.item.clone().into()),
            ("reason", f.reason.clone().into()),
        ])
    };
    report.failures.iter().map(one).collect::<List>().into()
}

fn sent(report: &Report) -> Value {
    let one = |s: &wf_machine::SentReport| {
        let kind = match s.kind {
            SentKind::Write => "write",
            SentKind::Tell => "tell",
            SentKind::Booking => "booking",
        };
        map([
            ("at", s.address.to_string().into()),
            ("kind", kind.into()),
            ("action", s.action.clone().into()),
            ("about", s.about.clone().into()),
            ("status", s.status.map_or(Value::Null, |s| Value::Int(i64::from(s)))),
            ("held", s.held.into()),
            ("lost", s.lost.clone().map_or(Value::Null, Value::Text)),
        ])
    };
    report.sent.iter().map(one).collect::<List>().into()
}

fn counts(counts: &[(Text, u64)]) -> Value {
    counts.iter().map(|(name, n)| (name.clone(), count(*n))).collect::<Map>().into()
}

fn count(n: u64) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn optional(given: bool, text: String) -> Value {
    if given { text.into() } else { Value::Null }
}

fn map<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    pairs.into_iter().map(|(key, value)| (Text::from(key), value)).collect::<Map>().into()
}

/// Counts what a run decided.
pub(super) fn count_report(metrics: &Metrics, workflow: &str, ended: &Ended) {
    let add = |name: &str, labels: &[(&str, &str)], n: u64| {
        if n > 0 {
            #[allow(clippy::cast_precision_loss, reason = "counters are floats")]
            metrics.add(name, labels, n as f64);
        }
    };
    let report = &ended.report;
    for l in &report.loops {
        let item = |how: &str, n| add(names::ITEMS, &[("workflow", workflow), ("loop", &l.title), ("how", how)], n);
        item("done", l.done);
        item("left_out", l.left_out);
        item("skipped", l.skipped.iter().map(|(_, n)| n).sum());
        item("failed", l.failed);
        item("undecided", l.undecided);
        item("held", l.held);
        item("not_begun", l.not_begun());
    }
    let skips = report.loops.iter().flat_map(|l| &l.skipped).chain(&report.skips);
    for (reason, n) in skips {
        add(names::SKIPS, &[("workflow", workflow), ("reason", reason)], *n);
    }
    add(names::UNDECIDED, &[("workflow", workflow)], report.undecided_count());
    for sent in report.sent.iter().filter(|s| s.held) {
        add(names::HELD, &[("workflow", workflow), ("action", &sent.action)], 1);
    }
    metrics.count(names::RUNS_ENDED, &[("workflow", workflow), ("how", how(&ended.how))]);
}
