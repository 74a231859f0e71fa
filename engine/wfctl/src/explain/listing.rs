//! The list of recorded runs.

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use wf_host::ports::{Journal, JournalError, Kind, RunInfo};
use wf_plan::RunId;

/// A run, and what its report says.
pub struct Listed {
    info: RunInfo,
    /// `null`: it is not over.
    report: Json,
    ended: Option<Timestamp>,
}

/// The newest runs, with what came of them.
pub async fn listed(
    journal: &dyn Journal,
    workflow: Option<&str>,
    most: usize,
    unfinished: bool,
) -> Result<Vec<Listed>, JournalError> {
    let infos = if unfinished {
        let mut all = journal.unfinished().await?;
        all.retain(|info| workflow.is_none_or(|workflow| is_of(info, workflow)));
        all.into_iter().rev().take(most).collect()
    } else {
        named(journal, workflow, most).await?
    };
    let mut listed = Vec::new();
    for info in infos {
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

/// Runs that are looked through for those of instances.
const LOOKED_THROUGH: usize = 1_000_000;

/// Of a workflow those of all its instances, too.
async fn named(journal: &dyn Journal, workflow: Option<&str>, most: usize) -> Result<Vec<RunInfo>, JournalError> {
    let runs = journal.runs(workflow, most).await?;
    let Some(workflow) = workflow.filter(|name| runs.is_empty() && !name.contains('@')) else { return Ok(runs) };
    let mut all = journal.runs(None, LOOKED_THROUGH).await?;
    all.retain(|info| is_of(info, workflow));
    all.truncate(most);
    Ok(all)
}

/// Whether it is a run of the workflow, or of an instance of it.
fn is_of(info: &RunInfo, workflow: &str) -> bool {
    info.workflow == workflow || info.workflow.split('@').next() == Some(workflow)
}

/// A clock that differs by more is not that of the world: the run saw another time.
const SAME: i64 = 60;

impl Listed {
    /// When the run was really begun, if it saw another time: in a simulated world, or with `--now`. Its id knows.
    fn recorded(&self) -> Option<Timestamp> {
        let at = recorded_at(self.info.run)?;
        (at.duration_since(self.info.started).as_secs().abs() > SAME).then_some(at)
    }

    pub fn json(&self) -> Json {
        json!({
            "run": self.info.run.to_text(),
            "workflow": self.info.workflow,
            "started": self.info.started.to_string(),
            "recorded": self.recorded().unwrap_or(self.info.started).to_string(),
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

    fn row(&self, recorded: bool) -> Vec<String> {
        let counts = self.counts().into_iter().filter(|(_, n)| *n > 0);
        let counts: Vec<String> = counts.map(|(name, n)| format!("{n} {name}")).collect();
        let time = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let mut row = vec![self.info.run.to_text(), self.info.workflow.clone(), time(self.info.started)];
        if recorded {
            row.push(time(self.recorded().unwrap_or(self.info.started)));
        }
        row.extend([self.took(), self.info.ended.clone().unwrap_or_else(|| "not over".into()), counts.join(", ")]);
        row
    }
}

/// When a run was begun, by the clock of the world: its id knows, unless it was counted.
pub fn recorded_at(run: RunId) -> Option<Timestamp> {
    let (seconds, nanos) = run.0.get_timestamp()?.to_unix();
    Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?).ok()
}

/// One line a run; times in UTC. Where one saw another time than that of the world, both are shown.
pub fn table(runs: &[Listed]) -> String {
    let recorded = runs.iter().any(|run| run.recorded().is_some());
    let head: &[&str] = if recorded {
        &["run", "workflow", "its time (UTC)", "recorded (UTC)", "took", "ended", ""]
    } else {
        &["run", "workflow", "started (UTC)", "took", "ended", ""]
    };
    let head = head.iter().map(|name| (*name).to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(runs.iter().map(|run| run.row(recorded))).collect();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max();
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate().map(|(i, cell)| format!("{cell:<width$}", width = width(i).unwrap_or(0)));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
