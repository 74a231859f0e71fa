//! What came of the cases: for people, as JSON, as JUnit.

use std::fmt::Write;

use serde_json::json;
use wf_source::{Files, Span};

use crate::expected::Difference;
use crate::writes::Finding;

/// One case, run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The path of its file.
    pub path: String,
    pub title: String,
    pub result: Verdict,
    /// Real time it took.
    pub took_ms: u64,
}

#[derive(Clone, Debug)]
pub enum Verdict {
    Passed,
    Failed(Vec<Failure>),
    /// Not run, and why: something that it needs is not built.
    Skipped(String),
}

/// One thing that is not as expected.
#[derive(Clone, Debug)]
pub enum Failure {
    Sent(Finding),
    /// The reply, a key, a task, a metric, …
    Differs {
        what: String,
        differences: Vec<Difference>,
    },
    /// The case could not be run, or the run did not end as it must.
    Broken {
        message: String,
        span: Option<Span>,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

#[must_use]
pub fn counts(outcomes: &[Outcome]) -> Counts {
    let mut counts = Counts::default();
    for outcome in outcomes {
        match outcome.result {
            Verdict::Passed => counts.passed += 1,
            Verdict::Failed(_) => counts.failed += 1,
            Verdict::Skipped(_) => counts.skipped += 1,
        }
    }
    counts
}

/// A line a case, what differs below it, and last `N passed, N failed, N skipped`.
#[must_use]
pub fn human(files: &Files, outcomes: &[Outcome]) -> String {
    let mut out = String::new();
    for outcome in outcomes {
        let (mark, why) = match &outcome.result {
            Verdict::Passed => ("ok", String::new()),
            Verdict::Failed(_) => ("FAILED", String::new()),
            Verdict::Skipped(why) => ("skipped", format!(" ({why})")),
        };
        let _ = writeln!(out, "{mark:>7}  {}{why}", outcome.path);
        if let Verdict::Failed(failures) = &outcome.result {
            let _ = writeln!(out, "         {}", outcome.title);
            for failure in failures {
                for line in lines(files, failure) {
                    let _ = writeln!(out, "         {line}");
                }
            }
        }
    }
    let Counts { passed, failed, skipped } = counts(outcomes);
    let _ = writeln!(out, "\n{passed} passed, {failed} failed, {skipped} skipped");
    out
}

/// `{passed, failed, skipped, cases: [{path, title, result, took_ms, failures}]}`
#[must_use]
pub fn as_json(files: &Files, outcomes: &[Outcome]) -> serde_json::Value {
    let cases: Vec<serde_json::Value> = outcomes
        .iter()
        .map(|o| {
            let (result, failures, why) = match &o.result {
                Verdict::Passed => ("passed", vec![], None),
                Verdict::Failed(failures) => ("failed", failures.iter().map(|f| lines(files, f).join("\n")).collect(), None),
                Verdict::Skipped(why) => ("skipped", vec![], Some(why.clone())),
            };
            json!({"path": o.path, "title": o.title, "result": result, "took_ms": o.took_ms, "failures": failures, "why": why})
        })
        .collect();
    let Counts { passed, failed, skipped } = counts(outcomes);
    json!({"passed": passed, "failed": failed, "skipped": skipped, "cases": cases})
}

/// The XML that CI servers read.
#[must_use]
pub fn junit(files: &Files, outcomes: &[Outcome]) -> String {
    let Counts { failed, skipped, .. } = counts(outcomes);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites><testsuite name=\"wfctl\" tests=\"{}\" failures=\"{failed}\" skipped=\"{skipped}\">",
        outcomes.len()
    );
    for o in outcomes {
        let _ = write!(
            out,
            "  <testcase classname=\"{}\" name=\"{}\" time=\"{}.{:03}\"",
            xml(&o.path),
            xml(&o.title),
            o.took_ms / 1000,
            o.took_ms % 1000
        );
        match &o.result {
            Verdict::Passed => out.push_str("/>\n"),
            Verdict::Skipped(why) => {
                let _ = writeln!(out, "><skipped message=\"{}\"/></testcase>", xml(why));
            }
            Verdict::Failed(failures) => {
                let text: Vec<String> = failures.iter().flat_map(|f| lines(files, f)).collect();
                let _ = writeln!(out, "><failure>{}</failure></testcase>", xml(&text.join("\n")));
            }
        }
    }
    out.push_str("</testsuite></testsuites>\n");
    out
}

fn lines(files: &Files, failure: &Failure) -> Vec<String> {
    match failure {
        Failure::Broken { message, span } => {
            let place = span.map(|s| format!("{}: ", files.locate(s))).unwrap_or_default();
            vec![format!("{place}{message}")]
        }
        Failure::Differs { what, differences } => {
            let mut out = vec![format!("{what} differs:")];
            out.extend(differences.iter().flat_map(|d| difference(files, d)));
            out
        }
        Failure::Sent(Finding::Extra(sent)) => vec!["sent, and not expected:".into(), format!("  + {}", sent.words())],
        Failure::Sent(Finding::Order { first, second, group }) => vec![
            format!("sent in the wrong order, for {group}:"),
            format!("  {}: {} must come before", files.locate(first.span), first.subject),
            format!("  {}: {}", files.locate(second.span), second.subject),
        ],
        Failure::Sent(Finding::Missing { expected, nearest }) => {
            let mut out = vec![format!("{}: expected, and not sent:", files.locate(expected.span))];
            let body = expected.body.as_ref().map(crate::expected::Expected::words).unwrap_or_default();
            match nearest {
                None => out.push(format!("  - {} {body}", expected.subject)),
                Some((sent, differences)) => {
                    out.push(format!("  nearest to it was {}", sent.words()));
                    out.extend(differences.iter().flat_map(|d| difference(files, d)));
                }
            }
            out
        }
    }
}

fn difference(files: &Files, d: &Difference) -> [String; 3] {
    let path = if d.path.is_empty() { "the whole" } else { &d.path };
    [
        format!("  {path} ({})", files.locate(d.span)),
        format!("    - expected {}", d.expected),
        format!("    + actual   {}", d.actual),
    ]
}

fn xml(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars()
        .filter(allowed)
        .collect::<String>()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts() {
        let outcome = |result| Outcome { path: "a.yaml".into(), title: "t".into(), result, took_ms: 1 };
        let outcomes = [
            outcome(Verdict::Passed),
            outcome(Verdict::Skipped("no smtp".into())),
            outcome(Verdict::Failed(vec![Failure::Broken { message: "a < b".into(), span: None }])),
        ];
        let text = human(&Files::default(), &outcomes);
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed, 1 skipped"));
        assert!(junit(&Files::default(), &outcomes).contains("<failure>a &lt; b</failure>"));
        assert_eq!(as_json(&Files::default(), &outcomes)["failed"], 1);
    }
}
