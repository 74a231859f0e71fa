//! What many runs of many workflows came to: a table, and for each workflow what it decided and sent.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use wf_host::ports::{Journal, JournalError, Kind, RunInfo};
use wf_plan::RunId;

use super::Ending;
use crate::sheet::{Sheet, Tint};

/// Runs that are read at once.
const MOST: usize = 1_000_000;

/// A workflow that does not take part, and why.
pub struct LeftOut {
    pub name: String,
    pub why: Vec<String>,
}

/// Everything that the runs since a mark came to, by workflow.
#[derive(Debug, Default)]
pub struct Together {
    by_workflow: BTreeMap<String, Sum>,
}

/// What the runs of one workflow came to.
#[derive(Debug, Default)]
struct Sum {
    runs: u64,
    /// Runs by how they ended.
    ended: BTreeMap<String, u64>,
    /// Runs that did not end as they should.
    not_fine: u64,
    items: u64,
    done: u64,
    undecided: u64,
    failed: u64,
    /// Items, flows and runs, by reason.
    skipped: BTreeMap<String, u64>,
    /// By what was not known.
    unknown: BTreeMap<String, u64>,
    failed_calls: BTreeMap<String, u64>,
    written: BTreeMap<String, u64>,
    told: BTreeMap<String, u64>,
    booked: BTreeMap<String, u64>,
    held: BTreeMap<String, u64>,
}

impl Together {
    /// Reads the reports of these runs, which were begun since the mark by the clock of the world outside. Others may have been written down
    /// in between.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn read(journal: &dyn Journal, mark: Timestamp, own: &BTreeSet<RunId>) -> Result<Self, JournalError> {
        let mut together = Self::default();
        for info in journal.runs(None, MOST).await? {
            // the newest come first
            if began_before(info.run, mark) {
                break;
            }
            if !own.contains(&info.run) {
                continue;
            }
            let report = report(journal, &info).await?;
            together.by_workflow.entry(info.workflow).or_default().add(&report);
        }
        Ok(together)
    }

    /// Whether every run ended as it should.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.by_workflow.values().all(|sum| sum.not_fine == 0)
    }

    #[must_use]
    pub fn json(&self, (from, to): (Timestamp, Timestamp), left_out: &[LeftOut]) -> Json {
        let workflows: serde_json::Map<String, Json> =
            self.by_workflow.iter().map(|(name, sum)| (name.clone(), sum.json())).collect();
        let left_out: serde_json::Map<String, Json> =
            left_out.iter().map(|left| (left.name.clone(), json!(left.why))).collect();
        json!({"from": from.to_string(), "to": to.to_string(), "workflows": workflows, "left_out": left_out})
    }

    #[must_use]
    pub fn table(&self, (from, to): (Timestamp, Timestamp), left_out: &[LeftOut], sheet: Sheet) -> String {
        let mut out = String::new();
        let span = wf_value::duration::print(to.duration_since(from));
        sheet.put(&mut out, 0, &format!("{span} from {from}"), Tint::Plain, "");
        out.push('\n');
        out.push_str(&self.grid());
        for (name, sum) in &self.by_workflow {
            sum.page(name, &mut out, sheet);
        }
        if !left_out.is_empty() {
            out.push('\n');
            sheet.put(&mut out, 0, "left out", Tint::Bold, "");
            for left in left_out {
                sheet.put(&mut out, 1, &format!("{}: {}", left.name, left.why.join("; ")), Tint::Plain, "");
            }
        }
        out
    }

    /// One line a workflow.
    fn grid(&self) -> String {
        let head = ["workflow", "runs", "items", "done", "skipped", "undecided", "failed", "written", "told", "booked"];
        let row = |name: &str, cells: [u64; 9]| -> Vec<String> {
            std::iter::once(name.to_owned()).chain(cells.iter().map(u64::to_string)).collect()
        };
        let mut rows: Vec<Vec<String>> = vec![head.iter().map(|&h| h.to_owned()).collect()];
        rows.extend(self.by_workflow.iter().map(|(name, s)| {
            let sums = [total(&s.skipped), s.undecided, s.failed, total(&s.written), total(&s.told), total(&s.booked)];
            let [skipped, undecided, failed, written, told, booked] = sums;
            row(name, [s.runs, s.items, s.done, skipped, undecided, failed, written, told, booked])
        }));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate();
            let cells: Vec<String> = cells
                .map(|(i, (cell, &width))| if i == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") })
                .collect();
            format!("{}\n", cells.join("  "))
        };
        rows.iter().map(line).collect()
    }
}

