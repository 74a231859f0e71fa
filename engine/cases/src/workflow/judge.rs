//! What followed, against what the case expects.

use std::sync::Arc;

use bytes::Bytes;
use wf_host::engine::Finished;
use wf_host::metrics::{Metrics, Point};
use wf_syntax::ast::{Expect, ExpectedMetric, ExpectedWrite};
use wf_syntax::tree::Node;
use wf_value::{Map, Value};

use super::drive::Happened;
use super::{memory, tasks};
use crate::data;
use crate::expected::{Difference, Expected, Mode, show};
use crate::report::Failure;
use crate::stop::Stop;
use crate::writes::{ExpectedSent, Sent, compare};
use wf_host::ports::Task;

/// What is left when a case is over.
pub(crate) struct Left {
    pub(crate) sent: Vec<Sent>,
    pub(crate) waiting: Vec<Task>,
    /// Records of workflows, by key.
    pub(crate) kept: Vec<(String, Bytes)>,
    pub(crate) metrics: Arc<Metrics>,
}

/// Everything that is not as expected.
pub(crate) fn judge(expect: &Expect, happened: &Happened, left: &Left) -> Result<Vec<Failure>, Stop> {
    let mut failures = broken_runs(&happened.finished);
    if let Some(writes) = &expect.writes {
        let expected = writes.iter().map(expected_sent).collect::<Result<Vec<_>, _>>()?;
        failures.extend(compare(&expected, &left.sent).into_iter().map(Failure::Sent));
    }
    let mut differs = |what: &str, differences: Vec<Difference>| {
        if !differences.is_empty() {
            failures.push(Failure::Differs { what: what.to_owned(), differences });
        }
    };
    if let Some(reply) = &expect.reply {
        differs("the reply", reply_differences(reply, happened));
    }
    let own: Vec<_> = expect.state.iter().filter(|binding| !tasks::is_key(binding)).collect();
    let mut state = tasks::state_differences(&expect.state, &left.waiting);
    state.extend(memory::differences(&own, &left.kept));
    differs("the state", state);
    if let Some(expected) = &expect.tasks {
        differs("the list of tasks", tasks::differences(expected, expect.span, &left.waiting));
    }
    for metric in &expect.metrics {
        differs("a metric", metric_differences(metric, expect, &left.metrics));
    }
    Ok(failures)
}

/// Runs that the engine could not bring to an end. One that failed is what the case may be about: its writes decide.
fn broken_runs(finished: &[Finished]) -> Vec<Failure> {
    let stopped = finished.iter().filter_map(|f| Some((f, f.ended.as_ref().err()?)));
    stopped
        .map(|(f, why)| Failure::Broken {
            message: format!("the run of {} was not brought to an end: {why}", f.workflow),
            span: None,
        })
        .collect()
}

fn expected_sent(write: &ExpectedWrite) -> Result<ExpectedSent, Stop> {
    match write {
        ExpectedWrite::Bus { span, subject, body } => {
            Ok(ExpectedSent { subject: subject.as_str().into(), body: body.as_ref().map(Expected::read), span: *span })
        }
        ExpectedWrite::Mail { .. } => Err(Stop::Skipped("cases do not look at mails yet".into())),
        ExpectedWrite::Http { .. } => {
            Err(Stop::Skipped("vendors that a workflow calls directly are not built yet".into()))
        }
    }
}

/// `{status, body}`; a reply without `body` is compared by status only.
fn reply_differences(expected: &Node, happened: &Happened) -> Vec<Difference> {
    let whole = |actual: &str| {
        let expected_words = Expected::read(expected).words();
        vec![Difference {
            path: String::new(),
            expected: expected_words,
            actual: actual.to_owned(),
            span: expected.span,
        }]
    };
    let Some(reply) = &happened.reply else { return whole("nobody asked for one") };
    let reply = match super::drive::reply_of(reply) {
        Ok(reply) => reply,
        Err(why) => return whole(&why),
    };
    let Some(map) = reply.as_map() else { return whole(&show(&reply)) };
    let part = |name: &str| {
        let node = expected.get(name)?;
        let actual = map.raw(name).cloned().unwrap_or_default();
        let inside = |d: Difference| {
            let dot = if d.path.is_empty() || d.path.starts_with('[') { "" } else { "." };
            Difference { path: format!("{name}{dot}{}", d.path), ..d }
        };
        Some(Expected::read(node).differences(&actual, Mode::Exact).into_iter().map(inside).collect::<Vec<_>>())
    };
    ["status", "body"].into_iter().filter_map(part).flatten().collect()
}

/// A series that the case names, and those of its metric that no entry names: they are 0.
fn metric_differences(metric: &ExpectedMetric, expect: &Expect, metrics: &Metrics) -> Vec<Difference> {
    let Some(name) = &metric.name else { return vec![] };
    let named = |m: &ExpectedMetric| {
        let text = |b: &wf_syntax::ast::Binding| {
            (b.name.as_str().to_owned(), data::value(&b.value).print_lenient().to_string())
        };
        let mut labels: Vec<(String, String)> = m.labels.iter().map(text).collect();
        labels.sort();
        labels
    };
    let snapshot = metrics.snapshot();
    let series = snapshot.get(name.as_str()).map(|family| &family.series);
    let number = |point: &Point| match point {
        Point::Number(n) => *n,
        Point::Histogram(h) => h.sum,
    };
    let differs = |labels: &[(String, String)], expected: String, actual: String| {
        let labels: Vec<String> = labels.iter().map(|(n, v)| format!("{n}={v:?}")).collect();
        let path = format!("{}{{{}}}", name.as_str(), labels.join(", "));
        Difference { path, expected, actual, span: metric.span }
    };
    let mut found = Vec::new();
    if let Some(value) = &metric.value {
        let labels = named(metric);
        let actual = series.and_then(|s| s.get(&labels)).map(number).unwrap_or_default();
        let expected = Expected::read(value);
        if !expected.holds(&Value::Float(actual), Mode::Exact) {
            found.push(differs(&labels, expected.words(), show(&Value::Float(actual))));
        }
    }
    // said once for each metric, by its first entry
    let same = |m: &&ExpectedMetric| m.name.as_ref().map(|n| n.as_str()) == Some(name.as_str());
    if expect.metrics.iter().find(same).is_some_and(|first| first.span == metric.span) {
        let listed: Vec<_> = expect.metrics.iter().filter(same).filter(|m| !m.none).map(named).collect();
        for (labels, point) in series.into_iter().flatten() {
            let value = number(point);
            if value != 0.0 && !listed.contains(labels) {
                found.push(differs(labels, "absent".into(), show(&Value::Float(value))));
            }
        }
    }
    found
}

/// What expressions of the workflow see as `env`.
pub(crate) fn env(name: &str, writes: bool, workflow: &str) -> Value {
    let pairs = [("name", name.into()), ("writes", writes.into()), ("workflow", workflow.into())];
    pairs.into_iter().map(|(key, value): (&str, Value)| (wf_value::Text::from(key), value)).collect::<Map>().into()
}
