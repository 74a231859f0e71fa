//! What a run decided for how many, what was skipped and why, what nobody could decide, and everything that was sent.

use std::fmt::Write;

use wf_host::driver::how;
use wf_machine::{Ended, EndedHow, LoopReport, SentKind, SentReport};
use wf_source::Files;
use wf_value::Text;

/// Lines of one kind that are printed; the rest is counted, and `--output json` has all.
const SHOWN: usize = 20;

/// The report of a run, for people.
pub fn report(title: &str, ended: &Ended, files: &Files) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{title}: {}", ending(&ended.how));
    loops(&mut out, ended);
    let r = &ended.report;
    counted(&mut out, "ended early", &r.skips);
    counted(&mut out, "failed calls", &r.failed_calls);
    if !r.failures.is_empty() {
        let _ = writeln!(out, "\nfailed: {}", r.failures.len() as u64 + r.failures_more);
        for f in r.failures.iter().take(SHOWN) {
            let _ = writeln!(out, "  {}: {}", short(&f.item), f.reason);
        }
        more(&mut out, r.failures.len() + usize::try_from(r.failures_more).unwrap_or(0));
    }
    if !r.undecided.is_empty() {
        let _ = writeln!(out, "\nundecided: {}", r.undecided_count());
        for u in r.undecided.iter().take(SHOWN) {
            let place = u.why.span.map(|s| format!(" [{}]", files.locate(s))).unwrap_or_default();
            let at = if u.place.is_empty() { String::new() } else { format!(" ({})", u.place) };
            let _ = writeln!(out, "  {}{at}: {}{place}", short(&u.item), u.why.sentence());
        }
        more(&mut out, usize::try_from(r.undecided_count()).unwrap_or(usize::MAX));
    }
    sent(&mut out, "written", &r.sent, |s| s.kind == SentKind::Write && !s.held);
    sent(&mut out, "told", &r.sent, |s| s.kind == SentKind::Tell && !s.held);
    sent(&mut out, "booked", &r.sent, |s| s.kind == SentKind::Booking && !s.held);
    sent(&mut out, "held back", &r.sent, |s| s.held);
    out
}

fn ending(ended: &EndedHow) -> String {
    match ended {
        EndedHow::Well => "ended well".into(),
        EndedHow::Skipped { reason } => format!("ended early: {reason}"),
        EndedHow::Failed { reason, .. } => format!("FAILED: {reason}"),
        EndedHow::Undecided { why, .. } => format!("UNDECIDED: {}", why.sentence()),
        EndedHow::Held { why, .. } => format!("held: {}", why.sentence()),
        EndedHow::Cancelled { reason } => format!("{}: {reason}", how(ended)),
    }
}

fn loops(out: &mut String, ended: &Ended) {
    for l in &ended.report.loops {
        let _ = writeln!(out, "\n{}: {} {}", l.title, l.items, if l.items == 1 { "item" } else { "items" });
        for (what, n) in parts(l) {
            let _ = writeln!(out, "  {n:>6}  {what}");
        }
    }
}

/// Only what happened, each with how often.
fn parts(l: &LoopReport) -> Vec<(String, u64)> {
    let mut parts = vec![("done".to_owned(), l.done), ("not meant (where)".to_owned(), l.left_out)];
    parts.extend(l.skipped.iter().map(|(reason, n)| (format!("skipped: {reason}"), *n)));
    parts.extend([
        ("failed".to_owned(), l.failed),
        ("undecided".to_owned(), l.undecided),
        ("held".to_owned(), l.held),
        ("never begun".to_owned(), l.not_begun()),
    ]);
    parts.retain(|(_, n)| *n > 0);
    parts
}

fn counted(out: &mut String, title: &str, counts: &[(Text, u64)]) {
    if counts.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}:");
    for (what, n) in counts {
        let _ = writeln!(out, "  {n:>6}  {what}");
    }
}

fn sent(out: &mut String, title: &str, all: &[SentReport], of: impl Fn(&SentReport) -> bool) {
    let chosen: Vec<&SentReport> = all.iter().filter(|s| of(s)).collect();
    if chosen.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}: {}", chosen.len());
    for s in chosen.iter().take(SHOWN) {
        let status = s.status.map(|s| format!(" → {s}")).unwrap_or_default();
        let about = if s.about.is_empty() { String::new() } else { format!(" {}", short(&s.about)) };
        let _ = writeln!(out, "  {}{about}{status}", s.action);
    }
    more(out, chosen.len());
}

fn more(out: &mut String, all: usize) {
    if all > SHOWN {
        let _ = writeln!(out, "  … and {} more (--output json has all)", all - SHOWN);
    }
}

/// One line of at most 100 characters.
fn short(text: &str) -> String {
    const LONGEST: usize = 100;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_machine::Report;

    #[test]
    fn only_what_happened_is_shown() {
        let report_of = Report {
            loops: vec![LoopReport {
                title: "ticket in open tickets".into(),
                items: 3,
                done: 2,
                skipped: vec![("its newest note is young enough".into(), 1)],
                ..LoopReport::default()
            }],
            ..Report::default()
        };
        let ended = Ended { how: EndedHow::Well, returned: None, report: report_of };
        let text = report("watch", &ended, &Files::default());
        assert_eq!(
            text,
            "watch: ended well\n\nticket in open tickets: 3 items\n       2  done\n       1  skipped: its newest note is young enough\n"
        );
    }

    #[test]
    fn long_texts_are_cut_to_a_line() {
        assert_eq!(short("a\nb"), "a b");
        assert_eq!(short(&"x".repeat(300)).chars().count(), 100);
    }
}
