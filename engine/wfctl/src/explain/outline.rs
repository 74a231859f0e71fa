//! What a run decided for how many: where nobody asks about an item.

use std::fmt::Write;

use serde_json::Value as Json;
use wf_plan::Address;
use wf_source::Files;

use super::brief::{counted, on_one_line};
use super::steps::Steps;
use crate::sheet::{Sheet, Tint};

/// Lines of one kind that are shown.
const SHOWN: usize = 20;
/// Characters that are shown of what something was about.
const ABOUT: usize = 50;

/// The report of a run ([`wf_host::driver::report_value`] as JSON), each thing with its place in the files, if these are known.
#[must_use]
pub fn outline(report: &Json, known: Option<(&Steps, &Files)>, sheet: Sheet) -> String {
    let mut sketch = Sketch { out: String::new(), known, sheet };
    for each in list(report, "loops") {
        sketch.each(each);
    }
    sketch.counts("ended early", &report["skips"]);
    sketch.counts("failed calls", &report["failed_calls"]);
    sketch.named("failed", report, "failures", |one| format!("{}: {}", text(one, "item"), text(one, "reason")));
    sketch.named("undecided", report, "undecided", |one| {
        let place = Some(text(one, "place")).filter(|p| !p.is_empty()).map(|p| format!(" ({p})")).unwrap_or_default();
        format!("{}{place}: {}", text(one, "item"), text(one, "reason"))
    });
    for (title, kind, held) in [
        ("written", "write", false),
        ("told", "tell", false),
        ("booked", "booking", false),
        ("held back", "write", true),
        ("told, but held back", "tell", true),
        ("booked, but held back", "booking", true),
    ] {
        sketch.sent(title, list(report, "sent").filter(|one| one["kind"] == kind && one["held"] == held).collect());
    }
    if sketch.out.is_empty() {
        sketch.out.push_str("nothing was decided for items, and nothing was sent\n");
    }
    sketch.out
}

struct Sketch<'a> {
    out: String,
    known: Option<(&'a Steps, &'a Files)>,
    sheet: Sheet,
}

impl Sketch<'_> {
    fn put(&mut self, level: usize, text: &str, tint: Tint, place: &str) {
        self.sheet.put(&mut self.out, level, text, tint, place);
    }

    /// Where the step stands that an address ends in.
    fn place(&self, address: &str) -> String {
        let Some((steps, files)) = self.known else { return String::new() };
        let step = Address::parse(address).and_then(|address| steps.at(&address).cloned());
        step.map(|step| files.locate(step.span)).unwrap_or_default()
    }

    fn each(&mut self, each: &Json) {
        let place = each["step"].as_u64().map(|step| self.place(&format!("s{step}"))).unwrap_or_default();
        let items = usize::try_from(number(each, "items")).unwrap_or(usize::MAX);
        let title = format!("for {}: {}", text(each, "title"), counted(items, "item"));
        self.put(0, &title, Tint::Bold, &place);
        let mut lines =
            vec![("done".to_owned(), number(each, "done")), ("left out by where".to_owned(), number(each, "left_out"))];
        let skipped = each["skipped"].as_object().into_iter().flatten();
        lines.extend(skipped.map(|(reason, n)| (format!("skipped: {reason}"), n.as_u64().unwrap_or(0))));
        for (key, name) in
            [("failed", "failed"), ("undecided", "undecided"), ("held", "held"), ("not_begun", "not begun")]
        {
            lines.push((name.to_owned(), number(each, key)));
        }
        for (line, n) in lines.into_iter().filter(|(_, n)| *n > 0) {
            let tint = if matches!(line.as_str(), "failed" | "undecided") { Tint::Bad } else { Tint::Plain };
            self.put(1, &format!("{n:>6}  {line}"), tint, "");
        }
    }

    fn counts(&mut self, title: &str, counts: &Json) {
        let counts: Vec<_> = counts.as_object().into_iter().flatten().collect();
        if counts.is_empty() {
            return;
        }
        self.put(0, title, Tint::Bold, "");
        for (name, n) in counts {
            self.put(1, &format!("{:>6}  {name}", n.as_u64().unwrap_or(0)), Tint::Plain, "");
        }
    }

    fn named(&mut self, title: &str, report: &Json, key: &str, line: impl Fn(&Json) -> String) {
        let all: Vec<&Json> = list(report, key).collect();
        if all.is_empty() {
            return;
        }
        let more = usize::try_from(number(report, &format!("{key}_more"))).unwrap_or(0);
        self.put(0, &format!("{title}: {}", all.len() + more), Tint::Bold, "");
        for one in all.iter().take(SHOWN) {
            let place = self.place(&text(one, "at"));
            self.put(1, &line(one), Tint::Bad, &place);
        }
        self.rest(all.len() + more);
    }

    fn sent(&mut self, title: &str, all: Vec<&Json>) {
        if all.is_empty() {
            return;
        }
        self.put(0, &format!("{title}: {}", all.len()), Tint::Bold, "");
        for one in all.iter().take(SHOWN) {
            let status = one["status"].as_u64().map(|status| format!(" → {status}")).unwrap_or_default();
            let place = self.place(&text(one, "at"));
            let about = on_one_line(one["about"].as_str().unwrap_or_default(), ABOUT);
            let space = if about.is_empty() { "" } else { " " };
            self.put(1, &format!("{}{space}{about}{status}", text(one, "action")), Tint::Plain, &place);
        }
        self.rest(all.len());
    }

    fn rest(&mut self, all: usize) {
        if all > SHOWN {
            let _ = writeln!(self.out, "  … and {} more (--output json has all that is kept)", all - SHOWN);
        }
    }
}

fn list<'a>(report: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> + use<'a> {
    report[key].as_array().into_iter().flatten()
}

fn text(one: &Json, key: &str) -> String {
    on_one_line(one[key].as_str().unwrap_or_default(), 200)
}

fn number(one: &Json, key: &str) -> u64 {
    one[key].as_u64().unwrap_or(0)
}
