//! The list of recorded runs.

use serde_json::{Value as Json, json};
use wf_host::ports::{Journal, JournalError, Kind, RunInfo};

/// A run, and what its report says.
pub struct Listed {
    info: RunInfo,
    /// `null`: it is not over.
    report: Json,
    ended: Option<jiff::Timestamp>,
}

/// The newest runs, with what came of them.
pub async fn listed(journal: &dyn Journal, workflow: Option<&str>, most: usize) -> Result<Vec<Listed>, JournalError> {
    let mut listed = Vec::new();
    for info in journal.runs(workflow, most).await? {
        // how it ended is the last that is written of it
        let last = if info.ended.is_some() { journal.read(info.run, info.last).await? } else { Vec::new() };
        let end = last.into_iter().find_map(|record| match record.kind {
            Kind::Ended { report, .. } => Some((record.at, report.to_serde())),
            _ => None,
        });
        let (ended, report) = end.map_or((None, Json::Null), |(at, report)| (Some(at), report));
        listed.push(Listed { info, report, ended });
    }
    Ok(listed)
}

impl Listed {
    pub fn json(&self) -> Json {
        json!({
            "run": self.info.run.to_text(),
            "workflow": self.info.workflow,
            "started": self.info.started.to_string(),
            "ended": self.ended.map(|at| at.to_string()),
            "how": self.info.ended,
            "counts": self.counts().into_iter().filter(|(_, n)| *n > 0).map(|(k, n)| (k.to_owned(), n.into())).collect::<serde_json::Map<_, _>>(),
        })
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        let length = |key: &str| self.report[key].as_array().map_or(0, Vec::len) as u64;
        let more = |key: &str| self.report[key].as_u64().unwrap_or(0);
        let items = self.report["loops"].as_array().into_iter().flatten();
        let sent = |kind: &str, held: bool| {
            let all = self.report["sent"].as_array().into_iter().flatten();
            all.filter(|one| one["kind"] == kind && one["held"] == held).count() as u64
        };
        vec![
            ("items", items.map(|each| each["items"].as_u64().unwrap_or(0)).sum()),
            ("undecided", length("undecided") + more("undecided_more")),
            ("failed", length("failures") + more("failures_more")),
            ("written", sent("write", false)),
            ("told", sent("tell", false)),
            ("booked", sent("booking", false)),
            ("held", sent("write", true) + sent("tell", true) + sent("booking", true)),
        ]
    }

    fn took(&self) -> String {
        let Some(ended) = self.ended else { return String::new() };
        let took = ended.duration_since(self.info.started);
        match (took.as_secs(), took.as_millis()) {
            (0, ms) => format!("{ms}ms"),
            (1..=59, ms) => format!("{}.{}s", ms / 1_000, ms % 1_000 / 100),
            (seconds, _) => wf_value::duration::print(jiff::SignedDuration::from_secs(seconds)),
        }
    }

    fn row(&self) -> [String; 6] {
        let counts = self.counts().into_iter().filter(|(_, n)| *n > 0);
        let counts: Vec<String> = counts.map(|(name, n)| format!("{n} {name}")).collect();
        [
            self.info.run.to_text(),
            self.info.workflow.clone(),
            self.info.started.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            self.took(),
            self.info.ended.clone().unwrap_or_else(|| "not over".into()),
            counts.join(", "),
        ]
    }
}

/// One line a run; times in UTC.
pub fn table(runs: &[Listed]) -> String {
    let head = ["run", "workflow", "started (UTC)", "took", "ended", ""].map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(runs.iter().map(Listed::row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