impl Sum {
    fn add(&mut self, report: &Json) {
        self.runs += 1;
        let how = report["how"].as_str().unwrap_or("not over");
        *self.ended.entry(how.to_owned()).or_default() += 1;
        self.not_fine += u64::from(!report.is_null() && !Ending::of(report).fine) + u64::from(report.is_null());
        let number = |value: &Json| value.as_u64().unwrap_or(0);
        let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
        for each in list(&report["loops"]) {
            self.items += number(&each["items"]);
            self.done += number(&each["done"]);
            count(&mut self.skipped, &each["skipped"]);
        }
        count(&mut self.skipped, &report["skips"]);
        count(&mut self.failed_calls, &report["failed_calls"]);
        let undecided = list(&report["undecided"]);
        self.undecided += undecided.len() as u64 + number(&report["undecided_more"]);
        for one in &undecided {
            *self.unknown.entry(one["reason"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        self.failed += list(&report["failures"]).len() as u64 + number(&report["failures_more"]);
        for one in list(&report["sent"]) {
            let into = match (one["held"].as_bool().unwrap_or(false), one["kind"].as_str().unwrap_or_default()) {
                (true, _) => &mut self.held,
                (_, "write") => &mut self.written,
                (_, "tell") => &mut self.told,
                _ => &mut self.booked,
            };
            let action = one["action"].as_str().unwrap_or_default();
            let status = one["status"].as_u64().filter(|status| !(200..300).contains(status));
            let what = status.map_or_else(|| action.to_owned(), |status| format!("{action} → {status}"));
            *into.entry(what).or_default() += 1;
        }
    }

    fn kinds(&self) -> [(&'static str, &BTreeMap<String, u64>); 8] {
        [
            ("ended", &self.ended),
            ("skipped", &self.skipped),
            ("undecided", &self.unknown),
            ("failed calls", &self.failed_calls),
            ("written", &self.written),
            ("told", &self.told),
            ("booked", &self.booked),
            ("held back", &self.held),
        ]
    }

    fn json(&self) -> Json {
        let mut all = json!({"runs": self.runs, "items": self.items, "done": self.done, "failed": self.failed});
        for (what, counts) in self.kinds() {
            all[what.replace(' ', "_")] = json!(counts);
        }
        all
    }

    fn page(&self, name: &str, out: &mut String, sheet: Sheet) {
        out.push('\n');
        let runs = if self.runs == 1 { "run" } else { "runs" };
        sheet.put(out, 0, &format!("{name}: {} {runs}", self.runs), Tint::Bold, "");
        for (what, counts) in self.kinds() {
            let all_well = what == "ended" && counts.len() == 1 && counts.contains_key("well");
            if counts.is_empty() || all_well {
                continue;
            }
            sheet.put(out, 1, what, Tint::Plain, "");
            let mut counts: Vec<(&String, &u64)> = counts.iter().collect();
            counts.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
            for (what, n) in counts {
                sheet.put(out, 1, &format!("{n:>8}  {what}"), Tint::Plain, "");
            }
        }
    }
}

fn total(counts: &BTreeMap<String, u64>) -> u64 {
    counts.values().sum()
}

/// Adds counts by reason.
fn count(into: &mut BTreeMap<String, u64>, counts: &Json) {
    for (reason, n) in counts.as_object().into_iter().flatten() {
        *into.entry(reason.clone()).or_default() += n.as_u64().unwrap_or(0);
    }
}

fn began_before(run: RunId, mark: Timestamp) -> bool {
    crate::explain::recorded_at(run).is_none_or(|at| at.as_millisecond() < mark.as_millisecond())
}

/// What the last record says; null: it is not over.
async fn report(journal: &dyn Journal, info: &RunInfo) -> Result<Json, JournalError> {
    if info.ended.is_none() {
        return Ok(Json::Null);
    }
    let last = journal.read(info.run, info.last).await?;
    Ok(last
        .into_iter()
        .find_map(|record| match record.kind {
            Kind::Ended { report, .. } => Some(report.to_serde()),
            _ => None,
        })
        .unwrap_or(Json::Null))
}
