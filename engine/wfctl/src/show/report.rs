//! What a run decided for how many, what was skipped and why, what nobody could decide, and everything that was sent.

use wf_host::driver::{CutShort, report_value};
use wf_machine::{Ended, LoopReport, Report, SentKind, SentReport};
use wf_source::Files;
use wf_value::Text;

use super::Ending;
use crate::sheet::{Sheet, Tint};

/// Lines of one kind that are printed; the rest is counted, and `--output json` has all.
const SHOWN: usize = 20;

/// The report of a run, for people; its lines fit on the sheet.
pub fn report(title: &str, ended: &Ended, files: &Files, sheet: Sheet) -> String {
    let ending = Ending::of(&report_value(ended).to_serde());
    page(&format!("{title}: {}", ending.words), &ended.report, files, sheet)
}

/// What a run had decided and sent when it was stopped.
pub fn so_far(title: &str, cut: &CutShort, files: &Files, sheet: Sheet) -> String {
    page(&format!("{title}: STOPPED: {cut}"), &cut.so_far, files, sheet)
}

fn page(heading: &str, r: &Report, files: &Files, sheet: Sheet) -> String {
    let mut page = Page { out: String::new(), sheet };
    page.line(0, heading);
    page.loops(&r.loops);
    page.counted("ended early", &r.skips);
    page.counted("failed calls", &r.failed_calls);
    if !r.failures.is_empty() {
        let all = r.failures.len() + usize::try_from(r.failures_more).unwrap_or(0);
        page.title(&format!("failed: {all}"));
        for f in r.failures.iter().take(SHOWN) {
            page.line(1, &format!("{}: {}", one_line(&f.item), f.reason));
        }
        page.more(r.failures.len().min(SHOWN), all);
    }
    if !r.undecided.is_empty() {
        page.title(&format!("undecided: {}", r.undecided_count()));
        for u in r.undecided.iter().take(SHOWN) {
            let place = u.why.span.map(|s| format!(" [{}]", files.locate(s))).unwrap_or_default();
            let at = if u.place.is_empty() { String::new() } else { format!(" ({})", u.place) };
            page.line(1, &format!("{}{at}: {}{place}", one_line(&u.item), u.why.sentence()));
        }
        page.more(r.undecided.len().min(SHOWN), usize::try_from(r.undecided_count()).unwrap_or(usize::MAX));
    }
    page.sent("written", &r.sent, |s| s.kind == SentKind::Write && !s.held && s.lost.is_none());
    page.sent("told", &r.sent, |s| s.kind == SentKind::Tell && !s.held && s.lost.is_none());
    page.sent("booked", &r.sent, |s| s.kind == SentKind::Booking && !s.held);
    page.sent("held back", &r.sent, |s| s.held);
    page.out
}

struct Page {
    out: String,
    sheet: Sheet,
}

impl Page {
    fn line(&mut self, level: usize, text: &str) {
        self.sheet.put(&mut self.out, level, text, Tint::Plain, "");
    }

    fn title(&mut self, text: &str) {
        self.out.push('\n');
        self.line(0, text);
    }

    fn loops(&mut self, loops: &[LoopReport]) {
        for l in loops {
            self.title(&format!("{}: {} {}", l.title, l.items, if l.items == 1 { "item" } else { "items" }));
            for (what, n) in parts(l) {
                self.line(0, &format!("  {n:>6}  {what}"));
            }
        }
    }

    fn counted(&mut self, title: &str, counts: &[(Text, u64)]) {
        if counts.is_empty() {
            return;
        }
        self.title(&format!("{title}:"));
        for (what, n) in counts {
            self.line(0, &format!("  {n:>6}  {what}"));
        }
    }

    /// What was sent; what cannot be told apart is one line with a count.
    fn sent(&mut self, title: &str, all: &[SentReport], of: impl Fn(&SentReport) -> bool) {
        let chosen: Vec<&SentReport> = all.iter().filter(|s| of(s)).collect();
        if chosen.is_empty() {
            return;
        }
        self.title(&format!("{title}: {}", chosen.len()));
        let width = self.sheet.width - 2;
        let mut lines: Vec<(String, &SentReport, usize)> = Vec::new();
        for s in &chosen {
            let line = sent(s, width);
            if let Some((.., n)) = lines.iter_mut().find(|(known, ..)| *known == line) {
                *n += 1;
            } else if lines.len() < SHOWN {
                lines.push((line, s, 1));
            }
        }
        for (line, s, n) in &lines {
            let times = format!("{n} × ");
            match n {
                1 => self.line(1, line),
                _ => self.line(1, &format!("{times}{}", sent(s, width - times.chars().count()))),
            }
        }
        self.more(lines.iter().map(|(.., n)| n).sum(), chosen.len());
    }

    fn more(&mut self, shown: usize, all: usize) {
        if all > shown {
            self.line(1, &format!("… and {} more (--output json has all)", all - shown));
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

/// `crm.append_note 700200, Outage Ty… → 200`, of at most `width` characters.
fn sent(s: &SentReport, width: usize) -> String {
    let status = s.status.map(|s| format!(" → {s}")).unwrap_or_default();
    let room = width.saturating_sub(s.action.chars().count() + status.chars().count() + 1);
    let about = one_line(&s.about);
    let about = match about.char_indices().nth(room) {
        None => about,
        Some(_) => about.chars().take(room.saturating_sub(1)).chain(['…']).collect(),
    };
    let space = if about.is_empty() { "" } else { " " };
    format!("{}{space}{about}{status}", s.action)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wf_machine::{EndedHow, Report};
    use wf_plan::Address;

    fn told(report_of: Report) -> String {
        let ended = Ended { how: EndedHow::Well, returned: None, report: report_of };
        report("watch", &ended, &Files::default(), Sheet { width: 60, colour: false })
    }

    #[test]
    fn only_what_happened_is_shown() {
        let text = told(Report {
            loops: vec![LoopReport {
                title: "ticket in open tickets".into(),
                items: 3,
                done: 2,
                skipped: vec![("its newest note is young enough".into(), 1)],
                ..LoopReport::default()
            }],
            ..Report::default()
        });
        assert_eq!(
            text,
            "watch: ended well\n\nticket in open tickets: 3 items\n       2  done\n       1  skipped: its newest note is young enough\n"
        );
    }

    #[test]
    fn what_was_sent_fits_on_lines_and_equal_lines_are_counted() {
        let sent = |kind, action: &str, about: &str, status| SentReport {
            address: Address::default(),
            kind,
            action: action.into(),
            about: about.into(),
            status,
            held: false,
            lost: None,
        };
        let long = "4711, the line is down\nsince the morning and nobody knows why";
        let mut all = vec![sent(SentKind::Write, "desk.add_note", long, Some(200))];
        all.extend((0..30).map(|_| sent(SentKind::Tell, "desk.chat", "", None)));
        let text = told(Report { sent: all, ..Report::default() });
        assert_eq!(
            text,
            "watch: ended well\n\nwritten: 1\n  desk.add_note 4711, the line is down since the morn… → 200\n\ntold: 30\n  30 × desk.chat\n"
        );
    }
}
